"""Sessions of people in the database: each as the SHA-256 of its token."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from service.access.people import SessionDraft, SessionState, UserSession
from service.store.sql import QueryPlace, fetched


class UserSessionStore:
    """The sessions of a database, on a connection or a pool of them."""

    def __init__(self, place: QueryPlace) -> None:
        self._place = place

    async def change_number(self) -> int:
        """Return a number that grows with every login and logout.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "user_session_change_number")
        return msgspec.convert([row["number"] for row in rows], list[int])[0]

    async def since(self, number: int, at: datetime) -> tuple[SessionState, ...]:
        """Return the sessions that began or ended after a change and have not expired.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "user_sessions_since", number, at)
        return tuple(msgspec.convert(dict(row), SessionState) for row in rows)

    async def begin(self, draft: SessionDraft) -> None:
        """Record a session.

        Raises:
            StoreUnavailableError: The database does not answer; nobody has logged in.
        """
        person = draft.person
        await fetched(
            self._place,
            "begin_user_session",
            draft.digest,
            person.name,
            person.subject,
            person.account,
            person.scopes,
            draft.made_at,
            draft.expires_at,
            draft.request_id,
            draft.address,
        )

    async def end(self, digest: bytes, at: datetime) -> None:
        """End a session, unless it has ended already.

        Raises:
            StoreUnavailableError: The database does not answer; the session may go on.
        """
        await fetched(self._place, "end_user_session", digest, at)

    async def note_uses(self, uses: Mapping[bytes, datetime]) -> None:
        """Record when sessions were last used; an earlier moment changes nothing.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        moments = list(uses.values())
        await fetched(self._place, "note_user_session_uses", list(uses), moments)

    async def all(self, at: datetime) -> tuple[UserSession, ...]:
        """Return the sessions that go on at a moment, by the names of their users.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "user_sessions", at)
        return tuple(msgspec.convert(dict(row), UserSession) for row in rows)

    async def end_all_of(self, user_name: str, at: datetime, by: str) -> int:
        """End all sessions of a person, by somebody else, and return how many there were.

        Raises:
            StoreUnavailableError: The database does not answer; the sessions may go on.
        """
        return len(await fetched(self._place, "end_user_sessions_of", user_name, at, by))
