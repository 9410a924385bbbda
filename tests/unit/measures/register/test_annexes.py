"""Annexes: the codes that acts list, compared with the codes of goods."""

import subprocess
import sys
from datetime import date

import pytest

from abeyance_screening.engine.measures.annexes.index import (
    AnnexIndex,
    AnnexRow,
    GoodsAnnex,
    shipped_annexes,
)
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Effect, Measure
from abeyance_screening.engine.measures.reach import Reach
from abeyance_screening.engine.measures.register.check import faults
from abeyance_screening.engine.screening.trade.goods import chapters_of
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

ANNEXES = shipped_annexes()
BOARD = MeasureBoard(load())
DAY = date(2026, 11, 24)
# Annexes that list exceptions and caps, guidance, and goods that are in another annex as well.
UNUSED = {
    "eu-833-2014-xxiiig",
    "eu-833-2014-xxiv",
    "eu-833-2014-xxviii",
    "ca-2014-58-10-01",
    "us-bis-chpl",
}


def asked(item: str, origin: str, destination: str, day: date = DAY) -> Restrictions:
    described = plain_transaction([item], origin, destination, None)
    return restrictions_on(BOARD, described, Days(as_of=day, known_at=DAY), "all")


def met(item: str, origin: str, destination: str, day: date = DAY) -> set[str]:
    return {each.measure.id for each in asked(item, origin, destination, day).met}


@pytest.mark.parametrize(
    ("annex", "rows"),
    [
        pytest.param("us-ear-746-2", 29, id="15 CFR 746 supplement 2"),
        pytest.param("us-ear-746-4", 2405, id="supplement 4"),
        pytest.param("us-ear-746-5", 363, id="supplement 5"),
        pytest.param("us-ear-746-7", 53, id="supplement 7"),
        pytest.param("us-ear-746-6", 0, id="supplement 6, not at hand"),
        pytest.param("us-bis-chpl", 50, id="Common High Priority List"),
        pytest.param("eu-833-2014-xxiii", 509, id="Annex XXIII"),
        pytest.param("ca-2014-58-7", 677, id="Schedule 7 of Canada"),
        pytest.param("uk-2019-855-3i", 604, id="Schedule 3I of the United Kingdom"),
        pytest.param("tw-chpl-45", 45, id="the 45 codes of Taiwan"),
    ],
)
def test_an_annex_has_as_many_codes_as_were_read(annex: str, rows: int):
    assert sum(row.annex == annex for row in ANNEXES.rows) == rows


def test_every_annex_says_where_it_was_read_and_what_is_missing():
    for annex in ANNEXES.annexes.values():
        assert annex.read_from.startswith("a copy at ") or annex.confidence == "not_read"
        assert annex.whole is (annex.missing == ""), annex.id
        assert annex.edition


def test_every_annex_of_goods_belongs_to_a_measure():
    named = {
        each for measure in load().measures for reach in measure.reaches for each in reach.annexes
    }
    assert ANNEXES.annexes.keys() - named == UNUSED


