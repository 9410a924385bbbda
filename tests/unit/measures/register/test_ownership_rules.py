"""How far a listing reaches what its party owns: the rules, and the measures that name them."""

from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure, OwnershipTest
from abeyance_screening.engine.measures.status_table import StatusWord
from tests.cases import for_each
from tests.shipped_register import load

REGISTER = load()
RULES = [each for each in REGISTER.measures if each.owns is not None]
OWNING = [each for each in REGISTER.measures if each.ownership is not None]
BY_OFAC = ("us-ofac-50-percent-2008", "us-ofac-50-percent")
BY_THE_EU = ("eu-ownership-more-than-50-percent", "eu-ownership-50-percent")
NO_SHARE_SET = {
    "us-fcc-covered": "the list says subsidiaries and affiliates, and sets no share",
    "fr-gels-avoirs": "the code says held or controlled, and sets no share",
    "nz-russia-sanctions": "the regulations say owned or controlled, and set no share",
    "ua-sanctions": "the law says assets that the party may dispose of, and sets no share",
}
"""Measures that reach what their parties own, and by no rule that a share could meet."""
NOT_BY_ITSELF = ("no", "depends", "partly", "unclear", "possible", "controlled", "through")
"""Words under which no rule comes by itself: somebody must read the entry or a national law."""


def _applies(measure: Measure) -> str:
    return "" if measure.ownership is None else measure.ownership.applies


def _by(measure: Measure) -> tuple[str, ...]:
    return () if measure.ownership is None else measure.ownership.by


@for_each("measure", {each.id: each for each in OWNING})
def test_a_measure_names_a_rule_where_its_words_say_yes_and_none_where_they_do_not(
    measure: Measure,
):
    applies = _applies(measure)
    if applies.startswith("yes"):
        assert _by(measure) or measure.id in NO_SHARE_SET
    if applies.startswith(NOT_BY_ITSELF):
        assert not _by(measure)


def test_every_exception_says_yes_itself():
    assert all(_applies(REGISTER.get(each)).startswith("yes") for each in NO_SHARE_SET)


def test_a_named_rule_is_a_question_with_a_test():
    named = {rule for each in OWNING for rule in _by(each)}
    by_their_lists = {"us-bis-affiliates-rule", "cn-mofcom-50-percent"}
    assert named | by_their_lists == {each.id for each in RULES}
    for each in map(REGISTER.get, named):
        assert each.owns is not None
        assert each.attaches_by == ("ownership",)
        assert (each.condition or "").endswith((".", "?"))


def test_a_measure_names_rules_of_its_own_jurisdiction():
    for each in OWNING:
        assert {REGISTER.get(rule).jurisdiction for rule in _by(each)} <= {each.jurisdiction}


@pytest.mark.parametrize(
    ("rule", "owns"),
    [
        pytest.param("us-ofac-50-percent-2008", ("50", "at_least", False, False), id="OFAC 2008"),
        pytest.param("us-ofac-50-percent", ("50", "at_least", True, False), id="OFAC"),
        pytest.param("us-ofac-sectoral-50-percent", ("50", "at_least", True, False), id="SSI"),
        pytest.param("us-ofac-eo14024-directives-50-percent", ("50", "at_least", True, False),
                     id="EO 14024"),
        pytest.param("us-bis-affiliates-rule", ("50", "at_least", True, False), id="BIS"),
        pytest.param("eu-ownership-more-than-50-percent", ("50", "more_than", True, True),
                     id="EU before"),
        pytest.param("eu-ownership-50-percent", ("50", "at_least", True, True), id="EU"),
        pytest.param("uk-ownership-and-control", ("50", "more_than", False, True), id="UK"),
        pytest.param("ca-deemed-ownership", ("50", "at_least", False, True), id="Canada"),
        pytest.param("ch-seco-ownership-and-control", ("50", "more_than", True, True),
                     id="Switzerland"),
        pytest.param("cn-mofcom-50-percent", ("50", "at_least", False, False), id="China"),
        pytest.param("jp-mof-50-percent", ("50", "at_least", False, False), id="Japan"),
    ],
)  # fmt: skip
def test_a_rule_sets_the_test_of_its_authority(rule: str, owns: tuple[object, ...]):
    names = ("share", "bound", "aggregate", "control")
    expected = msgspec.convert(dict(zip(names, owns, strict=True)), OwnershipTest)
    test = REGISTER.get(rule).owns
    assert test is not None
    assert msgspec.structs.replace(test, adds_up_if=None) == expected
    assert (test.adds_up_if is not None) == (rule == "us-ofac-sectoral-50-percent")


def test_every_rule_has_its_test_checked():
    assert len(RULES) == 12


