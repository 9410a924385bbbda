"""Read a name as typed on a keyboard that was set to another layout: `Hjcytanm` is Роснефть."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from abeyance_screening.engine.names.form.token import read_table

# Words that can be spoken have more vowels than this among their letters.
_VOWELS, _LETTERS = re.compile("[aeiou]"), re.compile("[a-z]")
_FEWEST_VOWELS = 0.25
_FEWEST_SIGNS = 6
_FEWEST_WRITTEN = 0.85
_LAST_ARABIC = "\u06ff"
# Keys that write a letter elsewhere, and no sign that names have inside a word here.
_WITHIN = re.compile(r"[^\W\d_][;\[\]{}<>`~=][^\W\d_]")
# What stands in the table for a key that writes an accent.
_ACCENT = "∅"
_ASCII = 127
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FIRST_GREEK, _LAST_GREEK = "\u0370", "\u03ff"


class Keyboard(NamedTuple):
    """What the keys of one keyboard write, by what they write on an American one, and back.

    `ligatures` are what one key writes that two others write as well (Arabic lam and alif).
    """

    there: Mapping[int, str]
    back: Mapping[int, str]
    joins: bool
    ligatures: Mapping[str, str] = {}


def typed_otherwise(printed: str) -> Iterator[str]:
    """Yield what the same keys write with other layouts; nothing for most names.

    A name in Latin letters that can hardly be spoken, or has signs of punctuation inside words, is
    read on the keyboards of six scripts; one in another script is read on an American keyboard.
    """
    if printed.isascii():
        if _is_unspeakable(printed):
            typed = (_typed(printed, layout) for layout in _layouts())
            yield from (text for text in typed if _is_written(text))
        return
    text = _taken_apart(printed.lower())
    # layouts of one script have most keys in common, and a text that is none of theirs stays so
    typed = (each for layout in _layouts() for each in _typed_back(text, layout))
    yield from dict.fromkeys(filter(str.isascii, typed))


def _typed_back(text: str, layout: Keyboard) -> Iterator[str]:
    """Yield what the keys that wrote a text write on an American keyboard."""
    joined = text
    for written, key in layout.ligatures.items():
        joined = joined.replace(written, key)
    yield joined.translate(layout.back)
    if joined != text:
        yield text.translate(layout.back)


def _is_unspeakable(printed: str) -> bool:
    lower = printed.lower()
    if sum([not sign.isspace() for sign in lower]) < _FEWEST_SIGNS:
        return False
    few = len(_VOWELS.findall(lower)) < _FEWEST_VOWELS * len(_LETTERS.findall(lower))
    is_open = printed.count("[") != printed.count("]")
    return few or is_open or _WITHIN.search(printed) is not None


def _is_written(text: str) -> bool:
    """Return whether a text has few signs that are no letters: the layout is another one."""
    signs = [sign for sign in text if not sign.isspace()]
    return sum(map(_is_letter, signs)) >= _FEWEST_WRITTEN * len(signs)


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or (unicodedata.category(sign) == "Mn" and sign > _LAST_ARABIC)


def _typed(printed: str, layout: Keyboard) -> str:
    text = printed.lower() if printed.isupper() else printed
    typed = text.translate(layout.there)
    return _SYLLABLE.sub(_put_together, typed) if layout.joins else typed


@cache
def _layouts() -> tuple[Keyboard, ...]:
    rows = {name: spellings[0].split(" ") for name, spellings in read_table("keyboards.txt")}
    keys, shifted = rows.pop("keys"), rows.pop("shifted")
    return tuple(
        _layout((*keys, *shifted), (*rows[name], *rows.get(f"{name} shifted", rows[name])))
        for name in rows
        if " " not in name
    )


def _layout(keys: Sequence[str], written: Sequence[str]) -> Keyboard:
    pairs = tuple(zip(keys, written, strict=True))
    back = {ord(text): key.lower() for key, text in pairs if len(text) == 1}
    return Keyboard(
        there={ord(key): "" if text == _ACCENT else text for key, text in pairs},
        back={text: key for text, key in back.items() if chr(text).isalpha() or text > _ASCII},
        joins=_FIRST_JAMO in written,
        ligatures={text: key.lower() for key, text in pairs if len(text) > 1 and text.isalpha()},
    )


# --- Korean keys write the letters of a syllable one by one.

_FIRST_JAMO = "\u3131"
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MEDIALS = (
    *("ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ"),
    *("ㅗㅣ", "ㅛ", "ㅜ", "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ"),
)
_FINALS = (
    *(
        "ㄱ",
        "ㄲ",
        "ㄱㅅ",
        "ㄴ",
        "ㄴㅈ",
        "ㄴㅎ",
        "ㄷ",
        "ㄹ",
        "ㄹㄱ",
        "ㄹㅁ",
        "ㄹㅂ",
        "ㄹㅅ",
        "ㄹㅌ",
    ),
    *("ㄹㅍ", "ㄹㅎ", "ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"),
)
_ANY_VOWEL = "|".join(sorted(_MEDIALS, key=len, reverse=True))
_ANY_FINAL = "|".join(sorted(_FINALS, key=len, reverse=True))
_SYLLABLE = re.compile(f"([{_INITIALS}])({_ANY_VOWEL})((?:{_ANY_FINAL})(?!{_ANY_VOWEL}))?")


def _put_together(found: re.Match[str]) -> str:
    initial, vowel = _INITIALS.index(str(found[1])), _MEDIALS.index(found[2])
    final = _FINALS.index(found[3]) + 1 if found[3] else 0
    return chr(_FIRST_SYLLABLE + (initial * len(_MEDIALS) + vowel) * (len(_FINALS) + 1) + final)


def _taken_apart(text: str) -> str:
    """Return a text with the letters of Korean syllables one by one, and letters without marks."""
    return "".join(map(_letters_of, unicodedata.normalize("NFC", text)))


def _letters_of(letter: str) -> str:
    place = ord(letter) - _FIRST_SYLLABLE
    if not 0 <= place <= _LAST_SYLLABLE - _FIRST_SYLLABLE:
        plain = unicodedata.normalize("NFD", letter)
        return plain[0] if _FIRST_GREEK <= plain[0] <= _LAST_GREEK else letter
    place, final = divmod(place, len(_FINALS) + 1)
    initial, vowel = divmod(place, len(_MEDIALS))
    return _INITIALS[initial] + _MEDIALS[vowel] + (_FINALS[final - 1] if final else "")
