"""Documents of a gazette, and the drafts of events made from them for a person to review."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NoReturn, cast, override

import msgspec
import yaml

from service.errors import BadInputError
from service.measures.event import Event
from service.measures.register.check import event_findings
from service.measures.register.read import field_and_reason, read_yaml

Sureness = Literal["high", "medium", "low"]
# What the API is asked for of a document, by its own names; see `FederalRegisterDocument`.
FEDERAL_REGISTER_FIELDS = (
    "document_number",
    "title",
    "type",
    "abstract",
    "action",
    "dates",
    "publication_date",
    "effective_on",
    "citation",
    "html_url",
    "agencies",
    "regulation_id_numbers",
    "correction_of",
)


class FederalRegisterDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document of the Federal Register, with the fields that the API was asked for.

    `number` is the Register's own (`2025-19846`; `C1-2026-16628` is a correction of 2026-16628).
    `type` is `Rule`, `Proposed Rule`, `Notice` or `Presidential Document`, None where the answer
    left it out. `dates` and `action` are the printed paragraphs of these names, `citation` the
    volume and first page (`90 FR 50857`). `rins` are the numbers of its rulemaking (Regulation
    Identifier Numbers), `agencies` the API's names of its issuers
    (`industry-and-security-bureau`), `corrects` the number of the document it corrects.
    """

    number: str
    title: str
    publication_date: date
    html_url: str
    type: str | None = None
    abstract: str | None = None
    action: str | None = None
    dates: str | None = None
    effective_on: date | None = None
    citation: str | None = None
    rins: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    corrects: str | None = None


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft of one event for one measure, which counts for nothing until a person accepts it.

    `document` and `title` are the number and the title of the document that the draft was made
    from. `measure` is the id of the measure that the document names, None where it names none or
    several: `candidates` are then the ids it may mean, and with none of those a new measure may
    be needed. `event` has the days that are certain, and the lowest confidence until a person has
    read the document. `why` says which words led to the draft, and `quote` gives them. `sure`
    says how plain the document is; `missing` lists what a person still has to find out, each
    entry beginning with its field.
    """

    accepted: bool = False
    document: str
    title: str
    measure: str | None
    candidates: tuple[str, ...]
    event: Event
    why: str
    quote: str
    sure: Sureness
    missing: tuple[str, ...]


# --- The file of proposals: written, edited by a person, and read back.

# A hundred years of documents; those of one year make some 200 kB.
MAX_CHARACTERS = 20_000_000
_HEAD = """\
# Drafts of events, made from documents of the Federal Register. None counts until a person has
# read the document. To accept one: find out what is missing and delete it from that list, name
# the measure, and set accepted to yes.
"""
_WIDTH = 96


class _Dumper(yaml.SafeDumper):
    """A YAML writer that writes booleans as yes and no, and no aliases."""

    @override
    def represent_bool(self, data: bool) -> yaml.ScalarNode:
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "yes" if data else "no")

    @override
    def ignore_aliases(self, data: object) -> bool:
        """Write every value in full, so that deleting one entry breaks no other."""
        return True


_Dumper.add_representer(bool, _Dumper.represent_bool)


def write_proposals(proposals: Iterable[Proposal]) -> str:
    """Return the proposals as YAML: one list under `proposals`, events with register fields."""
    entries = [
        cast("object", msgspec.to_builtins(each, builtin_types=(date,))) for each in proposals
    ]
    text = yaml.dump(
        {"proposals": entries}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return _HEAD + text


def read_proposals(text: str) -> tuple[Proposal, ...]:
    """Read the proposals of a file that `write_proposals` wrote and a person edited.

    All are returned, accepted or not, in the order of the file.

    Raises:
        BadInputError: The text is not such a file, an entry has an unknown, missing or wrong
            field, or an event is one that the register would refuse. The error names the entry
            and field, counted from 0 (`proposals[2].event.until`), and the document.
    """
    return tuple(_proposal(place, entry) for place, entry in enumerate(_entries(text)))


def _entries(text: str) -> list[object]:
    if len(text) > MAX_CHARACTERS:
        _refuse("proposals", f"{len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed")
    try:
        found = read_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        _refuse("proposals", str(error))
    fields = cast("dict[object, object]", found) if isinstance(found, dict) else {}
    entries = fields.get("proposals")
    if list(fields) != ["proposals"] or not isinstance(entries, list):
        _refuse("proposals", "the file must be a mapping whose only key, proposals, holds a list")
    return cast("list[object]", entries)


def _proposal(place: int, entry: object) -> Proposal:
    given = cast("dict[str, object]", entry).get("document") if isinstance(entry, dict) else None
    document = f" (document {given})" if isinstance(given, str) else ""
    try:
        proposal = msgspec.convert(entry, Proposal)
    except msgspec.ValidationError as error:
        field, reason = field_and_reason(str(error))
        whole = f"proposals[{place}]"
        _refuse(whole if field == "-" else f"{whole}.{field}", f"{reason}{document}")
    for field, reason in event_findings("event.", proposal.event):
        _refuse(f"proposals[{place}].{field}", f"{reason}{document}")
    return proposal


def _refuse(field: str, reason: str) -> NoReturn:
    raise BadInputError(field, reason)