@pytest.mark.parametrize(
    ("rule", "day", "word"),
    [
        pytest.param("us-ofac-50-percent-2008", "2008-02-13", "not_known", id="OFAC: none yet"),
        pytest.param("us-ofac-50-percent-2008", "2008-02-14", "in_force", id="OFAC: one owner"),
        pytest.param("us-ofac-50-percent-2008", "2014-08-12", "in_force", id="OFAC: the last day"),
        pytest.param("us-ofac-50-percent-2008", "2014-08-13", "ended", id="OFAC: replaced"),
        pytest.param("us-ofac-50-percent", "2014-08-12", "not_known", id="OFAC: no adding up yet"),
        pytest.param("us-ofac-50-percent", "2014-08-13", "in_force", id="OFAC: in aggregate"),
        pytest.param("us-ofac-sectoral-50-percent", "2014-07-15", "not_known", id="SSI before"),
        pytest.param("us-ofac-sectoral-50-percent", "2014-07-16", "in_force", id="SSI"),
        pytest.param("us-ofac-eo14024-directives-50-percent", "2022-02-23", "not_known",
                     id="EO 14024 before"),
        pytest.param("us-ofac-eo14024-directives-50-percent", "2022-03-25",
                     "published_not_effective", id="EO 14024 published"),
        pytest.param("us-ofac-eo14024-directives-50-percent", "2022-03-26", "in_force",
                     id="EO 14024"),
        pytest.param("eu-ownership-more-than-50-percent", "2024-07-02", "in_force",
                     id="EU: more than half"),
        pytest.param("eu-ownership-more-than-50-percent", "2024-07-03", "ended",
                     id="EU: replaced"),
        pytest.param("eu-ownership-50-percent", "2024-07-02", "not_known", id="EU: half not yet"),
        pytest.param("eu-ownership-50-percent", "2024-07-03", "in_force", id="EU: half"),
        pytest.param("uk-ownership-and-control", "2020-12-30", "not_known", id="UK before"),
        pytest.param("uk-ownership-and-control", "2020-12-31", "in_force", id="UK"),
        pytest.param("ca-deemed-ownership", "2023-06-21", "not_known", id="Canada before"),
        pytest.param("ca-deemed-ownership", "2023-06-22", "in_force", id="Canada"),
        pytest.param("ch-seco-ownership-and-control", "2024-05-15", "in_force",
                     id="Switzerland: practice before it was written down"),
        pytest.param("us-bis-affiliates-rule", "2025-11-09", "in_force_eased",
                     id="BIS: licensed"),
        pytest.param("us-bis-affiliates-rule", "2025-11-10", "suspended", id="BIS: suspended"),
        pytest.param("us-bis-affiliates-rule", "2026-11-10", "in_force_by_lapse",
                     id="BIS: back by lapse"),
        pytest.param("cn-mofcom-50-percent", "2025-10-08", "not_known", id="China before"),
        pytest.param("cn-mofcom-50-percent", "2025-10-09", "in_force", id="China"),
        pytest.param("cn-mofcom-50-percent", "2025-11-07", "suspended", id="China: suspended"),
        pytest.param("cn-mofcom-50-percent", "2026-11-10", "in_force_by_lapse",
                     id="China: back by lapse"),
    ],
)  # fmt: skip
def test_a_rule_stands_on_its_boundary_days(rule: str, day: str, word: StatusWord):
    on = date.fromisoformat(day)
    assert status_on(REGISTER.get(rule), on, on).word == word


@pytest.mark.parametrize("rules", [BY_OFAC, BY_THE_EU], ids=["OFAC", "EU"])
def test_two_rules_that_follow_each_other_never_hold_on_one_day(rules: tuple[str, str]):
    earlier, later = map(REGISTER.get, rules)
    assert (earlier.successor, later.predecessor) == (later.id, earlier.id)
    for on in (date(2014, 8, 12), date(2014, 8, 13), date(2024, 7, 2), date(2024, 7, 3)):
        words = [status_on(each, on, on).word for each in (earlier, later)]
        assert words.count("in_force") == 1


@pytest.mark.parametrize(
    ("list_code", "programme", "rules"),
    [
        pytest.param("us_ofac_sdn", "GLOMAG", BY_OFAC, id="blocked by OFAC"),
        pytest.param("us_ofac_ssi", "UKRAINE-EO13662", ("us-ofac-sectoral-50-percent",), id="SSI"),
        pytest.param("us_ofac_cmic", "CMIC-EO13959", (), id="CMIC: only the named party"),
        pytest.param("us_bis_uvl", "", (), id="UVL: no rule"),
        pytest.param("au_dfat", "Autonomous (Russia)", (), id="Australia: no share is set"),
        pytest.param("ca_sema", "Belarus / Bélarus", ("ca-deemed-ownership",), id="Canada"),
        pytest.param("ch_seco", "Belarus", ("ch-seco-ownership-and-control",), id="Switzerland"),
        pytest.param("cn_ecl", "cn-ecl-2025-1", ("cn-mofcom-50-percent",), id="China"),
        pytest.param("cn_wl", "cn-wl-2026-12", ("cn-mofcom-50-percent",), id="China, watched"),
        pytest.param("cn_uel", "cn-uel-2025-1", (), id="China: not the unreliable entities"),
    ],
)
def test_a_listing_brings_the_rules_of_its_measures(
    list_code: str, programme: str, rules: tuple[str, ...]
):
    listing = Listing(
        id="x",
        list_code=list_code,
        names=(Name(text="Nobody in particular", kind="primary"),),
        programmes=(programme,) if programme else (),
    )
    conditions = {each.id for each in REGISTER.attached_to(listing) if each.condition is not None}
    assert conditions == set(rules)
