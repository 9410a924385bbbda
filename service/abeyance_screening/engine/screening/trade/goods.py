"""Goods: a transaction compared with what measures reach."""

import functools
import operator
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import chain
from typing import Literal

import msgspec
from babel import Locale

from abeyance_screening.engine.measures.measure import EndUse, ItemClass, Reach
from abeyance_screening.engine.measures.register.register import EU, EU_MEMBERS
from abeyance_screening.engine.screening.trade.transaction import (
    FactMet,
    Item,
    ItemKind,
    ReachFact,
    Transaction,
)

# --- Text as it appears: without invisible characters, letters and digits in one form.

# Invisible characters outside the categories Cf and Cc. Source: Unicode Character Database,
# DerivedCoreProperties.txt, Default_Ignorable_Code_Point.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
# Cyrillic and Greek letters that look like Latin ones, in both cases.
_SMALL = {
    **dict(zip("авекмнорстухіјѕ", "abekmhopctyxijs", strict=True)),
    **dict(zip("αβεζηικνορτυχ", "abezhiknoptyx", strict=True)),
}
_LATIN = {
    ord(each(letter)): each(latin)
    for letter, latin in _SMALL.items()
    for each in (str.lower, str.upper)
}


def as_shown(text: str) -> str:
    """Return the text without invisible characters and without surrounding white space.

    Width and style are normalised, digits of any script become `0` to `9`, and letters of other
    scripts that look like Latin ones become Latin, so that two such texts can be compared with
    each other but not with a text that was not brought to this form.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    seen = unicodedata.normalize("NFKC", "".join(filter(_is_seen, text)))
    return "".join(map(_plain_digit, seen)).translate(_LATIN).strip()


def _is_seen(sign: str) -> bool:
    if sign.isspace():
        return True
    return unicodedata.category(sign) not in {"Cf", "Cc"} and _FILLERS.match(sign) is None


def _plain_digit(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


# --- Verdicts, ordered so that "any of" is the greatest and "all of" the least.


class Verdict(IntEnum):
    """How well a given fact meets a required one: the greater, the better."""

    NOT_MET = 0
    OPEN = 1
    MET = 2


class FactVerdict(msgspec.Struct, frozen=True):
    """How a transaction compares with one requirement of a reach; `met` only if it is met."""

    name: ReachFact
    verdict: Verdict
    met: tuple[FactMet, ...] = ()


# --- Codes of items: the Harmonised System and control lists.

HS_LENGTHS = (4, 6, 8, 10)
# Source: Harmonised System Convention, art. 3: the codes are the same worldwide down to the
# six-digit subheading; what follows is each country's own.
_SAME_EVERYWHERE = 6
_DASH = "\u2010-\u2015-"
# A comma or a dash before more than two digits separates two codes.
_HS = re.compile(f"[0-9]{{2}}(?:[. ]?[0-9]{{2}}|[,{_DASH}][0-9]{{2}}(?![0-9]))*[.]?")
_NO_DIGIT = re.compile("[^0-9]")
# `3A090.a.1`; a change between letter and number separates levels as well.
_CONTROL_CODE = re.compile(
    f"([0-9])[ {_DASH}]?([A-E])[ {_DASH}]?([0-9]{{3}})"
    f"((?:(?:[., {_DASH}]|(?<=[0-9]))[a-z](?:[., {_DASH}]?[0-9]{{1,3}}(?![0-9]))?)*)[.]?",
    re.IGNORECASE,
)
_LEVEL = re.compile("[a-z]|[0-9]+")
_HEAD = 5
EAR99 = "EAR99"
"""The class of what is under US export rules and on no entry of the Commerce Control List.

Source: 15 CFR 734.3(c).
"""
_EAR99 = re.compile(f"EAR[ {_DASH}]?99[.]?", re.IGNORECASE)

type Numbering = Literal["ccl", "shared", "own"]
"""What a control code says to an authority that does not name it.

