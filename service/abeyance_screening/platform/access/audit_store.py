"""The audit log in the database."""

import msgspec

from abeyance_screening.platform.access.audit_log import AuditedReading, AuditEntry, AuditQuery
from abeyance_screening.platform.postgres.queries import QueryPlace, fetched

# --- The audit log in the database.


class StoredAudit:
    """The audit log of a database, on a connection or a pool of them."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def entries(self, asked: AuditQuery, most: int) -> tuple[AuditEntry, ...]:
        """Return at most so many entries, in the order asked for.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(
            self._place,
            "audit_entries",
            asked.account,
            asked.newest_first,
            asked.beyond,
            asked.since,
            asked.until,
            asked.actor,
            asked.action,
            asked.about,
            most,
        )
        return tuple(_entry(dict(row)) for row in rows)

    async def add(self, reading: AuditedReading) -> None:
        """Record a reading.

        Raises:
            StoreUnavailableError: The database does not answer; it was not recorded.
        """
        caller = reading.caller
        await fetched(
            self._place,
            "add_audit_entry",
            caller.account,
            caller.owner,
            caller.key,
            reading.action,
            reading.about,
            reading.request_id,
            reading.address,
        )


def _entry(columns: dict[str, object]) -> AuditEntry:
    details = msgspec.json.decode(str(columns.pop("details")), type=dict[str, object])
    return msgspec.convert({**columns, "details": details}, AuditEntry)
