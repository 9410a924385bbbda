"""One party of either file, and its listing: names, notices, papers and places."""

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import product

import msgspec
from babel import Locale

from abeyance_screening.engine.lists.listing import (
    Address,
    EntityType,
    Fact,
    Identifier,
    Listing,
    Name,
    NameKind,
)
from abeyance_screening.engine.lists.reading.countries import country_code
from abeyance_screening.engine.lists.reading.names import (
    collect_names,
    is_place,
    is_weak,
    last_brackets,
)
from abeyance_screening.engine.lists.reading.records import key_of_name
from abeyance_screening.engine.lists.reading.texts import narrow
from abeyance_screening.engine.lists.reading.unknown_parts import is_in_record, note_unknown
from abeyance_screening.primitives.errors import RowRefusedError

# --- The names in one cell: Japanese and Latin, numbered or not, with marks and remarks.

NOTHING = frozenset(
    {
        "",
        "不明",
        "なし",
        "無し",
        "該当なし",
        "-",
        "ー",
        "―",
        "\u2010",
        "n/a",
        "na",
        "?",
        "none",
        "and",
        "or",
    }
)
"""What a cell prints instead of a value."""

_KANA = r"\u3040-\u30fa\u30fc-\u30ff\uff66-\uff9f"
_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_JAPANESE = re.compile(rf"[{_KANA}{_HAN}]")
_KANA_LETTER = re.compile(rf"[{_KANA}]")

