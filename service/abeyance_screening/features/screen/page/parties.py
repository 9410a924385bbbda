"""The parties of an answer: which are shown, in which order, and what each is told with."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.severity import Severity, severity
from abeyance_screening.engine.measures.status_table import binds, facts_of, is_over
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    FoundParty,
    Hit,
    PartyHit,
    listings_of,
)
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.wording import plain_glance
from abeyance_screening.engine.wording.hits import score_in_words
from abeyance_screening.engine.wording.notes import readings_in_words
from abeyance_screening.engine.wording.parties import (
    PartyEffect,
    PartyFact,
    does_in_words,
    link_in_words,
    party_effect,
    party_facts,
)
from abeyance_screening.engine.wording.status import loosens
from abeyance_screening.engine.wording.titles import country_name
from abeyance_screening.features.screen.page.profile import ProfilePart, profile_parts
from abeyance_screening.platform.pages.cards import (
    CardEntry,
    MeasureRow,
    PageContext,
    RelatedLink,
    beside,
    entry_of,
)
from abeyance_screening.platform.pages.frame import AddressDays, link
from abeyance_screening.platform.questions.form import SORTS, FormFields, PartyFilter
from abeyance_screening.primitives.days import count, plural

# --- The parties of an answer: each with its effect, a row a measure, and all its listings.

_ANSWERS: Mapping[str, str] = MappingProxyType({"yes": "Yes", "no": "No", "unsure": "Not known"})
# The most parties named beside a party; its own page has them all.
_MOST_BESIDE = 4
# Parties whose score is this much below the best are the weaker matches.
_WEAKER_BY = 0.15
LANE_WIDTH = 300.0
"""The width of a lane in a row, in user units."""

Group = Literal["certain", "waiting", "possible", "relief", "over"]
_GROUPS: tuple[Group, ...] = ("certain", "waiting", "possible", "relief", "over")


class AnswerLink(msgspec.Struct, frozen=True, kw_only=True):
    """A possible answer to a question, with the address of the page that has it."""

    text: str
    href: str
    is_given: bool


class AnswerFrame(msgspec.Struct, frozen=True, kw_only=True):
    """The address of the page, into which answers to questions are written."""

    view: FormFields
    pick: PartyFilter
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

    def picked(self, pick: PartyFilter) -> str:
        """Return the address of the page with other parties shown, or in another order."""
        return link("/", (*self.view.query(), *pick.query(), *self.clocks.query()))

    def _href(self, view: FormFields) -> str:
        return link("/", (*view.query(), *self.pick.query(), *self.clocks.query()))


class EffectRow(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of a party, by these of its listings that it reaches in the same way.

    `does` is what it forbids or asks. `answers` are the links to answer its question; empty where
    it has none, or where another party on the page asks it already.
    """

    row: MeasureRow
    does: str
    entries: tuple[CardEntry, ...]
    group: Group
    answer: str
    answers: tuple[AnswerLink, ...]

    @property
    def changes(self) -> bool:
        """Whether there is more to draw than one status that began or ended on a day."""
        measure = self.row.measure
        if measure.disputed or measure.upcoming:
            return True
        later = [each for each in self.row.spans[1:] if each.first > measure.as_of]
        is_plain = measure.status == "in_force" or is_over(measure.status)
        return bool(later) or (not is_plain and len(self.row.spans) > 1)


