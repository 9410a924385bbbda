"""What the handlers of judgements receive, and those of others that decide on hits."""

from collections.abc import Mapping

from litestar.di import Provide

from abeyance_screening.platform.questions.judgement_desk import judgement_desks
from abeyance_screening.platform.service import ServiceParts


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return the judgements of the caller's account."""
    return {"judgements": Provide(judgement_desks(parts))}
