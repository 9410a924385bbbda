"""Words of the calendar for several measures at once."""

from collections.abc import Iterable, Sequence
from datetime import date

from service.wording.numbers import count
from service.wording.own_days import OwnDay, own_day
from service.wording.titles import jurisdiction_name


def places(jurisdictions: Iterable[str]) -> str:
    """Jurisdictions by name, each once, in the order given: `China and United States`."""
    *most, last = dict.fromkeys(jurisdiction_name(each) for each in jurisdictions)
    return f"{', '.join(most)} and {last}" if most else last


def of_all(sentence: str, number: int) -> str:
    """What is said of one measure, said of several."""
    return f"All {count(number)} alike. {sentence}"


def seen_from(statuses: Sequence[tuple[date, str]], asked: date) -> tuple[date, OwnDay | None]:
    """The day that statuses shown together are seen from, and the own day of some or all of them.

    Each comes with its day and its jurisdiction; `asked` is the day of the page. At one moment no
    two authorities have two different days that are both another one than that of UTC.
    """
    others = [(on, where) for on, where in statuses if on != asked]
    if not others:
        return asked, None
    on = others[0][0]
    own = own_day(on, (where for _, where in others), asked)
    return on if len(others) == len(statuses) else asked, own
