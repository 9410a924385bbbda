"""An item as somebody types it: an HS code, a control code or words, told by its form."""

import re

from service.goods.codes import read_control_code, read_hs
from service.goods.shown import as_shown
from service.model.transaction import AskedItem

_CODE = "(?:[ -]?(?:codes?|numbers?|no[.]?))?[:. ]*"
_CALLED_HS = re.compile(
    f"(?<![a-z])(?:HTSUS|HTS|HS|TARIC|CN(?=[ -]?code)){_CODE}(?=[0-9])", re.IGNORECASE
)
_CALLED_CONTROL_CODE = re.compile(f"ECCN{_CODE}(?=[^ ])", re.IGNORECASE)
_HS_AMID_WORDS = re.compile("(?<![0-9.,])[0-9]{4}[.][0-9]{2}(?![0-9])")
_CONTROL_CODE_AMID_WORDS = re.compile(
    "(?<![0-9a-z])[0-9][A-E][0-9]{3}(?![0-9]|[a-z]{2})", re.IGNORECASE
)
_ALMOST_CONTROL_CODE = re.compile(
    "[0-9][A-E](?:[0-9]{2}|[0-9]{4})(?:[.][a-z0-9.]*)?", re.IGNORECASE
)
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")


def item_from(text: str) -> AskedItem:
    """The item that is meant; nothing of a code is checked yet, so it may be none.

    A code is what is called one (`HS 2846.90`, `ECCN 3A090`), has digits and no letter, or is
    written like an entry of a control list. So is what only looks like one, or has one amid
    words: it must not pass for words, which would find nothing. All else is words.
    """
    shown = as_shown(text)
    called_hs, called_control_code = _CALLED_HS.match(shown), _CALLED_CONTROL_CODE.match(shown)
    if called_hs is not None:
        return AskedItem(hs=shown[called_hs.end() :])
    if called_control_code is not None:
        return AskedItem(control_code=shown[called_control_code.end() :])
    if _looks_like_hs(shown):
        return AskedItem(hs=shown)
    if _looks_like_control_code(shown):
        return AskedItem(control_code=shown)
    return AskedItem(description=text.strip())


def _looks_like_hs(shown: str) -> bool:
    only_digits = any(map(str.isdigit, shown)) and not any(map(str.isalpha, shown))
    return (
        only_digits
        or read_hs(shown.translate(_LETTERS_FOR_DIGITS)) is not None
        or any(each.search(shown) for each in (_CALLED_HS, _HS_AMID_WORDS))
    )


def _looks_like_control_code(shown: str) -> bool:
    retyped = shown.translate(_LETTERS_FOR_DIGITS)
    return (
        read_control_code(retyped) is not None
        or _ALMOST_CONTROL_CODE.fullmatch(retyped) is not None
        or _CONTROL_CODE_AMID_WORDS.search(shown) is not None
    )