# `(a)`, also with blanks inside; the pieces of one cell run twice, in Japanese and in English.
_MARK = re.compile(r"\(\s*([a-z])\s*\)")
# `a.k.a.`, `f.k.a.`, `also known as`, and the Japanese words for other and former names.
_ALSO = re.compile(
    r"(?!(?<=\s)\s)[(]?\s*+(?:(?<![A-Za-z])(?P<latin>[afn]\s?[.,]\s?k\s?[.,]\s?a\b|also known as"
    r"|formerly known as|(?:previously|formerly) listed as)[.:,\s]*+(?:in arabic\s*+[.:]++)?+"
    r"(?:the following \w{1,20}+ aliases\s*+:)?+"
    r"|(?:(?<=^)|(?<=[(、,;\s]))(?P<japanese>別称|別名|旧称|旧名|旧姓)\s*+[、,:・]++)\s*+",
    re.IGNORECASE,
)
# What a name is followed by that is no part of it: birth, nationality, papers, former listing.
_REMARK = re.compile(
    r"(?!(?<=\s)\s)、?\s*+\d{4}年.*$|[、,(]\s*+(?:生年月日|出生地|国籍|旅券|DOB\b|POB\b"
    r"|[^、,()]{0,20}(?:ID番号|旅券|passport number|identity related)).*$"
    r"|(?!(?<=\s)\s),?\s*+\(?\bborn (?:in |on |at |\d).*$"
    r"|\((?=[^()]*(?:以前のリスト|記載ぶり|以前掲載))[^()]*+\)?$|^【[^】]*+】",
    re.IGNORECASE | re.DOTALL,
)
_MARKED = re.compile(r"(?P<word>[afn]\s?\.\s?k\s?\.\s?a|nee|n\u00e9e)\b[\s.,:]*+", re.IGNORECASE)
_BRACKETS = re.compile(r"(?!(?<=\s)\s)\s*+\((?P<inside>[^()]*+)\)")
_WORD_AND_BRACKETS = re.compile(r"(?<![^\s()])(?P<word>[^\s()]++)\s*+\((?P<inside>[^()]*+)\)")
_ORIGINAL = re.compile(
    r"(?!(?<=\s)\s)[.,]?\s*+\(?\s*+(?:original\s*+scr?ipt|in arabic|アラビア語)\s*+[:.]\s*+"
    r"(?P<name>[^()]*+)\)*+\s*+",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(rf"\([{_KANA}{_HAN}]+語\)")
# In running text the name ends where Latin or Japanese letters begin.
_ORIGINAL_IN = re.compile(
    rf"original\s*scr?ipt\s*:\s*(?P<name>[^A-Za-z(){_KANA}{_HAN}、。]{{2,200}})", re.IGNORECASE
)
_EDGES = " \t\n\r\u3000\xa0,、;:.'"
# A legal form before a Latin name is a part of it: `株式会社 UCW`.
_FORM = re.compile(r"(?:公開|公共|非公開|閉鎖)?(?:株式会社|有限会社|有限責任会社|合同会社)")
_BOTH = re.compile(
    rf"(?P<japanese>[^A-Za-z()]*[{_KANA}][^A-Za-z()]*)\s+(?P<latin>[A-Z][^{_KANA}{_HAN}]*[a-z][^{_KANA}{_HAN}]*)"
)
_QUOTES = re.compile(r"[\"\u201c\u201d「」『』]")
_AND = re.compile(r"及び|並びに")
_ARABIC = re.compile(r"[\u0600-\u06ff](?:[\u0600-\u06ff\s]*[\u0600-\u06ff])?")
# A comma before a legal form separates nothing: `AL-BASHIR TRADING COMPANY, LTD`.
_COMMA = re.compile(r",\s*(?!(?:Ltd|Inc|LLC|Co|Corp|S\.?A|OOO|Jr)\b)", re.IGNORECASE)
# More spellings than this of one name are not written out.
_MOST_SPELLINGS = 24
_ALIKE = 0.6
# The longest English name of the workbook of March 2026 has 299 letters, with all its spellings.
_MOST_LETTERS = 5_000


def names_in(cell: str, kind: NameKind) -> list[Name]:
    """Return the names printed in a cell, in printed order, without repeats.

    A cell prints names in several ways: numbered, `(a)アブー・ハムザ(b)… (a.k.a.: (a)Abu Ham…)`;
    in two lines or halves, one for each language; each Japanese name with the Latin one in
    brackets; after `別称、` or `a.k.a.`; separated by semicolons. A name after `旧称` or `f.k.a.`
    is a former one. Remarks on birth and nationality are no part of a name.
    """
    text = _QUOTES.sub("", narrow(cell).replace("\r", "").replace("･", "・").replace("､", "、"))
    text = text.strip()
    found: dict[str, Name] = {}
    parts = [
        (part, former, numbered)
        for piece, numbered in _pieces(text)
        for part, former in _marked(piece)
    ]
    listed = [part for part, _, is_numbered in parts if not is_numbered]
    most = _most_by_comma(listed)
    for part, is_former, is_numbered in parts:
        for name in _texts_of(part, most, is_numbered=is_numbered):
            if name.casefold() in NOTHING or not any(map(str.isalnum, name)):
                continue
            own: NameKind = "former" if is_former else kind
            weak: NameKind = "weak_alias" if own == "alias" and is_weak(name) else own
            found.setdefault(name, Name(text=name, kind=weak, language=_language(name)))
    for arabic in (match[0] for match in _ARABIC.finditer(text)):
        if not any(arabic in name for name in found):
            found[arabic] = Name(text=arabic, kind=kind)
    return list(found.values())


def english_names(printed: str, *, is_person: bool) -> list[Name]:
    """Return the names that an entry's English name holds, the primary one first.

    `X (original script: …)` has one in another script; `Igor(Ihor) X(Y/Z)` has a spelling for
    every word in brackets; `X (nee, Y)` and `X (f.k.a. Y)` a former name; `X (Y)` of a body
    another name, unless Y is a country or printed in capitals, as places are.
    """
    text = _QUOTES.sub("", narrow(printed)).strip()
    if len(text) > _MOST_LETTERS:
        return [Name(text=text, kind="primary")]
    originals = [each for found in _ORIGINAL.finditer(text) for each in found["name"].split(";")]
    text = " ".join(_LANGUAGE.sub("", _ORIGINAL.sub(" ", text)).split()).strip(" ,;")
    names = list[Name]()
    for part in _outside(text, "、"):
        bare, marked = _without_marked(part.strip())
        spellings = spellings_of(bare, is_person=is_person) if bare else ()
        names += [Name(text=each, kind="alias") for each in spellings]
        names += marked
        if not is_person and len(spellings) == 1:
            names += [Name(text=each, kind="alias") for each in _in_brackets(bare)]
    others = (each.strip(_EDGES) for each in originals)
    names += [Name(text=each, kind="alias") for each in others if each.casefold() not in NOTHING]
    return [Name(text=names[0].text, kind="primary"), *names[1:]] if names else []


def _without_marked(name: str) -> tuple[str, list[Name]]:
    """Take out the names marked in brackets; a word stands for the last one before them."""
    found = list[Name]()

    def keep(match: re.Match[str]) -> str:
        rest = list[str]()
        for item in match["inside"].split(";"):
            mark = _MARKED.match(item.strip())
            if mark is None:
                rest.append(item.strip())
                continue
            text = item.strip()[mark.end() :].strip(_EDGES)
            before = _BRACKETS.sub("", name[: match.start()]).split()
            whole = text if " " in text or not before else " ".join((*before[:-1], text))
            kind: NameKind = "alias" if mark["word"][0] in "aA" else "former"
            found.append(Name(text=whole if kind == "former" else text, kind=kind))
        return f" ({'; '.join(rest)})" if rest else ""

    bare = _BRACKETS.sub(keep, name)
    return " ".join(bare.split()) if found else name, found


def _in_brackets(name: str) -> list[str]:
    base, inside = last_brackets(name)
    if not base or not any(map(str.islower, inside)) or inside.startswith("including "):
        return []
    parts = (part.strip() for part in re.split(r"[;/]|,\s++(?=[A-Z])", inside))
    return [base, *(part for part in parts if part and not is_place(part))]


def originals_in(text: str) -> tuple[str, ...]:
    """Return the names in other scripts that a text gives after `original script:`."""
    found = (match["name"] for match in _ORIGINAL_IN.finditer(narrow(text)))
    names = (" ".join(each.split()).strip(_EDGES) for name in found for each in name.split(";"))
    return tuple(dict.fromkeys(name for name in names if any(map(str.isalpha, name))))


def spellings_of(name: str, *, is_person: bool) -> tuple[str, ...]:
    """Return the spellings that brackets in a name stand for, the first ones first.

    `Igor(Ihor) KAKIDZYANOV(KAKIZYANOV/KAKIDZHANOV)` has six. Brackets hold spellings of the word
    before them if they hold single words; outside the names of persons, only if these are alike,
    for most brackets there hold short names and places. Other names come back alone.
    """
    choices = list[tuple[str, ...]]()
    rest = name
    while (found := _WORD_AND_BRACKETS.search(rest)) is not None:
        others = [each.strip() for each in re.split(r"[/,;]", found["inside"])]
        if not all(_is_spelling(found["word"], each, is_person=is_person) for each in others):
            return (name,)
        choices += [(rest[: found.start()],), (found["word"], *others)]
        rest = rest[found.end() :]
    count = 1
    for choice in choices:
        count *= len(choice)
    if not choices or count > _MOST_SPELLINGS:
        return (name,)
    texts = ("".join((*chosen, f" {rest.strip()}")) for chosen in product(*choices))
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts))


