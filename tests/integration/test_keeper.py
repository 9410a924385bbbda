"""A keeper's round trip: draft, confirmation, bundle, and what another installation answers."""

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.measures.measure import Event, Source
from abeyance_screening.engine.measures.places import Proposal, write_proposals
from abeyance_screening.engine.measures.register.read import register_folder
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.register.bundles import refresh_register
from abeyance_screening.features.watch.proposals.drafts import propose
from abeyance_screening.features.watch.proposals.us_fr import read_documents
from abeyance_screening.platform.local_data import register_state
from abeyance_screening.platform.settings import Settings
from tests.forked import abeyance_command
from tests.integration.conftest import wait_until_ready
from tests.publisher import Publisher
from tests.shipped_register import load
from tools.keep import keep

FIXTURES = Path(__file__).parents[1] / "fixtures"
RULE, SOURCE = "us-bis-affiliates-rule", "us_dod_1260h"
PATH = "/register.bundle"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def desk_of_keeper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A keeper's folder: the key, the publisher's files, and drafts of which one is accepted."""
    folder = tmp_path_factory.mktemp("keeper")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signing.pem").write_bytes(pem)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.pem").write_bytes(public)
    files = folder / "files" / SOURCE
    files.mkdir(parents=True)
    *_, edition = (each for each in bundled_editions() if each.source == SOURCE)
    for each in read_bundled(edition):
        (files / each.name).write_bytes(each.content)
    documents = read_documents((FIXTURES / "us_fr" / "api_answer.json").read_bytes())
    drafts = propose(documents, load().measures)
    assert drafts
    text = write_proposals([confirmed(drafts[0]), *drafts[1:]])
    (folder / "proposals.yaml").write_text(text, "utf-8")
    return folder


def confirmed(draft: Proposal) -> Proposal:
    """What a keeper makes of a draft: the measure, the days, and nothing left to find out.

    The act is made up: no real one extends the suspension.
    """
    event = Event(
        id="",
        kind="extend_suspension",
        published_on=TODAY,
        effective_on=TODAY,
        until=TODAY + timedelta(days=365),
        until_bound="inclusive",
        until_state="stated",
        lapse_effect="restriction_returns",
        citation="91 FR 99999",
        source=Source(url=draft.event.source.url if draft.event.source else "https://x.example"),
        confidence="verified_secondary",
    )
    return msgspec.structs.replace(
        draft, accepted=True, measure=RULE, candidates=(), missing=(), event=event
    )


def kept(folder: Path, *more: str) -> Result:
    options = ("--key", folder / "signing.pem", "--by", "K. Keeper", "--out", folder / "r.bundle")
    return CliRunner().invoke(keep, [*map(str, options), *more])


@pytest.fixture(scope="module")
def bundle(desk_of_keeper: Path) -> bytes:
    """What the keeper's one command makes of it."""
    ran = kept(
        desk_of_keeper,
        *("--files", str(desk_of_keeper / "files")),
        *("--accepted", str(desk_of_keeper / "proposals.yaml")),
        *("--read-all", TODAY.isoformat()),
    )
    assert ran.exit_code == 0, ran.output
    assert f"carries {SOURCE} of " in ran.output
    assert f"changes {RULE}: extend_suspension, 91 FR 99999" in ran.output
    assert f"us-fr-bis: read until {TODAY} by K. Keeper" in ran.output
    return (desk_of_keeper / "r.bundle").read_bytes()


@pytest.fixture
def publisher(bundle: bytes) -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.serve(PATH, bundle)
        yield publisher


def test_what_a_keeper_confirms_is_what_another_installation_answers(
    listed_database: str, bundled_index: ListingIndex, publisher: Publisher, desk_of_keeper: Path
):
    settings = Settings(
        data_dir=desk_of_keeper,
        database_url=listed_database,
        register_url=publisher.url(PATH),
        register_key=desk_of_keeper / "public.pem",
    )
    before = answer_of(settings, bundled_index)
    assert before["measure"]["status"] == "in_force_by_lapse"
    assert "as it came with this program" in before["page"]
    report = asyncio.run(refresh_register(settings, listed_database, only_due=False))
    assert report is not None
    assert (report.outcome, report.is_failure) == ("recorded", False)

    after = answer_of(settings, bundled_index)
    assert after["measure"]["status"] == "suspended"
    # every place that decides it was read by the keeper, so that it counts as read until then
    assert after["measure"]["checked_until"] == TODAY.isoformat()
    told = after["register"]["bundle"]
    assert (told["keeper"], told["lists"]) == ("K. Keeper", [SOURCE])
    assert told["changes"][0] == f"{RULE}: extend_suspension, 91 FR 99999"
    made = f"signed bundle of {TODAY.day} {TODAY:%b %Y}"
    assert f"from the {made}." in after["page"]
    assert f"was made by K. Keeper, signed by {told['signed_by'][0][:16]}" in after["lists"]
    assert made in after["lists"].partition("1260H")[2]
    [edition] = after["editions"][:1]
    assert edition["from_bundle"] == told["made_at"]


