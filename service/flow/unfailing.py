"""One measure that cannot be worked out must not cost the answers about all others."""

import logging
from collections.abc import Callable
from functools import lru_cache

logger = logging.getLogger(__name__)
_REMEMBERED_FAILURES = 4_096


def unfailing[T](measure_id: str, work: Callable[[], T], otherwise: T) -> T:
    """What `work` gives for a measure, else `otherwise`; that it failed is logged once."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - logged, without the record's own words
        _tell(measure_id, type(error).__name__, _place_of(error))
        return otherwise


@lru_cache(maxsize=_REMEMBERED_FAILURES)
def _tell(measure_id: str, kind: str, place: str) -> None:
    fields = {"measure": measure_id, "kind": kind, "place": place}
    logger.error("measure.cannot_be_worked_out", extra=fields)


def _place_of(error: Exception) -> str:
    """The line that failed: a traceback's text may hold what an operator wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