def _is_spelling(word: str, other: str, *, is_person: bool) -> bool:
    if not re.sub(r"[-'`\u2019]", "", other).isalpha():
        return False
    if is_person:
        return True
    alike = SequenceMatcher(None, word.casefold(), other.casefold()).ratio() >= _ALIKE
    return alike and not other.isupper()


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the numbered pieces of a cell, or the whole of one without numbers."""
    marks = list(_MARK.finditer(text))
    if not marks or marks[0][1] not in {"a", "b"}:
        yield text, False
        return
    yield text[: marks[0].start()], marks[0][1] == "b"
    for mark, end in zip(marks, [*(each.start() for each in marks[1:]), len(text)], strict=True):
        yield text[mark.end() : end], True


def _marked(piece: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a piece between marks, each with whether it holds former names."""
    start, is_former = 0, False
    for mark in _ALSO.finditer(piece):
        yield piece[start : mark.start()], is_former
        word = (mark["latin"] or mark["japanese"]).casefold()
        start, is_former = mark.end(), word.startswith(("f", "旧"))
    yield piece[start:], is_former


def _texts_of(part: str, by_comma: Collection[int], *, is_numbered: bool) -> Iterator[str]:
    """Yield a part's names; commas separate Latin ones where they give `by_comma` of them."""
    for half in _halves(part, joins=is_numbered):
        texts = _separated(half, is_numbered=is_numbered)
        if len(texts) == 1 and not is_numbered and _JAPANESE.search(half) is None:
            pieces = _COMMA.split(half)
            texts = pieces if len(pieces) in by_comma else texts
        for text in texts:
            for name in _outside(_bare(text), ";"):
                yield from _spelt(name.strip(_EDGES) if ";" in text else name)


