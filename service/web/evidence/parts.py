"""The pieces of evidence: every word that is printed on the page and in the PDF.

Both are made of these structs, so that they have the same content.
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
    """A person's decision as typed for this print; it is not stored."""

    decision: str
    by: str
    reason: str

    @property
    def is_given(self) -> bool:
        """Whether any of its fields was filled in."""
        return bool(self.decision or self.by or self.reason)


class ListLine(msgspec.Struct, frozen=True, kw_only=True):
    """One list that was searched; `doubt` says why a listing on it may have been missed."""

    title: str
    code: str
    edition: str
    age: str
    sha256: str | None
    doubt: str | None


class MeasureLine(msgspec.Struct, frozen=True, kw_only=True):
    """One measure with its status on the day.

    `given` is the answer to the question of the measure; None where the measure has no question
    and reaches the party by itself.
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
        """Return the lines under a listing: licence terms, agreements, later changes."""
        return (*self.text.licence, *self.text.agreements_in_sentences, *self.text.changed)


class OwnerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One owner with its holdings, and the listings it may be."""

    name: str
    holds: str
    found: tuple[HitLine, ...]


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """An ownership rule, and in a sentence whether the counterparty meets its test."""

    verdict: str
    measure: MeasureLine


class EffectLine(msgspec.Struct, frozen=True, kw_only=True):
    """A party that may be meant, by name and how it was found, and what the law does to it."""

    name: str
    found: str
    effect: str


class PartyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One counterparty: the answer in a line, how far it can be relied on, and all findings.

    `effects` say of each party found what the law does to it. `through` are listings that the
    question does not meet and that their party brings.
    """

    name: str
    id: str | None
    answer: str
    worth: str | None
    effects: tuple[EffectLine, ...]
    hits: tuple[HitLine, ...]
    through: tuple[HitLine, ...]
    left: tuple[HitLine, ...]
    owners: tuple[OwnerLine, ...]
    findings: tuple[FindingLine, ...]
    open: tuple[str, ...]
    warnings: tuple[WarningText, ...]


class OpenRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that names no company, the question it depends on, and the answer to that."""

    measure_id: str
    title: str
    badge: Badge
    own_day: OwnDay | None
    question: str
    given: Given


class Goods(msgspec.Struct, frozen=True, kw_only=True):
    """The trade that was described, and the rules that name no company.

    `described` is None where no trade was described.
    """

    described: str | None
    summary: str
    met: tuple[MeasureLine, ...]
    open: tuple[OpenRule, ...]
    notes: tuple[str, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence of one screening, or one page of it.

    `id` is None where the screening is not stored and this print is the only copy. `sha256` is the
    hash of the bytes of the answer as they were sent. The page has the counterparties from `first`
    on, counted from 1, of `total`. `pages` are the start and end of each page, counted from 0.
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
        """Return when the screening was answered, in UTC."""
        return f"{self.asked_at.day} {self.asked_at:%b %Y, %H:%M:%S} UTC"

    @property
    def number(self) -> str:
        """Return the id of the screening for the head of a page."""
        return f"Screening {self.id}" if self.id else "Not kept: this print is the only copy"
