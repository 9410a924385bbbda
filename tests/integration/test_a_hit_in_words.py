"""Page, print, PDF, sheet and terminal tell the same of a hit, for listings of every list."""

import itertools
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.lists.listing import footnotes_of
from abeyance_screening.engine.screening.answer import (
    Corroboration,
    DifferentIdentifier,
    Hit,
    ScreeningAnswer,
)
from abeyance_screening.engine.screening.answer_json import show
from abeyance_screening.engine.screening.applicable_versions import (
    ApplicableVersions,
    Entry,
    on_day,
    on_no_list,
    speaking,
)
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import Counterparty, read_percent
from abeyance_screening.engine.tables.counterparties import ReadRow
from abeyance_screening.engine.tables.evidence import evidence_of as rows_of
from abeyance_screening.engine.wording import headline, list_title, measure_title
from abeyance_screening.features.evidence.document import PrintRequest, evidence_of
from abeyance_screening.features.evidence.pdf import Judgement
from abeyance_screening.features.screen.cli_output import print_screening
from abeyance_screening.primitives.days import Days
from tests.integration.hits_told import differences, plain
from tests.unit.tables.results import BOARD, hit_of

# All listings of the bundled lists take five minutes; of each list every n-th, and every one that
# a foreign-direct-product rule reaches, take half a minute. Of these, days of the past look at one
# in three, and the quick run at one in eight.
_EVERY, _EVERY_PAST, _EVERY_QUICK = 90, 3, 8
# Of the register's own list every one: each says that no published list has it.
_OWN = "named_in_measures"
_TODAY = date(2026, 11, 24)
_DAYS = (
    pytest.param(_TODAY, id="today's law"),
    pytest.param(date(2026, 11, 1), id="while the Affiliates Rule was suspended"),
    pytest.param(date(2019, 5, 1), id="before anything was known of most of them"),
)
_AGAINST = Corroboration(
    entity_type="differs",
    countries="differs",
    addresses="unknown",
    identifiers=(),
    identifiers_differ=(DifferentIdentifier(kind="LEI", asked=("1",), listed=("2",)),),
)
_NO_JUDGEMENT = Judgement(decision="", by="", reason="")


@pytest.mark.parametrize("day", _DAYS)
@pytest.mark.parametrize(
    "every",
    [
        pytest.param(_EVERY_QUICK, id="quick"),
        pytest.param(1, id="all of the sample", marks=pytest.mark.slow),
    ],
)
def test_all_tell_the_same_of_a_hit(bundled_index: ListingIndex, day: date, every: int):
    hits = tuple(_hits(bundled_index, day, every))
    found = {each: hit.listing.id for hit in hits for each in differences(hit, day)}
    assert len(hits) > (1500 if day == _TODAY else 500) // every
    assert found == {}


def _hits(index: ListingIndex, day: date, every: int) -> Iterator[Hit]:
    """Yield one in `every` of the sample as hits, each with something that speaks against it."""
    editions, days = index.on_day(day), Days(as_of=day, known_at=day)
    for entry, said in itertools.islice(_sample(index, day), 0, None, every):
        shown = show(entry, editions, said, BOARD, days)
        listing = shown.entry.listing
        yield msgspec.structs.replace(
            hit_of(listing.primary_name),
            corroboration=_AGAINST,
            listing=listing,
            licence=shown.hit.licence,
            standing=shown.entry.standing,
            copies=shown.entry.copies,
            measures=shown.hit.measures,
            unknown_programmes=shown.hit.unknown_programmes,
            on_no_list=on_no_list(listing),
        )


def _sample(index: ListingIndex, day: date) -> Iterator[tuple[Entry, ApplicableVersions]]:
    """Yield a sample of what a screening on that day can find."""
    editions = index.on_day(day)
    for place in range(index.listing_count):
        entry = index.entry(place)
        said = speaking(entry, editions, day)
        if said is None:
            continue
        if place % _EVERY and entry.list_code not in {"us_bis_el", _OWN}:
            continue
        if place % _EVERY and day != _TODAY and place % _EVERY_PAST:
            continue
        listing = on_day(entry, editions, said, day).listing
        if place % _EVERY and entry.list_code != _OWN and not footnotes_of(listing):
            continue
        yield entry, said


