"""Parties in the running service: what records operators' splits of them."""

from collections.abc import Mapping

from litestar.di import Provide

from abeyance_screening.features.parties.splits_and_joins import PartySplits
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.parties import DatabaseSplits


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return what records operators' splits of parties."""
    splits = DatabaseSplits(parts.pool.connect_unit)
    return {"splits": always(PartySplits(splits, parts.current.get, parts.now))}
