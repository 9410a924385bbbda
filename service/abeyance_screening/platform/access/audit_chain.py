"""The chain of the audit log: whoever kept its head finds what was changed, cut off or put in.

An entry is linked soon after it was written: its link is the SHA-256 of the link before it and of
the entry as JSON. Writers do not wait for one another, so that a link needs no order of theirs: it
has the place at which it was linked. Until then, for a second or two while a service runs, an
entry can be changed unseen by whoever is the superuser of the database. Such a user can also write
the whole chain anew; only a head that somebody else kept tells that. The head is a count and a
hash: `1042:3f9a…`.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import cast

import asyncpg
import msgspec

from abeyance_screening.platform.access.audit_log import AuditEntry, read_entry
from abeyance_screening.platform.postgres.database import AnyConnection, fetched
from abeyance_screening.primitives.errors import BadInputError

AUDIT_HEAD = "Abeyance-Audit-Head"
"""The header with the head, of an answer that has the log as a file."""
_FIRST = bytes(32)
_AT_ONCE = 1_000
# Transactions that take longer than these entries are found when all are looked at.
_BACK, _ALL = 1_000, 2**62
# Of no other advisory lock: "audit" in ASCII.
_LOCK = 0x6175646974
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class ChainHead(msgspec.Struct, frozen=True, kw_only=True):
    """The last link: how many entries are linked, and its hash in hexadecimal digits."""

    count: int
    hash: str

    @property
    def text(self) -> str:
        """The head as it is printed and kept."""
        return f"{self.count}:{self.hash}"


def read_head(field: str, text: str) -> ChainHead:
    """Read a head that somebody kept.

    Raises:
        BadInputError: The text is none; `field` says where it stood.
    """
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise BadInputError(field, "is no head, such as `1042:` and 64 hexadecimal digits")
    return ChainHead(count=int(found[1]), hash=found[2])


class AuditChain:
    """The chain of a database, on a connection outside any transaction."""

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection

    async def link(self, *, is_all: bool = True) -> None:
        """Link all entries that are no links yet, or the younger ones unless another does."""
        back = _ALL if is_all else _BACK
        while await fetched(self._connection, "audit_entries_to_link", back, 1):
            async with self._connection.transaction():
                if not await self._is_ours(is_waiting=is_all):
                    return
                await self._link_some(back)

    async def head(self) -> ChainHead:
        """Return the last link; of an empty log none with a count of 0."""
        position, link = await self._last()
        return ChainHead(count=position, hash=link.hex())

    async def fault(self, kept: Sequence[ChainHead] = ()) -> str | None:
        """Return what is wrong with the chain, or with it and heads that were kept.

        It is said of the first place at which something is wrong; None if nothing is.
        """
        heads = {each.count: each.hash for each in kept if each.count}
        position, link = 0, _FIRST
        while rows := await fetched(self._connection, "audit_chain", position, _AT_ONCE):
            for row in rows:
                position += 1
                fault, link = _checked(row, position, link)
                if fault is None and heads.pop(position, link.hex()) != link.hex():
                    fault = f"the chain up to {position} is not the one whose head was kept"
                if fault is not None:
                    return fault
        if not heads:
            return None
        return f"{position} entries are left of the {max(heads)} whose head was kept"

    async def _is_ours(self, *, is_waiting: bool) -> bool:
        if is_waiting:
            await fetched(self._connection, "lock_audit_chain", _LOCK)
            return True
        rows = await fetched(self._connection, "try_lock_audit_chain", _LOCK)
        return rows[0]["is_ours"] is True

    async def _link_some(self, back: int) -> None:
        rows = await fetched(self._connection, "audit_entries_to_link", back, _AT_ONCE)
        position, link = await self._last()
        entries, links = [read_entry(dict(row)) for row in rows], list[bytes]()
        for entry in entries:
            link = link_of(link, entry)
            links.append(link)
        places = list(range(position + 1, position + 1 + len(links)))
        ids = [each.id for each in entries]
        await fetched(self._connection, "add_audit_links", places, ids, links)

    async def _last(self) -> tuple[int, bytes]:
        rows: list[asyncpg.Record] = await fetched(self._connection, "audit_chain_head")
        if not rows:
            return 0, _FIRST
        return cast("int", rows[0]["position"]), cast("bytes", rows[0]["hash"])


def _checked(row: asyncpg.Record, position: int, before: bytes) -> tuple[str | None, bytes]:
    """Return what is wrong with the link that should have a position, and what it should be."""
    columns: dict[str, object] = dict(row)
    place, stored = columns.pop("position"), columns.pop("hash")
    if place != position:
        return f"link {position} is missing", before
    if columns["id"] is None:
        return f"the entry of link {position} is missing", before
    entry = read_entry(columns)
    link = link_of(before, entry)
    is_right = link == stored
    return None if is_right else f"entry {entry.id} is not what was linked as {position}", link


def link_of(before: bytes, entry: AuditEntry) -> bytes:
    """Return the link of an entry after another: of its line in an export, its names in order.

    So that older links stay right, a field that is added to entries is left out here where it is
    null.
    """
    return hashlib.sha256(before + msgspec.json.encode(entry, order="deterministic")).digest()


async def erase_entries(connection: AnyConnection, ids: Sequence[int]) -> None:
    """Erase what entries are about and their details, in a transaction; the chain stays whole.

    Raises:
        NotImplementedError: There is any.
    """
    del connection
    if ids:
        raise NotImplementedError
