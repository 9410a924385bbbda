"""Find the parties that the title of a denial order names."""

import re

ORDER = re.compile(
    r"\border (?:renewing|extending|temporarily denying|denying|imposing)\b[^;]*\bexport"
    r" privileges\b",
    re.IGNORECASE,
)
"""The clause of a title that states what the order does."""

_MATTER = re.compile(r"^in the matter of:?\s*", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"(?:ltd|limited|inc|llc|l\.l\.c|co|corp|s\.?a|gmbh|ag|b\.?v|jsc|pjsc|llp|plc|fze|fzco)\b\.?",
    re.IGNORECASE,
)


def parties_of(title: str) -> tuple[str, ...]:
    """Return the name at the beginning of each part of the title, without its address, in order.

    `Azur Air, Sharypovo Airport, Moscow, Russia; Order Renewing …` names Azur Air. A part that is
    only an address gives its first words, which are no party's name.
    """
    parts = (_MATTER.sub("", part.strip()) for part in ORDER.sub("", title).split(";"))
    names = (_name(part) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name))


def _name(part: str) -> str:
    head, *rest = part.split(", ")
    while rest and _LEGAL_FORM.fullmatch(rest[0]):
        head = f"{head}, {rest.pop(0)}"
    return head.strip(" ,:-")