@pytest.mark.parametrize(
    ("item", "origin", "destination", "measure"),
    [
        pytest.param("8542.31", "DE", "RU", "eu-russia-advanced-technology", id="chip, DE"),
        pytest.param("8542.31", "US", "RU", "us-bis-russia-belarus", id="chip, US"),
        pytest.param("8413.70", "US", "RU", "us-bis-russia-industrial-goods", id="pump, US"),
        pytest.param("8413.70", "CA", "RU", "ca-russia-industrial-goods", id="pump, CA"),
        pytest.param("8413.70", "CH", "RU", "ch-russia-industrial", id="pump, CH"),
        pytest.param("8413.70", "JP", "RU", "jp-russia-export-ban", id="pump, JP"),
        pytest.param("8413.70", "NO", "RU", "no-russia-exports", id="pump, NO"),
        pytest.param("8542.31", "GB", "RU", "uk-russia-vulnerable-goods", id="chip, GB"),
        pytest.param("8542.31", "CH", "RU", "ch-russia-advanced-goods", id="chip, CH"),
        pytest.param("8542.31", "JP", "RU", "jp-russia-export-ban", id="chip, JP"),
        pytest.param("8542.31", "TW", "BY", "tw-russia-belarus", id="chip, TW to Belarus"),
        pytest.param("8542.31", "RU", "GB", "uk-russia-revenue-goods", id="chip from Russia"),
        pytest.param("2804 29 10", "RU", "GB", "uk-russia-revenue-goods", id="helium"),
        pytest.param("2203", "CA", "BY", "ca-belarus-trade", id="beer to Belarus"),
        pytest.param("8413.70.59", "CA", "RU", "ca-russia-industrial-goods", id="eight digits"),
        pytest.param(
            "8413 7059 90", "US", "BY", "us-bis-russia-industrial-goods", id="ten digits"
        ),
        pytest.param("7208.51", "RU", "DE", "eu-russia-steel", id="steel to the EU"),
        pytest.param("0306", "RU", "CA", "ca-russia-revenue-goods", id="crab to Canada"),
        pytest.param("7202", "RU", "CA", "ca-russia-metals", id="alloys to Canada"),
        pytest.param("8542.31", "DE", "TR", "eu-russia-no-reexport", id="chip to Turkey"),
        pytest.param("8542.31", "US", "IR", "us-bis-iran", id="chip to Iran"),
        pytest.param("8413", "DE", "BY", "eu-belarus-machinery", id="pump to Belarus"),
        pytest.param(
            "8542.31", "DE", "BY", "eu-belarus-advanced-technology", id="chip to Belarus"
        ),
        pytest.param("9303.20", "DE", "BY", "eu-belarus-other-goods", id="shotgun to Belarus"),
        pytest.param("4011.30", "DE", "BY", "eu-belarus-aviation", id="aircraft tyre to Belarus"),
        pytest.param("4813.10", "DE", "BY", "eu-belarus-other-goods", id="cigarette paper"),
        pytest.param("2713.20", "BY", "DE", "eu-belarus-other-goods", id="bitumen of Belarus"),
        pytest.param("6810.11", "BY", "DE", "eu-belarus-wood-iron-potash", id="concrete blocks"),
        pytest.param("2501", "KP", "DE", "eu-prk-trade", id="salt from North Korea"),
    ],
)
def test_a_code_of_an_annex_is_met_by_its_measure(
    item: str, origin: str, destination: str, measure: str
):
    assert measure in met(item, origin, destination)


def test_a_fact_says_which_annex_and_edition_lists_the_code_and_since_when():
    (restriction,) = [
        each
        for each in asked("8542.31", "US", "RU").met
        if each.measure.id == "us-bis-russia-industrial-goods"
    ]
    (fact,) = [each for each in restriction.facts if each.annex is not None]
    assert (fact.annex, fact.meets, fact.edition) == (
        "us-ear-746-4", "854231", "eCFR 2026-09-24"
    )  # fmt: skip


def test_a_code_without_a_first_day_counts_from_its_act_and_says_so():
    found = asked("8542.31", "DE", "RU")
    assert any("first day of a code was not read" in each for each in found.notes)
    (restriction,) = [
        each for each in found.met if each.measure.id == "eu-russia-advanced-technology"
    ]
    assert restriction.facts[0].listed_from is None


def test_a_code_counts_from_its_first_day():
    row = next(
        row for row in ANNEXES.rows if row.annex == "us-ear-746-4" and row.code == "250200"[:4]
    )
    assert row.first == date(2024, 6, 12)
    assert "us-bis-russia-industrial-goods" not in met("2502", "US", "RU", date(2024, 6, 11))
    assert "us-bis-russia-industrial-goods" in met("2502", "US", "RU", date(2024, 6, 12))


@pytest.mark.parametrize(
    ("item", "first"),
    [
        pytest.param("2711.12", date(2023, 12, 19), id="liquefied propane, twelfth package"),
        pytest.param("7605.11", date(2023, 12, 19), id="aluminium wire, twelfth package"),
        pytest.param("7601.10", date(2025, 2, 25), id="primary aluminium, sixteenth package"),
        pytest.param("3304.99", date(2022, 10, 7), id="cosmetics, eighth package"),
        pytest.param("4002.19", date(2023, 2, 26), id="synthetic rubber, tenth package"),
    ],
)
def test_goods_that_earn_russia_revenue_are_banned_from_the_day_of_their_package(
    item: str, first: date
):
    eve = date.fromordinal(first.toordinal() - 1)
    assert "eu-russia-revenue-goods" not in met(item, "RU", "DE", eve)
    assert "eu-russia-revenue-goods" in met(item, "RU", "DE", first)


