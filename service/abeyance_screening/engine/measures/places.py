"""Places: where the acts that decide the register's measures appear, described as data.

A place yields documents, from which drafts of events are made for a person to review.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal, NoReturn, cast, override

import msgspec
import yaml

from abeyance_screening.engine.measures.measure import Event, Measure, PlaceConfirmation
from abeyance_screening.engine.measures.register.check import event_findings
from abeyance_screening.engine.measures.register.read import field_and_reason, read_yaml
from abeyance_screening.primitives.choices import explained
from abeyance_screening.primitives.errors import BadInputError, NotFoundError

# --- Documents of a gazette, and the drafts of events made from them.

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
    (`industry-and-security-bureau`), `corrects` the number of the document it corrects. `docket`
    and the amendatory `instructions`, each with its number (`2. Section 744.11 is amended …`), are
    in the printed text alone.
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
    docket: str | None = None
    instructions: tuple[str, ...] = ()


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
        field, reason = field_and_reason(explained(error, Proposal))
        whole = f"proposals[{place}]"
        _refuse(whole if field == "-" else f"{whole}.{field}", f"{reason}{document}")
    for field, reason in event_findings("event.", proposal.event):
        _refuse(f"proposals[{place}].{field}", f"{reason}{document}")
    return proposal


def _refuse(field: str, reason: str) -> NoReturn:
    raise BadInputError(field, reason)


# --- Places.

Parser = Literal["federal_register", "json", "feed", "links", "sitemap"]
# EUR-Lex lists a corrigendum without a title: "CELEX:32014R0833R(05)".
_ONLY_NUMBER = re.compile(r"CELEX:\S+")


class JsonFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a JSON answer holds its documents, as paths of field names (`details.history`).

    `documents` is the path to the list, None where the answer itself is the list; the others are
    paths within one document. `url` None stands for the `address`, in which `{key}` is the
    document's key, and where there is none either for the place's own page. `next` is the path of
    the address of the next page. With `changes`, a document is new again on each new day.
    """

    documents: str | None
    key: str
    title: str
    day: str
    url: str | None = None
    address: str | None = None
    next: str | None = None
    changes: bool = False


class PlaceTrial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the reading of a place was tried on, as far as this repository can show it.

    `how` is `page` for a whole page or answer of the publisher, `excerpt` for documents out of
    one, and `description` where only the publisher's documentation or other programs that read the
    place were at hand. `day` is that of the page or answer, or of the newest document in the
    excerpt. `note` is a fact about the place that a person needs when it cannot be read.
    """

    how: Literal["page", "excerpt", "description"]
    day: date | None = None
    note: str = ""

    @property
    def in_words(self) -> str:
        """What the reading was tried on, with the note: "tried on a page of 2026-07-24"."""
        note = f"; {self.note}" if self.note else ""
        if self.how == "description":
            return f"read by description, never tried on a real page{note}"
        article = "an" if self.how == "excerpt" else "a"
        return f"tried on {article} {self.how} of {self.day}{note}"


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place, the way to read it, and the authorities whose measures its documents decide.

    `url` is what a program reads, with `{since}` for the first day asked for, where the publisher
    lets one ask, `{year}` where each year has a page of its own, and `{fields}` for the fields of
    the Federal Register that drafts are made from; `home` is the page for a person. `decides` are
    authorities as the register names them. `about`: only documents whose title has one of these
    words, in any case; none: all.

    `link` (for `links` and `sitemap`) is a pattern that the address of a document contains.
    `dated` says where an index of links prints a document's day: in the text before or after the
    link, in a heading above all links of a day, in the link itself, in its address, or nowhere.
    `html_in` is the path of the index within a JSON answer that wraps it. `fields` is for `json`.
    With `may_be_empty`, an answer without documents is an answer; anywhere else it means that the
    page has changed. `newest_within` is the number of days within which its newest document always
    lies; where it is older, the place stands still. With `reads_documents` each new document is
    fetched too, and its text read. `trial` says what its reading was tried on.
    """

    id: str
    title: str
    jurisdiction: str
    url: str
    home: str
    parser: Parser
    decides: tuple[str, ...]
    trial: PlaceTrial
    about: tuple[str, ...] = ()
    link: str | None = None
    dated: Literal["before", "after", "heading", "link", "address", "nowhere"] = "nowhere"
    html_in: str | None = None
    fields: JsonFields | None = None
    may_be_empty: bool = False
    newest_within: int | None = None
    reads_documents: bool = False

    def concerns(self, title: str) -> bool:
        """Return whether a document of this title may concern the measures that it decides.

        A title that is nothing but a number says nothing of its subject, so it may.
        """
        folded = title.casefold()
        says_nothing = _ONLY_NUMBER.fullmatch(title) is not None
        return (
            says_nothing or not self.about or any(word.casefold() in folded for word in self.about)
        )

    def addresses(self, since: date, today: date) -> tuple[str, ...]:
        """Return the addresses to read for documents from a day on, the oldest year first."""
        fields = "&".join(f"fields%5B%5D={each}" for each in FEDERAL_REGISTER_FIELDS)
        url = self.url.replace("{since}", since.isoformat()).replace("{fields}", fields)
        years = range(min(since, today).year, today.year + 1)
        return tuple(dict.fromkeys(url.replace("{year}", str(year)) for year in years))


