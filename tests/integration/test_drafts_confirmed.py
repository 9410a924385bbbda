"""From a ministry's page to another installation's answer: look, draft, confirmation, bundle."""

import asyncio
import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.measures.places import place_of
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.features.register.bundles import refresh_register
from abeyance_screening.features.watch.look import Watch, look_at
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.local_data import local_board
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.days import Days
from tests.integration.anna import ANNA, OPERATOR
from tests.integration.conftest import wait_until_ready
from tests.publisher import Publisher
from tests.shipped_register import load
from tools.keep import keep

PLACE, MEASURE = "cn-mofcom-announcements", "cn-2025-55"
TODAY = datetime.now(UTC).date()
QUICK = Patience(tries=1, connect_s=2, read_s=2, total_s=5, first_wait_s=0)
HOST = "/www.mofcom.gov.cn"
ACT = f"/zcfb/blgg/gg/{TODAY.year}/art/{TODAY.year}/art_00000000000000000000000000000001.html"
# Made up: no act continues the suspension of November 2025.
TITLE = f"商务部 海关总署公告{TODAY.year}年第999号"
UNTIL = TODAY + timedelta(days=300)
BODY = (
    f"<html><body><p>自{TODAY.year}年{TODAY.month}月{TODAY.day}日起至{UNTIL.year}年{UNTIL.month}月"
    f"{UNTIL.day}日\uff0c继续暂停商务部、海关总署公告2025年第55号。</p></body></html>"
)
ENGLISH = "In English: the suspension of No. 55 goes on"
LIST = (
    f'<html><body><ul><li><a href="{ACT}" title="{TITLE}">{TITLE}</a><span>[{TODAY}]</span></li>'
    "</ul></body></html>"
)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        for address in place_of(PLACE).addresses(TODAY, TODAY):
            publisher.serve(f"/{address.split('://', 1)[1]}", LIST.encode())
        publisher.serve(f"{HOST}{ACT}", BODY.encode())
        yield publisher


async def look(dsn: str, publisher: Publisher) -> None:
    watch = Watch(mirror=publisher.url(""), measures=load().measures, since=TODAY, patience=QUICK)
    async for report in look_at(dsn, [place_of(PLACE)], watch):
        assert (report.reason, report.listed) == (None, 1)


async def status_at(dsn: str) -> tuple[StatusWord, date | None]:
    shown = (await local_board(dsn)).one(MEASURE, Days(as_of=TODAY, known_at=TODAY))
    return shown.status, shown.until


def test_what_a_keeper_confirms_on_the_page_is_what_another_installation_answers(
    listed_database: str,
    another_listed_database: str,
    bundled_index: ListingIndex,
    publisher: Publisher,
    tmp_path: Path,
):
    asyncio.run(_forget(listed_database))
    asyncio.run(look(listed_database, publisher))
    settings = Settings(data_dir=tmp_path, database_url=listed_database, operators=(OPERATOR,))
    with TestClient(create_app(settings, bundled_index)) as client:
        wait_until_ready(client)
        shown = client.get("/register/drafts").text
        draft = html.unescape(re.findall(r'data-event="([^"]*)"', shown)[0])
        assert f'value="{MEASURE}"' in shown
        assert "paragraph 1 says" in html.unescape(shown)
        assert "until_bound: whether that day is still included" in shown
        # what the script of the page sends, with the bound that the keeper has found out
        event = {
            **json.loads(draft),
            "until_bound": "inclusive",
            "confidence": "verified_primary",
            "note": ENGLISH,
        }
        assert (event["kind"], event["until"]) == ("extend_suspension", str(UNTIL))
        answer = client.post(f"/v1/measures/{MEASURE}/events", json=event, headers=ANNA)
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        number = re.findall(r'data-up-to="(\d+)"', shown)[-1]
        read = {"place": PLACE, "read_up_to": int(number)}
        told = client.post("/v1/register/confirmations", json=read, headers=ANNA)
        assert told.status_code == HTTPStatus.CREATED, told.text
        assert "data-event" not in client.get("/register/drafts").text

    before = asyncio.run(status_at(another_listed_database))
    assert before[0] == "in_force_by_lapse"
    other = Settings(
        data_dir=tmp_path,
        database_url=another_listed_database,
        register_key=tmp_path / "public.pem",
    )
    report = asyncio.run(
        refresh_register(
            other, another_listed_database, only_due=False, file=_bundle(listed_database, tmp_path)
        )
    )
    assert report is not None
    assert report.outcome == "recorded", report.reason
    assert asyncio.run(status_at(another_listed_database)) == ("suspended", UNTIL)


def test_an_act_whose_page_cannot_be_had_is_a_draft_by_its_title_and_asked_for_again(
    listed_database: str, publisher: Publisher
):
    asyncio.run(_forget(listed_database))
    publisher.fault(f"{HOST}{ACT}", "status", code=403, times=1)
    asyncio.run(look(listed_database, publisher))
    assert asyncio.run(_bodies(listed_database)) == [None]
    asyncio.run(look(listed_database, publisher))
    [body] = asyncio.run(_bodies(listed_database))
    assert body is not None
    assert "继续暂停" in body


def _bundle(database: str, folder: Path) -> Path:
    """The keeper's one command, with what was confirmed on the page."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signing.pem").write_bytes(pem)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.pem").write_bytes(public)
    options = {
        "--key": folder / "signing.pem",
        "--by": "K. Keeper",
        "--database": database,
        "--read": f"{PLACE}={TODAY}",
        "--out": folder / "register.bundle",
    }
    ran = CliRunner().invoke(keep, [str(part) for pair in options.items() for part in pair])
    assert ran.exit_code == 0, (ran.output, ran.exception)
    assert f"changes {MEASURE}: extend_suspension, {TITLE}" in ran.output
    return folder / "register.bundle"


async def _forget(dsn: str) -> None:
    async with connected(dsn) as connection:
        await connection.execute("truncate place_look, place_document, place_confirmation")


async def _bodies(dsn: str) -> list[str | None]:
    async with connected(dsn) as connection:
        return [row["body"] for row in await connection.fetch("select body from place_document")]
