"""The names that a field holds beside the one that it is: parties, marked names, words apart.

What is certain to part two names (a line end, `;`, "formerly") makes each of them a question of
its own. What most names have inside (a comma, `&`, "and") does so where each side has a legal form
of its own; else a side counts only if it is a listed name, nearly as a list prints it.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from abeyance_screening.engine.names.form import (
    ends_in_form,
    has_letters,
    is_legal_form,
    is_with_legal_form,
    most_legal_forms,
    normalise,
)
from abeyance_screening.engine.names.form.token import read_lines, read_words
from abeyance_screening.engine.screening.field.codes import (
    SHORTEST_CODE,
    decoded,
    may_be_mended,
    why_lost,
)

_PACKAGE = __name__.rpartition(".")[0]
# So many parts of a field are asked for; where it has more, the answer says so.
MOST_PARTS = 16
# The least weight of a word by which one of two sides with a legal form each is told.
_LEAST_OF_SIDE = 0.5
# Pieces of a field that nothing parts for certain must be nearly all of a listed name. Of 5,000
# companies of GLEIF these alert on 3 more than the names as they are written.
PIECE_THRESHOLD, WHOLE_THRESHOLD = 0.9, 0.95
# A mailbox of two words is a person's name without that of the father.
MAILBOX_THRESHOLD = 0.8
# A field of more words is treated as a text that may contain a name: 2,377 of the 98,793 companies
# of GLEIF have so many words. Of 300 listed names with eleven other words around them the whole
# text finds 44 in 100, its pieces 94; the rest gets a warning. Pieces alert on 10 of the 2,377.
MOST_WORDS = 10
# More words of two letters with a sign between any two have so many letters.
_SHORTEST_LONG = 3 * MOST_WORDS + 2
# Small words of many a name: beside these alone whole listed names are looked for, no pieces.
_PARTICLES = frozenset({"van", "von", "der", "den", "des", "del", "du", "al"})
# A number of more digits beside words is one of an order or a bill.
_LONG_NUMBER = 3
_FEWEST_PARTIES = 2
# In an address the number of a house is so many words from the word for the street, or fewer.
_NEAR = 3
# A name of Han characters that is longer, and does not end as companies do, is a sentence.
_MOST_HAN = 12

# Between two parties, always: no name has these inside.
_ALWAYS = re.compile(
    r"[;\uff1b\n\r\t\v\f\x1c-\x1f\x85\u2028\u2029|\uff5c\u2022\u25cf\u25aa\u3001]"
    r"|\s(?:--+|==+|>+|->|=>)\s|\s?(?<!\w)\d{1,2}\)\s|\s\u00b7\s"
)
_OF_ALWAYS = frozenset(";|\n\r\t\v\f\x1c\x1d\x1e\x1f)=>")
# Between two parties or within the name of one.
_PERHAPS = re.compile(
    r"[,\uff0c/\uff0f&+:\uff1a()\uff08\uff09\[\]{}<>~=*#@\\]"
    r"|[\u201a-\u201e\u2018\u201c\u201d\"\u00ab\u00bb\u2039\u203a\u300a-\u300f\u2026]|\.{3,}"
    r"|[\u2190-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]| [-\u2013\u2014]{1,3} "
    r"| (?:and|und|et|y|e|i|en|og|och|ve|\u0438|\u0442\u0430|with|mit|avec|con|or|oder|ou|sowie"
    r"|\u0438\u043b\u0438) ",
    re.IGNORECASE,
)
_PERHAPS_NO_COMMA = re.compile(_PERHAPS.pattern.replace("[,", "[", 1), re.IGNORECASE)
# A family name, given names and a title, or a name, a trade and a legal form.
_MOST_IN_RUN = 3
# Shorter sides are legal forms and initials.
_FEWEST_OF_SIDE = 4
_LENGTHS_OF_RUN = range(2, 7)
# Every ASCII sign of these; the words among them, and strokes by themselves.
_OF_PERHAPS = frozenset(',/&+:()[]{}<>~=*#@\\"')
_JOINING = frozenset(
    {"and", "und", "et", "y", "e", "i", "en", "og", "och", "ve", "with", "mit", "avec", "con"}
    | {"or", "oder", "ou", "sowie", "-", "--", "---"}
)
# Words written together: a capital within a word, capitals before a word, digits beside letters.
_TOGETHER = re.compile(
    r"(?<=[a-z\u00df-\u00ff\u0430-\u045f])(?=[A-Z\u0400-\u042f][^\W\d_])"
    r"|(?<=[A-Z]{2})(?=[A-Z][a-z]{3})|(?<=[\u0410-\u042f]{2})(?=[\u0410-\u042f][\u0430-\u044f]{3})"
    r"|(?<=\d)(?=[^\W\d_]{4})|(?<=[^\W\d_]{4})(?=\d)"
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|csv|tsv|txt|rtf|odt|ods|eml|msg|zip|jpe?g|png|tiff?|xml|json|html?)\s*$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])([\w.+-]{4,64})@[\w-]+\.[\w.-]+")
# Blanks that no list prints, which the eye sees as blanks or not at all.
_HIDDEN_BLANK = re.compile("[\u2800\u3164\u115f\u1160\uffa0\u200b\u2060\ufeff\u180e]+")
_SEPARATED = re.compile(r"[\W_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
# How the names of companies, banks, offices, institutes and schools end in Chinese and Japanese.
_ENDS_A_COMPANY = re.compile(
    "(?:公司|集团|集團|厂|廠|所|院|大学|大學|银行|銀行|中心|合作社|商行|部|局"
    "|会|會|社|店|企业|企業|合伙\uff09?|\\))$"
)
_WORD = re.compile(r"[^\W\d_]+")
_OF_LATIN, _OF_LOOKALIKES = re.compile("[A-Za-z]"), re.compile("[\u0370-\u03ff\u0400-\u052f]")
# What parts words, as blanks.
_BLANKS = {each: " " for each in range(128) if not chr(each).isalnum()}
# All that a name has which is one name at first sight; a letter stands for each.
_PLAIN = bytes(range(ord("a"), ord("z") + 1)) + bytes(range(ord("A"), ord("Z") + 1)) + b" .'-!"
# A letter of ASCII for each Latin one with a mark, by its case.
_SHAPES = {each: "A" if chr(each).isupper() else "a" for each in range(0xC0, 0x250)}
del _SHAPES[ord("\u00d7")], _SHAPES[ord("\u00f7")]
# What of `_ALWAYS` may be in a text of plain and mild signs.
_ALWAYS_PLAIN = re.compile(r" --|(?<!\w)\d\d?\)")
# Signs within many a name, which part nothing for certain.
_MILD = b'0123456789,&()/+:"'
_STROKES_OR_FILE = re.compile(r"[A-Za-z]\.[A-Za-z]{3}|\S-\S+-\S|_|\d[A-Za-z]{4}|[A-Za-z]{4}\d")
# The kind of every letter, by which words written together are seen without a look at each.
_KINDS = bytes.maketrans(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    b"a" * 26 + b"A" * 26 + b"0" * 10,
)


class NamePart(msgspec.Struct, frozen=True):
    """A name within a field, to be asked for at a threshold of its own if that is higher.

    `is_whole` means that it must be all of a listed name, and that a single word of it may be the
    name of a company alone.
    """

    text: str
    least: float = 0.0
    is_whole: bool = False


class FieldDoubt(msgspec.Struct, frozen=True):
    """Something about a field that its reader should know; `may_hide` as in a warning."""

    reason: str
    may_hide: bool


class FieldReading(msgspec.Struct, frozen=True):
    """What a field holds beside the name that it is.

    `parts` are names for certain. `texts` are what the field says, in which more may be a name if
    a list has a word of it; see `perhaps_in`. `sides` may be listed names whole: the sides of
    signs, and runs of words in prose. `unspaced` are sentences without blanks.
    """

    parts: tuple[NamePart, ...] = ()
    texts: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    unspaced: tuple[str, ...] = ()
    doubts: tuple[FieldDoubt, ...] = ()


# The fields of a batch are read ahead, and again where their warnings are told.
_KEPT = 256
# The reading of a field that is one name, as most are.
ONE_NAME = FieldReading()


@lru_cache(_KEPT)
def read_field(printed: str) -> FieldReading:
    """Return what a field holds beside the name that it is; nothing, for most names."""
    return glance(printed) or read_closely(printed)


def read_closely(printed: str) -> FieldReading:
    """Return what a field holds beside the name that it is, whatever it looks like."""
    shown = printed if printed.isascii() else _HIDDEN_BLANK.sub(" ", printed)
    said = list(dict.fromkeys((shown, *decoded(shown))))
    parts = {part.text: part for text in said for part in _certain_in(text)}
    parts |= {text: NamePart(text) for text in said}
    texts = dict.fromkeys((*said, *map(_spread, said)))
    looked_through = said if is_company(printed) else texts
    for text in {*looked_through} - {*said}:
        parts |= {part.text: part for part in _marked_in(text)}
    parts.pop(printed, None)
    return FieldReading(
        parts=tuple(parts.values())[:MOST_PARTS],
        texts=tuple(text for text in texts if text != printed or _holds_more(text)),
        sides=tuple(
            dict.fromkeys(side for text in looked_through for side in _wholes(text, printed))
        ),
        unspaced=tuple(run for text in said for run in _sentences(text)),
        doubts=(*_doubts(printed, said[1:], len(parts)), *_doubt_of_address(printed)),
    )


def perhaps_in(text: str) -> Iterator[NamePart]:
    """Yield what may be a name in a text of a field: sides of a sign, words apart, a mailbox."""
    yield NamePart(text, PIECE_THRESHOLD, is_whole=True)
    for piece in _marks().split(text) if _may_be_marked(text) else (text,):
        yield from _perhaps(piece)
    for found in _MAIL.finditer(text) if "@" in text else ():
        words = list(filter(str.isalpha, re.split(r"[\W\d_]+", found[1])))
        least = MAILBOX_THRESHOLD if words[1:] else WHOLE_THRESHOLD
        yield NamePart(" ".join(words) or found[1], least, is_whole=True)


def is_prose(text: str, printed: str) -> bool:
    """Return whether any run of words may be a name in a text of a field, printed so."""
    if text != printed or not _of_sentences().isdisjoint(text.lower().split()):
        return True
    words = [word for word in _words_of(text) if len(word) > 1]
    return (
        len(words) > MOST_WORDS
        or len(printed.split()) > MOST_WORDS
        or any(len(word) >= _LONG_NUMBER and word.isdecimal() for word in words)
    )


def is_company(printed: str) -> bool:
    """Return whether a field is a company's name that begins or ends with its legal form.

    Words written together in one (`HuBei NengTer Technology Co., Ltd.`) are a brand, no prose.
    """
    return ends_in_form(printed) and is_with_legal_form(printed)


def glance(printed: str) -> FieldReading | None:
    """Return the reading of a field that is plainly one name, or two with their legal forms.

    None if it must be read closely: it has another script, a sign of a code or one that no name
    has, a mark, a word that may be several written together, or very many words.
    """
    odd = _odd_signs(printed)
    if odd is None or (b"," in odd and _is_address(printed)):
        return None
    is_apart = "..." not in printed and ("-" not in printed or not _may_be_marked(printed))
    if not odd and is_apart and _telling().isdisjoint(printed.lower().split(" ")):
        return ONE_NAME
    words = _words_of(printed)
    may_be_code = len(words) == 1 and len(printed) >= SHORTEST_CODE
    if may_be_code or len(words) > MOST_WORDS or _may_be_marked(printed):
        return None
    if not (_may_have_sides(printed) or _has_small_word(printed) or is_prose(printed, printed)):
        return ONE_NAME
    parts = tuple(map(NamePart, _with_legal_forms(printed)))
    return FieldReading(parts, (printed,), tuple(_wholes(printed, printed)))


def _odd_signs(printed: str) -> bytes | None:
    """Return the signs of a text that not every name has, nothing but mild ones; else None."""
    shape = printed if printed.isascii() else _shape_of(printed)
    if shape is None or printed.count(" ") >= MOST_WORDS:
        return None
    odd = shape.encode().translate(None, _PLAIN)
    if odd.translate(None, _MILD) or _may_be_together(shape) or _ALWAYS_PLAIN.search(printed):
        return None
    return odd


def _shape_of(printed: str) -> str | None:
    """Return a text in Latin letters with a letter of ASCII for each; None for any other text."""
    shape = printed.translate(_SHAPES)
    return shape if shape.isascii() and not may_be_mended(printed) else None


def _holds_more(text: str) -> bool:
    """Return whether a text may hold a name other than itself, see `perhaps_in`, `is_prose`."""
    return (
        "@" in text
        or _may_have_sides(text)
        or is_prose(text, text)
        or _has_small_word(text)
        or not _OF_ALWAYS.isdisjoint(text)
        or _may_be_marked(text)
    )


def _certain_in(text: str) -> Iterator[NamePart]:
    """Yield the names in a text that are parted for certain."""
    may_be_many = not (text.isascii() and _OF_ALWAYS.isdisjoint(text) and "--" not in text)
    chunks = [text]
    if may_be_many and (split := _ALWAYS.split(text))[1:]:
        chunks = [chunk.strip() for chunk in split if has_letters(chunk)]
        yield from map(NamePart, chunks)
    for chunk in chunks:
        yield from _marked_in(chunk)
    for chunk in chunks:
        yield from map(NamePart, _with_legal_forms(chunk))


def _marked_in(text: str) -> Iterator[NamePart]:
    return marked_names(text) if _may_be_marked(text) else iter(())


def _with_legal_forms(text: str) -> list[str]:
    """Return the sides of signs with a legal form each; none if there are less than two."""
    if not _may_have_sides(text):
        return []
    if text.isascii() and most_legal_forms(_words_of(text)) < _FEWEST_PARTIES:
        return []
    named = [side for side in _parted(text) if is_with_legal_form(side)]
    return list(filter(_is_told, named)) if len(named) >= _FEWEST_PARTIES else []


def _is_told(side: str) -> bool:
    """Return whether a side has a word beside those of trades: Iron & Steel Co. is one name."""
    words = normalise(side).words
    return any(not word.is_trade_word and word.weight >= _LEAST_OF_SIDE for word in words)


def _may_be_marked(text: str) -> bool:
    """Return whether a text has the first two words of a mark, or the one that a mark is."""
    words, following = _words_of(text), _following()
    return not _first_words().isdisjoint(words) and any(
        follower in following.get(word, ()) or None in following.get(word, ())
        for word, follower in zip(words, (*words[1:], ""), strict=True)
    )


@cache
def _first_words() -> frozenset[str]:
    return frozenset(_following())


@lru_cache(16)
def _words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters, whatever parts them."""
    if text.isascii():
        return tuple(text.lower().translate(_BLANKS).split())
    return tuple(map(str.lower, _SEPARATED.split(_HIDDEN_BLANK.sub(" ", text))))


