"""Proposals as a file that a person edits, and that file read back."""

from collections.abc import Iterable
from datetime import date
from typing import NoReturn, cast, override

import msgspec
import yaml

from service.model.errors import BadInputError
from service.model.proposal import Proposal
from service.register.event_rules import event_findings
from service.register.yaml_text import place_of, read_yaml

# A year of documents makes some 200 kB.
MAX_CHARACTERS = 20_000_000
_HEAD = """\
# Drafts of events, made of documents of the Federal Register. None counts until a person has read
# the document: find out what is missing and take it off that list, name the measure, and set
# accepted to yes.
"""
_WIDTH = 96


class _Dumper(yaml.SafeDumper):
    """Writes yes and no as people do."""

    @override
    def represent_bool(self, data: bool) -> yaml.ScalarNode:
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "yes" if data else "no")

    @override
    def ignore_aliases(self, data: object) -> bool:
        """Nobody who deletes one entry wants to break another."""
        return True


_Dumper.add_representer(bool, _Dumper.represent_bool)


def write_proposals(proposals: Iterable[Proposal]) -> str:
    """The proposals as YAML: one list under `proposals`, events in the register's own fields."""
    entries = [
        cast("object", msgspec.to_builtins(each, builtin_types=(date,))) for each in proposals
    ]
    text = yaml.dump(
        {"proposals": entries}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return _HEAD + text


def read_proposals(text: str) -> tuple[Proposal, ...]:
    """The proposals of a file as `write_proposals` makes it and a person has edited it.

    All are read, whether accepted or not, in the order of the file.

    Raises:
        BadInputError: no such file, or an entry with an unknown, missing or wrong field, or an
            event that the register would not take; names entry and field, counted from 0
            (`proposals[2].event.until`), and the document.
    """
    return tuple(_proposal(place, entry) for place, entry in enumerate(_entries(text)))


def _entries(text: str) -> list[object]:
    if len(text) > MAX_CHARACTERS:
        _refuse("proposals", f"{len(text):,} characters; {MAX_CHARACTERS:,} may be")
    try:
        found = read_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _refuse("proposals", str(error))
    fields = cast("dict[object, object]", found) if isinstance(found, dict) else {}
    entries = fields.get("proposals")
    if list(fields) != ["proposals"] or not isinstance(entries, list):
        _refuse("proposals", "the file is one mapping, of a list of proposals")
    return cast("list[object]", entries)


def _proposal(place: int, entry: object) -> Proposal:
    given = cast("dict[str, object]", entry).get("document") if isinstance(entry, dict) else None
    of_it = f" (document {given})" if isinstance(given, str) else ""
    try:
        proposal = msgspec.convert(entry, Proposal)
    except msgspec.ValidationError as error:
        field, reason = place_of(str(error))
        whole = f"proposals[{place}]"
        _refuse(whole if field == "-" else f"{whole}.{field}", f"{reason}{of_it}")
    for field, reason in event_findings("event.", proposal.event):
        _refuse(f"proposals[{place}].{field}", f"{reason}{of_it}")
    return proposal


def _refuse(field: str, reason: str) -> NoReturn:
    raise BadInputError(field, reason)
