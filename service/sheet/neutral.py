"""Texts of others made harmless for the program that opens a table."""

import re

# What a spreadsheet takes for a formula when it opens a CSV: names may be made by an attacker.
# A Japanese or Chinese one takes the wide forms of the signs as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# What XML cannot hold, and no name has.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_CELL = 32_767


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula; blanks before it do not help."""
    return text.lstrip(" \u00a0\n").startswith(_FORMULA)


def neutral(text: str) -> str:
    """The text for a CSV: one that may be taken for a formula gets `'` before it."""
    clean = printable(text)
    return f"'{clean}" if is_formula_like(text) else clean


def printable(text: str) -> str:
    """The text without what no cell can hold; signs of control are shown as such."""
    return _CONTROLS.sub("\ufffd", text)


def cut(text: str) -> str:
    """The text as far as a cell of a workbook holds it, with a mark where it was cut."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 2]} …"
