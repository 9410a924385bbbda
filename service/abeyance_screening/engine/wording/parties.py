"""A party in words: who it is, what the law does to dealings with it, why its listings are one.

`PARTY_FACTS` has all that is said of who a party is. A page, a print, a table and a terminal go
through it and name no fact themselves, so that one more entry shows on each of them. The effect of
an answer is one sentence, the same on the page, in print and for a screen reader. It says what
measures do and draws no conclusion for a company.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.titles import country_name, list_title, place_named
from abeyance_screening.engine.measures.measure import EffectKind
from abeyance_screening.engine.measures.severity import effect_rank, severity
from abeyance_screening.engine.measures.status_table import (
    STATUSES,
    StatusWord,
    binds,
    is_over,
    strictness,
)
from abeyance_screening.engine.screening.answer import (
    LinkKind,
    PartyLink,
    PartyOwner,
    PartyProfile,
)
from abeyance_screening.engine.screening.answer_sentence import if_still_owned
from abeyance_screening.engine.wording.hits import ANSWERS, MeasureText
from abeyance_screening.engine.wording.notes import is_only_announced
from abeyance_screening.engine.wording.status import duty, loosens
from abeyance_screening.primitives.days import count, day_in_words

# --- Who a party is.

type FactPlace = Literal["line", "card", "record"]


class PartyFact(msgspec.Struct, frozen=True, kw_only=True):
    """What lists print of a party in one respect, in words.

    `name` is a snake_case word, and the column of a table. `values` are in full, at least one.
    `short` is all of them in a cell. `place` is where they are shown: wherever a party is named
    (`line`), only on the card of a party and not in a mere line (`card`), or only on the party's
    own page (`record`). One that `is_plain` says itself what it is, and needs no label.
    """

    name: str
    place: FactPlace
    values: tuple[str, ...]
    short: str
    is_plain: bool

    @property
    def label(self) -> str:
        """The heading of the fact."""
        return _label(self.name)

    @property
    def in_words(self) -> tuple[str, ...]:
        """The values as they stand among other facts, the first one after the label it needs."""
        first, *others = self.values
        return (first if self.is_plain else f"{self.label}: {first}", *others)

    @property
    def text(self) -> str:
        """All of it in a line."""
        return ", ".join(self.in_words)

    @property
    def in_line(self) -> bool:
        """Whether it is shown in a line, in print and in a table."""
        return self.place == "line"

    @property
    def on_card(self) -> bool:
        """Whether it is shown on the card of the party."""
        return self.place != "record"


class FactKind(msgspec.Struct, frozen=True):
    """How a fact is read from a party: its values, and those of a cell where they are others."""

    name: str
    place: FactPlace
    values: Callable[[PartyProfile], Iterable[str]]
    short: Callable[[PartyProfile], Iterable[str]] | None = None
    is_plain: bool = False

    def of(self, party: PartyProfile) -> PartyFact:
        """Return the fact of a party; it has no values where no list prints it."""
        short = self.values if self.short is None else self.short
        return PartyFact(
            name=self.name,
            place=self.place,
            values=tuple(self.values(party)),
            short=", ".join(short(party)),
            is_plain=self.is_plain,
        )


def owner_in_words(owner: PartyOwner) -> str:
    """Write who is said to own a party, by whom, and what follows if that is still so.

    `Cham Holding (DFAT List: subsidiary of). If it is still owned by Cham Holding: …`
    """
    if owner.stated_on is None:
        stated = f"{list_title(owner.stated_by.partition('-')[0])}: {owner.says}"
    else:
        share = "owned by" if owner.share is None else f"{owner.share.normalize():f} %"
        stated = f"{share}, as of {day_in_words(owner.stated_on)}"
    return " ".join(filter(None, (f"{owner.name} ({stated}).", if_still_owned(owner))))


PARTY_FACTS: tuple[FactKind, ...] = (
    FactKind(
        "country",
        "line",
        values=lambda party: map(country_name, party.countries),
        short=lambda party: party.countries,
        is_plain=True,
    ),
    FactKind(
        "entity_type", "card", lambda party: filter(None, (party.entity_type,)), is_plain=True
    ),
    FactKind("said_to_be_owned_by", "record", lambda party: map(owner_in_words, party.owners)),
    FactKind("names", "record", lambda party: party.names),
    FactKind("numbers", "record", lambda party: party.identifiers),
)
"""All that is said of who a party is, in the order in which it is shown."""
LINE_FACTS = tuple(each.name for each in PARTY_FACTS if each.place == "line")
"""The names of the facts that a line about a party has, in their order."""


def party_facts(party: PartyProfile) -> tuple[PartyFact, ...]:
    """Return the facts that lists print of a party."""
    return tuple(fact for fact in (kind.of(party) for kind in PARTY_FACTS) if fact.values)


def line_facts(party: PartyProfile) -> dict[str, str]:
    """Return the facts of a line about a party as a table has them: `{"country": "CN, HK"}`."""
    return {each.name: each.short for each in party_facts(party) if each.in_line}


def line_words(facts: Mapping[str, str]) -> Iterator[str]:
    """Yield the facts of a line in words, each after its label unless it is plain without."""
    plain = {each.name for each in PARTY_FACTS if each.is_plain}
    for name, short in facts.items():
        yield short if name in plain else f"{_label(name)}: {short}"


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


# --- What the law does to dealings with it, and why its listings are one.

_WORDS: Mapping[LinkKind, str] = {
    "operator": "an operator of this service says so, {}",
    "entered_twice": "one list has entered it twice: {}",
    "reference": "they share a publisher's own reference: {}",
    "number": "they print one number: {}",
    "name_and_birth": "they print one name and birth: {}",
    "name_and_address": "they print one name and address: {}",
    "name_and_country": "they print one name, in one country: {}",
    "names": "they print several of the same names: {}",
    "name": "they print one name, which is rare: {}",
}
# An effect by these jurisdictions, in a clause.
_CLAUSE: Mapping[EffectKind, str] = MappingProxyType(
    {
        "blocked": "its assets are frozen by {}",
        "prohibition": "dealings with it are forbidden by {}",
        "licence_required": "a licence is required by {}",
        "import_ban": "imports from it are forbidden by {}",
        "travel_ban": "entry is refused by {}",
        "debarment": "it is debarred by {}",
        "due_diligence": "more checks than usual are asked by {}",
        "fee": "a charge is asked by {}",
        "director_disqualification": "it may not direct a company, by {}",
        "own_policy": "your own policy requires review",
        "unknown": "what {} does is not on record, so treat it as restricted",
    }
)
# The same with its subject, for one jurisdiction and its subjects.
_CLAUSE_OF: Mapping[EffectKind, str] = MappingProxyType(
    {
        "prohibition": "forbidden by {}: {}",
        "licence_required": "a licence is required by {} for {}",
        "import_ban": "imports are forbidden by {}: {}",
        "debarment": "it is debarred by {} from {}",
        "due_diligence": "more checks than usual are asked by {} on {}",
        "fee": "a charge is asked by {}: {}",
        "own_policy": "your own policy: {1}",
    }
)
_NOUNS: Mapping[EffectKind, tuple[str, str]] = MappingProxyType(
    {
        "blocked": ("a freeze of assets", "freezes of assets"),
        "prohibition": ("a ban", "bans"),
        "licence_required": ("a licence requirement", "licence requirements"),
        "import_ban": ("an import ban", "import bans"),
        "travel_ban": ("an entry ban", "entry bans"),
        "debarment": ("a debarment", "debarments"),
        "due_diligence": ("a duty to check", "duties to check"),
        "fee": ("a charge", "charges"),
        "director_disqualification": (
            "a bar on directing companies",
            "bars on directing companies",
        ),
        "own_policy": ("a policy of your own", "policies of your own"),
        "unknown": ("an effect not on record", "effects not on record"),
    }
)
# Licence terms longer than this are left to their row.
_LONGEST_TERMS = 110
# A subject up to this long is told in brackets.
_SHORT = 60
# Kinds of effect that are spelled out, and subjects of one kind: more would not be read.
_MOST_KINDS, _MOST_SUBJECTS = 2, 2


type _ByEffect = dict[tuple[int, EffectKind], list[MeasureText]]


class PartyEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What the law does to dealings with a party on a day.

    `lead` is the gravest that is in force, in one sentence; `rest` what else is, what waits, what
    depends on a question, and what comes next; `aside` is only the last two of these.
    """

    lead: str
    rest: str
    aside: str

    @property
    def whole(self) -> str:
        """The sentences together, as a screen reader says them."""
        return " ".join(filter(None, (self.lead, self.rest)))


