"""The colour of a status on a terminal; the words beside it say the same."""

from service.model.status import BITES

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
