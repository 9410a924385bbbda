"""What handlers receive of changes that wait for a second person."""

from collections.abc import Mapping

from litestar.di import Provide

from abeyance_screening.platform.questions.pending_desk import pending_desks
from abeyance_screening.platform.service import ServiceParts


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return what waits in the caller's account."""
    return {"changes_pending": Provide(pending_desks(parts))}
