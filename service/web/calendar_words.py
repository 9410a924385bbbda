"""Words of the calendar for several measures at once."""

from collections.abc import Iterable

from service.wording.numbers import count
from service.wording.titles import jurisdiction_name


def places(jurisdictions: Iterable[str]) -> str:
    """Jurisdictions by name, each once, in the order given: `China and United States`."""
    *most, last = dict.fromkeys(jurisdiction_name(each) for each in jurisdictions)
    return f"{', '.join(most)} and {last}" if most else last


def of_all(sentence: str, number: int) -> str:
    """What is said of one measure, said of several."""
    return f"All {count(number)} alike. {sentence}"