def _most_by_comma(parts: Sequence[str]) -> Collection[int]:
    """Return how many names a Latin list between commas may have, by the Japanese list."""
    halves = [half for part in parts for half in _halves(part, joins=False)]
    lists = [half for half in halves if _JAPANESE.search(half)]
    counts = {len(_separated(half, is_numbered=False)) for half in lists} - {1}
    is_only = len(halves) - len(lists) == 1
    return {count + more for count in counts for more in ((-1, 0, 1) if is_only else (0,))} - {1}


def _halves(part: str, *, joins: bool) -> list[str]:
    """Return the lines of a part, those joined that one name runs over."""
    halves = list[str]()
    for line in filter(None, (each.strip() for each in part.split("\n"))):
        before = halves[-1] if halves else ""
        is_open = before.count("(") > before.count(")") or before.endswith((",", ";", "、"))
        same = bool(_JAPANESE.search(before)) == bool(_JAPANESE.search(line))
        if before and same and (joins or is_open):
            gap = "" if _JAPANESE.search(before[-1:]) and _JAPANESE.search(line[:1]) else " "
            halves[-1] = f"{before}{gap}{line}"
        else:
            halves.append(line)
    return halves


def _separated(half: str, *, is_numbered: bool) -> list[str]:
    by_semicolon = _outside(half, ";")
    if len(by_semicolon) > 1 or is_numbered or _JAPANESE.search(half) is None:
        return by_semicolon
    return [text for each in _AND.split(half) for text in _outside(each, "、")]


def _outside(text: str, separator: str) -> list[str]:
    """Split a text at a separator outside brackets; where they do not pair, at each one."""
    parts, depth, start = list[str](), 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == separator and depth <= 0:
            parts.append(text[start:place])
            start = place + 1
    texts = [*parts, text[start:]] if depth <= 0 else text.split(separator)
    return [each for each in texts if each.strip()]


def _bare(text: str) -> str:
    """Return a name without quotes, remarks and brackets that do not pair."""
    name = _REMARK.sub("", text.strip(_EDGES)).strip(_EDGES)
    more = name.count("(") - name.count(")")
    name = _without_first(name[::-1], ")", -more)[::-1]
    name = _without_first(name, "(", more)
    name = _inside_brackets(name.lstrip("-\u2010\u2013 "))
    if name.count("(") == name.count(")") + 1:
        name = f"{name})"
    # `Co., Ltd.` keeps the full stop of its abbreviation
    return f"{name}." if re.search(r"\b(?:Ltd|Co|Inc|Corp|Jr|L\.L\.C|S\.A)$", name) else name


def _without_first(name: str, bracket: str, most: int) -> str:
    """Return a name without the first brackets and what edges follow each, at most so many."""
    start = 0
    while most > 0 and name[start : start + 1] == bracket:
        start, most = start + 1, most - 1
        while name[start : start + 1] and name[start] in _EDGES:
            start += 1
    return name[start:]


