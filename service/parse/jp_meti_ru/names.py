"""The names above an address: Japanese and English, with their further names."""

import re
from collections.abc import Sequence

import msgspec

from service.parse.jp_meti_ru.items import Item
from service.parse.jp_meti_ru.languages import (
    ALSO,
    IS_JAPANESE,
    LOOSE_BULLET,
    SURE_BULLET,
    languages,
    run_on,
    without_gaps,
)

_ALSO_LINE = re.compile(rf"{ALSO}\s*:\s*")
_ALSO_INSIDE = re.compile(rf"{ALSO}[、､,:\s]*")
# `, a.k.a., the following two aliases:`; also seen: `the follow`, `thefollowing`, `twoaliases`.
_FOLLOWING = re.compile(
    r"(?!(?<=\s)\s),?\s*+(?:a\.\s?k\.\s?a\.?,?\s*+)?(?:the\s*+)?"
    r"follow(?:ing)?\s*+(?P<count>[a-z]{1,20}?)\s*+alias(?:es)?\s*+:?",
    re.IGNORECASE,
)
_MARKS = "[、､]|及び"
_COUNT_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_COUNTS = {word: count for count, word in enumerate(_COUNT_WORDS.split(), start=1)}
# What joins a name to the next one, read from its end: `;`, `; and`, `, a.k.a.,` or `:`.
_JOINT_BACKWARDS = re.compile(r"(?:[;,:\s]++|dna(?=\s*+;)|\.?a\.k\.a(?=\s*+,))*+")
_ONLY_HAN = re.compile(r"[^\u3040-\u30ff]*[\u3400-\u9fff][^\u3040-\u30ff]*")
_PROSE = re.compile(r",? including |\. This includes ")
# Short forms that end a name with a full stop of their own.
_SHORT = re.compile(r"\b(?:Ltd|Co|Inc|Corp|Sti|Ști|St|A\.S|A\.Ș|L\.L\.C|J\.S\.C)\.", re.IGNORECASE)


class ItemNames(msgspec.Struct, frozen=True):
    """The names of one item; `remark` is the whole print where a name goes on in prose.

    None has the gaps that a text of the same PDF file may or may not have between scripts.
    """

    english: str
    japanese: str
    others: tuple[str, ...]
    remark: str | None


def read_names(item: Item) -> ItemNames:
    """The names of an item.

    Two layouts occur. Until 2025: `日本語名(別称、A及びB)`, then `Name, a.k.a., the following two
    aliases:` and a bullet for each. Since then: both names, then `別称:` with the Japanese and
    the English ones, parted by semicolons.

    Raises:
        RowRefusedError: no English name is behind the Japanese one.
    """
    body, also = _also(item.head)
    printed, lines = languages(item.where, body)
    japanese, inner = _taken_apart(printed)
    whole, aliases = _english_names(lines)
    english, chinese = _taken_apart(whole)
    name = _PROSE.split(english, maxsplit=1)[0]
    is_prose = name != english
    before_prose = re.split(r"[(。]", japanese, maxsplit=1)[0] if is_prose else japanese
    return ItemNames(
        english=without_gaps(name),
        japanese=without_gaps(before_prose),
        others=tuple(map(without_gaps, (*inner, *chinese, *aliases, *also))),
        remark=f"{without_gaps(japanese)} {without_gaps(english)}" if is_prose else None,
    )


def _also(head: Sequence[str]) -> tuple[Sequence[str], list[str]]:
    """The lines before `別称:`, and the names behind it."""
    for place, line in enumerate(head):
        mark = _ALSO_LINE.match(line)
        if mark is not None:
            lines = [line[mark.end() :], *head[place + 1 :]]
            japanese = [text for text in lines if IS_JAPANESE.search(text)]
            english = [text for text in lines if not IS_JAPANESE.search(text)]
            names = [*_split(run_on(japanese), f"{_MARKS}|;"), *_split(_english(english), ";")]
            return head[:place], names
    return head, []


def _english_names(lines: Sequence[str]) -> tuple[str, list[str]]:
    text = "\n".join(lines)
    mark = _FOLLOWING.search(text)
    if mark is None:
        return _bare(_english(lines)), []
    name = _english(text[: mark.start()].split("\n"))
    return _bare(name), _aliases(text[mark.end() :], _COUNTS.get(mark["count"].casefold()))


def _aliases(text: str, count: int | None) -> list[str]:
    """The names behind bullets, where one kind of bullet gives as many of them as are announced.

    A line may begin with the hyphen of a word that the line before ends in.
    """
    aliases = list[str]()
    for bullet in (SURE_BULLET, LOOSE_BULLET):
        parts = (_english(part.split("\n")) for part in bullet.split(text))
        aliases = [alias for part in parts if (alias := _bare(part))]
        if len(aliases) == count:
            break
    return aliases


def _taken_apart(printed: str) -> tuple[str, list[str]]:
    """`名(中文)(別称、A、B及びC)` → the name, and the others."""
    others = list[str]()
    while printed.endswith(")") and (opening := _opening(printed)) > 0:
        inside = printed[opening + 1 : -1].strip()
        if (also := _ALSO_INSIDE.match(inside)) is not None:
            for name in _split(inside[also.end() :], _MARKS):
                own, inner = _taken_apart(name)
                others += [own, *inner]
        elif _ONLY_HAN.fullmatch(inside):
            others += _split(inside, "[、､]")
        else:
            break
        printed = printed[:opening].rstrip()
    return printed, others


def _opening(text: str) -> int:
    """Where the bracket opens that the text ends with, 0 where none does."""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return place
    return 0


def _split(text: str, marks: str) -> list[str]:
    """The texts between marks that stand outside brackets and quotes."""
    parts, depth, start = list[str](), 0, 0
    for found in re.finditer(rf"[(「]|[)」]|{marks}", text):
        if found[0] in "(「":
            depth += 1
        elif found[0] in ")」":
            depth -= 1
        elif depth <= 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [part for each in (*parts, text[start:]) if (part := _bare(each))]


def _english(lines: Sequence[str]) -> str:
    """English lines as one; a word parted by a hyphen at the end of a line is put together."""
    text = ""
    for line in lines:
        text += line if text.endswith("-") and not text.endswith(" -") else f" {line}"
    return text.strip()


def _bare(text: str) -> str:
    """The name without what joins it to the next one, or ends the sentence."""
    joint = _JOINT_BACKWARDS.match(text[::-1])
    bare = text[: len(text) - (joint.end() if joint else 0)].lstrip()
    short = _SHORT.search(bare, max(len(bare) - 6, 0))
    return bare if short is not None and short.end() == len(bare) else bare.rstrip(".")
