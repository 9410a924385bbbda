"""Evidence as a PDF: one column of A4, with the question, the id and the hash on every page.

The pieces of evidence are every word that is printed on the page and in the PDF: both are made of
these structs, so that they have the same content.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.board import Span
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import Shape
from abeyance_screening.engine.wording import HitText, MeasureText, own_since, plain_glance
from abeyance_screening.engine.wording.answers import WarningText
from abeyance_screening.engine.wording.notes import OwnDay
from abeyance_screening.engine.wording.questions import QuestionLine, QuestionText
from abeyance_screening.engine.wording.shapes import (
    BAR_HEIGHT,
    BAR_TOP,
    ActLink,
    Badge,
    Clock,
    Flag,
    Lane,
    Scale,
    day,
    lane_of,
)
from abeyance_screening.engine.wording.status import loosens
from abeyance_screening.features.evidence.pdf_layout import (
    Pattern,
    PdfDocument,
    StyledText,
    Swatch,
)
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.fair_scheduler import go_on

# --- The pieces of evidence.

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
        """Return the lines under a listing: licence terms, agreements, changes, age of reading."""
        text = self.text
        read = () if text.read is None else (text.read,)
        return (*text.licence, *text.agreements_in_sentences, *text.changed, *read)


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
    question does not meet and that their party brings. `asked` is the counterparty as it was sent,
    empty where that was not kept.
    """

    name: str
    id: str | None
    answer: str
    worth: str | None
    effects: tuple[EffectLine, ...]
    hits: tuple[HitLine, ...]
    through: tuple[HitLine, ...]
    delisted: tuple[HitLine, ...]
    owners: tuple[OwnerLine, ...]
    findings: tuple[FindingLine, ...]
    open: tuple[str, ...]
    warnings: tuple[WarningText, ...]
    asked: tuple[QuestionLine, ...] = ()


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

    `described` is None where no trade was described; `more` open questions were not returned.
    """

    described: str | None
    summary: str
    met: tuple[MeasureLine, ...]
    open: tuple[OpenRule, ...]
    more: int
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
    asked: QuestionText

    @property
    def stamp(self) -> str:
        """Return when the screening was answered, in UTC."""
        return f"{self.asked_at.day} {self.asked_at:%b %Y, %H:%M:%S} UTC"

    @property
    def number(self) -> str:
        """Return the id of the screening for the head of a page."""
        return f"Screening {self.id}" if self.id else "Not kept: this print is the only copy"


# --- The PDF.

WIDTH = 400.0
# The top of a lane's bars and their height, both with the relief above a bar.
_TOP, _HEIGHT = BAR_TOP - 6.0, BAR_HEIGHT + 6.0
_PATTERNS: Mapping[Shape, Pattern] = MappingProxyType(
    {
        "force": "solid",
        "part": "halves",
        "sleeps": "hatch",
        "stayed": "cross",
        "lapsed": "dashed",
        "frame": "frame",
        "coming": "outline",
        "announced": "outline",
        "over": "thin",
        "over-unsure": "thin",
        "unknown": "dotted",
        "licence": "relief",
        "licence-gone": "dotted",
    }
)

_INDENT = 12.0
_DEEP = 24.0
_SMALL = 8.0
_LAST = (
    "Abeyance reports what lists and legal acts say. It does not give legal advice, and a search "
    "without a hit does not mean that a transaction is permitted."
)


def lane_from(measure: MeasureOnDay, scale: Scale, asked_on: date | None) -> Lane:
    """Return the lane of a measure from the answer alone.

    An answer has a status, the day it began, and the next change. Earlier statuses are not in it
    and are not drawn. `asked_on` is the UTC day of the request, None where it is the day asked
    about; the local day of the authority may still differ.
    """
    clock = Clock(
        chosen=measure.as_of,
        today=asked_on or measure.as_of,
        checked_until=measure.checked_until,
    )
    announced = [
        each for each in (*measure.disputed, *measure.upcoming) if each.kind.startswith("announce")
    ]
    lane = lane_of(tuple(_spans(measure, scale)), scale, clock, announced)
    flags = tuple(msgspec.structs.replace(each, text=_flag(each, clock)) for each in lane.flags)
    return msgspec.structs.replace(lane, label=_label(measure), flags=flags)


def swatches(lane: Lane) -> Iterator[Swatch]:
    """Yield the swatches that draw a lane on paper."""
    for bar in lane.bars:
        yield Swatch(
            start=bar.x / lane.width,
            end=(bar.x + bar.width) / lane.width,
            pattern=_PATTERNS[bar.ink],
            top=(bar.y - _TOP) / _HEIGHT,
            height=bar.height / _HEIGHT,
        )
    for flag in lane.flags:
        if flag.kind == "chosen":
            yield Swatch(start=flag.x / lane.width, end=flag.x / lane.width, pattern="mark")


def pdf_of(evidence: Evidence) -> bytes:
    """Write evidence as a PDF; the same evidence gives the same bytes."""
    document = PdfDocument(
        title=f"Evidence: {evidence.question}",
        head=(f"Question: {evidence.question}", evidence.days),
        foot=(
            f"{evidence.number} · answered {evidence.stamp}",
            f"SHA-256 of the answer: {evidence.sha256}",
        ),
    )
    _head(document, evidence)
    _judgement(document, evidence)
    told = _Told()
    for party in evidence.parties:
        go_on()
        _party(document, party, told, is_alone=evidence.total == 1)
    _goods(document, evidence.goods)
    _lists(document, evidence.lists)
    _record(document, evidence.asked)
    document.rule()
    document.text(_plain(evidence.scorer, _LAST), size=_SMALL)
    return document.pdf()


def _spans(measure: MeasureOnDay, scale: Scale) -> Iterator[Span]:
    first = scale.first if measure.since is None else max(measure.since, scale.first)
    then = measure.next_change_on
    if first <= scale.last:
        yield Span(
            first=first,
            end=then if then is not None and then <= scale.last else None,
            status=measure.status,
            since=measure.since,
            until=measure.until,
            until_bound=measure.until_bound,
        )
    if then is not None and measure.next_change_to is not None and then <= scale.last:
        yield Span(
            first=then,
            end=None,
            status=measure.next_change_to,
            since=then,
            until=None,
            until_bound=None,
        )


def _flag(flag: Flag, clock: Clock) -> str:
    """Write the day of a flag with its date, since a print is still read when today is past."""
    return day(clock.chosen) if flag.kind == "chosen" else f"asked {day(clock.today)}"


def _label(measure: MeasureOnDay) -> str:
    """Return what the lane shows, in a sentence."""
    own = own_since(measure)
    since = "" if own is None else f", since {day(own)}"
    status = f"{plain_glance(measure.status)} on {day(measure.as_of)}{since}"
    then = measure.next_change_on
    if then is None or measure.next_change_to is None:
        return f"{status}; no coming change is on record."
    becomes = plain_glance(measure.next_change_to).lower()
    return f"{status}; {becomes} from {day(then)} if nothing new is recorded."


def _head(document: PdfDocument, evidence: Evidence) -> None:
    document.heading(evidence.answer, 16.0)
    if evidence.total == 1:
        _effects(document, evidence.parties[0])
    document.text(
        (StyledText(evidence.complete, bold=not evidence.complete.startswith("Complete")),)
    )
    document.text((StyledText(f"Question: {evidence.question}, {evidence.days}."),))
    document.text(
        (StyledText(f"{evidence.number}, answered {evidence.stamp}.", ink="muted"),), size=_SMALL
    )
    if evidence.total > len(evidence.parties):
        last = evidence.first + len(evidence.parties) - 1
        words = f"Counterparties {evidence.first} to {last} of {evidence.total:,}."
        document.text((StyledText(words, bold=True),))


class _Told:
    """The measures that a print has told in full, so that each is told so once."""

    def __init__(self) -> None:
        self._known = set[tuple[object, ...]]()

    def again(self, line: MeasureLine) -> bool:
        """Return whether a measure was told before, in the same words, and note that it is now."""
        text = line.text
        key = (line.measure_id, text.badge, text.sentence, text.licence, text.lines, line.given)
        is_known = key in self._known
        self._known.add(key)
        return is_known


def _party(document: PdfDocument, party: PartyLine, told: _Told, *, is_alone: bool) -> None:
    document.rule()
    if not is_alone:
        document.heading(party.answer, 12.0)
    if party.worth is not None:
        document.text((StyledText(party.worth),))
    if not is_alone:
        _effects(document, party)
    for warning in party.warnings:
        document.text((StyledText(f"{warning.lead} {warning.text}", bold=True),), size=_SMALL)
    _fields(document, "Asked", party.asked)
    _hits(document, "", party.hits, told)
    _hits(document, "Found through the party", party.through, told)
    _owners(document, party, told)
    _hits(document, "No longer listed", party.delisted, told)


def _hits(document: PdfDocument, heading: str, hits: Sequence[HitLine], told: _Told) -> None:
    if heading and hits:
        document.heading(heading, 10.5)
    for hit in hits:
        _hit(document, hit, told)


def _effects(document: PdfDocument, party: PartyLine) -> None:
    """Write of each party found what the law does to it."""
    for each in party.effects:
        document.text((StyledText(each.name, bold=True), StyledText(f"  {each.found}")), size=11)
        document.text((StyledText(each.effect),))


def _hit(document: PdfDocument, hit: HitLine, told: _Told) -> None:
    document.keep(90)
    document.space(6)
    where = f" · {hit.countries}" if hit.countries else ""
    text = hit.text
    document.text((StyledText(text.name, bold=True), StyledText(f"  {hit.score}{where}")), size=11)
    entry = f" · entry {text.entry_id}" if text.entry_id else ""
    listing = f"{text.list_title} · {text.authority}{entry} · our id {text.listing_id}"
    document.text((StyledText(listing, ink="muted"),), size=_SMALL)
    document.text((StyledText(f"{hit.met}."),), size=_SMALL)
    if text.unlisted is not None:
        document.text((StyledText(text.unlisted, bold=True),))
    if text.gone is not None:
        document.text((StyledText(text.gone, bold=True),))
    for says in hit.says:
        document.text((StyledText(says),), size=_SMALL)
    _acts(document, "The entry cites", hit.acts, _INDENT)
    for measure in hit.measures:
        _told_once(document, measure, told)
    if text.no_measure is not None:
        document.text((StyledText(text.no_measure, bold=True),), indent=_INDENT)


def _acts(document: PdfDocument, title: str, acts: Iterable[ActLink], indent: float) -> None:
    """Write each act with its address in full, because paper has no links."""
    runs = [run for act in acts for run in _act(act)]
    if runs:
        document.text((StyledText(f"{title}: ", ink="muted"), *runs), size=_SMALL, indent=indent)


def _act(act: ActLink) -> Iterator[StyledText]:
    yield StyledText(f"{act.text} ")
    if act.url is not None:
        yield StyledText(f"{act.url} ", ink="link", url=act.url)


def _measure(document: PdfDocument, line: MeasureLine) -> None:
    document.keep(70)
    document.space(3)
    text = line.text
    document.text(
        (StyledText(text.badge, bold=True, ink="force"), StyledText(f"  {text.title}")),
        indent=_INDENT,
    )
    if text.title_on_record is not None:
        document.text(
            (StyledText(text.title_on_record, ink="muted"),), size=_SMALL, indent=_INDENT
        )
    if text.own_day is not None:
        document.text((StyledText(text.own_day.line, bold=True),), size=_SMALL, indent=_INDENT)
    if line.lane is not None:
        document.lane(swatches(line.lane), indent=_INDENT)
        document.text((StyledText(line.lane.label, ink="muted"),), size=_SMALL, indent=_INDENT)
    for sentence in (*text.licence, text.sentence):
        document.text((StyledText(sentence),), indent=_INDENT)
    for note in text.lines:
        label = () if note.label is None else (StyledText(f"{note.label}. ", bold=True),)
        document.text((*label, StyledText(note.text)), size=_SMALL, indent=_INDENT)
    if text.question is not None:
        _question(document, text.question, line.given or "not given")
    words = f"{text.authority} · measure {line.measure_id}"
    document.text((StyledText(words, ink="muted"),), size=_SMALL, indent=_INDENT)
    _acts(document, "Acts", line.acts, _DEEP)


def _told_once(document: PdfDocument, line: MeasureLine, told: _Told) -> None:
    """Write a measure in full the first time, and a licence that eases others in a paragraph."""
    if told.again(line):
        _measure_again(document, line)
    elif loosens(line.text.measure):
        _easing(document, line)
    else:
        _measure(document, line)


def _easing(document: PdfDocument, line: MeasureLine) -> None:
    document.keep(30)
    text = line.text
    runs = [
        StyledText(text.badge, bold=True, ink="force"),
        StyledText(f"  {text.title}. ", bold=True),
        StyledText(f"{' '.join((*text.licence, text.sentence))} "),
    ]
    for note in text.lines:
        label = "" if note.label is None else f"{note.label}. "
        runs.append(StyledText(f"{label}{note.text} "))
    runs.append(StyledText(f"{text.authority} · measure {line.measure_id}. ", ink="muted"))
    runs += [run for act in line.acts for run in _act(act)]
    document.text(runs, size=_SMALL, indent=_INDENT)


def _measure_again(document: PdfDocument, line: MeasureLine) -> None:
    """Write a measure that this print has told in full before."""
    text = line.text
    runs = (
        StyledText(text.badge, bold=True, ink="force"),
        StyledText(f"  {text.title}"),
        StyledText(f"  told in full above · measure {line.measure_id}", ink="muted"),
    )
    document.text(runs, size=_SMALL, indent=_INDENT)


def _question(document: PdfDocument, question: str, given: str) -> None:
    document.text(
        (StyledText(f"Question: {question} "), StyledText(f"Answer: {given}.", bold=True)),
        indent=_INDENT,
    )


def _owners(document: PdfDocument, party: PartyLine, told: _Told) -> None:
    for owner in party.owners:
        document.heading(f"Owner: {owner.name}", 10.5)
        document.text((StyledText(owner.holds),), size=_SMALL)
        if not owner.found:
            document.text((StyledText("No listing found."),))
        for hit in owner.found:
            _hit(document, hit, told)
    for finding in party.findings:
        document.heading("Ownership rule", 10.5)
        document.text((StyledText(finding.verdict),))
        _measure(document, finding.measure)
    for sentence in party.open:
        document.text((StyledText(f"Not known: {sentence}"),), size=_SMALL)


def _goods(document: PdfDocument, goods: Goods) -> None:
    document.rule()
    document.heading("Rules that name no company")
    trade = goods.described
    document.text((StyledText("What is traded: "), StyledText(trade or "not given", bold=True)))
    document.text((StyledText(goods.summary),))
    for measure in goods.met:
        _measure(document, measure)
    if goods.open:
        document.heading("They apply only if the facts fit", 10.5)
    told = [each for each in goods.open if trade is not None or each.given != "not given"]
    silent = "; ".join(each.title for each in goods.open if each not in told)
    if silent:
        runs = (StyledText("Answer not given, for no trade was described: ", bold=True),)
        document.text((*runs, StyledText(f"{silent}.")), size=_SMALL)
    if goods.more:
        document.text(
            (StyledText(f"{plural(goods.more, 'further question')} not asked here."),), size=_SMALL
        )
    for rule in told:
        document.keep(26)
        own = "" if rule.own_day is None else f" ({rule.own_day.brief})"
        document.text(
            (StyledText(rule.title, bold=True), StyledText(f" · {rule.badge.text}{own}")),
            size=_SMALL,
        )
        document.text(
            (StyledText(f"{rule.question} "), StyledText(f"Answer: {rule.given}.", bold=True)),
            size=_SMALL,
            indent=_INDENT,
        )
    for note in goods.notes:
        document.text((StyledText(note, ink="muted"),), size=_SMALL)


def _lists(document: PdfDocument, lists: Iterable[ListLine]) -> None:
    document.rule()
    searched = list(lists)
    document.heading(f"What was searched: {plural(len(searched), 'list')}")
    for each in searched:
        document.keep(30)
        runs = [
            StyledText(each.title, bold=True),
            StyledText(f" ({each.code}): {each.edition}, {each.age}."),
        ]
        if each.doubt is not None:
            runs.append(StyledText(f" In doubt: {each.doubt}."))
        if each.sha256 is not None:
            runs.append(StyledText(f" SHA-256 of the file {each.sha256}", ink="muted"))
        document.text(runs, size=7)


def _record(document: PdfDocument, asked: QuestionText) -> None:
    """Write the question as it was sent, as it was read, and what the answer comes from."""
    document.rule()
    document.heading("The question")
    if asked.missing is not None:
        document.text((StyledText(asked.missing, bold=True),))
    _fields(document, "As sent", asked.sent)
    _fields(document, "As read", asked.read)
    _fields(document, "Answered from", asked.basis)


def _fields(document: PdfDocument, title: str, lines: Iterable[QuestionLine]) -> None:
    text = "; ".join(f"{each.field}: {each.value}" for each in lines)
    if text:
        document.text((StyledText(f"{title}: ", bold=True), StyledText(text)), size=_SMALL)


def _judgement(document: PdfDocument, evidence: Evidence) -> None:
    document.rule()
    document.heading("Judgement")
    judgement = evidence.judgement
    if not judgement.is_given:
        document.text((StyledText("No judgement was given with this print."),))
        return
    for title, text in (
        ("Decision", judgement.decision),
        ("By", judgement.by),
        ("Reason", judgement.reason),
    ):
        document.text((StyledText(f"{title}: ", bold=True), StyledText(text or "not given")))
    words = (
        "Typed for this print. It is not kept anywhere else, and the hash of the answer does not "
        "cover it."
    )
    document.text((StyledText(words, ink="muted"),), size=_SMALL)


def _plain(*sentences: str) -> Iterable[StyledText]:
    return (StyledText(f"{' '.join(f'{each.rstrip(".")}.' for each in sentences)}", ink="muted"),)