def link_in_words(link: PartyLink) -> str:
    """Write why two listings are one party: `SDN List, UK Sanctions List: they print one …`."""
    lists = dict.fromkeys(list_title(each.partition("-")[0]) for each in (link.one, link.other))
    return f"{', '.join(lists)}: {_WORDS[link.kind].format(link.met)}"


def does_in_words(text: MeasureText) -> str:
    """Return what a measure does to the party asked about, in a sentence or two.

    The licence terms that the entry prints come first; then the effects that it prints, or the
    register's plain words. What does not bind on the day says so.
    """
    measure = text.measure
    if text.licence:
        return text.licence[0]
    if not binds(measure.status):
        return text.sentence
    return duty(measure)


def party_effect(
    texts: Iterable[MeasureText], as_of: date, answers: Mapping[str, str] | None = None
) -> PartyEffect:
    """Return what the measures do on the day `as_of`.

    `answers` are `yes`, `no` or something else to the questions of measures, by their ids; None
    where nobody was asked.

    `In force on 27 Nov 2026: its assets are frozen by the United States and the United Kingdom.`
    """
    texts, answers = sorted(texts, key=lambda each: severity(each.measure)), answers or {}
    certain = [
        each for each in texts if each.question is None or answers.get(each.measure.id) == "yes"
    ]
    own = [each for each in certain if not loosens(each.measure)]
    binding = [each for each in own if binds(each.measure.status)]
    ended = [each for each in own if is_over(each.measure.status)]
    others = [each for each in own if not binds(each.measure.status)]
    waiting = [each for each in others if not is_over(each.measure.status)]
    asking = {each.measure.id for each in texts if each.question is not None}
    open_ones = [each for each in asking if answers.get(each) not in {"yes", "no"}]
    coming = next_change(each for each in texts if answers.get(each.measure.id) != "no")
    clauses, beside = _clauses(binding)
    aside = (
        *(_not_yet(each) for each in own[:1] if each.measure.as_of < as_of),
        _eased(certain),
        _open_measures({each.measure.id: each for each in texts if each.measure.id in open_ones}),
        _ahead(coming) if binding or waiting else "",
    )
    rest = (beside, *(_named(waiting) if binding else ()), *aside)
    return PartyEffect(
        lead=_lead((binding, clauses), waiting, ended, day_in_words(as_of)),
        rest=" ".join(filter(None, rest)),
        aside=" ".join(filter(None, aside)),
    )


