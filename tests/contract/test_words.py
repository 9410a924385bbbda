"""Phrases and names that were replaced, and must not come back."""

import re

import pytest

from tests.repository import texts

PHRASES = (
    "Shown are the best",
    "no party is as chosen",
    "the best alone",
    "of owners alone",
    "of no use without",
    "policy of our own",
    "decides nothing where",
    "nowhere else to be had",
    "proves nothing, and",
    "timed by the clock",
    "slow that day",
    "asks for care",
)
NAMES = re.compile(
    r"\b(?:(?:Question|Screening|Search|Text|Key|Counterparty|Owner|Identifier|Item)Asked"
    r"|Asked(?:Item|Identifier)|QuestionDraft|service\.(?:api|web|cli|store|app)\.)"
)
HERE = "test_words.py"


def faults() -> list[str]:
    found: list[str] = []
    for path, text in texts():
        # what changed is told in the words of before
        if path.name in {HERE, "CHANGELOG.md"} or "fixtures" in path.parts:
            continue
        plain = " ".join(text.split())
        found += [f"{path}: {phrase}" for phrase in PHRASES if phrase in plain]
        if path.suffix == ".py":
            found += [f"{path}: {name}" for name in NAMES.findall(text)]
    return found


def test_what_was_replaced_does_not_come_back():
    assert faults() == []


@pytest.mark.parametrize("name", ["QuestionAsked", "AskedItem", "service.api.bodies"])
def test_a_name_of_before_is_known(name: str):
    assert NAMES.search(name) is not None