class PartyCard(msgspec.Struct, frozen=True, kw_only=True):
    """One party of the answer.

    `entries` are its listings, the best first, those that the party brings last. `rows` are its
    measures: certain before possible, in force before ended. `bare` are listings without any
    measure. `profile` is who it is, as its lists print it. `perhaps` and `related` are other
    parties, at most some, and how many more there are.
    """

    id: str
    best: CardEntry
    score: float
    facts: tuple[PartyFact, ...]
    country_codes: tuple[str, ...]
    entries: tuple[CardEntry, ...]
    rows: tuple[EffectRow, ...]
    bare: tuple[CardEntry, ...]
    effect: PartyEffect
    evidence: tuple[str, ...]
    profile: tuple[ProfilePart, ...]
    perhaps: tuple[RelatedLink, ...]
    related: tuple[RelatedLink, ...]
    more_beside: int

    @property
    def number_met(self) -> bool:
        """Whether a listing of it has a number of the question."""
        return any(each.number_met for each in self.entries)

    @property
    def strength(self) -> str:
        """Return how well it meets the question."""
        return score_in_words(self.score, number_met=self.number_met)

    def is_as_likely(self, score: float) -> bool:
        """Return whether it is meant as likely as one with this score; a number always is."""
        return self.number_met or self.score >= score

    @property
    def name(self) -> str:
        """Return the name of the party's best listing."""
        return self.best.text.name

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the titles of its lists, each once, those that the question meets first."""
        return tuple(dict.fromkeys(each.title for each in self.entries))

    @property
    def on_lists(self) -> str:
        """Return on how many lists it is, for the first line; one list is named."""
        lists = len(self.lists)
        where = f"is on one list: {self.lists[0]}" if lists == 1 else f"is on {count(lists)} lists"
        if all(each.text.unlisted for each in self.entries):
            where = "is on no published list; a measure names it"
        return where if self.best.is_certain else f"may be meant; it {where}"

    @property
    def unsure(self) -> str | None:
        """Return how many listings may not have been on their list on the day, in words."""
        unsure = sum(not each.is_known for each in self.entries)
        if not unsure:
            return None
        return f"Whether listed that day is not known for {unsure} of {len(self.entries)}."

    @property
    def read(self) -> str | None:
        """Return after which day no source of the open rows was read, once for all of them."""
        return readings_in_words(each.row.measure for each in self.shown)

    def of(self, *groups: Group) -> tuple[EffectRow, ...]:
        """Return the rows of these groups, in their order."""
        return tuple(each for each in self.rows if each.group in groups)

    @property
    def shown(self) -> tuple[EffectRow, ...]:
        """Return the rows that are open at once; ended ones where there are no others."""
        return self.of("certain", "waiting", "possible") or self.of("over")

    @property
    def over(self) -> tuple[EffectRow, ...]:
        """Return the ended rows that are folded away behind the others."""
        return self.of("over") if self.of("certain", "waiting", "possible") else ()


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """One way to sort or to choose among the parties; the `href` of a chosen one undoes it."""

    text: str
    href: str
    is_chosen: bool


class PartyChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the answer is shown, and links to show more, less, or in another order.

    `line` says how much is shown of how much was found; `every` is the link to all of it, None
    where nothing is left out. `facets` are the ways to sort and to filter, by their title, open at
    once where any is chosen.
    """

    line: str
    every: Facet | None
    facets: tuple[tuple[str, tuple[Facet, ...]], ...]
    is_open: bool


class PartiesShown(msgspec.Struct, frozen=True, kw_only=True):
    """The parties that are shown.

    `first` is what the name means, as one card of all the parties that may be one; `others` are
    as likely, `weaker` less. `sharing` only have the name within theirs.
    """

    first: PartyCard | None
    others: tuple[PartyCard, ...]
    weaker: tuple[PartyCard, ...]
    sharing: tuple[PartyCard, ...]
    choice: PartyChoice
    note: str | None

    @property
    def every(self) -> tuple[PartyCard, ...]:
        """Return all parties shown, in their order."""
        first = () if self.first is None else (self.first,)
        return (*first, *self.others, *self.weaker, *self.sharing)

    @property
    def rows(self) -> Iterator[MeasureRow]:
        """Yield the row of every measure of the parties shown."""
        return (each.row for party in self.every for each in party.rows)


def parties_of(
    result: CounterpartyResult, asking: PageContext, answering: AnswerFrame, index: ListingIndex
) -> PartiesShown:
    """Return the parties of a result, chosen and sorted as the address asks."""
    builder = _CardMaker(asking, answering, index)
    every = list(_cards(result, builder, is_ranked=not answering.pick.sort))
    chosen = [each for each in every if _is_picked(each, answering.pick)]
    if (order := _ORDERS.get(answering.pick.sort)) is not None:
        chosen.sort(key=order)
    first, *rest = chosen or (None,)
    best = 0.0 if first is None else first.score - _WEAKER_BY
    is_ranked = not answering.pick.sort
    shares = frozenset(result.answer.sharing if result.answer and is_ranked else ())
    apart = [each for each in rest if each.id not in shares]
    return PartiesShown(
        first=first,
        others=tuple(each for each in apart if not is_ranked or each.is_as_likely(best)),
        weaker=tuple(each for each in apart if is_ranked and not each.is_as_likely(best)),
        sharing=tuple(each for each in rest if each.id in shares),
        choice=_choice(result, every, len(chosen), answering),
        note=result.parties_note,
    )


