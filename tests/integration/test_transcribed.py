"""A list that comes with the program as a person transcribed it, and the official one after it."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.lists.bundled import bundled_editions, is_lacking, read_bundled
from abeyance_screening.engine.screening.answer import ListAnswer
from abeyance_screening.features.lists.cli_output import print_lists
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.loads import covered, load

CODE = "us_dod_1260h"
OFFICIAL_OF_2025, TRANSCRIBED = (each for each in bundled_editions() if each.source == CODE)
CONTENT = read_bundled(TRANSCRIBED)[0].content
DAY = date(2026, 6, 8)
TITLE = (
    "ENTITIES IDENTIFIED AS CHINESE MILITARY COMPANIES OPERATING IN THE UNITED STATES IN "
    "ACCORDANCE WITH SECTION 1260H OF THE WILLIAM M. (“MAC”) THORNBERRY NATIONAL DEFENSE "
    "AUTHORIZATION ACT FOR FISCAL YEAR 2021 (PUBLIC LAW 116-283)\n\n"
)


def _lines() -> Iterator[str]:
    """The transcribed rows as the department sets them in its own file."""
    for row in csv.DictReader(io.StringIO(CONTENT.decode("utf-8-sig"))):
        yield f"{'• ' if row['parent'] else ''}{row['as_printed']}\n"
        if row["reason"]:
            yield f"{row['reason']}\n"
        yield "\n"


async def _bundled(store: StoreOnConnection) -> None:
    for each in (OFFICIAL_OF_2025, TRANSCRIBED):
        files = (file.content for file in read_bundled(each))
        report = await load(store, CODE, *files, published_on=each.published_on)
        assert (report.outcome, report.reason) == ("loaded", None)


async def test_the_bundled_copy_follows_the_official_edition_before_it(store: StoreOnConnection):
    await _bundled(store)
    (shown,) = (await covered(store, CODE)).lists
    assert (shown.state, shown.transcribed) == ("fresh", True)
    assert (shown.published_on, shown.entry_count) == (DAY, 188)
    (before,) = (await covered(store, CODE, date(2025, 6, 1))).lists
    assert (before.published_on, before.transcribed, before.entry_count) == (
        date(2025, 1, 7),
        False,
        134,
    )


async def test_the_first_official_file_replaces_the_copy_and_is_not_replaced_by_it(
    store: StoreOnConnection,
):
    await _bundled(store)
    content = (TITLE + "".join(_lines())).encode()
    report = await load(store, CODE, content, published_on=DAY)
    assert (report.outcome, report.entry_count, report.gone) == ("loaded", 188, 0)
    (shown,) = (await covered(store, CODE)).lists
    assert (shown.state, shown.transcribed, shown.reason) == ("fresh", False, None)
    editions = (await store.read_lists()).editions
    assert not is_lacking(TRANSCRIBED, editions)
    assert not is_lacking(OFFICIAL_OF_2025, editions)
    older = tuple(msgspec.structs.replace(each, reader=0) for each in editions)
    assert not is_lacking(TRANSCRIBED, older)
    again = await load(store, CODE, CONTENT, accepted=True)
    assert again.outcome == "refused"
    assert "is the publisher's own and not older" in (again.reason or "")


@pytest.mark.parametrize("name", ["Alibaba", "BYD", "Baidu", "DJI", "NIO"])
def test_the_names_that_june_2026_brought_are_found(client: TestClient[Litestar], name: str):
    question = {"name": name, "lists": [CODE], "as_of": "2026-11-24"}
    answer = client.get("/v1/search", params=question).json()
    assert [each["listing"]["list_code"] for each in answer["hits"][:1]] == [CODE]
    assert name.casefold() in answer["hits"][0]["listing"]["names"][0]["text"].casefold()
    (coverage,) = answer["coverage"]["lists"]
    assert (coverage["transcribed"], coverage["published_on"]) == (True, "2026-06-08")


def test_the_page_of_the_lists_says_which_edition_is_transcribed(client: TestClient[Litestar]):
    answer = client.get("/lists", headers={"accept": "text/html"})
    assert answer.status_code == HTTPStatus.OK
    assert "of 8 Jun 2026, transcribed" in answer.text
    assert answer.text.count(", transcribed") == 1
    assert "transcribed by hand from the publisher" in answer.text


def test_abeyance_lists_says_which_edition_is_transcribed(
    client: TestClient[Litestar], capsys: pytest.CaptureFixture[str]
):
    items = client.get("/v1/lists", params={"limit": 500}).json()["items"]
    assert [each["coverage"]["code"] for each in items if each["coverage"]["transcribed"]] == [
        CODE
    ]
    print_lists(msgspec.convert(items, type=list[ListAnswer]))
    said = " ".join(capsys.readouterr().out.split())
    assert "transcribed by hand from the publisher's list" in said
