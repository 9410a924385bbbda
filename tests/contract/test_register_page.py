"""The pages about the register tell the truth about it."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import yaml

from abeyance_screening.engine.measures.measure import Event, EventKind
from abeyance_screening.engine.measures.register.check import event_findings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference/register.md").read_text("utf-8")
GUIDE = (DOCS / "how-to/add-an-event.md").read_text("utf-8")
# for readers, or written by the program
UNTOLD = {"effective_time", "note", "recorded_at", "recorded_by", "stored_at", "origin"}


def test_every_kind_of_event_stands_in_the_table_once():
    table = PAGE.partition("<!-- kinds -->")[2].partition("<!-- /kinds -->")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = [kind for row in rows for kind in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(get_args(EventKind))


def test_every_field_that_is_written_by_hand_is_told_of():
    table = PAGE.partition("## What the fields of an event say")[2].partition("<!-- kinds")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    told = {field for row in rows for field in re.findall(r"`(\w+)`", row)}
    assert told == set(Event.__struct_fields__) - UNTOLD


def test_the_example_is_an_event_that_the_check_lets_through():
    [example] = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    [event] = msgspec.convert(yaml.safe_load(example), list[Event])
    assert list(event_findings("", event)) == []