def _cards(
    result: CounterpartyResult, builder: "_CardMaker", *, is_ranked: bool
) -> Iterator[PartyCard]:
    """Yield the card of the family as one, then one for each other party."""
    ids = result.answer.parties if result.answer and is_ranked else ()
    family = tuple(each for each in result.parties if each.id in ids)
    if family:
        yield builder.card(family, result.hits)
    yield from (
        builder.card((each,), result.hits) for each in result.parties if each.id not in ids
    )


class _CardMaker:
    """Makes the cards of one answer; a question is asked by the first party that has it."""

    def __init__(self, asking: PageContext, answering: AnswerFrame, index: ListingIndex) -> None:
        self._asking = asking
        self._answering = answering
        self._index = index
        self._asked = set[str]()

    def card(self, parties: Sequence[FoundParty], hits: tuple[Hit, ...]) -> PartyCard:
        """Return the card of a party, or of several that may be one, with their hits among these.

        It is named by the first of them.
        """
        party = parties[0]
        listings = listings_of(parties, hits)
        inside = {each.id for each in parties}
        entries = tuple(entry_of(each, self._asking.chosen) for each in listings)
        rows = tuple(self._rows(listings, entries))
        answers = {each.row.measure.id: each.answer for each in rows if each.answers}
        texts = [each.row.text for each in rows]
        perhaps = [each for each in party.perhaps if each.party not in inside]
        related = [each for each in party.related if each.party not in inside]
        return PartyCard(
            id=party.id,
            best=entries[0],
            score=party.score,
            facts=party_facts(party),
            country_codes=party.countries,
            entries=entries,
            rows=rows,
            bare=tuple(each for each in entries if not each.text.measures),
            effect=party_effect(texts, self._asking.chosen, answers),
            evidence=tuple(link_in_words(link) for each in parties for link in each.evidence),
            profile=profile_parts(listings),
            perhaps=tuple(beside(perhaps[:_MOST_BESIDE], self._index)),
            related=tuple(beside(related[:_MOST_BESIDE], self._index)),
            more_beside=len(perhaps[_MOST_BESIDE:]) + len(related[_MOST_BESIDE:]),
        )

    def _rows(
        self, listings: Sequence[Hit | PartyHit], entries: Sequence[CardEntry]
    ) -> Iterator[EffectRow]:
        """Yield a row for each measure, once for all listings that it reaches in the same way."""
        same: dict[tuple[object, ...], tuple[MeasureRow, list[CardEntry]]] = {}
        for hit, entry in zip(listings, entries, strict=True):
            prints = (hit.listing, *(copy.listing for copy in hit.copies))
            for text in entry.text.measures:
                key = (text.measure.id, text.badge, text.licence, text.sentence, text.notes)
                if key not in same:
                    same[key] = (self._asking.row_of(text, prints), [])
                same[key][1].append(entry)
        made = [self._row(row, tuple(of)) for row, of in same.values()]
        yield from sorted(made, key=lambda each: (_GROUPS.index(each.group), _severity(each)))

    def _row(self, row: MeasureRow, entries: tuple[CardEntry, ...]) -> EffectRow:
        rule = row.measure.id
        answer, asks = self._answering.view.answer_to(rule), row.text.question is not None
        is_asked = asks and rule not in self._asked
        if asks:
            self._asked.add(rule)
        return EffectRow(
            row=row,
            does=does_in_words(row.text),
            entries=entries,
            group=_group(row, "" if not is_asked else answer),
            answer=answer,
            answers=self._answering.links(rule) if is_asked else (),
        )


def _group(row: MeasureRow, answer: str) -> Group:
    measure = row.measure
    if is_over(measure.status):
        return "over"
    if loosens(measure) or facts_of(measure.status).bearing == "relief":
        return "relief"
    if row.text.question is not None and answer != "yes":
        return "possible"
    return "certain" if binds(measure.status) else "waiting"


