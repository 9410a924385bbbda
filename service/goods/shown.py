"""A text as it is seen: without what has no shape, its letters and digits in one form."""

import re
import unicodedata

# What fills a place and is not seen, beside the categories Cf and Cc. Source: Unicode Character
# Database, DerivedCoreProperties.txt, Default_Ignorable_Code_Point.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]")
# Cyrillic and Greek letters that cannot be told from Latin ones, in both cases.
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
    """The text without invisible signs and without blanks around it.

    Width and style are gone, digits of any script are `0` to `9`, and letters of other scripts
    that look like Latin ones in either case are Latin, so that two such texts can be compared
    with each other but not with one that was not brought to this form.
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
