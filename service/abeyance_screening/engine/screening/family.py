"""Whom a name means: the listings that have it as a whole, and those that only contain it.

A name that people use is seldom printed so: one list has `Dahua`, another `Dahua Technology`. The
listings of the whole name are its family. A party that a list names beside the leading one, such
as a subsidiary, only shares the name; so does one that has more than a legal form, `Group` or a
place beside it. No party is of the family against what lists print: another kind of party, other
countries, or other words behind the same initials.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, utils

from abeyance_screening.engine.names.form.normalise import distinct_words, normalise
from abeyance_screening.engine.names.form.stems import is_attachment, is_place, is_stem
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match.framed import words_around
from abeyance_screening.engine.screening.kin import NEARLY_SAME, Candidate, Family, Kin

# Two names with a letter or two between them: Myanma and Myanmar Economic Corporation (98).
_MISSPELLED = 96.0
_TWO_WORDS = 2
# A word of at most so many letters may be the initials of several parties.
_LONGEST_INITIALS = 5
# A word that says something of whose name it is, for comparing the names behind initials.
_TELLING = 0.5
# A word in the own name of a subsidiary that is no word of its group's name.
_RARE = 0.8
_BRACKETED = re.compile(r"[(\[\uff08][^()\[\]\uff08\uff09]*[)\]\uff09]")


# --- How a listed name has the asked one in it.


def kin_of(asked: ComparisonForm, listed: ComparisonForm, printed: str) -> Kin:
    """Return how a listed name has the asked one in it, by whole words.

    `listed` is the name as it met, which may be a piece of the name as it is `printed`: an
    abbreviation in brackets is the name of the party only if the rest is what it stands for.
    """
    kin = _kin(distinct_words(asked), distinct_words(listed))
    if kin is Kin.APART:
        if asked.joined == listed.joined:
            kin = Kin.SAME
        elif around := words_around(asked, listed):
            return Kin.PLACED if any(is_place(word.text) for word in around) else Kin.SAME
    if kin > Kin.BESIDE or not _BRACKETED.search(printed):
        return kin
    return kin if _is_whole(listed, printed) else Kin.HOLDS


def _kin(asked: Sequence[Word], listed: Sequence[Word]) -> Kin:
    ours, theirs = _texts(asked), _texts(listed)
    if ours == theirs or {*ours} == {*theirs}:
        return Kin.SAME
    stem = _bare(asked)
    if stem and stem == _bare(listed):
        is_placed = _added(theirs, ours, stem) or _added(ours, theirs, stem)
        return Kin.PLACED if is_placed else Kin.BESIDE
    if not {*ours} <= {*theirs}:
        return Kin.APART
    more = [word for word in listed if word.text not in ours and not _says_little(word)]
    is_traded = stem and all(word.is_trade_word for word in more)
    return Kin.TRADED if is_traded else Kin.HOLDS


def _added(texts: Sequence[str], others: Sequence[str], stem: Sequence[str]) -> list[str]:
    """Return the places after the stem of a name that the other name has not."""
    after = texts[texts.index(stem[-1]) + 1 :]
    return [text for text in after if text not in others and is_place(text)]


def _bare(words: Sequence[Word]) -> list[str]:
    """Return the words of a name without places and additions around them, if they are rare."""
    first, last = 0, len(words)
    while first < last and is_place(words[first].text):
        first += 1
    while first < last and (is_attachment(words[last - 1].text) or is_place(words[last - 1].text)):
        last -= 1
    stem = words[first:last]
    return _texts(stem) if is_stem(stem) else []


def kin_by_name(kin: Kin, asked: ComparisonForm, primary: ComparisonForm) -> Kin:
    """Return how a listing has the asked name in it that has it as an alias.

    A subsidiary goes by the name of its group as well. Its own name has more in it: for initials
    any other word, for a longer name a rare one.
    """
    ours, theirs = distinct_words(asked), distinct_words(primary)
    own = _kin(ours, theirs)
    if own not in {Kin.HOLDS, Kin.TRADED}:
        return min(own, kin)
    is_short = _is_initials(asked)
    known = _texts(ours)
    more = [word for word in theirs if word.text not in known and not _says_little(word)]
    is_another = any(
        is_short or (word.weight >= _RARE and not word.is_trade_word) for word in more
    )
    return Kin.HOLDS if is_another else kin


def without_brackets(printed: str) -> str:
    """Return a name without what stands in brackets, such as the party's initials."""
    return _BRACKETED.sub(" ", printed).strip() or printed


def has_name(asked: ComparisonForm, primary: ComparisonForm) -> bool:
    """Return whether a primary name is the asked one, or has it with only such words beside it."""
    return _kin(distinct_words(asked), distinct_words(primary)) <= Kin.BESIDE


def is_within(primary: ComparisonForm, asked: ComparisonForm) -> bool:
    """Return whether the asked name has the whole of a primary one, as PMC Wagner has Wagner."""
    ours, words = distinct_words(asked), distinct_words(primary)
    if sum([len(word.text) for word in words]) < _LONGEST_INITIALS - 1:
        return False
    return {*_texts(words)} <= {*_texts(ours)} or _is_plural(ours, words)