def _inside_brackets(name: str) -> str:
    """Return what is inside brackets that enclose a name, without opening brackets at its end."""
    opened, begins = list[int](), dict[int, int]()
    for place, letter in enumerate(name):
        if letter == "(":
            opened.append(place)
        elif letter == ")" and opened:
            begins[place] = opened.pop()
    start, end = 0, len(name)
    while start < end and (name[end - 1] == "(" or begins.get(end - 1) == start):
        start += name[end - 1] != "("
        end -= 1
        while start < end and name[end - 1] in _EDGES:
            end -= 1
        while 0 < start < end and name[start] in _EDGES:
            start += 1
    return name[start:end]


def _spelt(name: str) -> Iterator[str]:
    """Yield a name, or the two spellings of one that prints both."""
    base, inside = last_brackets(name)
    inside = inside.strip(_EDGES)
    if inside and base and _scripts_differ(base, inside):
        yield base.strip(_EDGES)
        yield from (each.strip(_EDGES) for each in _outside(inside, ";"))
        return
    both = _BOTH.fullmatch(name)
    if both is not None and _FORM.fullmatch(both["japanese"].strip()) is None:
        yield both["japanese"].strip(_EDGES)
        yield both["latin"].strip(_EDGES)
        return
    yield name


def _scripts_differ(base: str, inside: str) -> bool:
    has_kana = [_JAPANESE.search(text) is not None for text in (base, inside)]
    if has_kana == [True, False]:
        return any(map(str.isalpha, inside))
    return has_kana == [False, True] and _KANA_LETTER.search(inside) is not None


def _language(name: str) -> str | None:
    return "ja" if _KANA_LETTER.search(name) is not None else None


# --- The party.

LIST_CODE = "jp_mof"
SOURCE_URL = (
    "https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/"
    "economic_sanctions/list.html"
)
# The columns of the first notice on a party, in both files.
DAY, NUMBER = "告示日付", "告示番号"
STRUCK = "削除"

# `2001.9.22`, `2008.6.25改訂`, `2011.11.18削除`; misprints of the file: `200812.19`, `2023.929`.
_NOTICE_DAY = re.compile(r"(?P<day>\d{4}\.?\d{1,2}\.?\d{1,2})\s*(?P<what>改訂|削除)?")
_DAY = re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})")
_SAME = re.compile(r"\(\s*(\d+)\s*[.\uff0e]\s*と同一(?:人物|団体)\s*\)")
# `1(*186)`, `*24`, `#35`: the entry's number, and the mark of another list that it is on too.
_NUMBER = re.compile(r"(?P<before>[*#]?)(?P<number>\d{1,5})\s*(?:\((?P<also>[*#]\d{1,5})\))?")
# `AM5421691`, `563335509`: five letters and digits or more, so that no year is one.
_PAPER_NUMBER = re.compile(
    r"(?<![A-Za-z0-9-])(?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{4,}(?![A-Za-z0-9-])"
)
_MARKED_NUMBERS = (
    ("IMO number", re.compile(r"IMO(?:番号|\s*No\.?)?\s*[:\uff1a]?\s*(\d{7})\b")),
    ("SWIFT/BIC", re.compile(r"SWIFT(?:/BIC)?\s*[:\uff1a]\s*([A-Z]{6}[A-Z0-9]{2,5})\b")),
    ("registration number", re.compile(r"(?:国家)?登録番号\s*[:\uff1a]\s*([A-Z0-9-]{5,25})")),
)


