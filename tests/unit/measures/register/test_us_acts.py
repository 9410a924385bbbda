"""The United States' acts: what they do on a day, whom they reach, and in whose words."""

from datetime import date

import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure, has_words
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.trade.goods import Comparer
from abeyance_screening.engine.screening.trade.items import Verdict
from abeyance_screening.engine.screening.trade.transaction import Item, Transaction
from tests.shipped_register import load

REGISTER = load()
TODAY = date(2026, 11, 26)
# Both governments announced until 2027-01-10, and no act is on record.
TRUCE = ("us-bis-affiliates-rule", "us-ustr-301-ships", "us-ustr-301-china-exclusions")
FOOTNOTES = tuple(f"us-bis-fdp-footnote-{number}" for number in "1345")
# What binds the listings of each list.
BINDING = (
    "us-bis-entity-list",
    "us-bis-meu",
    "us-bis-mieu",
    "us-bis-dpl",
    "us-bis-dpl-standard",
    "us-bis-dpl-non-standard",
    "us-bis-uvl",
    "us-bis-ear-744-8",
    "us-bis-affiliates-rule",
    "us-uflpa",
    "us-uflpa-i",
    "us-uflpa-ii",
    "us-uflpa-iv",
    "us-uflpa-v",
    "us-fcc-covered",
    "us-dod-1260h",
    *FOOTNOTES,
)
BATCHES = tuple(
    each.id
    for each in REGISTER.measures
    if each.authority == "BIS" and each.kind == "entity_list_addition"
)


def _verdict(measure: str, transaction: Transaction) -> Verdict:
    return Comparer(transaction).compare(REGISTER.get(measure).reaches, "ccl").verdict


def _counting(measure: Measure) -> list[str]:
    return [each.id for each in measure.events if each.retracted_at is None]


@pytest.mark.parametrize("measure", [*BINDING, *BATCHES])
def test_what_binds_a_listing_has_the_words_of_its_act(measure: str):
    assert has_words(REGISTER.get(measure))


@pytest.mark.parametrize("measure", TRUCE)
def test_the_truce_of_2026_is_announced_by_both_governments_and_not_disputed(measure: str):
    counting = [each for each in REGISTER.get(measure).events if each.retracted_at is None]
    announced = [each for each in counting if each.until == date(2027, 1, 10)]
    assert [each.kind for each in announced] == ["announce_extension"]
    assert [each.confidence for each in announced] == ["verified_secondary"]
    assert "no act found" in (announced[0].note or "")
    assert all(each.confidence != "disputed" for each in counting)


@pytest.mark.parametrize(
    ("measure", "day", "word"),
    [
        pytest.param("us-bis-affiliates-rule", "2026-11-09", "suspended", id="last day"),
        pytest.param("us-bis-affiliates-rule", "2026-11-26", "in_force_by_lapse", id="rule"),
        pytest.param("us-ustr-301-ships", "2026-11-26", "in_force_by_lapse", id="ship fees"),
        pytest.param("us-ustr-301-china-exclusions", "2026-11-09", "eased_by_licence",
                     id="exclusions: last day"),
        pytest.param("us-ustr-301-china-exclusions", "2026-11-26",
                     "authorisation_lapsed_unconfirmed", id="exclusions"),
        pytest.param("us-bis-ic-designer-deadline", "2027-01-01", "in_force_by_lapse",
                     id="chip designers"),
        pytest.param("us-section-122-surcharge", "2026-02-23", "published_not_effective",
                     id="surcharge before"),
        pytest.param("us-section-122-surcharge", "2026-07-23", "in_force", id="surcharge"),
        pytest.param("us-section-122-surcharge", "2026-07-24", "ended", id="surcharge after"),
        pytest.param("us-ustr-301-forced-labour", "2026-07-23", "announced", id="duty before"),
        pytest.param("us-ustr-301-forced-labour", "2026-11-26", "in_force", id="duty"),
        pytest.param("us-ustr-301-china", "2026-11-26", "in_force", id="duty of 2018"),
        pytest.param("us-232-semiconductors", "2026-11-26", "in_force", id="semiconductors"),
        pytest.param("us-232-polysilicon", "2026-11-26", "published_not_effective",
                     id="polysilicon before"),
        pytest.param("us-232-polysilicon", "2026-12-04", "in_force", id="polysilicon"),
        pytest.param("us-ieepa-fentanyl-cn", "2026-11-26", "ended", id="duty without a basis"),
        pytest.param("us-reciprocal-tariff-cn", "2026-11-26", "ended", id="no lapse revives it"),
    ],
)  # fmt: skip
def test_an_act_stands_on_its_days(measure: str, day: str, word: StatusWord):
    on = date.fromisoformat(day)
    assert status_on(REGISTER.get(measure), on, on).word == word


@pytest.mark.parametrize(
    "measure", ["us-ustr-301-china", "us-ustr-301-forced-labour", "us-section-122-surcharge"]
)
def test_goods_of_china_are_asked_about_each_duty(measure: str):
    goods = (Item(hs="8504"),)
    assert (
        _verdict(measure, Transaction(items=goods, origin="CN", destination="US")) is Verdict.OPEN
    )
    assert (
        _verdict(measure, Transaction(items=goods, origin="CN", destination="DE"))
        is Verdict.NOT_MET
    )


@pytest.mark.parametrize("measure", ["us-bis-uae-a5", "us-bis-cambodia-d5"])
def test_a_country_group_eases_what_the_control_list_names_and_nothing_else(measure: str):
    there = "AE" if measure == "us-bis-uae-a5" else "KH"
    asked = Transaction(items=(Item(description="pump"),), origin="US", destination=there)
    assert _verdict(measure, asked) is Verdict.OPEN


@pytest.mark.parametrize("footnote", FOOTNOTES)
def test_an_owned_company_inherits_its_owners_footnote(footnote: str):
    ownership = REGISTER.get(footnote).ownership
    assert ownership is not None
    assert ownership.by == ("us-bis-affiliates-rule",)


def test_the_affiliates_rule_says_what_is_inherited_and_that_an_unknown_share_is_no_answer():
    rule = REGISTER.get("us-bis-affiliates-rule")
    assert rule.ownership is not None
    assert "foreign-direct-product" in (rule.ownership.rule or "")
    assert "Red Flag 29" in (rule.condition or "")
    assert "foreign-direct-product" in (rule.plain or "")


def test_the_pentagons_list_says_what_it_means_and_from_when():
    measure = REGISTER.get("us-dod-1260h")
    assert "30 June 2026" in (measure.plain or "")
    assert "30 June 2027" in (measure.plain or "")
    days = {each.effective_on for each in measure.events if each.kind == "take_effect"}
    assert {date(2026, 6, 30), date(2027, 6, 30)} <= days
    assert [each.list_code for each in measure.attaches] == ["us_dod_1260h"]


def test_the_exemption_of_drones_eases_no_other_row_of_the_covered_list():
    exemption = next(
        each for each in REGISTER.get("us-fcc-covered").events if each.id == "authorise-2026-01-07"
    )
    assert exemption.slice is not None
    assert exemption.slice.listed_from == exemption.slice.listed_until == date(2025, 12, 22)


def test_an_announcement_that_was_called_disputed_is_kept_as_retracted():
    for measure in TRUCE[:2]:
        kept = REGISTER.get(measure)
        assert "announce-extension-2026-09-23" in {each.id for each in kept.events}
        assert "announce-extension-2026-09-23" not in _counting(kept)
