"""Codes of items: those of the Harmonised System, and entries of control lists."""

import re
import unicodedata
from collections.abc import Sequence

from service.goods.verdict import Verdict

HS_LENGTHS = (4, 6, 8, 10)
# Source: Harmonised System Convention, art. 3: the codes are the same worldwide down to the
# six-digit subheading; what follows is each country's own.
_SAME_EVERYWHERE = 6
_HS = re.compile(r"[0-9][0-9. ]*")
# `3A090.a.1`, with or without the dots where a letter and a number part by themselves.
_CONTROL_CODE = re.compile(
    r"[0-9][A-E][0-9]{3}(?:\.(?:[a-z]|[0-9]{1,3})|(?<=[0-9])[a-z]|(?<=[a-z])[0-9]{1,3})*\.?",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"[a-z]|[0-9]+")
_HEAD = 5


def looks_like_hs(text: str) -> bool:
    """Whether a text has digits and nothing else but full stops and blanks."""
    return _HS.fullmatch(_shown(text)) is not None


def read_hs(text: str) -> str | None:
    """The digits of an HS code; None for what is none, by its signs or by how many there are."""
    digits = _shown(text).replace(".", "").replace(" ", "")
    return digits if looks_like_hs(text) and len(digits) in HS_LENGTHS else None


def read_control_code(text: str) -> str | None:
    """An entry of a control list in one spelling, `3A090.a.1`; None for what is none."""
    shown = _shown(text)
    if _CONTROL_CODE.fullmatch(shown) is None:
        return None
    return ".".join(_levels(shown))


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


def _shown(text: str) -> str:
    """The text without the width of its signs, and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def _compare(given: Sequence[str], wanted: Sequence[str]) -> Verdict:
    """Met if all that is wanted is given; open if what is given stops on the way there."""
    shared = min(len(given), len(wanted))
    if given[:shared] != wanted[:shared]:
        return Verdict.NOT_MET
    return Verdict.OPEN if shared < len(wanted) else Verdict.MET


def _levels(code: str) -> tuple[str, ...]:
    return code[:_HEAD].upper(), *_LEVEL.findall(code[_HEAD:].lower())
