"""The first lines of an answer: its owners, the rules that name no company, what was searched."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import binds
from abeyance_screening.engine.screening.answer import (
    Coverage,
    ListCoverage,
    ListRole,
    OwnerResult,
    OwnershipResult,
)
from abeyance_screening.engine.screening.answer import Outcome as AnswerOutcome
from abeyance_screening.engine.screening.answer_sentence import pieces_of
from abeyance_screening.engine.screening.coverage_line import (
    STATES,
    coverage_line,
    doubts,
    named_title,
)
from abeyance_screening.engine.screening.family_answer import FamilyAnswer, OpenIdentity
from abeyance_screening.engine.screening.ownership_findings import OwnershipFinding, Verdict
from abeyance_screening.engine.screening.trade.open_questions import MOST_QUESTIONS
from abeyance_screening.engine.screening.trade.transaction import (
    FactMet,
    OpenQuestion,
    Restriction,
    Restrictions,
)
from abeyance_screening.engine.wording.answers import (
    Remedy,
    chains_in_words,
    remedies_of,
    remedy_of,
    shares_in_words,
    sum_in_words,
    verdict_in_words,
    why_incomplete,
)
from abeyance_screening.engine.wording.shapes import day
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.screen.page.parties import AnswerFrame, AnswerLink, PartiesShown
from abeyance_screening.platform.pages.cards import MeasureRow, PageContext, owned_in_words
from abeyance_screening.platform.pages.frame import Frame
from abeyance_screening.primitives.days import plural


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


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and its question; `answer` is `yes`, `no`, `unsure` or empty.

    `facts` are the details of the trade that meet the rule; then there is no question, and `line`
    is what the rule demands together with what loosens it.
    """

    row: MeasureRow
    question: str | None
    answer: str
    answers: tuple[AnswerLink, ...]
    facts: tuple[str, ...]
    line: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the question still needs a yes or no."""
        return self.question is not None and self.answer in {"", "unsure"}

    @property
    def applies(self) -> bool:
        """Whether the rule applies by the details of the trade or the answer to its question."""
        return self.question is None or self.answer == "yes"


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a page: shown in full, only named, and ended; notes on details not compared.

    `more` is how many questions there are that decide less than those named.
    """

    shown: tuple[Rule, ...]
    others: tuple[OpenQuestion, ...]
    more: int
    ended: tuple[Rule, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> Iterator[MeasureRow]:
        """Yield every row of the rules shown in full and of the ended ones."""
        return (rule.row for rule in (*self.shown, *self.ended))


class SearchedList(msgspec.Struct, frozen=True, kw_only=True):
    """A list that an answer searched, as a line of a table; `remedy` is what to do about it."""

    title: str
    role: ListRole
    word: str
    edition: str
    age: str
    limit: str
    remedy: Remedy | None


class CoverageText(msgspec.Struct, frozen=True, kw_only=True):
    """How complete an answer is: `line` says so in a sentence, `doubt` in another why not.

    `why` are more sentences, one for each cause. `usable` and `total` count all lists that were
    to be searched; `unsearched` are those that were not, each with what to do about it. `remedies`
    are what makes the answer complete.
    """

    is_complete: bool
    line: str
    doubt: str
    why: tuple[str, ...]
    lists: tuple[SearchedList, ...]
    usable: int
    total: int
    unsearched: tuple[tuple[str, Remedy | None], ...]
    remedies: tuple[Remedy, ...]


Outcome = Literal["hits", "none", "cannot_say"]
_OUTCOMES: Mapping[AnswerOutcome, Outcome] = MappingProxyType(
    {"hits": "hits", "owner_hits": "hits", "no_hits": "none", "incomplete": "cannot_say"}
)


class NameResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one name: its parties, findings through its owners, and what was searched.

    `whole` is the answer for the whole family of the name; None where only some of it is shown.
    `decides` is whether the reader may say which parties are one.
    `threshold` is the lowest score that counts as a hit, as written.
    """

    name: str
    outcome: AnswerOutcome
    whole: FamilyAnswer | None
    decides: bool
    parties: PartiesShown
    findings: tuple[FindingText, ...]
    coverage: CoverageText
    threshold: str


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """The first lines of an answer; a screen reader says `spoken` once typing pauses.

    `title` and `after` are the first line, who is meant and on how many lists. `effect` is what
    the law does to dealings with that party, `rest` what waits, depends on a question or comes
    next. `difference` says how many statuses are another one today. `searched` is the line on the
    lists, where nothing was found and that can be relied on. `sure` is what stands on the lists
    whoever is meant, where anything depends on that, and `depends` what must be found out.
    `leading` is the id of the party meant most likely; `decides` whether the reader may say which
    others are the same.
    """

    outcome: Outcome
    title: str
    after: str
    effect: str
    rest: str
    difference: str | None
    searched: str
    sure: str = ""
    depends: tuple[OpenIdentity, ...] = ()
    leading: str = ""
    decides: bool = False

    @property
    def spoken(self) -> str:
        """Return the first lines as they are read aloud."""
        first = " ".join(filter(None, (self.title, self.after)))
        return " ".join(filter(None, (f"{first}.", self.effect, self.rest, self.searched)))


def ownership_shown(ownership: OwnershipResult, asking: PageContext) -> OwnershipText:
    """Return the owners and the findings in words, in the order of the answer."""
    return OwnershipText(
        owners=tuple(map(_owner, ownership.owners)),
        findings=tuple(_finding(each, asking) for each in ownership.findings),
        not_known=ownership.not_known,
    )


def coverage_shown(
    coverage: Coverage, as_of: date, today: date | None = None, *, found: bool = True
) -> CoverageText:
    """Return the coverage of an answer in words.

    `today` is the day of the question, None where it is not known. With `found` False the line
    says that no listing was found.
    """
    usable = sum(each.state != "missing" for each in coverage.lists)
    return CoverageText(
        is_complete=coverage.complete,
        line=coverage_line(coverage, as_of, today, found=found),
        doubt=doubts(coverage),
        why=why_incomplete(coverage, as_of),
        lists=tuple(map(_list, coverage.lists)),
        usable=usable,
        total=len(coverage.lists),
        remedies=remedies_of(coverage),
        unsearched=tuple((named_title(each), remedy_of(each)) for each in coverage.not_loaded),
    )


def rules_of(
    parties: PartiesShown, restrictions: Restrictions, asking: PageContext, answering: AnswerFrame
) -> Rules:
    """Return the rules that name no company: those that the trade meets, then open questions.

    What only loosens a rule is told with it, in its line. Without any goods or place in the
    question, only answered ones are shown in full.
    """
    foremost = _foremost(parties, restrictions, asking, answering)
    shown = {each.id for each in foremost}
    told = {easing.id for each in restrictions.met for easing in each.eased_by}
    others = tuple(each for each in restrictions.open_questions if each.id not in shown)
    return Rules(
        shown=(
            *(_met(each, asking) for each in restrictions.met if each.measure.id not in told),
            *(_open(each, asking, answering) for each in foremost),
        ),
        others=others[:MOST_QUESTIONS],
        more=max(0, len(others) - MOST_QUESTIONS),
        ended=tuple(_met(each, asking) for each in restrictions.ended),
        notes=restrictions.notes,
    )


def headline_of(result: NameResult, rules: Rules, frame: Frame) -> Headline:
    """Return the first lines of the answer about one name."""
    outcome, party = _OUTCOMES[result.outcome], result.parties.first
    whole = None if party is None else result.whole
    on = "" if frame.is_today else f" on {day(frame.chosen)}"
    owned = owned_in_words(each.row for each in result.findings if each.verdict == "met")
    if party is not None and whole is not None:
        told = pieces_of(whole)
        title, after, effect = told.subject, told.where, told.law
        if any(row.answer == "yes" for row in party.rows):
            effect = party.effect.lead
        rest = " ".join(filter(None, (told.others, party.effect.aside, owned, _applying(rules))))
    elif party is not None:
        title, effect = party.name, party.effect.lead
        after = party.on_lists
        rest = " ".join(filter(None, (party.effect.rest, owned, _applying(rules))))
    elif result.outcome == "hits":
        title, after = f"“{result.name}”{on}", "found, but no party matches the filters"
        effect, rest = result.parties.choice.line, ""
    elif outcome == "hits":
        title, after = f"{result.name}{on}", "is not listed itself, but an owner may be"
        effect, rest = owned, _applying(rules)
    else:
        words = "No listing found for" if outcome == "none" else "Cannot say:"
        title, after = f"{words} “{result.name}”{on}", ""
        effect, searched = _nothing(result)
        rest = " ".join(filter(None, (searched, _applying(rules))))
    return Headline(
        outcome=outcome,
        title=title,
        after=after,
        effect=effect,
        rest=rest,
        difference=_difference(result, rules, frame),
        searched=result.coverage.line if outcome == "none" else "",
        sure=whole.sure if whole is not None and whole.depends_on else "",
        depends=() if whole is None else whole.depends_on,
        leading="" if party is None else party.id,
        decides=result.decides,
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


def _finding(finding: OwnershipFinding, asking: PageContext) -> FindingText:
    return FindingText(
        row=asking.row(finding.rule),
        verdict=finding.verdict,
        sentence=verdict_in_words(finding),
        sum_text=sum_in_words(finding),
        chains=chains_in_words(finding),
    )


def _met(restriction: Restriction, asking: PageContext) -> Rule:
    return Rule(
        row=asking.row(restriction.measure),
        question=None,
        answer="",
        answers=(),
        facts=tuple(map(_fact, restriction.facts)),
        line=restriction.line if restriction.eased_by else None,
    )


def _fact(fact: FactMet) -> str:
    """Write a fact that meets a rule: `846721 is among: rare earths`, `destination: US`."""
    if fact.item_class is not None:
        return f"{fact.given} is among: {fact.item_class}"
    return f"{fact.fact.replace('_', ' ')}: {fact.given.replace('_', ' ')}"


def _foremost(
    parties: PartiesShown, restrictions: Restrictions, asking: PageContext, answering: AnswerFrame
) -> tuple[OpenQuestion, ...]:
    """Return the questions to show in full: those answered, then those most likely to matter.

    The latter belong to rules that name a country of a party and are not simply in force, on the
    day or today. They are shown only if anything is said of the trade.
    """
    countries = {code for party in parties.every for code in party.country_codes}
    questions = restrictions.open_questions
    answered = [each for each in questions if answering.view.answer_to(each.id)]
    likely = [
        measure
        for each in questions
        if answering.view.has_goods
        and _names_any(each.id, countries, asking)
        and _is_unsettled(measure := asking.board.one(each.id, asking.days), asking)
    ]
    first = {each.id: place for place, each in enumerate(sorted(likely, key=_urgency))}
    chosen = [each for each in questions if first.get(each.id, _MOST_LIKELY) < _MOST_LIKELY]
    chosen.sort(key=lambda each: first[each.id])
    return tuple(dict.fromkeys((*answered, *chosen)))


def _names_any(measure_id: str, countries: set[str], asking: PageContext) -> bool:
    reaches = asking.board.register.get(measure_id).reaches
    return any(countries.intersection((*each.origin, *each.destination)) for each in reaches)


def _is_unsettled(measure: MeasureOnDay, asking: PageContext) -> bool:
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
    return not is_soon, not binds(measure.status), change, measure.id


def _open(question: OpenQuestion, asking: PageContext, answering: AnswerFrame) -> Rule:
    return Rule(
        row=asking.row(asking.board.one(question.id, asking.days)),
        question=question.question,
        answer=answering.view.answer_to(question.id),
        answers=answering.links(question.id),
        facts=(),
    )


def _nothing(result: NameResult) -> tuple[str, str]:
    """Return why nothing found says nothing, if it does, and how far down was searched."""
    cover, down_to = result.coverage, f"down to score {result.threshold}"
    if result.outcome == "no_hits":
        return f"Searched {down_to}.", ""
    if cover.is_complete:
        return f"Searched {down_to}, but part of the question could not be compared.", ""
    if not cover.usable:
        return cover.doubt, "No list could be searched."
    searched = plural(cover.usable, "list")
    return cover.doubt, f"In the {searched} that could be searched, nothing was found {down_to}."


def _applying(rules: Rules) -> str:
    """Return how many rules that name no company apply to the trade as described."""
    applying = sum(rule.applies for rule in rules.shown)
    if not applying:
        return ""
    return f"{plural(applying, 'rule applies', 'rules apply')} by what is said of the trade."


def _difference(result: NameResult, rules: Rules, frame: Frame) -> str | None:
    """Return how many of the statuses shown differ from today's; None where the day is today."""
    party = result.parties.first
    rows = [
        *(() if party is None else (each.row for each in party.rows)),
        *(each.row for each in (*rules.shown, *result.findings)),
    ]
    if frame.is_today or not rows:
        return None
    differing = sum(each.today is not None for each in rows)
    if not differing:
        return (
            "No status is different today." if len(rows) > 1 else "Its status is the same today."
        )
    verb = "differs" if differing == 1 else "differ"
    return f"{differing} of {len(rows)} {verb} from today (marked ≠)."


def _list(covered: ListCoverage) -> SearchedList:
    return SearchedList(
        title=list_title(covered.code),
        role=covered.role,
        word=STATES[covered.state],
        edition=day(covered.published_on),
        age="—" if covered.age_days is None else plural(covered.age_days, "day"),
        limit="none" if covered.max_age_days is None else plural(covered.max_age_days, "day"),
        remedy=remedy_of(covered),
    )
