"""An item as somebody types it: an HS code, a control code or words, told by its form."""

import re

from service.goods.codes import looks_like_hs, read_control_code
from service.model.transaction import AskedItem

_CALLED_CODE = re.compile(
    r"(?:HS(?: code)?:? +(?P<hs>[0-9. ]+)|ECCN:? +(?P<control_code>\S+))", re.IGNORECASE
)


def item_from(text: str) -> AskedItem:
    """The item that is meant; nothing of a code is checked yet, so it may be none.

    Digits with full stops and blanks are an HS code, what is written like an entry of a control
    list is one, and `HS` or `ECCN` before a code says so; all else is words.
    """
    said = text.strip()
    called = _CALLED_CODE.fullmatch(said)
    if called is not None:
        return AskedItem(**called.groupdict())
    if looks_like_hs(said):
        return AskedItem(hs=said)
    if read_control_code(said) is not None:
        return AskedItem(control_code=said)
    return AskedItem(description=said)