def _is_picked(party: PartyCard, pick: PartyFilter) -> bool:
    """Whether a party has a listing on the list, the country and the status that are chosen."""
    codes = {each.list_code for each in party.entries}
    statuses = {each.row.measure.status for each in party.rows}
    return (
        (not pick.on_list or pick.on_list in codes)
        and (not pick.country or pick.country in party.country_codes)
        and (not pick.status or pick.status in statuses)
    )


def _severity(row: EffectRow) -> Severity:
    return severity(row.row.measure, row.entries[0].list_code)


def _by_severity(party: PartyCard) -> tuple[bool, list[Severity]]:
    """Return a sort key: the party with the most severe measure first, those without one last."""
    worst = sorted(map(_severity, party.rows))[:1]
    return not worst, worst


_ORDERS: Mapping[str, Callable[[PartyCard], tuple[object, ...]]] = MappingProxyType(
    {
        "name": lambda party: (party.name.casefold(),),
        "country": lambda party: (
            not party.country_codes,
            [*map(country_name, party.country_codes)],
            party.name,
        ),
        "status": _by_severity,
        "list": lambda party: (party.lists[0], party.name),
    }
)


def _choice(
    result: CounterpartyResult, every: Sequence[PartyCard], chosen: int, answering: AnswerFrame
) -> PartyChoice:
    pick, shown = answering.pick, len(result.hits)
    left_out = result.total - shown
    parties = plural(len(every), "party", "parties")
    found = plural(result.total, "listing")
    line = f"{found} found, in {parties}."
    if left_out > 0:
        line = f"Showing the best {shown} of {found} found, in {parties}."
    if pick.is_filtered:
        line += f" Of these {chosen} {'is' if chosen == 1 else 'are'} shown, as chosen below."
    through = sum(each.score is None for party in every for each in party.entries)
    if through:
        line += f" {plural(through, 'more listing')} found through a party."
    return PartyChoice(
        line=line,
        every=_every(pick, result, left_out, answering),
        facets=_facets(every, answering) if len(every) > 1 or pick.is_filtered else (),
        is_open=pick.is_wide,
    )


def _every(
    pick: PartyFilter, result: CounterpartyResult, left_out: int, answering: AnswerFrame
) -> Facet | None:
    """Return the link to all that was found, or back to the best of it."""
    if left_out > 0 and not pick.is_wide:
        href = answering.picked(PartyFilter(show_all=True))
        return Facet(text=f"Show all {result.total:,}", href=href, is_chosen=False)
    if pick.is_wide:
        return Facet(
            text="Show best matches only", href=answering.picked(PartyFilter()), is_chosen=True
        )
    return None


def _facets(
    every: Sequence[PartyCard], answering: AnswerFrame
) -> tuple[tuple[str, tuple[Facet, ...]], ...]:
    lists = _counted((each.list_code, each.title) for p in every for each in _once(p.entries))
    countries = _counted((code, country_name(code)) for p in every for code in p.country_codes)
    statuses = _counted(pair for p in every for pair in _statuses(p))
    return (
        ("Sort by", tuple(_facet("sort", *each, answering) for each in SORTS)),
        ("List", tuple(_facet("on_list", *each, answering) for each in lists)),
        ("Country", tuple(_facet("country", *each, answering) for each in countries)),
        ("Status", tuple(_facet("status", *each, answering) for each in statuses)),
    )


def _statuses(party: PartyCard) -> Iterable[tuple[str, str]]:
    measures = (each.row.measure for each in party.rows)
    return dict.fromkeys((each.status, plain_glance(each.status)) for each in measures)


def _once(entries: Iterable[CardEntry]) -> Collection[CardEntry]:
    return {each.list_code: each for each in entries}.values()


def _counted(values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each value with its text and how many parties have it, the most frequent first."""
    numbers: dict[tuple[str, str], int] = {}
    for each in values:
        numbers[each] = numbers.get(each, 0) + 1
    ordered = sorted(numbers.items(), key=lambda each: (-each[1], each[0][1]))
    return [(value, f"{text} ({number})") for (value, text), number in ordered]


def _facet(field: str, value: str, text: str, answering: AnswerFrame) -> Facet:
    is_chosen = answering.pick.value(field) == value
    changed = answering.pick.with_field(field, "" if is_chosen else value)
    return Facet(text=text, href=answering.picked(changed), is_chosen=is_chosen)
