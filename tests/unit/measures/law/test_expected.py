"""Every measure that changed lately has the status on 2026-11-24 that was worked out by hand."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
import yaml

from abeyance_screening.engine.measures.law.resolve import status_on
from tests.shipped_register import load

EXPECTED_ON = date(2026, 11, 24)
_FILE = Path("tests/fixtures/register/expected_2026-11-24.yaml")
EXPECTED = cast("dict[str, dict[str, str | list[str]]]", yaml.safe_load(_FILE.read_text()))
REGISTER = load()

OURS = {
    "last_two_events_general_knowledge": "rests_on_general_knowledge",
    "no_rescission_notice_found": "revocation_announced_not_formalised",
    "individual_licences_issued_terms_unknown": "licence_term_not_recorded",
    # The bound of 2026-12-31 was not read, so that day already counts as restricted.
    "stricter_from_2027-01-01": "stricter_from_2026-12-31",
    "second_stage_2027-06": "partly_not_yet_effective_until_2027-06-30",
    # The name of the successor as the register has it.
    "successor_us-ofac-paarss": "successor_us-ofac-paarssr-eo13894",
    "residual_blocking": "residual_obligation",
    "residual_licensing": "residual_obligation",
    "term_not_read": "term_not_recorded",
    "disputed_by_states": "disputed",
    "own_term_passed_2026-09-30_no_source_read": "until_passed_no_renewal_recorded",
}
"""Flags that say the same in other words."""

TOLD_ELSEWHERE = {
    "text_still_in_cfr": "the word says that it is in force",
    "a_TDO_that_lapses_ENDS_the_restriction": "lapse_effect of its events",
    "see us-ofac-gl-* chains": "the licences name it in `eases`",
    "chain_of_8_versions_in_8_months": "its events",
    "until_2026-11-27_in_3_days": "`until` and `next_change`",
    "not_named_in_Nov_2025_suspension": "no event suspends it",
    "current_scope_not_read": "`unchecked`",
    "court_measures_separate (Enterprise Chamber 2025-10-07)": "`note`",
    "huntington_ingalls_relisted_on_ECL_2025-09-25": "the other listing's own measure",
}
"""Flags whose fact stands in a field of its own."""


def _rows(field: str) -> list[object]:
    return [pytest.param(key, row[field], id=key) for key, row in EXPECTED.items()]


@pytest.mark.parametrize(("measure_id", "word"), _rows("status"))
def test_a_measure_has_the_word_worked_out_by_hand(measure_id: str, word: str):
    assert status_on(REGISTER.get(measure_id), EXPECTED_ON, EXPECTED_ON).word == word


@pytest.mark.parametrize(("measure_id", "flags"), _rows("flags"))
def test_a_reader_is_told_what_was_told_by_hand(measure_id: str, flags: list[str]):
    status = status_on(REGISTER.get(measure_id), EXPECTED_ON, EXPECTED_ON)
    expected = {OURS.get(flag, flag) for flag in flags if flag not in TOLD_ELSEWHERE}
    assert expected <= set(status.flags)


@pytest.mark.parametrize(
    ("measure_id", "confirmed"),
    [
        pytest.param("us-bis-affiliates-rule", False, id="in force by lapse"),
        pytest.param("nl-nexperia-order", False, id="ended by its own term"),
        pytest.param("us-ofac-gl-128", False, id="a licence that ran out"),
        pytest.param("us-bis-tdo-utair", False, id="unknown"),
        pytest.param("cn-2025-18", True, id="in force"),
        pytest.param("un-1737-iran", True, id="in force and disputed"),
        pytest.param("us-dod-ccmc-xiaomi", True, id="annulled"),
    ],
)
def test_silence_is_never_confirmed(measure_id: str, confirmed: bool):
    status = status_on(REGISTER.get(measure_id), EXPECTED_ON, EXPECTED_ON)
    assert status.confirmed is confirmed