def marked_names(text: str) -> Iterator[NamePart]:
    """Yield the names before and after each mark in a text, if need be without an address.

    There are none where there is no mark.
    """
    pieces = [piece.strip(" ,.:/()[]-") for piece in _marks().split(text)]
    for piece in filter(has_letters, pieces) if len(pieces) > 1 else ():
        if piece.lower() in _prose_words():
            continue
        yield NamePart(piece)
        name, comma, _ = piece.partition(",")
        if comma and has_letters(name):
            yield NamePart(name)


def _perhaps(text: str) -> Iterator[NamePart]:
    """Yield the sides of signs that part two parties, or stand within the name of one."""
    for chunk in _ALWAYS.split(text):
        for side in _sides_of(chunk):
            yield NamePart(side, WHOLE_THRESHOLD, is_whole=True)


def _sides_of(text: str) -> list[str]:
    """Return the names on the sides of signs that may part them; none if there are not two."""
    if not _may_have_sides(text):
        return []
    sides = [side for side in _parted(text) if has_letters(side) and not is_legal_form(side)]
    return sides if sides[1:] else []


def _wholes(text: str, printed: str) -> Iterator[str]:
    """Yield what may be a whole listed name in a text of a field: sides, runs of words."""
    if _may_have_sides(text):
        yield from (run for run in _runs_of_sides(text) if len(run) > _FEWEST_OF_SIDE)
    if text.count(" ") < MOST_WORDS and (_has_small_word(text) or is_prose(text, printed)):
        yield from runs_of_words(text, printed)


