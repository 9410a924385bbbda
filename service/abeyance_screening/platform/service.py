"""What the running service holds, of which features make what handlers and `/metrics` have."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from litestar.di import Provide
from prometheus_client.core import GaugeMetricFamily

from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.platform.access.audit_log import Audit
from abeyance_screening.platform.http.entrance import Entrance
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.accounts import AccountStores


class ServiceParts(msgspec.Struct, frozen=True, kw_only=True):
    """What all features share in one process of the service, as long as it runs.

    `now` is the clock of answers; `boards` and `current` are the register and the index in force.
    """

    settings: Settings
    now: Callable[[], datetime]
    pool: PooledStore
    accounts: AccountStores
    boards: CurrentBoard
    current: CurrentIndex
    entrance: Entrance
    audit: Audit


def always(value: object) -> Provide:
    """Return a provider of one value for every request."""

    async def provide() -> object:
        return value

    return Provide(provide)


def gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    """Return a gauge in the form of Prometheus, whose name begins with `abeyance_`."""
    return GaugeMetricFamily(f"abeyance_{name}", meaning, value)
