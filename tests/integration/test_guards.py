"""An edition that lost names is refused, and one that lacks them never makes a complete answer."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from abeyance_screening.platform.postgres import migrations
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.postgres.queries import connected
from abeyance_screening.platform.sandbox.lists import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.loads import BY_HAND, NOW, covered, load

FIXTURES = Path(__file__).parents[1] / "fixtures"
OFAC = FIXTURES / "us_ofac" / "well_known_2021"
SDN = "us_ofac_sdn"
WHOLE = ("sdn", "alt", "add")
ALONE = ("sdn",)


async def load_sdn(
    store: StoreOnConnection, names: Sequence[str], *, accepted: bool = False
) -> LoadReport:
    contents = ((OFAC / f"{name}.csv").read_bytes() for name in names)
    return await load(store, SDN, *contents, accepted=accepted, published_on=NOW.date())


async def test_the_sdn_list_without_its_aliases_does_not_replace_the_whole(store):
    assert (await load_sdn(store, WHOLE)).reason is None
    report = await load_sdn(store, ALONE)
    assert report.outcome == "refused"
    assert "read from SDN.CSV alone: most aliases" in (report.reason or "")
    assert (report.reason or "").endswith(f"the current edition is whole; {BY_HAND}")
    (shown,) = (await covered(store, SDN)).lists
    assert (shown.state, shown.entry_count) == ("kept", 3)


@pytest.mark.parametrize("is_first", [True, False], ids=["first of all", "taken in by hand"])
async def test_an_answer_that_rests_on_the_primary_file_alone_is_never_complete(store, is_first):
    if not is_first:
        await load_sdn(store, WHOLE)
    report = await load_sdn(store, ALONE, accepted=not is_first)
    assert report.outcome == "loaded"
    assert (report.reason or "").startswith("read from SDN.CSV alone: ")
    coverage = await covered(store, SDN)
    assert not coverage.complete
    assert coverage.lists[0].state == "in_part"
    assert "ALT.CSV" in (coverage.lists[0].reason or "")
    again = await load_sdn(store, ALONE)
    assert (again.outcome, again.reason) == ("unchanged", report.reason)
    assert (await load_sdn(store, WHOLE, accepted=True)).outcome == "loaded"
    assert (await covered(store, SDN)).complete


async def test_a_set_whose_alias_file_has_lost_most_rows_is_refused(store):
    await load_sdn(store, WHOLE)
    contents = [(OFAC / f"{name}.csv").read_bytes() for name in WHOLE]
    contents[1] = b"".join(contents[1].splitlines(keepends=True)[:3]) + b"\x1a"
    report = await load(store, SDN, *contents, published_on=NOW.date())
    assert report.outcome == "refused"
    assert (report.reason or "").startswith("suddenly fewer names: the entries that are on it")


async def test_editions_of_before_that_were_read_from_the_primary_file_alone_say_so(
    store, emptied_database: str, monkeypatch: pytest.MonkeyPatch
):
    """They were stored under one word with the whole set, and counted as fresh."""
    files = migrations._files()
    await load_sdn(store, WHOLE)
    await load_sdn(store, ALONE, accepted=True)
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
