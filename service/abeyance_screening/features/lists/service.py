"""The lists in the running service: how they changed, and how old each is, for `/metrics`."""

from collections.abc import Mapping
from datetime import UTC

from litestar.di import Provide
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.lists import DatabaseChanges
from abeyance_screening.primitives.days import Days


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return what the editions of lists changed."""
    return {"changes": always(DatabaseChanges(parts.pool.connect))}


async def metrics(parts: ServiceParts) -> tuple[Metric, ...]:
    """Return the age and the state of each list today."""
    index = parts.current.get()
    today = parts.now().astimezone(UTC).date()
    days = Days(as_of=today, known_at=today)
    coverage = index.coverage(index.codes(None), days, named=False)
    age = GaugeMetricFamily(
        "abeyance_list_age_days",
        "Days since a publisher was last seen to offer the edition in use.",
        labels=("list",),
    )
    fresh = GaugeMetricFamily(
        "abeyance_list_fresh",
        "Whether a list is searched whole and is young enough.",
        labels=("list", "role", "state"),
    )
    for each in coverage.lists:
        fresh.add_metric((each.code, each.role, each.state), int(each.state == "fresh"))
        if each.age_days is not None:
            age.add_metric((each.code,), each.age_days)
    return age, fresh
