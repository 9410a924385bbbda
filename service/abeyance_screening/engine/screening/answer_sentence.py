"""The answer about a name as a whole: what the law on all its listings is, and that in a sentence.

A sentence says what measures do and draws no conclusion for a company. What is true only of some
of the listings is told of these.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.lists.listing import DENIALS
from abeyance_screening.engine.lists.titles import country_named, list_title, place_named
from abeyance_screening.engine.measures.measure import Effect
from abeyance_screening.engine.measures.severity import (
    Grade,
    effect_rank,
    grade_of,
    grade_rank,
    is_licence_list,
)
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import (
    STATUSES,
    StatusWord,
    binds,
    is_over,
    strictness,
)
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Coverage,
    InputWarning,
    PartyOwner,
)
from abeyance_screening.engine.screening.coverage_line import (
    capitalised,
    coverage_line,
    doubts,
)
from abeyance_screening.engine.screening.family import Candidate, Family, Kin, loosens
from abeyance_screening.engine.screening.family_answer import (
    ChangeAhead,
    FamilyAnswer,
    OpenIdentity,
    StrictestEffect,
)
from abeyance_screening.primitives.days import count, day_in_words

_NEXT_CLAUSE = "; "
_MORE = "More may be listed: "
_FOR_ALL = "licence needed for all items"
# What an effect is, without and with its subject.
_NOUNS: Mapping[Grade, tuple[str, str]] = MappingProxyType(
    {
        "freeze": ("assets frozen", ""),
        "ban_on_all_dealings": ("ban on all dealings", "ban on {}"),
        "not_on_record": ("an effect not on record, to be treated as a restriction", ""),
        "licence_for_all_items": (_FOR_ALL, ""),
        "ban_or_licence": ("some dealings banned or under licence", "ban on {}"),
        "import_ban": ("import ban", "import ban on {}"),
        "travel_ban": ("entry ban", ""),
        "debarment": ("debarment", "debarment from {}"),
        "due_diligence": ("extra checks called for", ""),
        "fee": ("a charge", ""),
        "own_policy": ("review by your own policy", ""),
        "nothing_by_itself": ("", ""),
    }
)
_NEEDED = "licence needed for {}"
_DISQUALIFIED = "bar on directing companies"
_UNTOLD = "ban on some dealings, not named in this edition"
IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "a choice of sanctions under s.235": "sanctions chosen under CAATSA section 235",
        "all dealings in items subject to the EAR": "ban on all dealings in items under US "
        "export rules",
        "as each determination says": "the bans that its determination names",
        "as listed in the entry": "the bans that the entry names",
        "as written in the order": "the bans that the order names",
        "banks must reject transfers": "transfers rejected by banks",
        "exports": "ban on exports to it",
        "payments to it, and capital transactions and services with it": "licence needed for "
        "payments, capital transactions and services",
        "individual licences only": "licence needed for each export",
        "securities": "ban on trading its securities",
        "services to, of or for the party": "ban on services to it, by it or for it",
        "unless clearly harmless": "licence needed for exports to it unless clearly harmless",
        "use of licence exceptions": "no use of licence exceptions",
    }
)
"""What an effect is whose subject in the register makes no phrase after `ban on` or `for`."""
# A subject up to this long is told; kinds of effect that are told, names and namesakes.
_SHORT, _MOST_EFFECTS, _MOST_NAMED, _MOST_NAME = 72, 4, 2, 80
_MOST_RULES = 2
_MOST_COUNTRIES = 2
_MOST_SHARING, _MOST_TITLES = 20, 3
# In a row among others so many kinds of effect are told; the rest is counted.
_MOST_IN_SHORT = 2
_LESSER = re.compile("and ([a-z]+) lesser effects?")
_GRADES_TOLD = tuple(map(count, range(len(_NOUNS))))

# What a reason of parties has after a name, where the country agrees.
_COUNTRY = re.compile("^, [A-Z]{2}(?![A-Z])")

type Law = tuple[MeasureOnDay, str]
"""A measure that reaches a listing, and the code of its list."""


class AnswerScope(msgspec.Struct, frozen=True):
    """What holds for the answers to one question; `today` is the UTC day on which it is asked."""

    coverage: Coverage
    as_of: date
    threshold: float
    today: date


# --- What the law on all listings of a family is.


def family_answer(name: str, family: Family, scope: AnswerScope) -> FamilyAnswer:
    """Return the answer for everything that is listed under a name as a whole."""
    leading, *others = family.members
    law = _law_on(family.members)
    known = frozenset([measure.id for measure, _ in law])
    otherwise = [each for each in family.sharing if each.is_otherwise(known)]
    under_another = {each.party for each in otherwise}
    sharing = [*otherwise, *(each for each in family.sharing if each.party not in under_another)]
    depends = [*_open_lead(family), *(_open(leading, each) for each in others)]
    answer = FamilyAnswer(
        sentence="",
        lists=_lists(law, family.members),
        strictest=_strictest(law),
        sure=_sure(family),
        depends_on=tuple(depends),
        next_change=_next_change(law),
        parties=tuple(each.party for each in family.members),
        sharing=tuple(each.party for each in sharing[:_MOST_SHARING]),
        sharing_count=len(sharing),
        sharing_otherwise=len(otherwise),
        namesakes=tuple(each.party for each in family.namesakes),
    )
    sentence = _sentence(name, family, answer, (law, scope))
    return msgspec.structs.replace(answer, sentence=sentence)


def _law_on(members: Sequence[Candidate]) -> list[Law]:
    """Return the measures that the listings bring by themselves, most severe first."""
    law = sorted(chain.from_iterable([each.law for each in members]), key=itemgetter(0))
    return [(measure, code) for _, measure, code in law]


def _strictest(law: Iterable[Law]) -> StrictestEffect | None:
    measure = next((each for each, _ in law if not loosens(each)), None)
    if measure is None:
        return None
    return StrictestEffect(
        effect=min(measure.effect, key=effect_rank).kind,
        by=measure.jurisdiction,
        status=measure.status,
        measure=measure.id,
    )


def _lists(law: Iterable[Law], members: Iterable[Candidate]) -> tuple[str, ...]:
    codes = (code for measure, code in law if not loosens(measure))
    every = sorted(each.listing.list_code for member in members for each in member.listings)
    return tuple(dict.fromkeys((*codes, *every)))


def _next_change(law: Iterable[Law]) -> ChangeAhead | None:
    coming = [
        ChangeAhead(on=each.next_change_on, status=each.next_change_to, measure=each.id)
        for each, _ in law
        if each.next_change_on is not None and each.next_change_to is not None
    ]
    return min(coming, key=lambda each: (each.on, each.measure), default=None)


def _open_lead(family: Family) -> Iterator[OpenIdentity]:
    """Yield what is open where the leading party has not the whole name."""
    leading = family.members[0]
    if not family.is_certain:
        because = "The listed name is not the one asked for."
        yield _identity(leading, because)


def _open(leading: Candidate, other: Candidate) -> OpenIdentity:
    reason = leading.facts.perhaps.get(other.party)
    if reason is None:
        reason = "no number or address that both lists print settles it"
    name = other.name
    same, told = f"both are named {name}", f"{reason[:1].upper()}{reason[1:]}."
    if name.casefold() != leading.name.casefold():
        return _identity(other, told)
    if reason.casefold().startswith(same.casefold()):
        told = f"Both are called that{_COUNTRY.sub('', reason[len(same) :])}."
    return _identity(other, told, f"whether it is the {name} of {_titles(other)} as well")


def _identity(party: Candidate, because: str, what: str = "") -> OpenIdentity:
    return OpenIdentity(
        what=what or f"whether it is {party.name}",
        because=because,
        party=party.party,
        lists=tuple(sorted(party.facts.lists)),
    )


def _sure(family: Family) -> str:
    """Return which lists print which name: `Entity List has “Dahua Technology”; …`."""
    lists = dict[str, dict[str, None]]()
    for each in family.members:
        codes = lists.setdefault(each.name, {})
        codes |= dict.fromkeys(hit.listing.list_code for hit in each.listings)
    many = {name: codes for name, codes in lists.items() if len(codes) > _MOST_TITLES}
    told = [_prints(name, [*codes]) for name, codes in lists.items() if name not in many]
    if many:
        counts = [f"{count(len(codes))} have “{_cut(name)}”" for name, codes in many.items()]
        counts[0] = counts[0].replace(" have", " lists have", 1)
        told.insert(0, f"{_and(counts)} under this or another name")
    sure = "; ".join(told)
    return f"{sure[:1].upper()}{sure[1:]}."


def _prints(name: str, codes: Sequence[str]) -> str:
    if all(map(_is_of_register, codes)):
        return f"a measure names “{_cut(name)}”"
    verb = "has" if len(codes) == 1 else "have"
    return f"{_and(list(map(list_title, codes)))} {verb} “{_cut(name)}”"


# --- The sentence.


def _sentence(
    name: str, family: Family, answer: FamilyAnswer, told: tuple[Sequence[Law], AnswerScope]
) -> str:
    law, scope = told
    parts = (
        f"{_subject(name, family)}: {_on_lists(answer.lists)}.",
        _effects_in_words(law, scope.as_of, family),
        *(if_still_owned(each) for each in family.owners[:_MOST_NAMED]),
        _entries(family),
        _sharing(answer, family),
        _namesakes(family),
        _incomplete(scope.coverage),
    )
    return " ".join(filter(None, parts))


def _subject(name: str, family: Family) -> str:
    """Name who is spoken of: the name as asked, with the listed one where that is another."""
    leading, asked = family.members[0], _cut(name)
    listed = _cut(leading.name)
    if not family.is_certain and (leading.differs or leading.kin is not Kin.TRADED):
        differs = f" ({leading.differs})" if leading.differs else ""
        return f"{listed}{_of_place(leading)}, perhaps meant by “{asked}”{differs}"
    if not leading.is_agreed and (leading.kin > Kin.PLACED or not family.is_certain):
        return f"{listed}, found for “{asked}”"
    named = (each.name.casefold() for each in family.members)
    return asked if any(asked.casefold() in each for each in named) else f"{asked} ({listed})"


def _of_place(party: Candidate) -> str:
    """Return where a party is by what lists print: ` of Iran`; nothing of many countries."""
    countries = sorted(party.facts.countries)
    if not 0 < len(countries) <= _MOST_COUNTRIES:
        return ""
    return f" of {' and '.join(map(country_named, countries))}"


def _on_lists(codes: Sequence[str]) -> str:
    published = [code for code in codes if not _is_of_register(code)]
    if not published:
        return "on no published list, but named in a measure"
    named = ", and named in a measure" if len(published) < len(codes) else ""
    if len(published) == 1:
        return f"on one list, {list_title(published[0])}{named}"
    return f"on {count(len(published))} lists{named}"


def _is_of_register(code: str) -> bool:
    known = LIST_BY_CODE.get(code)
    return known is not None and known.of_register


def _effects_in_words(law: Sequence[Law], as_of: date, family: Family) -> str:
    """Return what is in force, the strictest first, or what stands in its place."""
    own = [measure for measure, _ in law if not loosens(measure)]
    on = day_in_words(as_of)
    clauses = list(_clauses([each for each in own if binds(each.status)], _review(family)))
    if clauses:
        rest = len(clauses) - _MOST_EFFECTS
        more = f"; and {count(rest)} lesser effect{'s' * (rest > 1)}" if rest > 0 else ""
        return f"In force on {on}: {_NEXT_CLAUSE.join(clauses[:_MOST_EFFECTS])}{more}."
    idle = [each for each in own if STATUSES[each.status].bearing == "waits"]
    if idle:
        return f"No measure is in force on {on}. {_idle_in_words(idle[0])}"
    if any(is_over(each.status) for each in own):
        return f"No measure is in force on {on}: what was in force has ended."
    if own:
        return f"In force on {on}, and forbids nothing by itself: {own[0].title}."
    return f"No measure on record reaches it for certain on {on}."


class _Review(msgspec.Struct, frozen=True):
    """How applications are answered by the entries of a family, and the lists that print it.

    The words are empty where no entry refuses normally; `lists` are ids of measures.
    """

    words: str
    lists: frozenset[str]


def _review(family: Family) -> _Review:
    found = {
        hit.listing.id: (hit.licence_policy in DENIALS, measure.id)
        for member in family.members
        for hit in member.listings
        for measure in filter(is_licence_list, hit.measures)
        if hit.licence_policy is not None and binds(measure.status)
    }
    refused = [is_refused for is_refused, _ in found.values()]
    some = "" if all(refused) else " under some of its entries"
    lists = frozenset(measure for is_refused, measure in found.values() if is_refused)
    return _Review(f"normally refused{some}" if lists else "", lists)


def _idle_in_words(measure: MeasureOnDay) -> str:
    until = "" if measure.until is None else f" until {day_in_words(measure.until)}"
    title = f"{measure.title[:1].upper()}{measure.title[1:]}"
    facts = STATUSES[measure.status]
    return f"{title} ({measure.jurisdiction}) {facts.idle or f'is {facts.state}'}{until}."


type _Grouped = dict[Grade, dict[str | None, list[MeasureOnDay]]]


def _clauses(binding: Iterable[MeasureOnDay], review: _Review) -> Iterator[str]:
    """Yield a clause for each grade of effect, the gravest first, with at most two subjects."""
    grouped: _Grouped = {}
    for measure in binding:
        for effect in {grade_of(each): each for each in reversed(measure.effect)}.values():
            subject = _UNTOLD if _is_untold(measure, effect) else _subject_of(effect)
            grouped.setdefault(grade_of(effect), {}).setdefault(subject, []).append(measure)
    grouped.pop("nothing_by_itself", None)
    for grade in sorted(grouped, key=grade_rank):
        yield _and(list(_of_grade(grade, grouped, review)))


def _of_grade(grade: Grade, grouped: _Grouped, review: _Review) -> Iterator[str]:
    by_subject = grouped[grade]
    named = sorted(each for each in by_subject if each is not None)
    for subject in named[:_MOST_NAMED]:
        yield _clause(subject, by_subject[subject])
    if grade == "licence_for_all_items" and None in by_subject:
        yield _reviewed(by_subject[None], review)
    elif None in by_subject and not named:
        yield _clause(_NOUNS[grade][0], by_subject[None])
    rest = len(named) - _MOST_NAMED
    if rest > 0:
        yield f"{count(rest)} more"


def _clause(noun: str, measures: Sequence[MeasureOnDay]) -> str:
    return f"{noun} ({_by(measures)}{_doubt(measures)})"


def _reviewed(measures: Sequence[MeasureOnDay], review: _Review) -> str:
    """Write that all items need a licence, and how those who print it answer applications.

    `licence needed for all items, normally refused (US, BIS)`; of several places
    `licence needed for all items (Taiwan, US: normally refused)`.
    """
    printing = [each for each in measures if each.id in review.lists]
    if not printing:
        return _clause(_FOR_ALL, measures)
    theirs = dict.fromkeys(_code_or_name(each.jurisdiction) for each in printing)
    beside = {_code_or_name(each.jurisdiction) for each in measures} - theirs.keys()
    if not beside:
        return _clause(f"{_FOR_ALL}, {review.words}", measures)
    places = ", ".join((*sorted(beside), *sorted(theirs)))
    return f"{_FOR_ALL} ({places}: {review.words}{_doubt(measures)})"


def _is_untold(measure: MeasureOnDay, effect: Effect) -> bool:
    """Return whether the loaded edition does not print which of several bans an entry is under."""
    if measure.imposed != "not_printed" or grade_of(effect) != "ban_or_licence":
        return False
    return sum(grade_of(each) == "ban_or_licence" for each in measure.effect) > 1


def _subject_of(effect: Effect) -> str | None:
    """Return what an effect is, with its subject; None where that is long or says nothing."""
    grade, what = grade_of(effect), effect.what
    if effect.kind == "director_disqualification":
        return _DISQUALIFIED
    of_subject = _NEEDED if effect.kind == "licence_required" else _NOUNS[grade][1]
    if what is not None and what in IN_WORDS:
        return IN_WORDS[what]
    if what is None or len(what) > _SHORT or not of_subject or grade == "licence_for_all_items":
        return None
    return of_subject.format(what.split(" (")[0])


def _by(measures: Iterable[MeasureOnDay]) -> str:
    """Name who does it: `Japan, UK, US`; of one country the authority too: `US, BIS`."""
    places = dict.fromkeys(_code_or_name(each.jurisdiction) for each in measures)
    if len(places) > 1:
        return ", ".join(sorted(places))
    authorities = dict.fromkeys(each.authority for each in measures)
    is_told = len(authorities) == 1 and "US" in places
    return ", ".join((*places, *authorities)) if is_told else next(iter(places))


def _code_or_name(jurisdiction: str) -> str:
    return place_named(jurisdiction).removeprefix("the ")


def _doubt(measures: Iterable[MeasureOnDay]) -> str:
    """Return what the statuses add; nothing where one of the measures is simply in force."""
    words: list[StatusWord] = [each.status for each in measures]
    strictest = min(words, key=strictness)
    is_all = all(STATUSES[word].doubt for word in words)
    return f", {STATUSES[strictest].doubt}" if is_all else ""


def if_still_owned(owner: PartyOwner) -> str:
    """Return which rules on what an owner owns reach a party, if the owner still owns it.

    `If it is still owned by Wingtech Technology Co., Ltd.: Affiliates Rule (BIS), in force by
    lapse, unconfirmed.` Empty where no rule is in force or to come back.
    """
    alive = [each for each in owner.rules if STATUSES[each.status].bearing in {"binds", "waits"}]
    told = [f"{each.title} ({each.authority}), {_of_rule(each.status)}" for each in alive]
    if not told:
        return ""
    rest = len(told) - _MOST_RULES
    more = f"; and {count(rest)} more" if rest > 0 else ""
    rules = _NEXT_CLAUSE.join(told[:_MOST_RULES])
    return f"If it is still owned by {_cut(owner.name)}: {rules}{more}."


def _of_rule(word: StatusWord) -> str:
    facts = STATUSES[word]
    if word == "in_force_by_lapse":
        return f"in force by lapse, {facts.doubt}"
    return f"in force, {facts.doubt}" if facts.bearing == "binds" and facts.doubt else facts.state


def _entries(family: Family) -> str:
    """Return that several parties are probably one, or that a list speaks against it."""
    leading, *others = family.members
    if not others:
        return ""
    entries = count(sum(len(each.listings) for each in family.members))
    both = {code for each in others for code in each.facts.lists & leading.facts.lists}
    if both:
        title = list_title(min(both))
        return f"Whether these {entries} entries are one party is open: {title} has more than one."
    return f"These {entries} entries are probably one and the same party."


def _sharing(answer: FamilyAnswer, family: Family) -> str:
    shared, otherwise = answer.sharing_count, answer.sharing_otherwise
    if not shared:
        return ""
    if shared == 1:
        rule = ", under a different rule" if otherwise else ""
        other = _cut(family.sharing[0].name)
        return _ended(
            f"One more listed party has the name, alone or within another: {other}{rule}"
        )
    number = "all" if otherwise == shared else f"{count(otherwise)} of them"
    rule = f", {number} under a different rule" if otherwise else ""
    told = f"{count(shared).capitalize()} more listed parties have the name"
    return f"{told}, alone or within another{rule}."


def _namesakes(family: Family) -> str:
    others = family.namesakes
    if not others:
        return ""
    told = [f"{_cut(each.name)} ({_titles(each)})" for each in others[:_MOST_NAMED]]
    rest = len(others) - len(told)
    more = f"; {count(rest)} more" if rest > 0 else ""
    start = (
        "Another party is" if len(others) == 1 else f"{count(len(others)).capitalize()} others are"
    )
    return f"{start} listed under the same name: {'; '.join(told)}{more}."


def _titles(party: Candidate) -> str:
    codes = sorted(party.facts.lists)
    if len(codes) > _MOST_TITLES:
        return f"{count(len(codes))} lists"
    return _and([_title(code) for code in codes])


def _title(code: str) -> str:
    return "named in a measure" if _is_of_register(code) else list_title(code)


def _incomplete(coverage: Coverage) -> str:
    doubt = doubts(coverage)
    return f"{_MORE}{_lowered(doubt)}" if doubt else ""


class SentencePieces(msgspec.Struct, frozen=True, kw_only=True):
    """The sentence of an answer with listings, without what a page says of its coverage itself.

    `others` is what is said of entries that are probably one, and of other parties.
    """

    subject: str
    where: str
    law: str
    others: str


def pieces_of(answer: FamilyAnswer) -> SentencePieces:
    """Return the sentence of an answer in pieces, for a page that sets them apart."""
    where = _on_lists(answer.lists)
    subject, _, told = answer.sentence.partition(f": {where}. ")
    law, _, rest = told.partition(". ")
    others = rest.partition(_MORE)[0].strip()
    return SentencePieces(subject=subject, where=where, law=f"{law}.", others=others)


def law_in_short(answer: FamilyAnswer) -> str:
    """Return what the law does as the sentence of an answer says, without the day.

    More than two effects are cut: `Assets frozen (UK, US); ban on exports (Japan); and 2 more.`
    """
    law = pieces_of(answer).law
    start, _, told = law.partition(": ")
    if not start.startswith("In force on ") or "," in start:
        return law
    clauses = told.removesuffix(".").split(_NEXT_CLAUSE)
    lesser = _LESSER.fullmatch(clauses[-1])
    beside = 0 if lesser is None else _GRADES_TOLD.index(lesser[1]) - 1
    rest = len(clauses[_MOST_IN_SHORT:]) + beside
    shown = [*clauses[:_MOST_IN_SHORT], *([f"and {rest} more"] if rest else [])]
    return f"{capitalised(_NEXT_CLAUSE.join(shown))}."


def gravest_clause(answer: FamilyAnswer) -> str:
    """Return the strictest of the law in a line: `assets frozen (Japan, UK, US)`."""
    law = pieces_of(answer).law
    _, _, clauses = law.partition(": ")
    first = (clauses or law).partition("; and ")[0].partition(_NEXT_CLAUSE)[0].rstrip(".")
    return f"{first[:1].upper()}{first[1:]}"


# --- Nothing found.


def told(result: CounterpartyResult, scope: AnswerScope) -> CounterpartyResult:
    """Return a result without hits with its answer: what was compared, or why nothing is said."""
    if result.outcome == "hits":
        return result
    sentence = f"{_cut(result.name)}: {_nothing(result, scope)}"
    return msgspec.structs.replace(result, answer=FamilyAnswer(sentence=sentence))


def _nothing(result: CounterpartyResult, scope: AnswerScope) -> str:
    on = day_in_words(scope.as_of)
    if result.outcome == "owner_hits":
        return f"on {on} not listed itself in what was searched, but an owner of it may be."
    if result.outcome == "incomplete":
        causes = (doubts(scope.coverage), *_hidden(result.warnings))
        why = " ".join(filter(None, causes))
        return f"cannot say on {on}. {why} No listing was found in what was searched."
    line = coverage_line(scope.coverage, scope.as_of, scope.today, found=False)
    numbers = len(result.numbers)
    compared = "its name" + (f" and {count(numbers)} of its numbers" if numbers else "")
    return (
        f"on {on} {_lowered(line)} Compared was {compared}, down to a score of "
        f"{scope.threshold:.2f}. This is no clearance: rules that name no company may apply."
    )


def _hidden(warnings: Iterable[InputWarning]) -> Iterator[str]:
    """Yield what of a question may hide a listed party."""
    return (f"{each.field}: {each.reason}." for each in warnings if each.may_hide)


# --- Small words.


def _ended(text: str) -> str:
    """Return a sentence with its full stop, which the name of a company may have already."""
    return text if text.endswith(".") else f"{text}."


def _cut(name: str) -> str:
    text = " ".join(name.split())
    return text if len(text) <= _MOST_NAME else f"{text[: _MOST_NAME - 1].rstrip()}…"


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _and(texts: Sequence[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