def _lead(
    told: tuple[Sequence[MeasureText], Sequence[str]],
    waiting: Sequence[MeasureText],
    ended: Sequence[MeasureText],
    on: str,
) -> str:
    binding, clauses = told
    if clauses:
        return f"In force on {on}: {'; '.join(clauses)}."
    if binding:
        return f"In force on {on}, and forbids nothing by itself: {binding[0].title}."
    if waiting or ended:
        return f"No measure is in force on {on}. {' '.join(_named(waiting or ended))}"
    return f"No measure on record reaches it for certain on {on}."


def _named(texts: Sequence[MeasureText]) -> tuple[str, ...]:
    """Name measures with their status: `Russia (UK): Suspended until 27 Nov 2026.`."""
    named = (f"{each.title} ({each.measure.jurisdiction}): {each.badge}." for each in texts)
    each_once = tuple(dict.fromkeys(named))
    rest = len(each_once) - _MOST_SUBJECTS
    more = (f"{count(rest).capitalize()} more below.",) if rest > 0 else ()
    return (*each_once[:_MOST_SUBJECTS], *more)


def _open_measures(open_ones: Mapping[str, MeasureText]) -> str:
    """Return how many measures reach something else than the party itself, or the only one."""
    if not open_ones:
        return ""
    owning = all("ownership" in each.measure.attaches_by for each in open_ones.values())
    reach = "what it owns or controls" if owning else "others on a condition"
    if len(open_ones) == 1:
        return f"One more reaches {reach}: {next(iter(open_ones.values())).title}."
    return f"{count(len(open_ones)).capitalize()} more reach {reach}."


