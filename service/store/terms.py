"""What operators hold lists of their own to: an age, and a number of entries."""

import asyncpg
import msgspec

from service.model.terms import ExpectedEntries, ListTerms
from service.store.sql import query, reaching


async def every_terms(connection: asyncpg.Connection) -> tuple[ListTerms, ...]:
    """The terms of each list that has any, by list code."""
    with reaching():
        rows = await connection.fetch(query("every_terms"))
    stored = msgspec.convert(
        [tuple(row) for row in rows], list[tuple[str, int | None, int | None, int | None]]
    )
    return tuple(
        ListTerms(
            list_code=code,
            max_age_days=max_age_days,
            expected=None if least is None and most is None else ExpectedEntries(least, most),
        )
        for code, max_age_days, least, most in stored
    )


async def put_terms(connection: asyncpg.Connection, terms: ListTerms) -> None:
    """Keeps what a list is held to from now on."""
    expected = terms.expected
    await connection.execute(
        query("put_terms"),
        terms.list_code,
        terms.max_age_days,
        None if expected is None else expected.least,
        None if expected is None else expected.most,
    )