def test_a_party_that_only_a_measure_names_says_so_in_the_api_and_names_what_is_not_loaded(
    client: TestClient[Litestar],
):
    found = client.get("/v1/search", params={"name": "Nexperia", "as_of": "2026-11-24"}).json()
    own = [hit for hit in found["hits"] if hit["listing"]["list_code"] == _OWN]
    assert {each["id"] for hit in own for each in hit["measures"]} == {
        "nl-nexperia-order",
        "cn-nexperia",
    }
    assert all(hit["on_no_list"].startswith("On no published list: ") for hit in own)
    assert "us_bis_mieu" in {each["code"] for each in found["coverage"]["not_loaded"]}
    listing = client.get(f"/v1/listings/{own[0]['listing']['id']}").json()
    assert listing["on_no_list"] == own[0]["on_no_list"]
    page = client.get("/", params={"name": "Nexperia", "as_of": "2026-11-24"}).text
    assert own[0]["on_no_list"] in page.replace("&#39;", "'")
    assert "<td>Military-Intelligence End Users" in page
    shown = client.get(f"/listings/{own[0]['listing']['id']}").text
    assert own[0]["on_no_list"] in shown.replace("&#39;", "'")


@pytest.mark.parametrize("answered", [(), ("us-bis-affiliates-rule",)], ids=["none", "one"])
def test_all_count_the_same_open_questions(
    client: TestClient[Litestar], answered: tuple[str, ...]
):
    days = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
    given = {"name": "Hikvision", "no": list(answered), **days}
    page = client.get("/", params=given).text
    body = {"counterparties": [{"name": "Hikvision"}], **days}
    content = client.post("/v1/screenings", json=body).content
    (result,) = msgspec.json.decode(content, type=ScreeningAnswer).results
    assert "open question" in headline(result)
    is_open = "open question" in headline(result, answered)
    assert ("One more reaches what it owns or controls: Affiliates Rule (50%)." in page) is is_open


def test_all_show_the_hits_of_owners(
    client: TestClient[Litestar],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    days = {"as_of": "2026-11-24", "known_at": "2026-11-24"}
    party = {"name": "Acme Optics", "owners": [{"name": "Hikvision", "share": 60}]}
    content = client.post("/v1/screenings", json={"counterparties": [party], **days}).content
    answer = msgspec.json.decode(content, type=ScreeningAnswer, dec_hook=read_percent)
    given = {"name": "Acme Optics", "owner": "Hikvision", "share": "60", **days}
    monkeypatch.setenv("COLUMNS", "5000")
    print_screening(answer)
    read = ReadRow(number=1, counterparty=Counterparty(name="Acme Optics"))
    texts = {
        "page": client.get("/", params=given).text,
        "print": str(evidence_of(content, PrintRequest(given={}, judgement=_NO_JUDGEMENT))),
        "sheet": str(tuple(rows_of(read, answer.results[0], answer))),
        "terminal": capsys.readouterr().out,
    }
    facts = set(_owners_facts(answer))
    assert len(facts) > 4
    assert {
        (name, fact) for name, text in texts.items() for fact in facts if fact not in plain(text)
    } == set()


def _owners_facts(answer: ScreeningAnswer) -> Iterator[str]:
    """Yield the names and list titles of owners' hits, and the titles of the rules."""
    (result,) = answer.results
    assert result.ownership is not None
    for owner in result.ownership.owners:
        for hit in owner.hits:
            yield hit.listing.primary_name
            yield list_title(hit.listing.list_code)
    for finding in result.ownership.findings:
        yield measure_title(finding.rule.id, finding.rule.title)