def _has_small_word(text: str) -> bool:
    return not _prose_words().isdisjoint(text.lower().split())


def runs_of_words(text: str, printed: str) -> Iterator[str]:
    """Yield the runs of two to six words of prose that begin and end where a name may.

    That is beside a small word or a number; anywhere, in a text that was printed otherwise. Words
    that are printed as one (BlackRock) are none.
    """
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    small = _prose_words()
    if text == printed and not small.isdisjoint(map(str.lower, words)):
        apart = [each.lower() in small or not each.isalpha() for each in words]
        edges = [0, *(at for each in range(len(words)) if apart[each] for at in (each, each + 1))]
    else:
        edges = [*range(len(words))]
    edges = sorted({*edges, len(words)})
    whole = {*printed.casefold().split()}
    for first in edges:
        for end in edges:
            run = words[first:end]
            if len(run) in _LENGTHS_OF_RUN and "".join(run).casefold() not in whole:
                yield " ".join(run)


def _runs_of_sides(text: str) -> Iterator[str]:
    """Yield the sides of signs that may part names, and runs of some with commas between them.

    `Muster GmbH, KADYROV, Ramzan` → `Muster GmbH`, `Muster GmbH, KADYROV`, `KADYROV`, …
    """
    text = " ".join(text.split())
    for chunk in _PERHAPS_NO_COMMA.split(text):
        sides = [side.strip() for side in chunk.split(",")]
        for first in range(len(sides)):
            for last in range(first + 1, min(first + _MOST_IN_RUN, len(sides)) + 1):
                if (run := ", ".join(sides[first:last])) != text:
                    yield run


