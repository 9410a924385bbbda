"""Stored choices of whose lists are required, by the installation and by accounts."""

from datetime import datetime

import asyncpg
import msgspec

from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.platform.postgres.database import (
    AnyConnection,
    ConnectedStore,
    query,
    reaching,
)


class ProfileChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What an account, or the installation where `account` is None, requires of lists, and why.

    Lists are named by `profiles` or one by one as `required`; with neither, the choice is that of
    whoever has made none.
    """

    account: str | None
    profiles: tuple[str, ...]
    required: tuple[str, ...]
    because: str
    chosen_by: str
    chosen_at: datetime


async def last_choices(connection: AnyConnection) -> tuple[ProfileChoice, ...]:
    """Return the last choice of each account and of the installation."""
    with reaching():
        rows = await connection.fetch(query("list_profiles"))
    return msgspec.convert([dict(row) for row in rows], tuple[ProfileChoice, ...])


async def profile_of_database(connection: AnyConnection) -> ListProfile:
    """Return what the installation of a database has chosen, whatever its schema.

    A database from before there was a choice has made none.
    """
    try:
        return profile_chosen(await last_choices(connection))
    except asyncpg.UndefinedTableError:
        return ListProfile()


def profile_chosen(choices: tuple[ProfileChoice, ...]) -> ListProfile:
    """Return what the installation has chosen; the default where it has chosen nothing."""
    last = next((each for each in choices if each.account is None), None)
    if last is None or not (last.profiles or last.required):
        return ListProfile()
    return ListProfile(required=last.required, names=last.profiles, chosen_in="service")


def account_profiles(choices: tuple[ProfileChoice, ...]) -> dict[str, tuple[str, ...]]:
    """Return the profiles of each account that has chosen some."""
    return {
        each.account: each.profiles
        for each in choices
        if each.account is not None and each.profiles
    }


class DatabaseProfiles(ConnectedStore):
    """Choices of whose lists are required."""

    async def last_choices(self) -> tuple[ProfileChoice, ...]:
        """Return the last choice of each account and of the installation."""
        async with self._connect() as connection:
            return await last_choices(connection)

    async def add(self, choice: ProfileChoice) -> None:
        """Record a choice, and notify every process that holds an index."""
        async with self._connect() as connection:
            with reaching():
                async with connection.transaction():
                    await connection.execute(
                        query("add_list_profile"),
                        choice.account,
                        choice.profiles,
                        choice.required,
                        choice.because,
                        choice.chosen_by,
                        choice.chosen_at,
                    )
                    await connection.fetch(query("notify_followers"))