class FrozenParty(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as printed in either file; `programme` is its title."""

    where: str
    programme: str
    number: str
    notice: str
    english: str
    japanese: str
    entity_type: EntityType | None
    others: tuple[Name, ...]
    facts: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    addresses: tuple[str, ...]
    remarks: str
    notice_text: str = ""


def is_number(printed: str) -> bool:
    """Return whether a text is an entry's number, perhaps with marks of other lists."""
    return _NUMBER.fullmatch(narrow(printed).strip()) is not None


def checked(party: FrozenParty) -> FrozenParty:
    """Return the party."""
    if not is_number(party.number):
        raise RowRefusedError(party.where, f"{NUMBER}: {party.number!r} is not a number")
    if not (party.english or party.japanese):
        raise RowRefusedError(party.where, "the entry has no name")
    return party


def key_of(programme: str, number: str, listing: Listing) -> str:
    """Return an entry's part of its id, by its name where it has no number."""
    found = _NUMBER.fullmatch(narrow(number).strip())
    key = key_of_name(listing.primary_name) if found is None else found["number"]
    return f"{programme}-{key}"


def listing_of(party: FrozenParty) -> Listing:
    """Return the listing of an entry; its id is "" until `give_ids` sets it."""
    english = english_names(party.english, is_person=party.entity_type == "person")
    primary = english[0].text if english else party.japanese
    originals = originals_in(f"{party.remarks}\n{party.notice_text}")
    others = [
        *english[1:],
        *(Name(text=each, kind="alias") for each in originals),
        *(names_in(party.japanese, "alias") if english else ()),
        *party.others,
    ]
    facts = [*party.facts]
    facts += [("printed_name", party.english)] if english and primary != party.english else []
    facts += [("text_of_notice", party.notice_text)] if party.notice_text else []
    days = _notice_days(party.where, party.notice)
    addresses = tuple(_address(each) for each in party.addresses)
    nationalities = [value for kind, value in party.facts if kind == "nationality"]
    codes = [*(code for each in nationalities for code in countries_in(each))]
    codes += [each.country for each in addresses if each.country is not None]
    return Listing(
        id="",
        list_code=LIST_CODE,
        names=collect_names(primary, others),
        entity_type=party.entity_type,
        entry_id=party.number,
        addresses=addresses,
        countries=tuple(dict.fromkeys(codes)),
        identifiers=tuple(_identifiers(party)),
        programmes=(party.programme,),
        listed_on=next((day for day, what in days if what is None), None),
        delisted_on=next((day for day, what in days if what == STRUCK), None),
        remarks=party.remarks or None,
        facts=tuple(Fact(kind=kind, value=value) for kind, value in facts),
        source_url=SOURCE_URL,
    )


def _identifiers(party: FrozenParty) -> Iterator[Identifier]:
    for kind, printed in party.identifiers:
        yield _identifier(kind, printed)
    for kind, pattern in _MARKED_NUMBERS:
        found = (match[1] for match in pattern.finditer(narrow(party.remarks)))
        yield from (Identifier(kind=kind, value=value) for value in dict.fromkeys(found))


def _identifier(kind: str, printed: str) -> Identifier:
    """Return the number alone, with the printed words around it as a note, where there is one."""
    text = " ".join(printed.split())
    numbers = list(dict.fromkeys(match[0] for match in _PAPER_NUMBER.finditer(text)))
    if len(numbers) != 1 or numbers[0] == text:
        return Identifier(kind=kind, value=text)
    country = next(iter(countries_in(text)), None)
    return Identifier(kind=kind, value=numbers[0], country=country, note=text)


def _address(text: str) -> Address:
    return Address(text=text, country=next(iter(countries_in(text)), None))


def _notice_days(where: str, notice: str) -> list[tuple[date | None, str | None]]:
    """Return the notices' days, None for a misprint, each with `改訂`, `削除` or None."""
    days = list[tuple[date | None, str | None]]()
    lines = [line for line in map(str.strip, narrow(notice).split("\n")) if line]
    for line in filter(lambda each: _SAME.fullmatch(each) is None, lines):
        found = _NOTICE_DAY.fullmatch(line)
        if found is None:
            _note_day(where, line, f"{line!r} is not a day (2001.9.22)")
            continue
        digits = _DAY.fullmatch(found["day"])
        try:
            day = None if digits is None else date(*map(int, digits.groups()))
        except ValueError:
            _note_day(where, line, f"no calendar has {line!r}")
            continue
        if day is None and not days:
            _note_day(where, line, f"{notice!r} is not a day (2001.9.22)")
        days.append((day, found["what"]))
    if not any(_SAME.fullmatch(line) is None for line in lines):
        _note_day(where, where, f"{notice!r} is not a day (2001.9.22)")
    return days


def _note_day(where: str, printed: str, reason: str) -> None:
    """Note a notice's day that cannot be read; words beside it may be of a status."""
    if not is_in_record():
        raise RowRefusedError(where, f"{DAY}: {reason}")
    may_hide = "status" if any(map(str.isalpha, printed)) and printed != where else None
    note_unknown(where, f"day in {DAY!r}", printed, may_hide=may_hide)


def facts_of_notice(notice: str, number: str) -> Iterator[tuple[str, str]]:
    """Yield the notices after the first one, and the lists that the entry is on too."""
    for line in filter(None, map(str.strip, narrow(notice).split("\n"))):
        if line.endswith("改訂"):
            yield "revised_by_notice_of", line.removesuffix("改訂").strip()
        elif (same := _SAME.fullmatch(line)) is not None:
            yield "same_party_as", same[1]
    if any(mark in number for mark in "*#"):
        yield "also_listed", number


def rescued_names(english: str, others: Iterable[str], kind: EntityType | None) -> tuple[str, ...]:
    """Return the names in an unreadable entry's cells, those of the English name first."""
    names = english_names(english, is_person=kind == "person")
    names += [name for cell in others if cell.strip() for name in names_in(cell, "alias")]
    return tuple(name.text for name in names)


# --- The countries that a nationality or an address names, in Japanese or in English.

# Spellings of the list that CLDR lacks.
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE",),
    "CD": ("コンゴ民主共和国",),
    "CI": ("コートジボワール",),
    "CN": ("中華人民共和国",),
    "GB": ("英国", "連合王国"),
    "GE": ("グルジア",),
    "IL": ("イスラエル国",),
    "KP": ("朝鮮民主主義人民共和国", "DPRK"),
    "KR": ("大韓民国",),
    "KW": ("クウェート",),
    "LY": ("リビア国",),
    "MK": ("マケドニア",),
    "MM": ("ビルマ",),
    "PS": ("パレスチナ",),
    "RU": ("ロシア連邦",),
    "SY": ("シリア・アラブ共和国",),
    "TR": ("トルコ",),
    "US": ("米国", "アメリカ"),
    "VN": ("ベトナム",),
    "YE": ("イエメン",),
}
_KATAKANA = r"\u30a1-\u30fa\u30fc"
_SEPARATORS = re.compile(r"[;,、/]|\([a-z]\)|\n")


