"""Whom a name means: the listings that have it as a whole, and those that only contain it.

A name that people use is seldom printed so: one list has `Dahua`, another `Dahua Technology`. The
listings of the whole name are its family. A party that a list names beside the leading one, such
as a subsidiary, only shares the name; so does one that has more than a legal form, `Group` or a
place beside it. No party is of the family against what lists print: another kind of party, other
countries, or other words behind the same initials.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from functools import cached_property, lru_cache
from operator import itemgetter

import msgspec
from rapidfuzz import fuzz, utils

from abeyance_screening.engine.lists.listing import EntityType, Listing
from abeyance_screening.engine.measures.severity import Severity, severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.names.form.normalise import distinct_words, normalise
from abeyance_screening.engine.names.form.stems import (
    is_attachment,
    is_branch_word,
    is_place,
    is_stem,
    without_variant,
)
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word, printed_letters
from abeyance_screening.engine.screening.answer import PartyHit, PartyOwner
from abeyance_screening.engine.screening.parties.traits import seats_of

NEARLY_SAME = 0.9
"""From this score on a name with a slip in it means the party although it is not whole."""
# From this score on a party may lead by its own name; a match worse by so much is as good.
_WHOLE, _NO_WORSE = 0.8, 0.02
# A match worse by more than one that has the whole asked name in it never leads.
_WORSE = 0.1
# Names of listings whose forms are kept: an answer about a group compares some twenty.
_FORMS = 1 << 13
# The place of parties that have no whole name, after those that have.
_LAST = 5
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OF_HAN = frozenset({"CN", "JP", "KR", "MY", "SG", "TW", "VN"})
# Two names with a letter or two between them: Myanma and Myanmar Economic Corporation (98).
_MISSPELLED = 96.0
_TWO_WORDS = 2
# One name may be that of two parties, several seldom are.
_TWO_NAMES = 2
# A word of at most so many letters may be the initials of several parties.
_LONGEST_INITIALS = 5
# A word that says something of whose name it is, for comparing the names behind initials.
_TELLING = 0.5
# A word in the own name of a subsidiary that is no word of its group's name.
_RARE = 0.8
_OF = re.compile(r"\bof\b", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[\uff08][^()\[\]\uff08\uff09]*[)\]\uff09]")


# --- What a name means: listings, the parties that they are, and the family.


class Kin(IntEnum):
    """How a listed name has the asked one in it, the closest first.

    `SAME`: nothing else but legal forms; `BESIDE`: with such words as Group or Technology, or with
    the place of its seat before it; `TRADED`: with words of its trade; `PLACED`: with a place
    after it, as of a branch; `HOLDS`: with any other words; `APART`: not as a whole.
    """

    SAME = 0
    BESIDE = 1
    TRADED = 2
    PLACED = 3
    HOLDS = 4
    APART = 5


class ListingMet(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that the question meets: where it is, and how its name has the asked one in it.

    `own` is how its primary name has it, where an alias has it as closely as `kin`. `differs`
    says in words what the two names do not have alike; it is empty where one is all of the other.
    """

    position: int
    kin: Kin
    own: Kin
    score: float
    entity_type: EntityType | None
    list_code: str
    differs: str = ""


type Law = tuple[Severity, MeasureOnDay, str]
"""A measure that reaches a listing, by how severe it is, and the code of its list."""


def loosens(measure: MeasureOnDay) -> bool:
    """Return whether a measure only eases what others do."""
    return any(effect.kind == "easing" for effect in measure.effect)


