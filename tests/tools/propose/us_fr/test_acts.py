import pytest

from abeyance_screening.features.watch.proposals.us_fr import acts_in


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        pytest.param("at 86 FR 58205, is delayed", ("86 FR 58205",), id="a page"),
        pytest.param(
            "90 FR 47201 (2025-09-30), FR Doc 2025-19001, RIN 0694-AK11; 15 CFR 744.11",
            ("90 FR 47201", "2025-19001", "0694-AK11"),
            id="page, document, rulemaking, and no section",
        ),
        pytest.param("FR Doc C1-2026-16628", ("C1-2026-16628",), id="a correction"),
        pytest.param("call 202-482-0707, docket BIS-2023-0005", (), id="telephone and docket"),
        pytest.param("FR Doc 2025-19001; 2025-19001", ("2025-19001",), id="each once"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_acts_are_known_by_their_numbers(text: str, acts: tuple[str, ...]):
    assert acts_in(text) == acts