To `ccl`, whose list is the Commerce Control List, it says which entry the item is on, or with
EAR99 that it is on none. To `shared`, whose list is numbered in the same way, EAR99 says nothing.
To `own`, whose list is numbered in another way, no code that it does not name says anything.
"""


def read_hs(text: str) -> str | None:
    """Return the digits of an HS code; None if the characters or the length are wrong.

    Full stops, spaces, commas and dashes may separate pairs of digits.
    """
    shown = as_shown(text)
    digits = _NO_DIGIT.sub("", shown)
    return digits if _HS.fullmatch(shown) and len(digits) in HS_LENGTHS else None


def read_control_code(text: str) -> str | None:
    """Return an entry of a control list in one spelling, `3A090.a.1`, or EAR99, or None."""
    shown = as_shown(text)
    if _EAR99.fullmatch(shown) is not None:
        return EAR99
    found = _CONTROL_CODE.fullmatch(shown)
    if found is None:
        return None
    category, group, number, levels = found.groups()
    return ".".join(_levels(f"{category}{group}{number}{levels}"))


def compare_hs(given: str, wanted: str) -> Verdict:
    """Compare a code with the beginning of a code, both digits only.

    If the two agree in the first six digits and differ after them, the result is open: the later
    digits count differently in each country.
    """
    verdict = _compare(given, wanted)
    if verdict is Verdict.NOT_MET and given[:_SAME_EVERYWHERE] == wanted[:_SAME_EVERYWHERE]:
        return Verdict.OPEN
    return verdict


def compare_control_code(given: str, wanted: str) -> Verdict:
    """Compare an entry with one that includes all below it: `3A090.a` meets `3A090`."""
    return _compare(_levels(given), _levels(wanted))


def _compare(given: Sequence[str], wanted: Sequence[str]) -> Verdict:
    """Return met if all that is wanted is given, open if what is given is only its beginning."""
    shared = min(len(given), len(wanted))
    if given[:shared] != wanted[:shared]:
        return Verdict.NOT_MET
    return Verdict.OPEN if shared < len(wanted) else Verdict.MET


def _levels(code: str) -> tuple[str, ...]:
    return code[:_HEAD].upper(), *_LEVEL.findall(code[_HEAD:].lower())


# --- Words of a description: whether it contains the name of a class.

# Kana, Han and Hangul: written without reliable spaces.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_HAS_CJK = re.compile(f"[{_CJK}]")
_WORD = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
# The accents of Latin, Greek and Cyrillic; the marks of other scripts are letters.
_LAST_ACCENT = "\u036f"
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""))
_SHORTEST_SINGULAR = 3


class Phrase(msgspec.Struct, frozen=True):
    """The name of a class in a form to search for.

    `words` are the forms of each word in order. `run` is set instead if the name has Chinese,
    Japanese or Korean in it: its letters alone, to be found anywhere.
    """

    words: tuple[frozenset[str], ...]
    run: str | None


class Description:
    """A description split once, to search for many phrases in it."""

    def __init__(self, printed: str) -> None:
        self.printed = printed.strip()
        words = _words(printed)
        self._run = "".join(words)
        self._places: defaultdict[str, set[int]] = defaultdict(set)
        for place, word in enumerate(words):
            for form in _forms(word):
                self._places[form].add(place)

    def has(self, called: str) -> bool:
        """Return whether these words are in the description, one after another.

        Case, accents and simple plurals do not matter. A phrase without letter or digit is never
        found.
        """
        phrase = _phrase(called)
        if phrase.run is not None:
            return phrase.run in self._run
        if not phrase.words:
            return False
        ends = self._at(phrase.words[0])
        for word in phrase.words[1:]:
            ends = {place + 1 for place in ends} & self._at(word)
        return bool(ends)

    def _at(self, forms: frozenset[str]) -> set[int]:
        return {place for form in forms for place in self._places.get(form, ())}


# The items of the shipped register are named by some thousand phrases.
@functools.lru_cache(maxsize=16_384)
def _phrase(called: str) -> Phrase:
    words = _words(called)
    run = "".join(words) if _HAS_CJK.search(called) else None
    return Phrase(tuple(map(_forms, words)), run)


def _words(printed: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", printed.casefold())
    bare = "".join(
        letter for letter in apart if letter > _LAST_ACCENT or unicodedata.combining(letter) == 0
    )
    return _WORD.findall(as_shown(bare).casefold())


def _forms(word: str) -> frozenset[str]:
    """Return the word and whatever it may be the plural of; words that share a form match."""
    singulars = {
        word.removesuffix(ending) + instead
        for ending, instead in _PLURALS
        if word.endswith(ending) and not word.endswith("ss")
    }
    return frozenset({word} | {each for each in singulars if len(each) >= _SHORTEST_SINGULAR})


# --- The items of a transaction compared with those of a measure.

type _Compared = tuple[Verdict, ItemKind, str, str]
"""The verdict, the kind of comparison, what was given, and what it was compared with."""


class PositionedItem:
    """An asked item with its position and its description split into words."""

    def __init__(self, position: int, item: Item) -> None:
        self.position = position
        self.hs = item.hs
        self.control_code = item.control_code
        self.is_ear99 = item.control_code == EAR99
        self.description = None if item.description is None else Description(item.description)
        self.called = None if item.description is None else as_shown(item.description)


def compare_items(
    items: Sequence[PositionedItem], reach: Reach, numbering: Numbering
) -> FactVerdict:
    """Return the verdict on the items: any item in any class is enough; without items it is open.

    Each item that meets is reported with the first class that it meets.
    """
    facts = [_compare_item(item, reach, numbering) for item in items]
    verdict = max((fact.verdict for fact in facts), default=Verdict.OPEN)
    return FactVerdict("item", verdict, tuple(met for fact in facts for met in fact.met))


def _compare_item(item: PositionedItem, reach: Reach, numbering: Numbering) -> FactVerdict:
    facts = [_compare_class(item, wanted, numbering) for wanted in reach.items]
    if reach.items_of is not None:
        facts.append(_compare_unlisted(item, reach.items_of, numbering))
    return max(facts, key=lambda fact: fact.verdict)


def _compare_class(item: PositionedItem, wanted: ItemClass, numbering: Numbering) -> FactVerdict:
    """Compare an item with a class by whatever both sides have; with nothing, it is open.

    A code that matches is reported rather than words that do.
    """
    codes = list(_by_control_code(item, wanted))
    is_unnamed = all(verdict is Verdict.NOT_MET for verdict, *_ in codes)
    if is_unnamed and (numbering == "own" or (item.is_ear99 and numbering != "ccl")):
        codes.clear()
    compared = [*codes, *_by_hs(item, wanted), *_by_words(item, wanted)]
    if not compared:
        return FactVerdict("item", Verdict.OPEN)
    verdict, by, given, meets = max(compared, key=lambda each: each[0])
    if verdict is not Verdict.MET:
        return FactVerdict("item", verdict)
    return FactVerdict("item", verdict, (_met(item, by, given, (wanted.name, meets)),))


def _by_control_code(item: PositionedItem, wanted: ItemClass) -> Iterator[_Compared]:
    if item.control_code is not None:
        for code in wanted.control_codes:
            verdict = compare_control_code(item.control_code, code)
            yield verdict, "control_code", item.control_code, code


def _by_hs(item: PositionedItem, wanted: ItemClass) -> Iterator[_Compared]:
    if item.hs is not None:
        for code in wanted.hs:
            yield compare_hs(item.hs, code), "hs", item.hs, code


def _by_words(item: PositionedItem, wanted: ItemClass) -> Iterator[_Compared]:
    if item.description is None:
        return
    printed = item.description.printed
    for words in wanted.words:
        is_found = item.description.has(words)
        yield Verdict.MET if is_found else Verdict.NOT_MET, "words", printed, words
    for symbol in wanted.symbols:
        yield (
            Verdict.MET if item.called == as_shown(symbol) else Verdict.NOT_MET,
            "symbol",
            printed,
            symbol,
        )


def _compare_unlisted(item: PositionedItem, items_of: str, numbering: Numbering) -> FactVerdict:
    """Compare an item with items that nobody can list; a control code shows that it is one."""
    if item.is_ear99:
        return FactVerdict("item", Verdict.NOT_MET if numbering == "ccl" else Verdict.OPEN)
    if item.control_code is None:
        return FactVerdict("item", Verdict.OPEN)
    met = _met(item, "control_code", item.control_code, (items_of, item.control_code))
    return FactVerdict("item", Verdict.MET, (met,))


def _met(item: PositionedItem, by: ItemKind, given: str, wanted: tuple[str, str]) -> FactMet:
    item_class, meets = wanted
    return FactMet(
        fact="item",
        given=given,
        meets=meets,
        item=item.position,
        item_class=item_class,
        by=by,
    )


# --- Places and end uses compared with those of a measure.

# The wider use that a use is part of.
_WIDER: dict[EndUse, EndUse] = {"military_intelligence": "military"}


# The shipped register has some hundred lists of countries; a desk asks about few pairs at a time.
@functools.lru_cache(maxsize=8_192)
def compare_place(
    name: Literal["origin", "destination"], given: str | None, wanted: tuple[str, ...]
) -> FactVerdict:
    """Compare a country with a list of countries, in which `EU` means its member states."""
    if given is None:
        return FactVerdict(name, Verdict.OPEN)
    meets = {given, EU} if given in EU_MEMBERS else {given}
    return _any_of(name, given, [each for each in wanted if each in meets])


def compare_outside(
    name: Literal["origin", "destination"], given: str | None, excepted: tuple[str, ...]
) -> FactVerdict:
    """Compare a country with those that are left out; any other country meets.

    A destination that is not given meets as well: goods that are asked about are to be sent
    somewhere.
    """
    if given is None:
        return FactVerdict(name, Verdict.MET if name == "destination" else Verdict.OPEN)
    inside = compare_place(name, given, excepted).verdict is Verdict.MET
    return FactVerdict(name, Verdict.NOT_MET if inside else Verdict.MET)


def compare_use(given: EndUse | None, wanted: tuple[EndUse, ...]) -> FactVerdict:
    """Compare a use with a list of uses; a narrower use meets a wider one, a wider one is open."""
    if given is None:
        return FactVerdict("end_use", Verdict.OPEN)
    meets = {given, _WIDER.get(given)}
    fact = _any_of("end_use", given, [each for each in wanted if each in meets])
    if fact.verdict is Verdict.NOT_MET and given in {_WIDER.get(each) for each in wanted}:
        return FactVerdict("end_use", Verdict.OPEN)
    return fact


def _any_of(name: ReachFact, given: str, met: list[str]) -> FactVerdict:
    if not met:
        return FactVerdict(name, Verdict.NOT_MET)
    return FactVerdict(name, Verdict.MET, (FactMet(fact=name, given=given, meets=met[0]),))


_ORDER: tuple[ReachFact, ...] = ("item", "origin", "destination", "end_use", "beyond")


class Comparison(msgspec.Struct, frozen=True):
    """How a transaction compares with a measure.

    If it is met, `met` are the facts that meet it, without repeats. If it is open, `open` are the
    reaches that may be met, and `asks` what decides them.
    """

    verdict: Verdict
    met: tuple[FactMet, ...] = ()
    open: tuple[Reach, ...] = ()
    asks: tuple[ReachFact, ...] = ()


class Comparer:
    """A transaction, prepared once to be compared with many measures."""

    def __init__(self, transaction: Transaction) -> None:
        self._asked = transaction
        self._items = [
            PositionedItem(position, each) for position, each in enumerate(transaction.items)
        ]

    def compare(self, reaches: Iterable[Reach], numbering: Numbering = "shared") -> Comparison:
        """Compare the transaction with a measure's reaches; the best counts, and none is not met.

        `numbering` is that of the control list which the measure's authority keeps.
        """
        by_verdict: defaultdict[Verdict, list[tuple[Reach, tuple[FactVerdict, ...]]]] = (
            defaultdict(list)
        )
        for reach in reaches:
            around = tuple(self._around(reach))
            if any(fact.verdict is Verdict.NOT_MET for fact in around):
                continue
            facts = (*self._of_items(reach, numbering), *around)
            all_of = min((fact.verdict for fact in facts), default=Verdict.MET)
            by_verdict[all_of].append((reach, facts))
        verdict = max(by_verdict, default=Verdict.NOT_MET)
        best = by_verdict[verdict]
        facts = [fact for _, each in best for fact in each]
        match verdict:
            case Verdict.NOT_MET:
                return Comparison(verdict)
            case Verdict.OPEN:
                unknown: set[ReachFact] = {
                    fact.name for fact in facts if fact.verdict is Verdict.OPEN
                }
                asks = tuple(sorted(unknown, key=_ORDER.index))
                return Comparison(verdict, open=tuple(reach for reach, _ in best), asks=asks)
            case Verdict.MET:
                met = dict.fromkeys(each for fact in facts for each in fact.met)
                return Comparison(verdict, met=tuple(met))

    def may_be_under(self, reaches: Iterable[Reach]) -> bool:
        """Return whether the places and the use leave any of these reaches, whatever the items."""
        return any(
            all(fact.verdict is not Verdict.NOT_MET for fact in self._around(each))
            for each in reaches
        )

    def is_numbered_by(self, reaches: Iterable[Reach]) -> bool:
        """Return whether every entry that is given matches one that these reaches name."""
        given = [
            each.control_code
            for each in self._items
            if each.control_code is not None and not each.is_ear99
        ]
        if not given:
            return True
        entries = {
            code for reach in reaches for items in reach.items for code in items.control_codes
        }
        return all(
            any(compare_control_code(code, entry) is Verdict.MET for entry in entries)
            for code in given
        )

    def _of_items(self, reach: Reach, numbering: Numbering) -> Iterator[FactVerdict]:
        """Yield a verdict on the items, if the reach requires any."""
        if reach.items or reach.items_of is not None:
            yield compare_items(self._items, reach, numbering)

    def _around(self, reach: Reach) -> Iterator[FactVerdict]:
        """Yield one verdict for each other requirement, which are quicker to compare."""
        if reach.origin:
            yield compare_place("origin", self._asked.origin, reach.origin)
        if reach.destination:
            yield compare_place("destination", self._asked.destination, reach.destination)
        if reach.origin_except:
            yield compare_outside("origin", self._asked.origin, reach.origin_except)
        if reach.destination_except:
            yield compare_outside("destination", self._asked.destination, reach.destination_except)
        if reach.end_use:
            yield compare_use(self._asked.end_use, reach.end_use)
        if reach.beyond is not None:
            yield FactVerdict("beyond", Verdict.OPEN)


# --- An item as it is typed: an HS code, a control code or words, recognised by its form.

_CODE = "(?:[ -]?(?:codes?|numbers?|no[.]?))?[:. ]*"
_CALLED_HS = re.compile(
    f"(?<![a-z])(?:HTSUS|HTS|HS|TARIC|CN(?=[ -]?code)){_CODE}(?=[0-9])", re.IGNORECASE
)
_CALLED_CONTROL_CODE = re.compile(f"ECCN{_CODE}(?=[^ ])", re.IGNORECASE)
_HS_AMID_WORDS = re.compile("(?<![0-9.,])[0-9]{4}[.][0-9]{2}(?![0-9])")
_CONTROL_CODE_AMID_WORDS = re.compile(
    f"(?<![0-9a-z])(?:[0-9][A-E][0-9]{{3}}(?![0-9]|[a-z]{{2}})|EAR[ {_DASH}]?99(?![0-9a-z]))",
    re.IGNORECASE,
)
_ALMOST_CONTROL_CODE = re.compile(
    "[0-9][A-E](?:[0-9]{2}|[0-9]{4})(?:[.][a-z0-9.]*)?", re.IGNORECASE
)
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")


def item_from(text: str) -> Item:
    """Return the item that is meant; its code is not checked yet and may be invalid.

    A text is a code if it is called one (`HS 2846.90`, `ECCN 3A090`), has digits and no letter, is
    written like an entry of a control list, or is EAR99. So is a text that only looks like a code,
    or contains one among words: as words it would find nothing. Every other text is words.
    """
    shown = as_shown(text)
    called_hs, called_control_code = _CALLED_HS.match(shown), _CALLED_CONTROL_CODE.match(shown)
    if called_hs is not None:
        return Item(hs=shown[called_hs.end() :])
    if called_control_code is not None:
        return Item(control_code=shown[called_control_code.end() :])
    if _looks_like_hs(shown):
        return Item(hs=shown)
    if _looks_like_control_code(shown):
        return Item(control_code=shown)
    return Item(description=text.strip())


def _looks_like_hs(shown: str) -> bool:
    only_digits = any(map(str.isdigit, shown)) and not any(map(str.isalpha, shown))
    return (
        only_digits
        or read_hs(shown.translate(_LETTERS_FOR_DIGITS)) is not None
        or any(each.search(shown) for each in (_CALLED_HS, _HS_AMID_WORDS))
    )


def _looks_like_control_code(shown: str) -> bool:
    retyped = shown.translate(_LETTERS_FOR_DIGITS)
    return (
        read_control_code(retyped) is not None
        or _ALMOST_CONTROL_CODE.fullmatch(retyped) is not None
        or _CONTROL_CODE_AMID_WORDS.search(shown) is not None
    )


# --- The facts that decide whether a measure reaches a transaction, as one plain question.

# How many classes of items a question names; in brief, with many questions at once, how many.
_MOST_CLASSES = 5
_MOST_IN_BRIEF = 2
# If there are more countries than this, their codes are given.
_MOST_NAMES = 4
_USES: dict[EndUse, str] = {
    "military": "a military use",
    "military_intelligence": "military intelligence",
    "nuclear": "a nuclear use",
    "missile": "missiles",
    "chemical_biological": "chemical or biological weapons",
    "semiconductor_manufacturing": "the making of semiconductors",
    "advanced_computing": "advanced computing",
    "internal_repression": "internal repression",
    "civil": "a civil use",
}
_SHORT_NAMES = {"HK": "Hong Kong", "MO": "Macao", EU: "the European Union"}
_WITH_ARTICLE = frozenset({"AE", "BS", "CF", "DO", "GB", "GM", "KM", "MV", "NL", "PH", "US"})


def question_of(reaches: Iterable[Reach]) -> str:
    """Return the question that decides these reaches: yes means that at least one is met."""
    alike: dict[Reach, list[str]] = {}
    for reach in reaches:
        alike.setdefault(_without_items(reach), []).extend(_classes(reach))
    ways: dict[str, list[Reach]] = {}
    for reach, classes in alike.items():
        ways.setdefault(_named(classes, _MOST_CLASSES), []).append(reach)
    return " ".join(_question(named, each) for named, each in ways.items())


def brief_question_of(reaches: Iterable[Reach]) -> str:
    """Return one question on all these reaches: no means that none of them is met."""
    every = tuple(reaches)
    named = _named(_if_all(map(_classes, every)), _MOST_IN_BRIEF)
    return _question(named, _widest(every))


def _widest(reaches: Sequence[Reach]) -> tuple[Reach, ...]:
    """Return what includes all these reaches apart from items.

    The result has two reaches if places are on either side.
    """
    origins = [each.origin for each in reaches]
    destinations = [each.destination for each in reaches]
    conditions = {each.beyond for each in reaches}
    widest = Reach(
        origin=_if_all(origins),
        destination=_if_all(destinations),
        origin_except=_if_all(each.origin_except for each in reaches),
        destination_except=_if_all(each.destination_except for each in reaches),
        end_use=_if_all(each.end_use for each in reaches),
        beyond=conditions.pop() if len(conditions) == 1 else None,
    )
    places = _if_all(map(operator.add, origins, destinations))
    if widest.origin or widest.destination or not places:
        return (widest,)
    return (
        msgspec.structs.replace(widest, origin=places),
        msgspec.structs.replace(widest, destination=places),
    )


def _if_all[T](named: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """Return all that any of them names, if each names something; else nothing, meaning any."""
    each = tuple(named)
    return tuple(dict.fromkeys(chain.from_iterable(each))) if all(each) else ()


def _without_items(reach: Reach) -> Reach:
    return msgspec.structs.replace(reach, items=(), items_of=None)


def _classes(reach: Reach) -> tuple[str, ...]:
    unlisted = () if reach.items_of is None else (reach.items_of,)
    return *(each.name for each in reach.items), *unlisted


def _question(named: str, ways: Iterable[Reach]) -> str:
    """Return the question, with the names of items last: they are long, and singular or plural."""
    way = ", or ".join(map(_way, ways))
    return f"Is any of this {way}: {named}?" if named else f"Is anything {way}?"


def _named(classes: Iterable[str], most: int) -> str:
    names = list(dict.fromkeys(classes))
    more = len(names) - most
    return "; ".join([*names[:most], *([f"{more} more"] if more > 0 else [])])


def _way(reach: Reach) -> str:
    """Return how it is traded: `sent from China to the United States for a military use`."""
    places = (
        *reach.origin,
        *reach.origin_except,
        *reach.destination,
        *reach.destination_except,
    )
    words = ["sent" if places else "traded"]
    if reach.origin:
        words.append(f"from {_places(reach.origin)}")
    if reach.origin_except:
        words.append(f"from anywhere but {_places(reach.origin_except)}")
    if reach.destination:
        words.append(f"to {_places(reach.destination)}")
    if reach.destination_except:
        words.append(f"to anywhere but {_places(reach.destination_except)}")
    if reach.end_use:
        words.append(f"for {_or([_USES[each] for each in reach.end_use])}")
    if reach.beyond is not None:
        words.append(f"where {reach.beyond}")
    return " ".join(words)


def _places(codes: Sequence[str]) -> str:
    return _or([_place(code) for code in codes] if len(codes) <= _MOST_NAMES else codes)


def _or(names: Sequence[str]) -> str:
    """Return names as alternatives: `a, b or c`; an empty text for none."""
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


@functools.cache
def _place(code: str) -> str:
    name = _SHORT_NAMES.get(code) or f"{Locale('en').territories[code]}"
    return f"the {name}" if code in _WITH_ARTICLE else name