class PartyFacts(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What lists print of a party on the day, whatever is asked; what follows from it is kept.

    `prints` are all its listings of the day, and `places` where the index has them. `perhaps` are
    the parties that may be the same, each with the reason, and `apart` those that a list names
    beside it.
    """

    party: str
    places: tuple[int, ...]
    prints: tuple[Listing, ...]
    perhaps: Mapping[str, str]
    apart: frozenset[str]

    @cached_property
    def lists(self) -> frozenset[str]:
        """The codes of its lists."""
        return frozenset([each.list_code for each in self.prints])

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that its lists print, of those that tell parties apart."""
        return seats_of([code for each in self.prints for code in each.countries])

    @cached_property
    def entity_type(self) -> EntityType | None:
        """The kind of party, of the first listing that states one."""
        for each in self.prints:
            if each.entity_type is not None:
                return each.entity_type
        return None

    @cached_property
    def called(self) -> tuple[str, ...]:
        """The names by which its lists call it, each once."""
        return tuple(dict.fromkeys(each.primary_name for each in self.prints))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of these names."""
        return self._own_words(0.0)

    @cached_property
    def telling(self) -> frozenset[str]:
        """Those of the words that say something of whose name it is."""
        return self._own_words(_TELLING)

    def _own_words(self, least: float) -> frozenset[str]:
        named = (shape_of(each).words for each in self.called)
        return frozenset([word.text for words in named for word in words if word.weight >= least])


class PartyLaw(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The listings of a party on the day with their measures, where the index has them."""

    places: tuple[int, ...]
    listings: tuple[PartyHit, ...]

    @cached_property
    def law(self) -> tuple[Law, ...]:
        """The measures that the listings bring by themselves, most severe first."""
        found = {
            (measure.id, measure.status, each.listing.list_code): measure
            for each in self.listings
            for measure in each.measures
            if measure.condition is None
        }
        law = [(severity(each, code), each, code) for (_, _, code), each in found.items()]
        return tuple(sorted(law, key=itemgetter(0)))


class Candidate(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """A party that the question meets, at least with one listing.

    `is_agreed` says that more than the name agrees with the question: a number, a country, an
    address. `show` returns its law, and `reaching` only the ids of measures that its listings
    bring by themselves, which costs a fifth of it.
    """

    facts: PartyFacts
    meetings: tuple[ListingMet, ...]
    is_agreed: bool
    show: Callable[[PartyFacts], PartyLaw]
    reaching: Callable[[PartyFacts], frozenset[str]]

    @property
    def party(self) -> str:
        """The id of the party."""
        return self.facts.party

    @property
    def law(self) -> tuple[Law, ...]:
        """The measures that its listings bring by themselves, most severe first."""
        return self._shown.law

    @cached_property
    def listings(self) -> tuple[PartyHit, ...]:
        """All listings of the party on the day, those that are met first, best first."""
        known = dict(zip(self._shown.places, self._shown.listings, strict=True))
        return tuple([known[each] for each in self._ordered])

    @cached_property
    def name(self) -> str:
        """The name by which the listing calls it that is met best."""
        place = self._ordered[0]
        return self.facts.prints[self.facts.places.index(place)].primary_name

    def is_otherwise(self, known: frozenset[str]) -> bool:
        """Return whether its strictest rule is none of the measures with these ids."""
        if self.reaching(self.facts) <= known:
            return False
        strictest = next((each.id for _, each, _ in self.law if not loosens(each)), None)
        return strictest is not None and strictest not in known

    @cached_property
    def _shown(self) -> PartyLaw:
        return self.show(self.facts)

    @cached_property
    def _ordered(self) -> tuple[int, ...]:
        met = dict.fromkeys(each.position for each in self.meetings)
        places = self.facts.places
        return (*(each for each in met if each in places), *(p for p in places if p not in met))

    @cached_property
    def kin(self) -> Kin:
        """How its closest name has the asked one in it."""
        return min([each.kin for each in self.meetings])

    @cached_property
    def score(self) -> float:
        """Its best score by name."""
        return max([each.score for each in self.meetings])

    @cached_property
    def differs(self) -> str:
        """What the closest of its names differs in from the asked one, if any does."""
        return min((each.differs for each in self.meetings), key=len)

    @property
    def is_firm(self) -> bool:
        """Whether it is an organisation, or of no stated kind."""
        return self.facts.entity_type in {None, "organisation"}


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """The parties that the asked name means, the likeliest first, and the others that have it.

    `sharing` have more words than the name; a list names some of them beside a party of the
    family. `namesakes` have no more, and are another party by what lists print. `owners` are
    listed parties that are said to own one of the family.
    """

    members: tuple[Candidate, ...]
    sharing: tuple[Candidate, ...]
    namesakes: tuple[Candidate, ...]
    owners: tuple[PartyOwner, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether the leading party has the whole asked name, or more than the name agrees."""
        leading = self.members[0]
        if leading.is_agreed:
            return True
        if leading.differs:
            return False
        if leading.kin <= Kin.BESIDE:
            return True
        if leading.score >= NEARLY_SAME:
            return leading.kin is not Kin.PLACED
        return leading.kin is Kin.TRADED and not self._is_of_group

    @property
    def _is_of_group(self) -> bool:
        """Whether a list has several companies of the name, and none has it alone."""
        leading = self.members[0]
        others = (each for each in self.sharing if each.kin <= Kin.HOLDS)
        return any(each.facts.lists & leading.facts.lists for each in others)


# --- How a listed name has the asked one in it.


class Shape(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A name by its distinct words; what is asked of it again and again is worked out once."""

    form: ComparisonForm

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words without repeats, in printed order."""
        return distinct_words(self.form)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Their texts."""
        return tuple([word.text for word in self.words])

    @cached_property
    def known(self) -> frozenset[str]:
        """Their texts, in no order."""
        return frozenset(self.texts)

    @cached_property
    def is_stem(self) -> bool:
        """Whether the words may be what remains of another name."""
        return is_stem(self.words)

    @cached_property
    def stem(self) -> tuple[str, ...]:
        """The words without places and additions around them, if they are rare."""
        words, first, last = self.words, 0, len(self.words)
        while first < last and is_place(words[first].text):
            first += 1
        while first < last and _says_little(words[last - 1]):
            last -= 1
        return self.texts[first:last] if is_stem(words[first:last]) else ()

    @cached_property
    def is_initials(self) -> bool:
        """Whether it may be the initials of several parties."""
        # Сухой is no longer than IRISL
        letters = len(self.form.printed) + (not self.form.printed.isascii())
        if len(self.form.words) != 1 or letters > _LONGEST_INITIALS:
            return False
        return len(self.form.words[0].text) <= _LONGEST_INITIALS

    @cached_property
    def is_han(self) -> bool:
        """Whether it is written in Han characters."""
        return not self.form.printed.isascii() and _HAN.search(self.form.printed) is not None


@lru_cache(_FORMS)
def shape_of(printed: str) -> Shape:
    """Return the shape of a printed name without what is in brackets, such as initials."""
    return Shape(normalise(_BRACKETED.sub(" ", printed).strip() or printed))


def kin_of(asked: Shape, listed: Shape, printed: str) -> Kin:
    """Return how a listed name has the asked one in it, by whole words.

    `listed` is the name as it met, which may be a piece of the name as it is `printed`: an
    abbreviation in brackets is the name of the party only if the rest is what it stands for.
    """
    kin = kin_of_words(asked, listed)
    if kin is Kin.APART and asked.form.joined == listed.form.joined:
        kin = Kin.SAME
    if kin > Kin.BESIDE or not _BRACKETED.search(printed):
        return kin
    return kin if _is_whole(listed, printed) else Kin.HOLDS


def kin_within(around: Iterable[Word]) -> Kin:
    """Return how a listed name has the asked one in it that has these words around it instead."""
    return Kin.PLACED if any(is_place(word.text) for word in around) else Kin.SAME


def kin_of_words(asked: Shape, listed: Shape) -> Kin:
    """Return how a name has the asked one in it, by whole words alone."""
    if asked.known == listed.known:
        return Kin.SAME
    stem = asked.stem
    if stem and stem == listed.stem:
        is_placed = _added(listed.texts, asked, stem) or _added(asked.texts, listed, stem)
        return Kin.PLACED if is_placed else Kin.BESIDE
    if not asked.known <= listed.known:
        return Kin.APART
    is_traded = stem and all(word.is_trade_word for word in _other_words(asked, listed))
    return Kin.TRADED if is_traded else Kin.HOLDS


def what_differs(asked: Shape, listed: Shape) -> str:
    """Return what two names in Latin letters do not have alike, but for legal forms; or nothing.

    `“DIO”, not “DJO”`, `with “Cyprus”`. Words that are compared as one may be printed otherwise:
    Alfa is Alpha only by its sound. Initials with a legal form are the same only with that form.
    """
    if not (asked.form.printed.isascii() and listed.form.printed.isascii()):
        return ""
    forms = asked.form.legal_forms, listed.form.legal_forms
    if len(asked.form.joined) < _LONGEST_INITIALS and asked.form.joined == listed.form.joined:
        return "initials alone" if forms[0] and forms[0] != forms[1] else ""
    ours, theirs = (
        {printed_letters(word.printed): word for word in each.words} for each in (asked, listed)
    )
    if "".join(ours) == "".join(theirs):
        return ""
    lacked = [word for letters, word in ours.items() if letters not in theirs]
    more = [word for letters, word in theirs.items() if letters not in ours]
    shared = {word.text for word in lacked} & {word.text for word in more}
    if not shared:
        return ""
    return f"{_quoted(more, shared)}, not {_quoted(lacked, shared)}"


def _quoted(words: Iterable[Word], texts: Iterable[str]) -> str:
    return "“" + " ".join(word.printed for word in words if word.text in texts) + "”"


def _other_words(asked: Shape, listed: Shape) -> Iterator[Word]:
    """Yield the words that a name has beside the asked one, but for places and additions."""
    ours = asked.known
    return (word for word in listed.words if word.text not in ours and not _says_little(word))


def _added(texts: Sequence[str], other: Shape, stem: Sequence[str]) -> list[str]:
    """Return the places after the stem of a name that the other name has not."""
    after = texts[texts.index(stem[-1]) + 1 :]
    return [text for text in after if text not in other.known and is_place(text)]


def kin_by_name(kin: Kin, own: Kin, asked: Shape, primary: Shape) -> Kin:
    """Return how a listing has the asked name in it that has it as an alias.

    A subsidiary goes by the name of its group as well. Its own name has more in it: for initials
    any other word, for a longer name a rare one. `own` is how its primary name has it.
    """
    if own not in {Kin.HOLDS, Kin.TRADED}:
        return min(own, kin)
    is_another = any(
        asked.is_initials or (word.weight >= _RARE and not word.is_trade_word)
        for word in _other_words(asked, primary)
    )
    return Kin.HOLDS if is_another else kin


def is_within(primary: Shape, asked: Shape) -> bool:
    """Return whether the asked name has the whole of a primary one, as PMC Wagner has Wagner."""
    is_part = primary.is_stem and primary.known <= asked.known
    letters = sum(map(len, primary.texts))
    return letters >= _LONGEST_INITIALS - 1 and (is_part or are_variants(primary, asked))


def are_variants(one: Shape, other: Shape) -> bool:
    """Return whether two names differ in a plural at most: Houthi, the Houthis; Air, Airways."""
    return [*map(without_variant, one.texts)] == [*map(without_variant, other.texts)]


def _says_little(word: Word) -> bool:
    return is_attachment(word.text) or is_place(word.text)


def _is_whole(met: Shape, printed: str) -> bool:
    """Return whether what met is the name of a party that is printed with more in brackets."""
    rest = _BRACKETED.sub(" ", printed)
    outside = Shape(normalise(rest))
    if not outside.words or kin_of_words(met, outside) <= Kin.BESIDE:
        return True
    if Shape(normalise(printed)).texts == met.texts:
        return True
    ends = printed.rstrip()[-1] in ")]\uff09"
    return ends and len(met.words) == 1 and _stands_for(met.form.joined, rest)


def _stands_for(initials: str, name: str) -> bool:
    """Return whether these are letters that words of a name begin with, the first one first."""
    heads = [found.group()[0].casefold() for found in re.finditer(r"\w+", name)]
    if not heads or heads[0] != initials[0]:
        return False
    left = iter(heads)
    return all(letter in left for letter in initials)


# --- Who leads, and who is of the family.


def family_of(asked: Shape, candidates: Sequence[Candidate]) -> Family:
    """Return whom a name means, of the parties that it meets, at least one, likeliest first."""
    best = max(each.score for each in candidates)
    least = _least_of_leading(asked, candidates)
    ranks = {
        each.party: (each.score < least and not each.is_agreed, *_rank(asked, each, best), place)
        for place, each in enumerate(candidates)
    }
    leading = min(candidates, key=lambda each: ranks[each.party])
    members, sharing, namesakes = [leading], list[Candidate](), list[Candidate]()
    others = [each for each in candidates if each is not leading]
    for each in sorted(others, key=lambda other: (other.kin, ranks[other.party])):
        if _other_kind(asked, leading, each):
            continue
        if each.kin <= Kin.BESIDE and _has_other_initials(asked, leading, each):
            namesakes.append(each)
        elif not (asked.is_initials and _extends(leading, each)) and _belongs(
            asked, members, each
        ):
            if each.kin <= Kin.BESIDE and _is_stranger(asked, leading, each):
                (namesakes if each.kin is Kin.SAME else sharing).append(each)
            else:
                members.append(each)
        elif each.kin <= Kin.HOLDS and each.is_firm:
            sharing.append(each)
    return Family(members=tuple(members), sharing=tuple(sharing), namesakes=tuple(namesakes))


def _least_of_leading(asked: Shape, candidates: Iterable[Candidate]) -> float:
    """Return the least score of who leads: not far below the best that has the whole asked name.

    Initials are the alias of many; whom they mean, their own name tells better than a score.
    """
    if asked.is_initials:
        return 0.0
    whole = (each.score for each in candidates if each.kin <= Kin.HOLDS)
    return max(whole, default=0.0) - _WORSE


def _rank(asked: Shape, candidate: Candidate, best: float) -> tuple[float, ...]:
    """Return how likely a party is meant before others: by the name that it has itself.

    A party of that name comes before Sukhoi Aviation, which others call Sukhoi too, and that
    before one of another name, of which it is an alias. Initials are the alias of many; whom
    several lists call so comes first. `best` is the score of the best of the candidates.
    """
    whole = [each for each in candidate.meetings if each.kin <= Kin.BESIDE]
    lists = {each.list_code for each in whole if each.score >= best - _NO_WORSE}
    is_own = any(each.own <= Kin.BESIDE and each.score >= _WHOLE for each in whole)
    tier = _LAST + candidate.kin
    if candidate.is_agreed:
        tier = 0
    elif asked.is_initials and len(lists) > 1:
        tier = 1
    elif is_own:
        tier = 2
    elif _is_called_so(asked, candidate):
        tier = 3
    elif whole:
        tier = 4
    is_far = _is_from_afar(asked, candidate)
    return is_far, tier, not candidate.is_firm, -round(candidate.score, 2), -len(lists)


def _is_from_afar(asked: Shape, candidate: Candidate) -> bool:
    """Return whether a name in Han characters is asked for, and a party is of no such country."""
    countries = candidate.facts.countries
    return asked.is_han and bool(countries) and not countries & _OF_HAN


def _is_called_so(asked: Shape, candidate: Candidate) -> bool:
    """Return whether a party is as good as of a name that it has with its trade beside it."""
    if asked.is_initials:
        return False
    return any(each.own is Kin.TRADED and each.score >= NEARLY_SAME for each in candidate.meetings)


def _other_kind(asked: Shape, leading: Candidate, other: Candidate) -> bool:
    """Return whether two parties are of two kinds; without a kind it is a firm.

    Several lists state none of their people: one of the same name of two words is that person.
    """
    kinds = {leading.facts.entity_type, other.facts.entity_type}
    if kinds == {None, "person"} and len(asked.form.words) > 1:
        return not leading.kin == other.kin == Kin.SAME
    return len({each or "organisation" for each in kinds}) > 1


def _is_stranger(asked: Shape, leading: Candidate, other: Candidate) -> bool:
    """Return whether a party of the asked name is another one, by what lists print."""
    is_own = any(each.own <= Kin.BESIDE for each in other.meetings)
    if asked.is_stem:
        return other.party not in leading.facts.perhaps and _are_abroad(leading, other)
    is_worse = other.score < leading.score - _NO_WORSE and not is_own
    return (other.party in leading.facts.apart and is_worse) or _are_abroad(leading, other)


def _are_abroad(leading: Candidate, other: Candidate) -> bool:
    here, there = leading.facts.countries, other.facts.countries
    return bool(here and there and not here & there)


def _has_other_initials(asked: Shape, leading: Candidate, other: Candidate) -> bool:
    """Return whether the same initials stand for other words."""
    if not asked.is_initials:
        return False
    word, ours, theirs = asked.form.words[0].text, leading.facts.telling, other.facts.telling
    if word in theirs or ours & theirs or (word in ours and _prints(other, word)):
        return False
    return not any(_is_spelled_so(each, other) for each in leading.facts.called)


def _prints(candidate: Candidate, word: str) -> bool:
    """Return whether a list calls a party by a name with a word in it, in brackets or not."""
    names = map(normalise, candidate.facts.called)
    return any(word == each.text for name in names for each in name.words)


def _extends(leading: Candidate, other: Candidate) -> bool:
    """Return whether a party is printed by the name of the leading one and more words."""
    heads = tuple(each.casefold() for each in leading.facts.called)
    names = [each.casefold() for each in other.facts.called]
    return all(name.startswith(heads) and name not in heads for name in names)


def _belongs(asked: Shape, members: Sequence[Candidate], other: Candidate) -> bool:
    """Return whether a party may be one of these: no list of theirs names it beside them."""
    leading = members[0]
    if other.facts.lists <= _lists(members) and not _is_listed_twice(leading, other):
        return False
    if _is_branch(asked, leading, other):
        return False
    if other.kin <= Kin.BESIDE or is_variant(leading, other):
        return True
    is_perhaps = any(other.party in each.facts.perhaps for each in members)
    if leading.kin <= Kin.BESIDE:
        known = leading.facts.words | asked.known
        is_rare = asked.is_stem
        rest = (other.facts.telling if is_rare else other.facts.words) - known
        more = [each for each in rest if not is_place(each) and not is_attachment(each)]
        is_apart = other.kin > Kin.TRADED and other.party in leading.facts.apart
        is_perhaps = is_perhaps and not is_apart
        return (is_perhaps and not more) or _is_near(asked, leading, other)
    is_same = leading.facts.words == other.facts.words
    return is_same and (is_perhaps or not _are_abroad(leading, other))


def _is_listed_twice(leading: Candidate, other: Candidate) -> bool:
    """Return whether a list has both, and one of the two entries prints all names of the other.

    Australia lists the Houthis by a decision of the United Nations and by one of its own.
    """
    if other.kin > Kin.BESIDE:
        return False
    for ours in leading.facts.prints:
        names = _spellings(ours)
        for theirs in other.facts.prints:
            shared = names & _spellings(theirs)
            if ours.list_code == theirs.list_code and len(shared) >= _TWO_NAMES:
                return len(shared) == min(len(names), len(_spellings(theirs)))
    return False


def _spellings(listing: Listing) -> frozenset[str]:
    return frozenset([shape_of(name.text).form.joined for name in listing.names])


def is_variant(one: Candidate, other: Candidate) -> bool:
    """Return whether two parties that may be one are called by variants of one name."""
    if other.party not in one.facts.perhaps:
        return False
    ours, theirs = ([*map(shape_of, each.facts.called)] for each in (one, other))
    return any(are_variants(here, there) for here in ours for there in theirs)


def _is_branch(asked: Shape, leading: Candidate, other: Candidate) -> bool:
    """Return whether one of two parties is International, Global of the other's brand."""
    ours, theirs = leading.facts.words, other.facts.words
    if any(map(is_branch_word, asked.texts)):
        return any(map(is_branch_word, ours - theirs))
    more = theirs - asked.known
    return any(map(is_branch_word, more - ours)) and all(map(is_attachment, more))


def _is_near(asked: Shape, leading: Candidate, other: Candidate) -> bool:
    """Return whether a party has the whole of a long name, misspelled or with what it is."""
    if len(asked.form.words) < _TWO_WORDS or _are_abroad(leading, other):
        return False
    if other.kin is Kin.APART:
        return _is_spelled_so(asked.form.printed, other)
    if other.score < NEARLY_SAME:
        return False
    return other.kin is Kin.PLACED or any(_is_told(asked, each) for each in other.facts.called)


def _is_spelled_so(printed: str, other: Candidate) -> bool:
    """Return whether a party has a name with no more than a letter or two of another."""
    alike = (
        fuzz.ratio(printed, name, processor=utils.default_process) >= _MISSPELLED
        for name in _names(other)
    )
    return any(alike)


def _is_told(asked: Shape, printed: str) -> bool:
    """Return whether a name is the asked one after what it is: Information Agency Segodnya."""
    listed, count = shape_of(printed), len(asked.form.words)
    if listed.texts[-count:] != asked.texts or _OF.search(printed):
        return False
    return all(word.weight < _RARE and word.text.isalpha() for word in listed.words[:-count])


def _names(candidate: Candidate) -> Iterator[str]:
    return (name.text for each in candidate.facts.prints for name in each.names)


def _lists(members: Iterable[Candidate]) -> frozenset[str]:
    return frozenset([code for each in members for code in each.facts.lists])