def _parted(text: str) -> list[str]:
    """Return the texts on the sides of signs that may part names; none if there is no sign."""
    sides = [side.strip() for side in _PERHAPS.split(" ".join(text.split()))]
    return sides if sides[1:] else []


def _may_have_sides(text: str) -> bool:
    return not (
        text.isascii()
        and _OF_PERHAPS.isdisjoint(text)
        and "..." not in text
        and _JOINING.isdisjoint(text.lower().split())
    )


def _spread(text: str) -> str:
    """Return a text with its words apart, and without the ending of a file."""
    if text.isascii() and not _may_be_together(text):
        return text
    apart = _TOGETHER.sub(" ", _FILE.sub("", text).replace("_", " "))
    if " " not in apart.strip() or apart != text:
        apart = re.sub(r"(?<=\w)[-.+](?=\w)", " ", apart)
    return " ".join(apart.split())


def _may_be_together(text: str) -> bool:
    """Return whether a text of ASCII may have words written together, or strokes for blanks."""
    kinds = text.encode().translate(_KINDS)
    if b"aAa" in kinds or b"aAA" in kinds or b"AAAaaa" in kinds:
        return True
    may_be = b"0" in kinds or b"." in kinds or b"_" in kinds or kinds.count(b"-") > 1
    return may_be and _STROKES_OR_FILE.search(text) is not None


