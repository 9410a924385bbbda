"""What nothing found means: no hits only where nothing can hide one."""

import pytest

from abeyance_screening.engine.screening.name_variants import doubts_of, warnings_of
from abeyance_screening.engine.screening.question import Counterparty, PartyIdentifier
from tests.unit.screening.owners.listed_owners import owner, screened

LETTER = (
    "Dear Sirs please ship the ordered goods to our customer before the end of the week, "
    "Plain Bakery"
)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("GmbH", "legal form", id="legal form"),
        pytest.param("有限公司", "legal form", id="legal form in Han"),
        pytest.param("Z", "one letter", id="one letter"),
        pytest.param("\u16a0\u16a2\u16a6\u16a8", "cannot be read", id="Runic"),
        pytest.param("\u202e", "no letter", id="an override alone"),
        pytest.param("???", "no letter", id="question marks"),
        pytest.param(LETTER, "words", id="a letter"),
    ],
)
def test_a_name_that_cannot_be_compared_is_incomplete_with_the_reason(name: str, reason: str):
    result = screened(name=name)
    assert result.outcome == "incomplete"
    (warning,) = result.warnings
    assert (warning.field, warning.may_hide) == ("name", True)
    assert reason in warning.reason


def test_a_name_that_can_be_compared_has_no_hits():
    result = screened(name="Plain Bakery")
    assert (result.outcome, result.warnings) == ("no_hits", ())


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Zorbax Trading \u202e", id="an override behind it"),
        pytest.param(f"{LETTER} or Zorbax Trading", id="in a letter"),
        pytest.param("ⓏⓞⓡⓑⓐⓍ Trading", id="letters in circles"),
        pytest.param("Zorbax Trading\u16a0", id="a rune behind it"),
    ],
)
def test_a_listed_party_is_found_all_the_same(name: str):
    assert screened(name=name).outcome == "hits"


def test_an_owner_that_cannot_be_compared_leaves_the_counterparty_open():
    result = screened(owner("GmbH", 60))
    assert result.outcome == "incomplete"
    assert result.ownership is not None
    assert [each.outcome for each in result.ownership.owners] == ["incomplete"]


def test_an_alias_that_cannot_be_compared_is_named():
    counterparty = Counterparty(name="Plain Bakery", aliases=("Bakery", "Ltd."))
    assert [each.field for each in doubts_of(counterparty)] == ["aliases[1]"]


def test_a_slip_in_a_number_hides_nobody():
    slip = PartyIdentifier(value="9187620", kind="IMO number")
    (warning,) = warnings_of(Counterparty(name="Ocean Star", identifiers=(slip,)))
    assert not warning.may_hide
