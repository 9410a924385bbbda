"""What a person has to look at: one row a counterparty and party, the worst first."""

import io
from datetime import date

import msgspec
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from abeyance_screening.engine.lists.listing import Name
from abeyance_screening.engine.screening.answer import (
    FoundParty,
    Hit,
    InputWarning,
    PartyHit,
    PartyMember,
)
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.tables import (
    Counts,
    PartyRow,
    ReadRow,
    UnreadableRow,
    evidence_of,
    party_rows,
    result_writer,
    summary_of,
    unanswered,
    unreadable,
    worst_first,
)
from abeyance_screening.engine.wording.parties import LINE_FACTS
from tests.unit.tables.results import answer_of, hit_of, result_of


def hit_on(listing_id: str, name: str, *, score: float = 1.0, binds: bool = True) -> Hit:
    hit = hit_of(name)
    code = listing_id.partition("-")[0]
    names = (Name(text=name, kind="primary"),)
    listing = msgspec.structs.replace(hit.listing, id=listing_id, list_code=code, names=names)
    ended = tuple(msgspec.structs.replace(each, status="ended") for each in hit.measures)
    measures = hit.measures if binds else ended
    return msgspec.structs.replace(hit, listing=listing, score=score, measures=measures)


def brought(hit: Hit) -> PartyHit:
    return PartyHit(
        listing=hit.listing,
        licence=None,
        standing=hit.standing,
        copies=(),
        measures=hit.measures[:1],
    )


def party_of(*hits: Hit, through: tuple[PartyHit, ...] = ()) -> FoundParty:
    listings = (*(each.listing for each in hits), *(each.listing for each in through))
    return FoundParty(
        id=listings[0].id,
        name=listings[0].primary_name,
        entity_type=None,
        members=tuple(
            PartyMember(listing_id=each.id, list_code=each.list_code, found_by=None)
            for each in listings
        ),
        names=(),
        countries=tuple({country: None for each in listings for country in each.countries}),
        identifiers=(),
        measures=(),
        evidence=(),
        perhaps=(),
        related=(),
        score=max(each.score for each in hits),
        through=through,
    )


def rows_for(row: int, *hits: Hit, parties: tuple[FoundParty, ...] = ()) -> tuple[PartyRow, ...]:
    result = msgspec.structs.replace(result_of("Asked", *hits), parties=parties)
    read = ReadRow(number=row, counterparty=Counterparty(name="Asked", id="C-1"))
    return party_rows(read, result, answer_of(result))


def test_a_party_on_several_lists_is_one_row_with_what_its_listings_bring():
    one, other = hit_on("us_bis_el-1", "Acme"), hit_on("us_ofac_sdn-1", "ACME LLC", score=0.9)
    third = brought(hit_on("au_dfat-1", "Akme"))
    alone = hit_on("un_sc-1", "Acne", score=0.8)
    parties = (party_of(one, other, through=(third,)), party_of(alone))
    first, second = rows_for(2, one, other, alone, parties=parties)
    assert (first.party, first.score, first.facts) == ("Acme", 1.0, {"country": "CN"})
    assert first.why == "listed name “Acme”, word for word; country agrees"
    assert first.listings == ("us_bis_el-1", "us_ofac_sdn-1")
    assert (first.through, first.lists[-1]) == (("au_dfat-1",), "Australian Sanctions List")
    assert [each.id for each in first.measures] == [
        "us-bis-entity-list",
        "us-bis-affiliates-rule",
    ]
    assert first.measures[0].lists == first.lists
    assert second.party_id == "un_sc-1"


def test_hits_of_an_answer_that_knew_no_parties_have_a_row_each():
    rows = rows_for(2, hit_on("us_bis_el-1", "Acme"), hit_on("un_sc-1", "Acme"))
    assert [each.party_id for each in rows] == ["us_bis_el-1", "un_sc-1"]
    assert [each.facts for each in rows] == [{"country": "CN"}] * 2