def _sentences(text: str) -> Iterator[str]:
    """Yield the runs of Han characters that are no company's name."""
    for found in () if text.isascii() else _HAN.finditer(text):
        run = found[0]
        if len(run) > _MOST_HAN and _ENDS_A_COMPANY.search(run) is None:
            yield run


def _doubts(printed: str, decoded_as: list[str], parts: int) -> Iterator[FieldDoubt]:
    if parts > MOST_PARTS:
        reason = f"holds {parts} names, of which {MOST_PARTS} were compared: send each by itself"
        yield FieldDoubt(reason, may_hide=True)
    words = len(printed.split())
    if words <= MOST_WORDS and len(printed) >= _SHORTEST_LONG:
        words = sum(len(word) > 1 for word in _words_of(printed))
    if words > MOST_WORDS:
        reason = f"has {words} words; a listed name among that many words may be missed: give the "
        yield FieldDoubt(f"{reason}party's name alone", may_hide=True)
    if any(True for _ in _sentences(printed)):
        reason = (
            "is a sentence without blanks; a listed name in it may be missed: give the party's"
        )
        yield FieldDoubt(f"{reason} name alone", may_hide=True)
    if decoded_as:
        reason = f"seems to be text in a code or a wrong encoding; also read as {decoded_as[0]!r}"
        yield FieldDoubt(reason, may_hide=False)
    elif (lost := why_lost(printed)) is not None and has_letters(printed):
        yield FieldDoubt(lost, may_hide=True)
    mixed = None if printed.isascii() else _word_of_two_scripts(printed)
    if mixed is not None:
        reason = f"mixes letters of two scripts in one word ({mixed}), read by what they look"
        yield FieldDoubt(f"{reason} like", may_hide=False)