def answer_of(settings: Settings, index: ListingIndex) -> Any:
    """What a service says of the rule, of the register and of the carried list."""
    with TestClient(create_app(settings, index)) as client:
        wait_until_ready(client)
        measure = client.get(f"/v1/measures/{RULE}").json()
        return {
            "measure": measure["on_day"],
            "page": client.get(f"/measures/{RULE}").text,
            "register": client.get("/v1/register").json(),
            "lists": client.get("/lists").text,
            "editions": client.get(f"/v1/lists/{SOURCE}/editions").json()["items"],
        }


def test_without_internet_the_bundle_comes_as_a_file(
    listed_database: str, bundle: bytes, desk_of_keeper: Path
):
    given = {
        **os.environ,
        "DATABASE_URL": listed_database,
        "ABEYANCE_REGISTER_KEY": str(desk_of_keeper / "public.pem"),
    }
    assert bundle
    file = str(desk_of_keeper / "r.bundle")
    ran = abeyance_command(["refresh", "--bundle", file, "--json"], given, Path.cwd())
    assert ran.returncode == 0, ran.stderr
    assert [each["list_code"] for each in json.loads(ran.stdout)] in ([SOURCE], [])
    state = asyncio.run(register_state(listed_database))
    assert state.bundle is not None
    assert state.bundle.keeper == "K. Keeper"
    (desk_of_keeper / "broken.bundle").write_bytes(bundle[:-100])
    broken = str(desk_of_keeper / "broken.bundle")
    refused = abeyance_command(["refresh", "--bundle", broken], given, Path.cwd())
    assert refused.returncode == 1
    assert asyncio.run(register_state(listed_database)).bundle == state.bundle


def test_a_list_that_no_program_can_download_is_refreshed_by_the_bundle(
    listed_database: str, publisher: Publisher, desk_of_keeper: Path
):
    given = {**os.environ, "DATABASE_URL": listed_database}
    alone = abeyance_command(["refresh", "cn_uel"], given, Path.cwd())
    assert "no permanent download address" in alone.stderr
    given |= {
        "ABEYANCE_REGISTER_KEY": str(desk_of_keeper / "public.pem"),
        "ABEYANCE_REGISTER_URL": publisher.url(PATH),
    }
    ran = abeyance_command(["refresh", "cn_uel"], given, Path.cwd())
    assert ran.returncode == 0, ran.stderr
    assert len(publisher.asked(PATH)) == 1


def test_the_next_bundle_carries_on_what_the_one_before_carried(
    desk_of_keeper: Path, bundle: bytes
):
    before = desk_of_keeper / "before.bundle"
    before.write_bytes(bundle)
    ran = kept(desk_of_keeper, "--before", str(before))
    assert ran.exit_code == 0, ran.output
    assert f"carries {SOURCE} of " in ran.output
    assert "changes " not in ran.output
    own = str(register_folder())
    lost = kept(desk_of_keeper, "--before", str(before), "--register", own)
    assert "lacks extend_suspension-" in str(lost.exception)
    (desk_of_keeper / "r.bundle").write_bytes(bundle)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param(("--read", "nowhere=2026-11-29"), "nowhere", id="no such place"),
        pytest.param(("--read", "us-fr-bis=soon"), "NAME=2026-11-29", id="no day"),
        pytest.param(("--read-all", "2999-01-01"), "has not come", id="a day to come"),
    ],
)
def test_what_a_keeper_cannot_mean_is_refused(
    desk_of_keeper: Path, options: tuple[str, ...], reason: str
):
    ran = kept(desk_of_keeper, *options)
    assert ran.exit_code != 0
    assert reason in str(ran.exception)