def test_a_row_that_an_older_version_kept_still_has_its_country():
    (row,) = rows_for(2, hit_on("us_bis_el-1", "Acme"))
    kept = msgspec.to_builtins(row) | {"countries": ["CN", "HK"]}
    del kept["facts"]
    assert msgspec.convert(kept, PartyRow).facts == {"country": "CN, HK"}


def test_what_is_over_comes_after_what_binds_and_a_counterparty_stays_together():
    weak, ended = hit_on("un_sc-1", "B", score=0.8), hit_on("un_sc-2", "C", binds=False)
    rows = [
        *rows_for(2),
        unanswered(UnreadableRow(number=3, reason="Name: is empty")),
        *rows_for(4, ended),
        *rows_for(5, ended, weak),
        *rows_for(6, hit_on("un_sc-3", "D", score=0.9)),
    ]
    placed = [(each.row, each.party) for each in worst_first(rows)]
    assert placed == [(6, "D"), (5, "B"), (5, "C"), (4, "C"), (3, None), (2, None)]


def test_a_counterparty_that_cannot_be_compared_is_to_be_reviewed_and_another_is_not():
    doubt = InputWarning(field="name", reason="is one letter", may_hide=True)
    result = msgspec.structs.replace(result_of("A"), warnings=(doubt,))
    read = ReadRow(number=2, counterparty=Counterparty(name="A"))
    (row,) = party_rows(read, result, answer_of(result))
    assert (row.kind, row.why, row.needs_review) == ("doubt", "is one letter", True)
    assert not rows_for(3)[0].needs_review


def test_the_sheet_to_review_has_no_row_without_a_hit_and_room_for_decisions():
    stream = io.BytesIO()
    writer = result_writer("xlsx", stream)
    quiet, loud = result_of("Quiet"), result_of("Loud", hit_on("us_bis_el-1", "=Loud"))
    broken = UnreadableRow(number=9, reason="Name: is empty")
    for number, result in enumerate((quiet, quiet, loud), start=2):
        read = ReadRow(number=number, counterparty=Counterparty(name=result.name))
        writer.add(evidence_of(read, result, answer_of(result)))
        writer.add_parties(party_rows(read, result, answer_of(result)))
    writer.add([unreadable(broken)])
    writer.add_parties([unanswered(broken)])
    writer.finish(summary_of("t.csv", (), answer_of(), Counts()))
    book = load_workbook(io.BytesIO(stream.getvalue()))
    assert [book[name].max_row for name in ("To review", "Results", "Without hits")] == [3, 3, 3]
    sheet = book["To review"]
    header = [cell.value for cell in sheet[1]]
    first, second = (dict(zip(header, (c.value for c in row), strict=True)) for row in sheet[2:3])
    assert (first["Row"], first["Listed party"], first["Country"]) == (4, "=Loud", "CN")
    assert str(first["What it does"]).startswith("licence required")
    assert (second["Row"], second["Status"], second["Why"]) == (9, "Unreadable", "Name: is empty")
    fields = ("Decision", "By", "When", "Reason")
    assert [first[name] for name in fields] == [None] * 4
    allowed = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    columns = [get_column_letter(header.index(name) + 1) for name in fields]
    assert list(allowed) == [f"{each}2:{each}3" for each in columns]
    decision, _, when, _ = allowed.values()
    assert decision.formula1 == '"The same party,Another party,Not settled"'
    assert (when.type, when.formula1) == ("date", str((date(2026, 11, 24) - EPOCH).days))


def test_each_fact_of_a_line_is_a_column_of_the_sheet_to_review():
    stream = io.BytesIO()
    result_writer("xlsx", stream).finish(summary_of("t.csv", (), answer_of(), Counts()))
    header = [cell.value for cell in load_workbook(io.BytesIO(stream.getvalue()))["To review"][1]]
    facts = [each.replace("_", " ").capitalize() for each in LINE_FACTS]
    assert header[header.index("Listed party") + 1 : header.index("Score")] == facts


EPOCH = date(1899, 12, 30)
