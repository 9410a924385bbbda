"""A number as it is compared, apart from how it is printed."""

import unicodedata

# Shorter than this, a number is no identifier: house numbers and years would meet each other.
SHORTEST = 5


def plain(value: str) -> str:
    """Letters and digits alone, in capitals; full-width and other scripts' digits as 0 to 9."""
    if value.isascii():
        bare = value if value.isalnum() else "".join(filter(str.isalnum, value))
        return bare.upper()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).upper())
    kept = "".join(_digit(each) for each in folded if each.isalnum())
    return unicodedata.normalize("NFKC", kept)


def key(text: str) -> str | None:
    """What equal numbers share; None if that is too short, or has no digit, to be a number.

    Of a number in plain form. Leading zeros do not count where five digits are left without
    them: registries pad their numbers, spreadsheets lose the zeros.
    """
    if len(text) < SHORTEST or not any(map(str.isdigit, text)):
        return None
    if text.isdecimal():
        return text[:-SHORTEST].lstrip("0") + text[-SHORTEST:]
    return text


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