def _not_yet(text: MeasureText) -> str:
    """Return that the day asked about has not begun where the strictest measure is made."""
    return "" if text.own_day is None else text.own_day.line


def _eased(certain: Iterable[MeasureText]) -> str:
    """Return how many licences that are in force loosen a part of it."""
    number = sum(each.measure.status == "eased_by_licence" for each in certain)
    if not number:
        return ""
    licences = "licence" if number == 1 else "licences"
    return (
        f"{count(number).capitalize()} {licences} in force loosen{'s' * (number == 1)} part of it."
    )


def next_change(texts: Iterable[MeasureText]) -> tuple[date, str] | None:
    """Return the day of the first change of measures that acts already state, and what changes."""
    return min((change for each in texts for change in _changes(each)), default=None)


def _changes(text: MeasureText) -> Iterator[tuple[date, str]]:
    measure = text.measure
    if measure.next_change_on is not None and text.ahead is not None:
        yield measure.next_change_on, f"{text.ahead} ({text.title})"
    for event in measure.upcoming:
        on = event.effective_on
        if on is not None and on > measure.as_of and not is_only_announced(event):
            yield on, f"{day_in_words(on)} ({text.title})"


def _ahead(coming: tuple[date, str] | None) -> str:
    if coming is None:
        return "No coming change is on record."
    return f"Next change on record: {coming[1]}."


def _clauses(binding: Sequence[MeasureText]) -> tuple[list[str], str]:
    """Return a clause for each of the gravest kinds of effect, and a sentence on the others."""
    first, beside = _effects(binding)
    told: dict[EffectKind, str] = {}
    for rank, kind in sorted(first):
        if kind in told or len(told) == _MOST_KINDS:
            beside.setdefault((rank, kind), []).extend(first[rank, kind])
        else:
            told[kind] = _clause(kind, first[rank, kind]) + _doubt(first[rank, kind])
    by_whom: dict[str, list[str]] = {}
    for rank, kind in sorted(beside):
        texts = beside[rank, kind]
        by_whom.setdefault(_by(texts), []).append(_named_beside(kind, texts, told))
    named = "; ".join(f"by {whom}: {', '.join(kinds)}" for whom, kinds in by_whom.items())
    return [*told.values()], f"Also {named}." if named else ""


def _effects(binding: Iterable[MeasureText]) -> tuple[_ByEffect, _ByEffect]:
    """Return the measures by the gravest that each does, and by what else it does."""
    first: _ByEffect = {}
    beside: _ByEffect = {}
    for text in binding:
        told = [each for each in text.measure.effect if each.kind in _CLAUSE]
        told.sort(key=effect_rank)
        for effect in told[:1]:
            first.setdefault((effect_rank(effect), effect.kind), []).append(text)
        for effect in {each.kind: each for each in reversed(told)}.values():
            if effect.kind != told[0].kind:
                beside.setdefault((effect_rank(effect), effect.kind), []).append(text)
    return first, beside


