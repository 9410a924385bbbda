"""A status on a terminal: its badge in its colour, and its own day where that is another one."""

from datetime import date

from rich.text import Text

from service.model.on_day import MeasureOnDay
from service.model.status import BITES
from service.wording import badge
from service.wording.own_days import own_day_of

_STYLES = {
    "in_force": "bold red",
    "in_force_eased": "yellow",
    "partly_suspended": "yellow",
    "suspended": "blue",
    "court_stayed": "blue",
    "published_not_effective": "cyan",
    "announced": "cyan",
    "eased_by_licence": "yellow",
}


def style_of(status: str | None) -> str:
    """Red for what bites, amber for what is eased, blue for what sleeps, grey for what is over."""
    if status is None:
        return ""
    return _STYLES.get(status, "red" if status in BITES else "dim")


def status_text(measure: MeasureOnDay, asked: date) -> Text:
    """The badge, and below it the day of the status where the answer is about another day."""
    text = Text(badge(measure), style=style_of(measure.status))
    own = own_day_of(measure, asked)
    return text if own is None else text.append(f"\n{own.line}", style="not bold")