def test_what_is_missing_of_an_annex_is_of_its_subject():
    steel = asked("2709.00", "RU", "NO")
    assert not [each for each in steel.looked_through if each.annex == "eu-833-2014-xvii"]
    assert all(
        begins_like(row.code, ANNEXES.annexes[row.annex].goods)
        for row in ANNEXES.rows
        if row.system not in {"US-ECCN", "CN-ECN"} and ANNEXES.annexes[row.annex].goods
    )


def begins_like(code: str, goods: tuple[str, ...]) -> bool:
    beginnings = [each for printed in goods for each in chapters_of(printed)]
    return any(code.startswith(each) or each.startswith(code) for each in beginnings)


def test_goods_told_in_words_are_asked_for_their_code_once():
    codes = [
        each for each in asked("toothbrushes", "RU", "DE").open_questions
        if each.question.startswith("What is the HS code")
    ]  # fmt: skip
    (question,) = codes
    assert {"eu-russia-revenue-goods", "eu-russia-steel"} <= {question.id, *question.also}
    assert asked("toothbrushes", "RU", "DE").not_covered == ()


def test_chips_were_no_vulnerable_goods_of_the_united_kingdom_before_april_2023():
    vulnerable = "uk-russia-vulnerable-goods"
    assert vulnerable not in met("8542.31", "GB", "RU", date(2023, 4, 20))
    assert vulnerable in met("8542.31", "GB", "RU", date(2023, 4, 21))


def test_what_a_table_no_longer_lists_is_met_until_its_last_day():
    listed = "uk-russia-g7-dependency"
    assert listed in met("8472.10", "GB", "RU", date(2023, 12, 14))
    assert listed not in met("8472.10", "GB", "RU", date(2023, 12, 15))


def test_centrifugal_pumps_are_not_covered_by_the_parts_of_british_schedules_not_at_hand():
    found = asked("8413.70", "GB", "RU")
    assert found.outcome == "not_covered"
    assert [(each.id, each.measure) for each in found.not_covered] == [
        ("uk-2019-855-3e", "uk-russia-g7-dependency"),
        ("uk-2019-855-3i", "uk-russia-vulnerable-goods"),
    ]
    assert "Parts 3 and 4" in f"{found.not_covered[0].note}"
    assert any("Schedule 3E" in each for each in found.notes if each.startswith("Not covered"))
    assert met("8413.60", "GB", "RU") == {"uk-russia-g7-dependency"}
    assert not asked("8413.60", "GB", "RU").not_covered


def test_what_a_whole_annex_does_not_list_is_not_met_and_was_looked_for():
    found = asked("0201", "CA", "RU")
    opened = {key for each in found.open_questions for key in (each.id, *each.also)}
    assert "ca-russia-industrial-goods" not in opened
    (looked,) = [each for each in found.looked_through if each.annex == "ca-2014-58-7"]
    assert looked.whole
    assert "2026-06-14" in looked.edition
    assert looked.measures == ("ca-russia-industrial-goods",)


def test_what_an_annex_with_a_missing_part_does_not_list_is_not_covered():
    found = asked("0201", "DE", "RU")
    missing = {each.id: each for each in found.not_covered}
    assert missing["eu-833-2014-xxiii"].measure == "eu-russia-industrial-goods"
    assert "Annex XXIII" not in " ".join(each.question for each in found.open_questions)
    (looked,) = [each for each in found.looked_through if each.annex == "eu-833-2014-xxiii"]
    assert not looked.whole
    assert looked.missing


def test_a_code_that_is_listed_in_part_is_asked_in_the_words_of_its_annex():
    (question,) = [
        each
        for each in asked("8421.39", "DE", "RU").open_questions
        if "eu-russia-oil-refining" in {each.id, *each.also}
    ]
    assert "Annex X to Reg. (EU) No 833/2014" in question.question


def measure_by(annex: str, kind: str) -> Measure:
    return Measure(
        id="m",
        title="m",
        authority="BIS",
        jurisdiction="US",
        kind="guidance",
        citation="m",
        effect=(Effect(kind=kind),),  # pyright: ignore[reportArgumentType] - a kind of the test's table
        attaches_by=("goods",),
        confidence="general_knowledge",
        events=(),
        reaches=(Reach(annexes=(annex,), destination=("RU",)),),
    )


