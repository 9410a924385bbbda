"""Forms that are sent once: pressing the button again gets the first answer."""

from abeyance_screening.platform.access.idempotency import FORM_ID
from abeyance_screening.platform.pages.frame import Given, text_of


def sent_once(given: Given, *more: tuple[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the id of a form, and what tells it from another: all but the kind of a file."""
    fields = (each for each in given.multi_items() if each[0] not in {FORM_ID, "format"})
    return text_of(given, FORM_ID), (*fields, *more)
