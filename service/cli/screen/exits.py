"""What the exit status of a screening says."""

from collections.abc import Iterable

from service.model.answer import CounterpartyResult
from service.sheet import Counts

FOUND = 3
NOTHING_SAID = 4
EXIT_STATUS = (
    "Exit status: 0 nothing found, with every list there and fresh; 1 refused or failed; 3 hits; "
    "4 no hits, but a list is missing or too old, or a row could not be read; 130 stopped by "
    "Ctrl-C. With --exit-zero 3 and 4 are 0."
)


def status_of(counts: Counts) -> int:
    """0, 3 or 4 by how the rows came out; a hit goes before what cannot be said."""
    if counts.hits or counts.owner_hits:
        return FOUND
    return NOTHING_SAID if counts.incomplete or counts.unreadable else 0


def counted(results: Iterable[CounterpartyResult]) -> Counts:
    """The counts of some results."""
    counts = Counts()
    for result in results:
        counts = counts.with_result(result)
    return counts
