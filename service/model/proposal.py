"""What a gazette published, and the drafts of events a person is asked about because of it."""

from datetime import date
from typing import Literal

import msgspec

from service.model.event import Event

Sureness = Literal["high", "medium", "low"]


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document of the Federal Register, as much of it as the API was asked for.

    `number` is the Register's own (`2025-19846`; `C1-2026-16628` is a correction of 2026-16628).
    `type` is `Rule`, `Proposed Rule`, `Notice` or `Presidential Document`, None where the answer
    left it out. `dates` and `action` are the printed paragraphs of these names, `citation` the
    volume and first page (`90 FR 50857`). `rins` are the numbers of its rulemaking, `agencies`
    the API's words for who issued it (`industry-and-security-bureau`), `corrects` the number of
    the document it corrects.
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

    `document` is the number of the document it was read from, `title` that document's. `measure`
    is the one the document names; None where it names none, or several: `candidates` are then
    those it may mean, by id, and without any a new measure may be needed. `event` has the days
    that are certain, and its confidence is the lowest there is until a person has read the
    document. `why` says which words led here, `quote` gives them. `sure` says how plainly the
    document speaks, `missing` what a person still has to find out, each beginning with the field.
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