def _is_plural(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Return whether two names of one word differ in its plural: Houthi, the Houthis."""
    here, there = _texts(one), _texts(other)
    return len(here) == len(there) == 1 and here[0].rstrip("s") == there[0].rstrip("s")


def _says_little(word: Word) -> bool:
    return is_attachment(word.text) or is_place(word.text)


def _texts(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words]


def _is_whole(met: ComparisonForm, printed: str) -> bool:
    """Return whether what met is the name of a party that is printed with more in brackets."""
    rest = _BRACKETED.sub(" ", printed)
    outside = distinct_words(normalise(rest))
    words = distinct_words(met)
    if not outside or _kin(words, outside) <= Kin.BESIDE:
        return True
    if _texts(distinct_words(normalise(printed))) == _texts(words):
        return True
    ends = printed.rstrip()[-1] in ")]\uff09"
    return ends and len(words) == 1 and _stands_for(met.joined, rest)


def _stands_for(initials: str, name: str) -> bool:
    """Return whether these are letters that words of a name begin with, the first one first."""
    heads = [found.group()[0].casefold() for found in re.finditer(r"\w+", name)]
    if not heads or heads[0] != initials[0]:
        return False
    left = iter(heads)
    return all(letter in left for letter in initials)


# --- Who leads, and who is of the family.


def family_of(asked: ComparisonForm, candidates: Sequence[Candidate]) -> Family:
    """Return whom a name means, of the parties that it meets, at least one, likeliest first."""
    places = {each.party: place for place, each in enumerate(candidates)}
    leading = min(candidates, key=lambda each: (_rank(each), places[each.party]))
    members, sharing, namesakes = [leading], list[Candidate](), list[Candidate]()
    others = [each for each in candidates if each is not leading]
    for each in sorted(others, key=lambda other: (other.kin, _rank(other), places[other.party])):
        if _other_kind(asked, leading, each):
            continue
        if each.kin <= Kin.BESIDE and _has_other_initials(asked, leading, each):
            namesakes.append(each)
        elif not (_is_initials(asked) and _extends(leading, each)) and _belongs(
            asked, members, each
        ):
            is_other = each.party not in leading.perhaps and _are_abroad(leading, each)
            if is_other and each.kin <= Kin.BESIDE:
                (namesakes if each.kin is Kin.SAME else sharing).append(each)
            else:
                members.append(each)
        elif each.kin <= Kin.HOLDS and _is_firm(each):
            sharing.append(each)
    return Family(members=tuple(members), sharing=tuple(sharing), namesakes=tuple(namesakes))


def _rank(candidate: Candidate) -> int:
    """Return how likely a party is meant before others: by the name that it has itself.

    Initials are the alias of many; who is named so, or by several lists, comes first.
    """
    if candidate.is_agreed:
        return -1
    if candidate.kin > Kin.BESIDE:
        return int(candidate.kin)
    whole = [each for each in candidate.meetings if each.kin <= Kin.BESIDE]
    is_own = any(each.is_own for each in whole)
    return 0 if is_own or len({each.list_code for each in whole}) > 1 else 1


def _other_kind(asked: ComparisonForm, leading: Candidate, other: Candidate) -> bool:
    """Return whether two parties are of two kinds; without a kind it is a firm.

    Several lists state none of their people: one of the same name of two words is that person.
    """
    kinds = {leading.entity_type, other.entity_type}
    if kinds == {None, "person"} and len(asked.words) > 1:
        return not leading.kin == other.kin == Kin.SAME
    return len({each or "organisation" for each in kinds}) > 1


def _is_firm(candidate: Candidate) -> bool:
    return candidate.entity_type in {None, "organisation"}


def _are_abroad(leading: Candidate, other: Candidate) -> bool:
    here, there = leading.countries, other.countries
    return bool(here and there and not here & there)


def _has_other_initials(asked: ComparisonForm, leading: Candidate, other: Candidate) -> bool:
    """Return whether the same initials stand for other words."""
    if not _is_initials(asked):
        return False
    word = asked.words[0].text
    ours, theirs = _own_words(leading), _own_words(other)
    return word not in theirs and not ours & theirs


def _is_initials(asked: ComparisonForm) -> bool:
    return len(asked.words) == 1 and len(asked.words[0].text) <= _LONGEST_INITIALS


def _extends(leading: Candidate, other: Candidate) -> bool:
    """Return whether a party is printed by the name of the leading one and more words."""
    heads = tuple(each.listing.primary_name.casefold() for each in leading.listings)
    names = [each.listing.primary_name.casefold() for each in other.listings]
    return all(name.startswith(heads) and name not in heads for name in names)


def _own_words(candidate: Candidate) -> frozenset[str]:
    """Return the telling words of the names by which lists call a party."""
    named = (distinct_words(normalise(each.listing.primary_name)) for each in candidate.listings)
    return frozenset([w.text for words in named for w in words if w.weight >= _TELLING])


def _belongs(asked: ComparisonForm, members: Sequence[Candidate], other: Candidate) -> bool:
    """Return whether a party may be one of these: no list of theirs names it beside them."""
    if other.lists <= _lists(members):
        return False
    if other.kin <= Kin.BESIDE:
        return True
    leading, ours, theirs = members[0], _own_words(members[0]), _own_words(other)
    is_perhaps = any(other.party in each.perhaps for each in members)
    if leading.kin <= Kin.BESIDE:
        more = {each for each in theirs - ours - {*_texts(asked.words)} if not is_place(each)}
        return (is_perhaps and not more) or _is_near(asked, leading, other)
    return ours == theirs and (is_perhaps or not _are_abroad(leading, other))


def _is_near(asked: ComparisonForm, leading: Candidate, other: Candidate) -> bool:
    """Return whether a party has the whole of a long name beside its country, or misspelled."""
    if len(asked.words) < _TWO_WORDS or _are_abroad(leading, other):
        return False
    if other.kin is Kin.APART:
        return any(
            fuzz.ratio(asked.printed, name, processor=utils.default_process) >= _MISSPELLED
            for name in _names(other)
        )
    return other.kin is Kin.PLACED and other.score >= NEARLY_SAME


def _names(candidate: Candidate) -> Iterator[str]:
    return (name.text for each in candidate.listings for name in each.listing.names)


def _lists(members: Iterable[Candidate]) -> frozenset[str]:
    return frozenset([code for each in members for code in each.lists])