def _is_address(printed: str) -> bool:
    """Return whether a field is an address: a number beside a word for streets, and a comma."""
    if "," not in printed or not any(map(str.isdigit, printed)):
        return False
    words = [word for word in _words_of(printed) if word]
    places = [at for at, word in enumerate(words) if word in _address_words()]
    near = (each for at in places for each in words[max(0, at - _NEAR) : at + _NEAR + 1])
    return any(any(map(str.isdigit, each)) for each in near) and not is_with_legal_form(printed)


def _doubt_of_address(printed: str) -> Iterator[FieldDoubt]:
    if _is_address(printed):
        reason = "looks like an address, and addresses are not searched by: give the party's name"
        yield FieldDoubt(reason, may_hide=True)


def _word_of_two_scripts(printed: str) -> str | None:
    """Return the first word that has Latin letters and some that look like them."""
    words: list[str] = _WORD.findall(printed)
    return next(
        (word for word in words if _OF_LATIN.search(word) and _OF_LOOKALIKES.search(word)), None
    )


@cache
def _marks() -> re.Pattern[str]:
    """Return what finds a mark between two names, the longest first."""
    longest_first = sorted(_printed_marks(), key=lambda each: (-len(each), each))
    spaced = (re.escape(each).replace(r"\ ", r"\s+") for each in longest_first)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(spaced)})(?![\w])[.:,]*", re.IGNORECASE)


@cache
def _following() -> dict[str, frozenset[str | None]]:
    """Return the words after the first word of every mark; None where that is the mark."""
    following = dict[str, set[str | None]]()
    for each in _printed_marks():
        first, *others = filter(None, _words_of(each))
        following.setdefault(first, set()).add(others[0] if others else None)
    return {first: frozenset(others) for first, others in following.items()}


def _printed_marks() -> frozenset[str]:
    lines = read_lines("marks.txt", _PACKAGE)
    return frozenset(each for line in lines for each in line.split(" | "))


@cache
def _prose_words() -> frozenset[str]:
    return frozenset(read_words("prose_words.txt", _PACKAGE))


@cache
def _address_words() -> frozenset[str]:
    return frozenset(read_words("address_words.txt", _PACKAGE))


@cache
def _of_sentences() -> frozenset[str]:
    """Return the small words that hardly any name has: not those of `van der Valk`."""
    return _prose_words() - _PARTICLES


@cache
def _telling() -> frozenset[str]:
    """Return the words by which a field may hold more than one name."""
    first = {each.split(" ")[0] for each in _printed_marks()}
    return _prose_words() | first | _JOINING
