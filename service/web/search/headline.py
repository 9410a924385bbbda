"""The first lines of an answer: its headline, the glance strip, its rules, and its owners."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from service.days import count, plural
from service.measures.on_day import MeasureOnDay
from service.measures.status import BITES
from service.screening.answer import Outcome as AnswerOutcome
from service.screening.answer import (
    OwnerResult,
    OwnershipFinding,
    OwnershipResult,
    Verdict,
)
from service.screening.trade.transaction import FactMet, OpenQuestion, Restriction, Restrictions
from service.web.badges import Shape, day
from service.web.cards import Asking, Card, CardEntry, MeasureRow
from service.web.frame import AddressDays, Frame, link
from service.web.search.question import View
from service.wording.answers import (
    chains_in_words,
    shares_in_words,
    sum_in_words,
    verdict_in_words,
)
from service.wording.titles import list_title


class OwnerText(msgspec.Struct, frozen=True, kw_only=True):
    """An owner and the listings it may be, each as id, list, name and score."""

    name: str
    shares: str
    listings: tuple[tuple[str, str, str, str], ...]


class FindingText(msgspec.Struct, frozen=True, kw_only=True):
    """An ownership rule, and whether it treats the counterparty as listed."""

    row: MeasureRow
    verdict: Verdict
    sentence: str
    sum_text: str
    listed: tuple[str, ...]
    chains: tuple[str, ...]


class OwnershipText(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the answer about owners."""

    owners: tuple[OwnerText, ...]
    findings: tuple[FindingText, ...]
    not_known: tuple[str, ...]


# The most unanswered questions that are shown in full: those of rules that name a country of a hit
# and are not simply in force, so that their status may have changed since a desk last looked.
_MOST_LIKELY = 3
# A rule that changes within this many days comes before rules that are in force.
_SOON_DAYS = 31
_ANSWERS: Mapping[str, str] = MappingProxyType({"yes": "Yes", "no": "No", "unsure": "Not known"})


class AnswerLink(msgspec.Struct, frozen=True, kw_only=True):
    """A possible answer to a question, with the address of the page that has it."""

    text: str
    href: str
    is_given: bool


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and its question; `answer` is `yes`, `no`, `unsure` or empty.

    `facts` are the details of the trade that meet the rule; then there is no question.
    """

    row: MeasureRow
    question: str | None
    answer: str
    answers: tuple[AnswerLink, ...]
    facts: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the question still needs a yes or no."""
        return self.question is not None and self.answer in {"", "unsure"}

    @property
    def applies(self) -> bool:
        """Whether the rule applies by the details of the trade or the answer to its question."""
        return self.question is None or self.answer == "yes"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a page: shown in full, only named, and ended; notes on details not compared."""

    shown: tuple[Rule, ...]
    others: tuple[OpenQuestion, ...]
    ended: tuple[Rule, ...]
    notes: tuple[str, ...]

    @property
    def open_count(self) -> int:
        """Return how many questions of the hits' own rules are open.

        Headlines in print and on the terminal count the same; rules that name no company are not
        counted.
        """
        return sum(rule.is_open and rule.row.text.question is not None for rule in self.shown)

    @property
    def rows(self) -> Iterator[MeasureRow]:
        """Yield every row of the rules shown in full and of the ended ones."""
        return (rule.row for rule in (*self.shown, *self.ended))


class AnswerFrame(msgspec.Struct, frozen=True, kw_only=True):
    """The address of the page, into which answers to questions are written."""

    view: View
    clocks: AddressDays

    def links(self, rule: str) -> tuple[AnswerLink, ...]:
        """Return links for Yes, No and Not known; the link of the current answer removes it."""
        given = self.view.answer_to(rule)
        return tuple(
            AnswerLink(
                text=text,
                href=self._href(self.view.answered(rule, "" if answer == given else answer)),
                is_given=answer == given,
            )
            for answer, text in _ANSWERS.items()
        )

    def _href(self, view: View) -> str:
        return link("/", (*view.query(), *self.clocks.query()))


# The most cells in a group of the glance strip; the last cell counts the rest.
_MOST_CELLS = 6

Outcome = Literal["hits", "none", "cannot_say"]
_OUTCOMES: Mapping[AnswerOutcome, Outcome] = MappingProxyType(
    {"hits": "hits", "owner_hits": "hits", "no_hits": "none", "incomplete": "cannot_say"}
)


class GlanceCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the glance strip; `differs` says that today's status is another one."""

    href: str
    shape: Shape
    title: str
    status: str
    differs: bool


class GlanceGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Cells of one kind: `cells` are shown of `every`; `target` links to the rest."""

    label: str
    target: str
    every: tuple[GlanceCell, ...]
    cells: tuple[GlanceCell, ...]

    @property
    def more(self) -> int:
        """Return how many cells are not shown."""
        return len(self.every) - len(self.cells)


class NameResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one name: outcome, cards, and the findings through its owners."""

    name: str
    outcome: AnswerOutcome
    cards: tuple[Card, ...]
    findings: tuple[FindingText, ...]


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """The first lines of an answer; a screen reader says `spoken` once typing pauses."""

    outcome: Outcome
    title: str
    lead: str
    difference: str | None
    spoken: str
    groups: tuple[GlanceGroup, ...]


