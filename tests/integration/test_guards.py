"""An edition that lost names is refused, and one that lacks them never makes a complete answer."""

import json
import re
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from abeyance_screening.platform.postgres import migrations
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.loads import NOW, covered, load

FIXTURES = Path(__file__).parents[1] / "fixtures"
SDN = "us_ofac_sdn"
WHOLE = re.sub(
    rb"<Publish_Date>[^<]*",
    f"<Publish_Date>{NOW:%m/%d/%Y}".encode(),
    (FIXTURES / "us_ofac" / "sdn_2025.xml").read_bytes(),
)


async def load_sdn(store: StoreOnConnection, content: bytes, *, accepted: bool) -> LoadReport:
    return await load(store, SDN, content, accepted=accepted)


async def test_an_answer_that_rests_on_names_without_their_aliases_is_never_complete(
    store, emptied_database: str
):
    """An edition of SDN.CSV alone, which was read once, may still be stored."""
    await load_sdn(store, WHOLE, accepted=True)
    assert (await covered(store, SDN)).complete
    async with connected(emptied_database) as connection:
        await connection.execute("update edition set format = 'ofac_sdn_csv_alone'")
    coverage = await covered(store, SDN)
    assert not coverage.complete
    assert coverage.lists[0].state == "in_part"
    assert "ALT.CSV" in (coverage.lists[0].reason or "")
    newer = await load_sdn(store, WHOLE + b"<!-- saved again -->", accepted=True)
    assert newer.outcome == "loaded"
    assert (await covered(store, SDN)).complete


async def test_a_list_that_has_lost_most_of_its_aliases_is_refused(store):
    whole = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    assert (await load(store, "un_sc", whole)).outcome == "loaded"
    cut = re.sub(rb"<(INDIVIDUAL|ENTITY)_ALIAS>.*?</\1_ALIAS>", b"", whole, flags=re.DOTALL)
    report = await load(store, "un_sc", cut)
    assert report.outcome == "refused"
    assert (report.reason or "").startswith("suddenly fewer names: the entries that are on it")


async def test_editions_of_before_that_were_read_from_the_primary_file_alone_say_so(
    store, emptied_database: str, monkeypatch: pytest.MonkeyPatch
):
    """They were stored under one word with the whole set, and counted as fresh."""
    files = migrations._files()
    await load_sdn(store, WHOLE, accepted=True)
    without = re.sub(rb"<addressList>.*?</addressList>", b"", WHOLE, flags=re.DOTALL)
    await load_sdn(store, without, accepted=True)
    async with connected(emptied_database) as connection:
        await connection.execute(
            "update edition set format = 'ofac_sdn_csv'; drop table list_terms;"
            " delete from migration where name >= '0005'"
        )
        monkeypatch.setattr(migrations, "_files", lambda: files[:5])
        assert await migrate(connection) == ("0005_list_terms.sql",)
    editions = (await store.read_lists()).editions
    assert [each.format for each in editions] == ["ofac_sdn_csv", "ofac_sdn_csv_alone"]
    assert (await covered(store, SDN)).lists[0].state == "in_part"


async def test_a_public_list_without_an_entry_stays_in_doubt_though_it_was_accepted(store):
    content = (FIXTURES / "us_csl" / "consolidated_2026.json").read_bytes()
    rows = json.loads(content)
    rows["results"] = [each for each in rows["results"] if "Unverified" not in each["source"]]
    rows["total"] = len(rows["results"])
    given = ListFiles(
        wanted=wanted_by_name("us_csl"),
        files=(GivenFile("csl", json.dumps(rows).encode()),),
        published_on=NOW.date(),
        accepted=True,
    )
    reports = {each.list_code: each for each in await load_files(store, given, NOW, ReaderHere())}
    assert (reports["us_bis_uvl"].outcome, reports["us_bis_uvl"].entry_count) == ("loaded", 0)
    (shown,) = (await covered(store, "us_bis_uvl")).lists
    assert (shown.state, shown.reason) == ("in_part", "the edition has no entry")
    assert (await covered(store, "us_bis_el")).complete