def _named_beside(
    kind: EffectKind, texts: Sequence[MeasureText], told: Collection[EffectKind]
) -> str:
    """Name a kind of effect with its subject, if short, else with the measure's title."""
    one, many = _NOUNS[kind]
    noun = many if len(texts) > 1 else one
    if kind in told:
        noun = f"other {many}" if len(texts) > 1 else f"another {one.split(' ', maxsplit=1)[1]}"
    on = list(dict.fromkeys(subject.split(" (")[0] for _, subject in _subjects(kind, texts)))
    shown = [each for each in on if len(each) <= _SHORT][:_MOST_SUBJECTS]
    if not shown and kind in told:
        shown, on = [texts[0].title], [each.title for each in texts]
    rest = len(on) - len(shown) if shown else 0
    more = f" and {count(rest)} more" if rest else ""
    if all(each.measure.imposed == "not_printed" for each in texts):
        noun = f"perhaps {noun}"
    return f"{noun}{f' ({", ".join(shown)}{more})' if shown else ''}"


def _clause(kind: EffectKind, texts: Sequence[MeasureText]) -> str:
    """Write one kind of effect with who imposes it, and its subjects where it has any."""
    if kind == "licence_required":
        return _licence(texts)
    subjects = _subjects(kind, texts)
    if kind not in _CLAUSE_OF or not subjects:
        return _CLAUSE[kind].format(_by(texts))
    shown, places = subjects[:_MOST_SUBJECTS], dict[str, list[str]]()
    for place, subject in shown:
        places.setdefault(place, []).append(subject)
    words = "; ".join(
        _CLAUSE_OF[kind].format(place, ", ".join(each)) for place, each in places.items()
    )
    if all(each.measure.imposed == "not_printed" for each in texts):
        words = f"perhaps {words}"
    rest = len(subjects) - len(shown)
    return f"{words} and {count(rest)} more" if rest else words


def _licence(texts: Sequence[MeasureText]) -> str:
    """Write the terms that an entry prints, or else what a licence is needed for.

    Of long terms it says only how applications are answered.
    """
    printed = next((each for each in texts if each.licence), None)
    if printed is not None:
        terms = printed.licence[0].split(". ", maxsplit=1)[0].rstrip(".")
        if len(terms) > _LONGEST_TERMS:
            needed = _CLAUSE["licence_required"].format(_by(texts))
            answers = (words for words, _ in ANSWERS.values() if terms.endswith(words))
            return ", and ".join((f"{needed} on the terms that its entry prints", *answers))
        return f"{terms[:1].lower()}{terms[1:]} (by {place_named(printed.measure.jurisdiction)})"
    subjects = _subjects("licence_required", texts)
    if not subjects:
        return _CLAUSE["licence_required"].format(_by(texts))
    place, subject = subjects[0]
    rest = len(subjects) - 1
    if subject.startswith("unless "):
        return f"{_CLAUSE['licence_required'].format(_by(texts))} {subject}"
    words = _CLAUSE_OF["licence_required"].format(place, subject)
    return f"{words} and {count(rest)} more" if rest else words


def _subjects(kind: EffectKind, texts: Iterable[MeasureText]) -> tuple[tuple[str, str], ...]:
    """Return who imposes a kind of effect on what, each once, in the order of the measures."""
    found = (
        (place_named(text.measure.jurisdiction), effect.what)
        for text in texts
        for effect in text.measure.effect
        if effect.kind == kind and effect.what is not None
    )
    return tuple(dict.fromkeys(found))


def _by(texts: Iterable[MeasureText]) -> str:
    *first, last = dict.fromkeys(place_named(each.measure.jurisdiction) for each in texts)
    return f"{', '.join(first)} and {last}" if first else last


def _doubt(texts: Iterable[MeasureText]) -> str:
    """Return what the statuses add; nothing where one of the measures is simply in force."""
    words: list[StatusWord] = [each.measure.status for each in texts]
    strictest = min(words, key=strictness)
    return f" ({STATUSES[strictest].doubt})" if all(STATUSES[word].doubt for word in words) else ""