@cache
def places() -> tuple[Place, ...]:
    """Return all places, ordered by id."""
    text = resources.files(__package__ or "").joinpath("places.yaml").read_text("utf-8")
    return msgspec.convert(read_yaml(text), tuple[Place, ...])


def place_of(place_id: str) -> Place:
    """Return the place with an id.

    Raises:
        NotFoundError: No place has that id.
    """
    for each in places():
        if each.id == place_id:
            return each
    raise NotFoundError("place", place_id)


@cache
def deciding(authority: str) -> tuple[Place, ...]:
    """Return the places that decide the measures of an authority, ordered by id."""
    return tuple(each for each in places() if authority in each.decides)


def read_until(authority: str, newest: Mapping[str, date]) -> date | None:
    """Return the day until which every place that decides an authority's measures was read.

    `newest` holds the day of the newest confirmation of each place. None where a place was never
    confirmed or none decides: an act may have appeared in any of them.
    """
    days = [newest.get(each.id) for each in deciding(authority)]
    read = [each for each in days if each is not None]
    return min(read) if read and len(read) == len(days) else None


def with_confirmations(
    measures: Iterable[Measure], confirmations: Sequence[PlaceConfirmation]
) -> tuple[Measure, ...]:
    """Return the measures, each checked until the later of its own day and `read_until`.

    The last confirmation of a place counts, so that one with an earlier day corrects a mistake.
    """
    newest = {each.place: each.until for each in confirmations}
    return tuple(_checked(each, read_until(each.authority, newest)) for each in measures)


def _checked(measure: Measure, until: date | None) -> Measure:
    if until is None or (measure.checked_until is not None and measure.checked_until >= until):
        return measure
    return msgspec.structs.replace(measure, checked_until=until)


_NUMBER = re.compile(r"(?<![\d/])\d{1,4}/\d{2,4}(?:/[A-Z]{2,5})?(?![\d/])|\b\d{4} \(\d{4}\)")
_CHINESE = re.compile(r"(?:公告)?(\d{4})年第?(\d{1,3})号|No\.? ?(\d{1,3}) of (\d{4})")
_ENGLISH = re.compile(r"\b(\d{4}) No\.? ?(\d{1,3})\b")
_MFA_ORDER = re.compile(r"外交部令\s*第\s*(\d{1,3})\s*号|\bMFA Order No\. ?(\d{1,3})")
_UEL = re.compile(
    r"不可靠实体清单工作机制(?:公告)?\s*[\u3014\[](\d{4})[\u3015\]]\s*第?(\d{1,3})号"
    r"|\bUEL (?:Working Mechanism )?Announcement \[(\d{4})\] No\. ?(\d{1,3})"
)
_CELEX = re.compile(r"CELEX:3(\d{4})([RLD])0*(\d+)")
# Until 2014 a regulation had its number before its year.
_YEAR_FIRST_FROM = 2015


def acts_named(text: str) -> frozenset[str]:
    """Return the numbers of acts in a text: `833/2014`, `2231 (2015)`, `2025 No. 61`.

    The last stands for 2025年第61号 and for No. 61 of 2025 too, and a CELEX number for its act.
    Orders of the Chinese Foreign Ministry are counted on without a year (`MFA Order No. 5`), and
    the Unreliable Entity List's announcements by themselves (`UEL [2025] No. 3`).
    """
    found = {each[0].removesuffix("/CFSP").removesuffix("/EU") for each in _NUMBER.finditer(text)}
    for each in _CHINESE.finditer(text):
        year, number = (each[1], each[2]) if each[1] else (each[4], each[3])
        found.add(f"{year} No. {number}")
    found |= {f"{each[1]} No. {each[2]}" for each in _ENGLISH.finditer(text)}
    found |= {f"MFA Order No. {each[1] or each[2]}" for each in _MFA_ORDER.finditer(text)}
    for each in _UEL.finditer(text):
        found.add(f"UEL [{each[1] or each[3]}] No. {each[2] or each[4]}")
    for each in _CELEX.finditer(text):
        is_old = each[2] == "R" and int(each[1]) < _YEAR_FIRST_FROM
        found.add(f"{each[3]}/{each[1]}" if is_old else f"{each[1]}/{each[3]}")
    return frozenset(found)


def meant(place: Place, title: str, measures: Iterable[Measure]) -> tuple[str, ...]:
    """Return the ids of the place's measures whose own acts a title names, ordered by id."""
    acts = acts_named(title)
    return tuple(
        each.id
        for each in measures
        if each.authority in place.decides
        and acts & acts_named(" ; ".join((each.citation, each.title, *each.legal_basis)))
    )
