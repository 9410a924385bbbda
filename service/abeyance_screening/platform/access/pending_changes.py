"""Changes that wait for a second person, where an account asks for four eyes.

Each is written down as what is to be done, and done once somebody approves it whose eyes are not
those of whoever asked. That holds for the terms themselves, for keys, for the release of a hold
and for withdrawing a judgement that two people made.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import asyncpg
import msgspec

from abeyance_screening.platform.access.identity import Asker, Eyes, decode_eyes, encode_eyes
from abeyance_screening.platform.postgres.database import QueryPlace, fetched
from abeyance_screening.primitives.errors import BadInputError

type PendingState = Literal["waiting", "approved", "refused"]
"""`waiting` for a second person; `approved`, and so done; `refused`, and so not done."""


class TermsChange(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="judgement.terms_set"
):
    """Whether the account asks for four eyes from now on."""

    four_eyes: bool


class KeyAddition(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="key.added"):
    """A key to make: `draft` is JSON of it, `digest` that of its secret."""

    draft: msgspec.Raw
    digest: bytes


class KeyReplacement(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="key.rotated"
):
    """A key to replace, by one with this digest; the old one works for so many seconds longer."""

    key: int
    digest: bytes
    overlap_s: float


class KeyRevocation(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="key.revoked"
):
    """A key to revoke."""

    key: int


class HoldRelease(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="screening.released"
):
    """A screening whose hold is to end, and why."""

    screening: UUID
    because: str


class JudgementWithdrawal(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="judgement.withdrawn"
):
    """A judgement to withdraw."""

    judgement: int


type PendingBody = (
    TermsChange | KeyAddition | KeyReplacement | KeyRevocation | HoldRelease | JudgementWithdrawal
)


_decode_body = msgspec.json.Decoder[PendingBody](PendingBody).decode


class PendingChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits, or waited, for a second person."""

    id: int
    """Number of the change; it grows."""
    kind: str
    """What is to be done, in the words of the audit log: `key.added`."""
    about: str
    """What it is to be done to: the id or name of a key, the id of a screening or a judgement."""
    state: PendingState
    asked_by: str
    """Who asked for it."""
    asked_at: datetime
    """When it was asked for, in UTC."""
    decided_by: str | None
    """Who approved or refused it; null while it waits."""
    decided_at: datetime | None
    """When it was approved or refused, in UTC; null while it waits."""


class ChangeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A change that waits, with what is to be done and whose eyes asked for it."""

    change: PendingChange
    body: PendingBody
    eyes: Eyes

    @property
    def asker(self) -> Asker:
        """Who asked for it."""
        return Asker(name=self.change.asked_by, eyes=self.eyes)


class PendingChangeStore:
    """The changes of one account that wait, on a connection or a pool."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def is_four_eyed(self) -> bool:
        """Return whether the account asks for a second person."""
        rows = await fetched(self._place, "judgement_terms", self._account)
        return bool(rows and rows[0]["four_eyes"])

    async def add(
        self, body: PendingBody, about: str, asker: Asker, at: datetime
    ) -> PendingChange:
        """Have a change wait.

        Raises:
            BadInputError: The same waits already.
        """
        asked = asker.name, encode_eyes(asker.eyes), at
        content = msgspec.json.encode(body)
        kind = _kind_of(body)
        rows = await self._fetch("add_pending_change", kind, about, content, *asked)
        if not rows:
            reason = f"the same change of {about!r} waits for a second person already"
            raise BadInputError("request", reason)
        return _change(rows[0])

    async def listed(
        self, before: int | None, state: PendingState | None, most: int
    ) -> tuple[PendingChange, ...]:
        """Return up to `most` changes, all that there ever were, the newest first."""
        return tuple(map(_change, await self._fetch("pending_changes", before, state, most)))

    async def get(self, number: int) -> ChangeRequest | None:
        """Lock a change and return it; None if there is none."""
        rows = await self._fetch("pending_change", number)
        if not rows:
            return None
        columns: dict[str, object] = dict(rows[0])
        eyes = decode_eyes(columns.pop("asked_eyes"))
        body = cast("PendingBody", _decode_body(cast("bytes", columns.pop("body"))))
        return ChangeRequest(change=msgspec.convert(columns, PendingChange), body=body, eyes=eyes)

    async def decide(
        self, number: int, state: PendingState, by: str, at: datetime
    ) -> PendingChange:
        """Record that a change that waits was approved or refused."""
        rows = await self._fetch("decide_pending_change", number, state, by, at)
        return _change(rows[0])

    async def _fetch(self, name: str, *arguments: object) -> Sequence[asyncpg.Record]:
        return await fetched(self._place, name, self._account, *arguments)


def _kind_of(body: PendingBody) -> str:
    return str(type(body).__struct_config__.tag)


def _change(row: asyncpg.Record) -> PendingChange:
    return msgspec.convert(dict(row), PendingChange)
