"""Rules that name no company: each with its question, and what was answered."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.model.on_day import MeasureOnDay
from service.model.status import BITES
from service.model.transaction import FactMet, OpenQuestion, Restriction, Restrictions
from service.web.address import Clocks, link
from service.web.asked import View
from service.web.cards import Card
from service.web.rows import Asking, Row

# Without goods given, so many rules are shown in full that name a country of a hit and are not
# plainly in force: they are what may have changed since a desk last looked.
_MOST_AT_ONCE = 3
# A change within so many days makes a rule more telling than one that just binds.
_SOON_DAYS = 31
_ANSWERS: Mapping[str, str] = MappingProxyType({"yes": "Yes", "no": "No", "unsure": "Not known"})


class AnswerLink(msgspec.Struct, frozen=True, kw_only=True):
    """A way to answer a question: an address that asks again with that answer in it."""

    text: str
    href: str
    is_given: bool


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and its question; `answer` is `yes`, `no`, `unsure` or empty.

    `facts` are what was given of the trade and meets it: then nothing is asked.
    """

    row: Row
    question: str | None
    answer: str
    answers: tuple[AnswerLink, ...]
    facts: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.question is not None and self.answer in {"", "unsure"}

    @property
    def applies(self) -> bool:
        """Whether the facts fit, by what was given."""
        return self.question is None or self.answer == "yes"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a page: shown in full, only named, ended; and what could not be compared."""

    shown: tuple[Rule, ...]
    others: tuple[OpenQuestion, ...]
    ended: tuple[Rule, ...]
    notes: tuple[str, ...]

    @property
    def open_count(self) -> int:
        """Questions among the shown rules that are not answered."""
        return sum(rule.is_open for rule in self.shown)

    @property
    def rows(self) -> Iterator[Row]:
        """Every row."""
        return (rule.row for rule in (*self.shown, *self.ended))


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """What answers are written into: the page's own address."""

    view: View
    clocks: Clocks

    def links(self, rule: str) -> tuple[AnswerLink, ...]:
        """Yes, No, Not known; choosing the one that is given takes it back."""
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


def rules_of(
    cards: Iterable[Card], restrictions: Restrictions, asking: Asking, answering: Answering
) -> Rules:
    """The rules that may concern the hits or the trade; conditions of the hits come first."""
    cards = tuple(cards)
    by_name = [_condition(row, answering) for row in _conditions(cards)]
    met = [_met(each, asking) for each in restrictions.met]
    telling = _telling(cards, restrictions, asking, answering)
    asked = [_open(each, asking, answering) for each in telling]
    named = {each.id for each in telling}
    return Rules(
        shown=(*by_name, *met, *asked),
        others=tuple(each for each in restrictions.open_questions if each.id not in named),
        ended=tuple(_met(each, asking) for each in restrictions.ended),
        notes=restrictions.notes,
    )


def _conditions(cards: Iterable[Card]) -> tuple[Row, ...]:
    """The conditions of all listings, each rule once."""
    rows = (row for card in cards for entry in card.entries for row in entry.conditions)
    return tuple({row.measure.id: row for row in rows}.values())


def _condition(row: Row, answering: Answering) -> Rule:
    return Rule(
        row=row,
        question=row.measure.condition,
        answer=answering.view.answer_to(row.measure.id),
        answers=answering.links(row.measure.id),
        facts=(),
    )


def _met(restriction: Restriction, asking: Asking) -> Rule:
    return Rule(
        row=asking.row(restriction.measure),
        question=None,
        answer="",
        answers=(),
        facts=tuple(map(_fact, restriction.facts)),
    )


def _open(question: OpenQuestion, asking: Asking, answering: Answering) -> Rule:
    return Rule(
        row=asking.row(asking.board.one(question.id, asking.days)),
        question=question.question,
        answer=answering.view.answer_to(question.id),
        answers=answering.links(question.id),
        facts=(),
    )


def _telling(
    cards: Iterable[Card], restrictions: Restrictions, asking: Asking, answering: Answering
) -> tuple[OpenQuestion, ...]:
    """The open questions to show in full: answered ones, and those most likely to matter.

    Those are of rules that name a country of a hit and are not plainly in force, or are not today.
    """
    countries = {code for card in cards for code in card.country_codes}
    questions = restrictions.open_questions
    answered = [each for each in questions if answering.view.answer_to(each.id)]
    likely = [
        measure
        for each in questions
        if _names(each.id, countries, asking)
        and _is_telling(measure := asking.board.one(each.id, asking.days), asking)
    ]
    first = {each.id: place for place, each in enumerate(sorted(likely, key=_most_telling))}
    chosen = [each for each in questions if first.get(each.id, _MOST_AT_ONCE) < _MOST_AT_ONCE]
    chosen.sort(key=lambda each: first[each.id])
    return tuple(dict.fromkeys((*answered, *chosen)))


def _is_telling(measure: MeasureOnDay, asking: Asking) -> bool:
    """Whether it restricts, and its status is not the plain one, or another one today."""
    if all(effect.kind == "easing" for effect in measure.effect):
        return False
    if measure.status != "in_force":
        return True
    return not asking.is_today and asking.board.one(measure.id, asking.now).status != "in_force"


def _most_telling(measure: MeasureOnDay) -> tuple[bool, bool, date, str]:
    """Which rules come first: those about to change, of these those that bind."""
    change = measure.next_change_on or date.max
    is_soon = (change - measure.as_of).days <= _SOON_DAYS
    return not is_soon, measure.status not in BITES, change, measure.id


def _names(measure_id: str, countries: set[str], asking: Asking) -> bool:
    reaches = asking.board.register.get(measure_id).reaches
    return any(countries.intersection((*each.origin, *each.destination)) for each in reaches)


def _fact(fact: FactMet) -> str:
    """`846721 is among: rare earths`, `to US`."""
    if fact.item_class is not None:
        return f"{fact.given} is among: {fact.item_class}"
    return f"{fact.fact.replace('_', ' ')}: {fact.given.replace('_', ' ')}"
