"""The register in the running service: operators' statements, and what waits for a reader."""

from collections.abc import Mapping

from litestar.di import Provide

from abeyance_screening.features.register.events import Operators
from abeyance_screening.features.register.review import CurrentReview
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.register import DatabaseRegister


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return what records operators' statements, and the measures that need a legal reader."""
    register = DatabaseRegister(parts.pool.connect_unit)
    return {
        "operators": always(Operators(register, parts.boards, parts.now)),
        "review": always(CurrentReview()),
    }
