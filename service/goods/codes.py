"""Codes of items: those of the Harmonised System, and entries of control lists."""

import re
from collections.abc import Sequence

from service.goods.shown import as_shown
from service.goods.verdict import Verdict

HS_LENGTHS = (4, 6, 8, 10)
# Source: Harmonised System Convention, art. 3: the codes are the same worldwide down to the
# six-digit subheading; what follows is each country's own.
_SAME_EVERYWHERE = 6
_DASH = "\u2010-\u2015-"
# A comma or a dash before more than two digits parts two codes, not one.
_HS = re.compile(f"[0-9]{{2}}(?:[. ]?[0-9]{{2}}|[,{_DASH}][0-9]{{2}}(?![0-9]))*[.]?")
_NO_DIGIT = re.compile("[^0-9]")
# `3A090.a.1`; a letter and a number also part by themselves.
_CONTROL_CODE = re.compile(
    f"([0-9])[ {_DASH}]?([A-E])[ {_DASH}]?([0-9]{{3}})"
    f"((?:(?:[., {_DASH}]|(?<=[0-9]))[a-z](?:[., {_DASH}]?[0-9]{{1,3}}(?![0-9]))?)*)[.]?",
    re.IGNORECASE,
)
_LEVEL = re.compile("[a-z]|[0-9]+")
_HEAD = 5


def read_hs(text: str) -> str | None:
    """The digits of an HS code; None for what is none, by its signs or by how many there are.

    Full stops, blanks, commas and dashes may part pairs of digits.
    """
    shown = as_shown(text)
    digits = _NO_DIGIT.sub("", shown)
    return digits if _HS.fullmatch(shown) and len(digits) in HS_LENGTHS else None


def read_control_code(text: str) -> str | None:
    """An entry of a control list in one spelling, `3A090.a.1`; None for what is none."""
    found = _CONTROL_CODE.fullmatch(as_shown(text))
    if found is None:
        return None
    category, group, number, levels = found.groups()
    return ".".join(_levels(f"{category}{group}{number}{levels}"))


def compare_hs(given: str, wanted: str) -> Verdict:
    """A code against the beginning of a code, both digits only.

    Where the two agree in the first six digits and part after them, it stays open: those that
    follow count differently in each country.
    """
    verdict = _compare(given, wanted)
    if verdict is Verdict.NOT_MET and given[:_SAME_EVERYWHERE] == wanted[:_SAME_EVERYWHERE]:
        return Verdict.OPEN
    return verdict


def compare_control_code(given: str, wanted: str) -> Verdict:
    """An entry against one that takes in all below it: `3A090.a` meets `3A090`."""
    return _compare(_levels(given), _levels(wanted))


def _compare(given: Sequence[str], wanted: Sequence[str]) -> Verdict:
    """Met if all that is wanted is given; open if what is given stops on the way there."""
    shared = min(len(given), len(wanted))
    if given[:shared] != wanted[:shared]:
        return Verdict.NOT_MET
    return Verdict.OPEN if shared < len(wanted) else Verdict.MET


def _levels(code: str) -> tuple[str, ...]:
    return code[:_HEAD].upper(), *_LEVEL.findall(code[_HEAD:].lower())
