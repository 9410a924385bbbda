"""The watch in the running service: what records that a place was read."""

from collections.abc import Mapping

from litestar.di import Provide

from abeyance_screening.features.watch.confirmations import Confirmations
from abeyance_screening.features.watch.drafts_page import UnreadDocuments
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.register import DatabaseRegister


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return what records that places were read, and what reads their new documents."""
    register = DatabaseRegister(parts.pool.connect_unit)
    return {
        "confirmations": always(Confirmations(register, parts.boards, parts.now)),
        "unread": always(UnreadDocuments(parts.pool.connect_unit)),
    }