def ownership_shown(ownership: OwnershipResult, asking: Asking) -> OwnershipText:
    """Return the owners and the findings in words, in the order of the answer."""
    return OwnershipText(
        owners=tuple(map(_owner, ownership.owners)),
        findings=tuple(_finding(each, asking) for each in ownership.findings),
        not_known=ownership.not_known,
    )


def rules_of(
    cards: Iterable[Card], restrictions: Restrictions, asking: Asking, answering: AnswerFrame
) -> Rules:
    """Return the rules that may concern the hits or the trade; conditions of hits come first."""
    cards = tuple(cards)
    by_name = [_condition(row, answering) for row in _conditions(cards)]
    met = [_met(each, asking) for each in restrictions.met]
    foremost = _foremost(cards, restrictions, asking, answering)
    still_open = [_open(each, asking, answering) for each in foremost]
    shown = {each.id for each in foremost}
    return Rules(
        shown=(*by_name, *met, *still_open),
        others=tuple(each for each in restrictions.open_questions if each.id not in shown),
        ended=tuple(_met(each, asking) for each in restrictions.ended),
        notes=restrictions.notes,
    )


def headline_of(result: NameResult, rules: Rules, frame: Frame) -> Headline:
    """Return the first lines of the answer about one name."""
    name, cards = result.name, result.cards
    entries = [entry for card in cards for entry in card.entries]
    groups = (
        _group("By name", "#hits", map(_entry_cell, entries)),
        _group("Through its owners", "#owned", map(_owner_cell, result.findings)),
        _group("Only if the facts fit", "#rules", map(_rule_cell, rules.shown)),
    )
    outcome = _OUTCOMES[result.outcome]
    title = _title(result, len(entries), rules, frame)
    return Headline(
        outcome=outcome,
        title=title,
        lead=_lead(cards, entries),
        difference=_difference([cell for group in groups for cell in group.every], frame),
        spoken=title if outcome == "hits" else _spoken_nothing(name, outcome),
        groups=tuple(group for group in groups if group.cells),
    )


def _owner(owner: OwnerResult) -> OwnerText:
    return OwnerText(
        name=owner.name,
        shares=shares_in_words(owner.holdings),
        listings=tuple(
            (
                hit.listing.id,
                list_title(hit.listing.list_code),
                hit.listing.primary_name,
                f"{hit.score:.2f}",
            )
            for hit in owner.hits
        ),
    )


def _finding(finding: OwnershipFinding, asking: Asking) -> FindingText:
    return FindingText(
        row=asking.row(finding.rule),
        verdict=finding.verdict,
        sentence=verdict_in_words(finding),
        sum_text=sum_in_words(finding),
        listed=tuple(each.owner.name for each in finding.listed if each.counts),
        chains=chains_in_words(finding),
    )


def _condition(row: MeasureRow, answering: AnswerFrame) -> Rule:
    return Rule(
        row=row,
        question=row.measure.condition,
        answer=answering.view.answer_to(row.measure.id),
        answers=answering.links(row.measure.id),
        facts=(),
    )


def _conditions(cards: Iterable[Card]) -> tuple[MeasureRow, ...]:
    """Return the conditions of all listings, each rule once."""
    rows = (row for card in cards for entry in card.entries for row in entry.conditions)
    return tuple({row.measure.id: row for row in rows}.values())


def _met(restriction: Restriction, asking: Asking) -> Rule:
    return Rule(
        row=asking.row(restriction.measure),
        question=None,
        answer="",
        answers=(),
        facts=tuple(map(_fact, restriction.facts)),
    )


def _fact(fact: FactMet) -> str:
    """Write a fact that meets a rule: `846721 is among: rare earths`, `destination: US`."""
    if fact.item_class is not None:
        return f"{fact.given} is among: {fact.item_class}"
    return f"{fact.fact.replace('_', ' ')}: {fact.given.replace('_', ' ')}"


def _foremost(
    cards: Iterable[Card], restrictions: Restrictions, asking: Asking, answering: AnswerFrame
) -> tuple[OpenQuestion, ...]:
    """Return the questions to show in full: those answered, then those most likely to matter.

    The latter belong to rules that name a country of a hit and are not simply in force, on the day
    or today.
    """
    countries = {code for card in cards for code in card.country_codes}
    questions = restrictions.open_questions
    answered = [each for each in questions if answering.view.answer_to(each.id)]
    likely = [
        measure
        for each in questions
        if _names_any(each.id, countries, asking)
        and _is_unsettled(measure := asking.board.one(each.id, asking.days), asking)
    ]
    first = {each.id: place for place, each in enumerate(sorted(likely, key=_urgency))}
    chosen = [each for each in questions if first.get(each.id, _MOST_LIKELY) < _MOST_LIKELY]
    chosen.sort(key=lambda each: first[each.id])
    return tuple(dict.fromkeys((*answered, *chosen)))