@pytest.mark.parametrize(
    ("annex", "kind", "fault"),
    [
        pytest.param(
            "us-bis-chpl", "licence_required", "lists no goods that are banned", id="ban"
        ),
        pytest.param("eu-833-2014-xxiv", "prohibition", "exception", id="an exception"),
        pytest.param("no-annex", "fee", "is no annex", id="no annex"),
    ],
)
def test_no_ban_is_made_of_an_annex_that_bans_nothing(annex: str, kind: str, fault: str):
    found = [
        each for each in faults([("x.yaml", measure_by(annex, kind))]) if "annexes" in str(each)
    ]
    assert fault in str(found)


def test_guidance_may_rest_on_an_annex_of_guidance():
    measure = measure_by("us-bis-chpl", "due_diligence")
    assert not [each for each in faults([("x.yaml", measure)]) if "annexes" in str(each)]


ROW = AnnexRow(
    annex="a", system="EU-CN", code="84212100", in_part=False, words="", first=None, last=None,
    edition="e",
)  # fmt: skip
SMALL = AnnexIndex(
    {"a": GoodsAnnex(id="a", title="A", role="ban", edition="e", whole=True, missing="",
                url="https://a", read_from="a copy at a", confidence="read_at_source")},
    [ROW],
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "in_part"),
    [
        pytest.param("84212100", False, id="the same code"),
        pytest.param("8421210090", False, id="longer"),
        pytest.param("842121", True, id="six digits"),
        pytest.param("8421", True, id="a heading"),
        pytest.param("84212150", True, id="other digits of another country"),
    ],
)
def test_codes_meet_at_any_depth(given: str, in_part: bool):
    assert SMALL.by_hs(given, DAY)["a"].in_part is in_part


@pytest.mark.parametrize("given", ["842199", "8422", "85"])
def test_codes_that_part_before_the_seventh_digit_do_not_meet(given: str):
    assert SMALL.by_hs(given, DAY) == {}


def test_checking_the_register_reads_no_row_of_an_annex():
    code = (
        "from abeyance_screening.engine.measures.register.read import shipped\n"
        "from abeyance_screening.engine.measures.annexes.index import shipped_annexes\n"
        "shipped()\n"
        "print(shipped_annexes.cache_info().currsize)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize(
    ("item", "origin", "destination", "measure"),
    [
        pytest.param(
            "nitrocellulose", "DE", "RU", "eu-russia-industrial-goods", id="by its heading"
        ),
        pytest.param("9004-70-0", "US", "RU", "us-bis-russia-industrial-goods", id="CAS number"),
        pytest.param("ammonium nitrate", "RU", "GB", "uk-russia-revenue-goods", id="asked"),
        pytest.param("4-piperidone", "CN", "US", "cn-precursors-2025", id="precursor"),
        pytest.param("79099-07-3", "CN", "CA", "cn-precursors-2025", id="precursor, CAS number"),
        pytest.param("4-ANPP", "CN", "MX", "cn-precursors-2025", id="precursor, abbreviated"),
        pytest.param("acetic anhydride", "CN", "AF", "cn-precursor-chemicals", id="anhydride"),
        pytest.param("gallium", "CN", "DE", "cn-2023-23", id="metal that a measure names"),
    ],
)
def test_a_single_substance_is_met_or_asked_about_by_its_name(
    item: str, origin: str, destination: str, measure: str
):
    found = asked(item, origin, destination)
    opened = {key for each in found.open_questions for key in (each.id, *each.also)}
    assert measure in {each.measure.id for each in found.met} or (
        item == "ammonium nitrate" and measure in opened
    )


def test_a_substance_by_name_is_told_as_words_and_rules_nothing_out():
    found = asked("nitrocellulose", "DE", "RU")
    (industrial,) = [each for each in found.met if each.measure.id == "eu-russia-industrial-goods"]
    (fact,) = [each for each in industrial.facts if each.fact == "item"]
    assert (fact.by, fact.given, fact.meets) == ("words", "nitrocellulose", "3912")
    coded = asked("3912.20", "DE", "RU")
    asked_in_words = {key for each in found.open_questions for key in (each.id, *each.also)}
    asked_by_code = {key for each in coded.open_questions for key in (each.id, *each.also)}
    assert asked_by_code - {each.measure.id for each in found.met} <= asked_in_words