def countries_in(text: str) -> tuple[str, ...]:
    """Return the ISO 3166-1 alpha-2 codes of the countries named, in order and without repeats.

    Japanese names count wherever they stand as words (`北朝鮮平壌特別市`); English ones only as a
    whole part between commas, from the end on, because a street may have a country's name.
    """
    japanese = [_codes()[found[0]] for found in _pattern().finditer(text)]
    return tuple(dict.fromkeys((*japanese, *_english(text))))


def _english(text: str) -> Iterator[str]:
    parts = [part.strip(" .0123456789") for part in _SEPARATORS.split(text)]
    for part in reversed(parts):
        code = country_code(part) if part else None
        # two capitals in an address are rather a state or a district
        if code is not None and (part != code or part == text.strip()):
            yield code


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return a pattern of all names, the longest first, with no kana before or after them."""
    names = sorted(_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![{_KATAKANA}])(?:{'|'.join(map(re.escape, names))})(?![{_KATAKANA}])")


@functools.cache
def _codes() -> dict[str, str]:
    territories = Locale("ja").territories
    names = {
        _without_aside(f"{territories[code]}"): f"{code}"
        for code in territories
        if country_code(f"{code}") == code
    }
    return names | {name: code for code, more in _SPELLINGS.items() for name in more}


def _without_aside(name: str) -> str:
    """Return CLDR's name without what follows in brackets: `ミャンマー (ビルマ)`."""
    return name.partition("(")[0].strip()