def _names_any(measure_id: str, countries: set[str], asking: Asking) -> bool:
    reaches = asking.board.register.get(measure_id).reaches
    return any(countries.intersection((*each.origin, *each.destination)) for each in reaches)


def _is_unsettled(measure: MeasureOnDay, asking: Asking) -> bool:
    """Whether a measure restricts and is not simply in force, on the day or today."""
    if all(effect.kind == "easing" for effect in measure.effect):
        return False
    if measure.status != "in_force":
        return True
    return not asking.is_today and asking.board.one(measure.id, asking.now).status != "in_force"


def _urgency(measure: MeasureOnDay) -> tuple[bool, bool, date, str]:
    """Return a sort key: rules about to change first, among them those in force."""
    change = measure.next_change_on or date.max
    is_soon = (change - measure.as_of).days <= _SOON_DAYS
    return not is_soon, measure.status not in BITES, change, measure.id


def _open(question: OpenQuestion, asking: Asking, answering: AnswerFrame) -> Rule:
    return Rule(
        row=asking.row(asking.board.one(question.id, asking.days)),
        question=question.question,
        answer=answering.view.answer_to(question.id),
        answers=answering.links(question.id),
        facts=(),
    )


def _group(label: str, target: str, cells: Iterable[GlanceCell]) -> GlanceGroup:
    every = tuple(cells)
    return GlanceGroup(label=label, target=target, every=every, cells=every[:_MOST_CELLS])


def _entry_cell(entry: CardEntry) -> GlanceCell:
    rows = entry.rows
    if not rows:
        return GlanceCell(
            href=f"#e-{entry.listing_id}",
            shape="unknown",
            title=entry.title,
            status="No measure on record",
            differs=False,
        )
    return GlanceCell(
        href=f"#e-{entry.listing_id}",
        shape=rows[0].badge.shape,
        title=entry.title,
        status=_brief(rows[0]) if entry.is_known else f"{_brief(rows[0])}, if listed",
        differs=any(row.today is not None for row in rows),
    )


def _brief(row: MeasureRow) -> str:
    """Write a status in brief with its own day: `Suspended, ends today (9 Nov 2026 in …)`."""
    return row.badge.brief + _of_day(row)


def _of_day(row: MeasureRow) -> str:
    own = row.text.own_day
    return "" if own is None else f" ({own.brief})"


def _owner_cell(finding: FindingText) -> GlanceCell:
    words = {
        "met": "Through owners",
        "open": "Perhaps through owners",
        "not_met": "Not through owners",
    }
    return GlanceCell(
        href="#owned",
        shape=finding.row.badge.shape,
        title=finding.row.text.title,
        status=words[finding.verdict] + _of_day(finding.row),
        differs=finding.row.today is not None,
    )


def _rule_cell(rule: Rule) -> GlanceCell:
    row: MeasureRow = rule.row
    return GlanceCell(
        href=f"#{row.anchor}",
        shape=row.badge.shape,
        title=row.text.title,
        status=f"Applies: {_lowered(_brief(row))}" if rule.applies else _brief(row),
        differs=row.today is not None,
    )


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _title(result: NameResult, listings: int, rules: Rules, frame: Frame) -> str:
    on = "" if frame.is_today else f" on {day(frame.chosen)}"
    applying = sum(rule.applies for rule in rules.shown)
    applies = f", {plural(applying, 'rule applies', 'rules apply')}" if applying else ""
    reached = sum(each.verdict == "met" for each in result.findings)
    owned = f", reached through its owners by {plural(reached, 'rule')}" if reached else ""
    found_on = plural(listings, "listing") if listings else "no listing"
    open_ones = f", {plural(rules.open_count, 'open question')}" if rules.open_count else ""
    return f"{result.name}{on}: {found_on}{owned}{applies}{open_ones}"


def _lead(cards: Sequence[Card], entries: Sequence[CardEntry]) -> str:
    if not entries:
        return ""
    lists = len({entry.list_code for entry in entries})
    names = "One name" if len(cards) == 1 else f"{count(len(cards)).capitalize()} names"
    on = "one list" if lists == 1 else f"{count(lists)} lists"
    unsure = sum(not entry.is_known for entry in entries)
    if not unsure:
        return f"{names} on {on}."
    return f"{names} on {on}; whether listed that day is not known for {unsure} of {len(entries)}."


def _difference(cells: Sequence[GlanceCell], frame: Frame) -> str | None:
    if frame.is_today or not cells:
        return None
    differing = sum(cell.differs for cell in cells)
    if not differing:
        return f"None of {len(cells)} differs from today."
    verb = "differs" if differing == 1 else "differ"
    return f"{differing} of {len(cells)} {verb} from today (marked ≠)."


def _spoken_nothing(name: str, outcome: Outcome) -> str:
    return f"Nothing found for {name}" if outcome == "none" else f"Cannot say for {name}"
