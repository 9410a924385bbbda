"""The pieces of a screening as evidence: every word that is printed, on the page and in the PDF.

Both are drawn from these same structs, so that they say the same.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from service.web.badges import ActLink, Badge
from service.web.lanes import Lane
from service.wording import HitText, MeasureText
from service.wording.answers import WarningText
from service.wording.notes import OwnDay

Given = Literal["yes", "no", "not known", "not given"]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A person's decision, as typed for this print; it is kept nowhere."""

    decision: str
    by: str
    reason: str

    @property
    def is_given(self) -> bool:
        """Whether anything was typed at all."""
        return bool(self.decision or self.by or self.reason)


class ListLine(msgspec.Struct, frozen=True, kw_only=True):
    """One list as it was searched; `doubt` says why nothing found on it says nothing."""

    title: str
    code: str
    edition: str
    age: str
    sha256: str | None
    doubt: str | None


class MeasureLine(msgspec.Struct, frozen=True, kw_only=True):
    """One measure as it stood on the day.

    `given` is the answer that was given to the question in its text; None where there is none, for
    it reaches the party by itself.
    """

    measure_id: str
    text: MeasureText
    badge: Badge
    acts: tuple[ActLink, ...]
    lane: Lane | None
    given: Given | None


class HitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One listing that may be meant."""

    text: HitText
    countries: str
    score: str
    met: str
    acts: tuple[ActLink, ...]
    measures: tuple[MeasureLine, ...]

    @property
    def says(self) -> tuple[str, ...]:
        """What stands under the listing: its licence terms, agreements, what became of it."""
        return (*self.text.licence, *self.text.agreements_in_sentences, *self.text.changed)


class OwnerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One owner as the question has it, and the listings it may be."""

    name: str
    holds: str
    found: tuple[HitLine, ...]


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an ownership rule takes the counterparty for listed, in a sentence."""

    verdict: str
    measure: MeasureLine


class PartyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One counterparty: the answer in a line, what that is worth, and everything found."""

    name: str
    id: str | None
    answer: str
    worth: str | None
    hits: tuple[HitLine, ...]
    left: tuple[HitLine, ...]
    owners: tuple[OwnerLine, ...]
    findings: tuple[FindingLine, ...]
    open: tuple[str, ...]
    warnings: tuple[WarningText, ...]


class OpenRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that names no company, the question it turns on, and the answer that was given."""

    measure_id: str
    title: str
    badge: Badge
    own_day: OwnDay | None
    question: str
    given: Given


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of the trade, and the rules that name no company.

    `described` is None where nothing was said of it.
    """

    described: str | None
    summary: str
    met: tuple[MeasureLine, ...]
    open: tuple[OpenRule, ...]
    notes: tuple[str, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One screening, whole.

    `id` None: it is kept nowhere, and this print is the only copy. `sha256` is that of the
    answer's bytes as they were given. `first` and `total` say which of the counterparties are
    here: from `first` on, counted from 1. `pages` are the places of those on each page, from 0.
    """

    id: str | None
    sha256: str
    asked_at: datetime
    as_of: date
    known_at: date
    question: str
    days: str
    answer: str
    complete: str
    scorer: str
    lists: tuple[ListLine, ...]
    parties: tuple[PartyLine, ...]
    first: int
    total: int
    pages: tuple[tuple[int, int], ...]
    goods: Goods
    judgement: Judgement

    @property
    def stamp(self) -> str:
        """When it was answered, in UTC."""
        return f"{self.asked_at.day} {self.asked_at:%b %Y, %H:%M:%S} UTC"

    @property
    def number(self) -> str:
        """Its id in words."""
        return f"Screening {self.id}" if self.id else "Not kept: this print is the only copy"
