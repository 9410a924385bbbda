"""Chinese numerals, as announcements number and date things."""

import re

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_TEN = "十"
NUMERAL = "[〇零○一二三四五六七八九十]"
_NUMERAL = re.compile(f"{NUMERAL}+")


def number_of(printed: str) -> int | None:
    """`14`, `十四`, `二十` or digit by digit `二〇二五` as a number; None for anything else."""
    text = printed.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    if _NUMERAL.fullmatch(text) is None:
        return None
    if _TEN not in text:
        return int("".join(str(_DIGITS[digit]) for digit in text)[:9])
    tens, ones = text.split(_TEN, maxsplit=1)
    if len(tens) > 1 or len(ones) > 1 or _TEN in ones:
        return None
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
