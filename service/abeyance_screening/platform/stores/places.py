"""The places where acts appear, in the database: looks, documents, confirmations."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC

import asyncpg
import msgspec

from abeyance_screening.engine.measures.measure import PlaceConfirmation
from abeyance_screening.engine.measures.place_state import (
    Look,
    OpenDocument,
    PlaceState,
    day_there,
    documents_of,
)
from abeyance_screening.engine.measures.places import place_of
from abeyance_screening.platform.postgres.database import AnyConnection, holding, query, reaching

# --- Stored looks at places, the documents they brought, and persons' confirmations.


async def place_states(connection: AnyConnection) -> dict[str, PlaceState]:
    """Return the state of each place that was looked at or confirmed, by its id."""
    with reaching():
        rows = await connection.fetch(query("place_states"))
    return {row["place"]: msgspec.convert(dict(row), PlaceState) for row in rows}


async def open_documents(
    connection: AnyConnection, place_ids: Sequence[str]
) -> tuple[OpenDocument, ...]:
    """Return the documents of these places that no person has read yet, oldest first."""
    with reaching():
        rows = await connection.fetch(query("open_documents"), place_ids)
    return msgspec.convert([dict(row) for row in rows], tuple[OpenDocument, ...])


async def add_look(connection: AnyConnection, look: Look) -> frozenset[str]:
    """Store a look, and return the keys of the documents that are new since the last one.

    Of several processes that look at once, one finds a document new.
    """
    with reaching():
        async with connection.transaction():
            await connection.fetch(query("lock_place"), look.place)
            found = await _new_of(connection, look) if look.reason is None else frozenset[str]()
            outcome = "read" if look.reason is None else "failed"
            await connection.execute(
                query("add_look"), look.place, look.looked_at, outcome, look.reason
            )
    return found


async def _new_of(connection: AnyConnection, look: Look) -> frozenset[str]:
    read_at = (await place_states(connection)).get(look.place, PlaceState(place="")).read_at
    place = place_of(look.place)
    before = None if read_at is None else day_there(place, read_at.astimezone(UTC))
    documents = documents_of(look, before)
    rows = await connection.fetch(
        query("add_documents"),
        look.place,
        [each.key for each, _ in documents],
        [each.title for each, _ in documents],
        [each.url or place.home for each, _ in documents],
        [each.dated_on for each, _ in documents],
        [each.body for each, _ in documents],
        [is_known for _, is_known in documents],
        look.looked_at,
    )
    known = {each.key for each, is_known in documents if is_known}
    return frozenset(row["key"] for row in rows) - known


async def put_document_text(connection: AnyConnection, document: int, text: str) -> None:
    """Store the text of a document's page."""
    with reaching():
        await connection.execute(query("put_document_text"), document, text)


async def newest_confirmations(connection: AnyConnection) -> tuple[PlaceConfirmation, ...]:
    """Return the newest confirmation of each place, ordered by place."""
    rows = await connection.fetch(query("newest_confirmations"))
    return msgspec.convert([dict(row) for row in rows], tuple[PlaceConfirmation, ...])


async def add_confirmation(
    connection: AnyConnection, confirmation: PlaceConfirmation, read_up_to: int | None
) -> None:
    """Store a confirmation; documents of the place up to the id `read_up_to` were read."""
    await connection.execute(
        query("add_confirmation"),
        confirmation.place,
        confirmation.until,
        confirmation.confirmed_at,
        confirmation.confirmed_by,
        read_up_to,
    )


def watching(connection: asyncpg.Connection) -> AbstractAsyncContextManager[bool]:
    """Hold the lock for looking at the places by schedule, as `holding` does."""
    return holding(connection, "try_lock_watching", "unlock_watching")
