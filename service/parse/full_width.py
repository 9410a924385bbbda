"""Full-width letters, digits and brackets, as Chinese and Japanese texts print them."""

_IDEOGRAPHIC_SPACE = 0x3000
_FIRST, _LAST, _AWAY = 0xFF01, 0xFF5E, 0xFEE0
_NARROW = {_IDEOGRAPHIC_SPACE: " "} | {
    code: chr(code - _AWAY) for code in range(_FIRST, _LAST + 1)
}


def narrow(text: str) -> str:
    """The text with its full-width forms as the ASCII characters they stand for.

    Only those: brackets, digits, Latin letters, colons and the wide space. Kana, Han and the
    marks between them stay as printed, so that every place in the text stays where it is.
    """
    return text.translate(_NARROW)
