"""Proposals are written for a person to edit, and read back strictly."""

import pytest

from abeyance_screening.engine.measures.places import read_proposals, write_proposals
from abeyance_screening.features.watch.proposals.drafts import propose
from abeyance_screening.primitives.errors import BadInputError
from tests.tools.propose.us_fr.gazette import documents

PLAIN = documents("plain_list.json")
EVERY = (*PLAIN.values(), *documents("api_answer.json").values())


def test_a_file_of_proposals_comes_back_as_it_was():
    proposals = propose(EVERY, ())
    assert len(proposals) > 25
    text = write_proposals(proposals)
    assert "- accepted: no\n" in text
    assert read_proposals(text) == proposals


def test_an_edited_file_says_what_was_accepted():
    text = write_proposals(propose([PLAIN["2025-16724"]], ()))
    edited = text.replace("accepted: no", "accepted: yes").replace(
        "measure: null", "measure: us-bis-syria-2025"
    )
    (accepted,) = read_proposals(edited)
    assert (accepted.accepted, accepted.measure) == (True, "us-bis-syria-2025")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            "until: 2026-11-09",
            "until: soon",
            r"proposals\[0\]\.event\.until: .*2025-19846",
            id="day",
        ),
        pytest.param(
            "until: 2026-11-09", "till: 2026-11-09", r"proposals\[0\]\.event\.till", id="a typo"
        ),
        pytest.param(
            "    lapse_effect: restriction_returns\n",
            "",
            r"proposals\[0\]\.event\.lapse_effect: missing",
            id="what the register would not take",
        ),
        pytest.param("accepted: no", "accepted: maybe", r"proposals\[0\]\.accepted", id="maybe"),
        pytest.param(
            "accepted: no", "accepted: no\n  accepted: yes", "'accepted' is used twice", id="twice"
        ),
        pytest.param("  document: ", "  number: ", r"proposals\[0\]\.(document|number)", id="key"),
        pytest.param("proposals:", "measures:", "must be a mapping", id="another file"),
        pytest.param("proposals:", "proposals: [", "proposals", id="no YAML"),
    ],
)
def test_what_was_edited_wrongly_is_named(old: str, new: str, reason: str):
    text = write_proposals(propose([PLAIN["2025-19846"]], ()))
    assert old in text
    with pytest.raises(BadInputError, match=reason):
        read_proposals(text.replace(old, new))
