"""The chain of the audit log: whoever kept its head finds what was changed, cut off or put in.

An entry is linked soon after it was written: its hash is the SHA-256 of the hash before it and
of the digest of the entry, the SHA-256 of it as JSON; a link covers the entries that were new at
one look. Writers do not wait for one another, so that a link needs no order of theirs: an entry
has the place at which it was linked. Until then, for a second or two while a service runs, an
entry can be changed unseen by whoever is the superuser of the database. Such a user can also write
the whole chain anew; only a head that somebody else kept tells that. The head is a count and a
hash: `1042:3f9a…`.

What an entry is about can be blanked, where it is a name that is to be erased: its digest stays,
so that the chain goes on over it, and another entry tells it.
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
# A link covers at most so many entries; so many links are read at once, some megabytes.
_AT_ONCE, _LINKS_AT_ONCE = 1_000, 20
ERASED = "audit.erased"
"""The action of an entry that tells the numbers of others that were blanked."""
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
        """Link all entries that are in no link yet, or the younger ones unless another does."""
        back = _ALL if is_all else _BACK
        if is_all and (await fetched(self._connection, "is_audit_linked"))[0]["is_linked"]:
            return
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
        walk = _Walk(kept)
        while rows := await fetched(
            self._connection, "audit_chain", walk.position, _LINKS_AT_ONCE
        ):
            for row in rows:
                fault = walk.fault(dict(row))
                if fault is not None:
                    return fault
        return walk.fault_at_end()

    async def erase(self, ids: Sequence[int], account: str) -> None:
        """Blank what entries are about and their details, in a transaction of the connection.

        One that was blanked before is left alone. An entry of the account tells it.
        """
        await self.link()
        rows = await fetched(self._connection, "audit_entries_by_id", ids)
        digests = {row["id"]: digest_of(read_entry(dict(row))) for row in rows}
        if digests:
            ids = list(digests)
            await fetched(self._connection, "keep_digests_of_entries", ids, [*digests.values()])
            await fetched(self._connection, "blank_entries", ids, account)

    async def _is_ours(self, *, is_waiting: bool) -> bool:
        if is_waiting:
            await fetched(self._connection, "lock_audit_chain", _LOCK)
            return True
        rows = await fetched(self._connection, "try_lock_audit_chain", _LOCK)
        return rows[0]["is_ours"] is True

    async def _link_some(self, back: int) -> None:
        rows = await fetched(self._connection, "audit_entries_to_link", back, _AT_ONCE)
        if not rows:
            return
        position, link = await self._last()
        for row in rows:
            link = link_of(link, digest_of(read_entry(dict(row))))
        ids = [row["id"] for row in rows]
        await fetched(self._connection, "add_audit_link", position + len(ids), ids, link)

    async def _last(self) -> tuple[int, bytes]:
        rows: list[asyncpg.Record] = await fetched(self._connection, "audit_chain_head")
        if not rows:
            return 0, _FIRST
        return cast("int", rows[0]["position"]), cast("bytes", rows[0]["hash"])


class _Walk:
    """A walk along the chain, entry by entry."""

    def __init__(self, kept: Sequence[ChainHead]) -> None:
        self.position = 0
        """How many entries were walked over."""
        self._link = _FIRST
        self._heads = {each.count: each.hash for each in kept if each.count}
        self._blanked, self._told = set[int](), set[int]()

    def fault(self, columns: dict[str, object]) -> str | None:
        """Return what is wrong with the next entry; the columns are those of its row."""
        self.position += 1
        end, stored, covered, blanked = map(columns.pop, ("position", "hash", "covered", "erased"))
        if not 0 <= cast("int", end) - self.position < cast("int", covered):
            return f"the link over entry {self.position} is missing"
        if columns["id"] is None:
            return f"entry {self.position} in the chain is missing"
        entry = read_entry(columns)
        if blanked is not None:
            self._blanked.add(entry.id)
        if entry.action == ERASED:
            self._told.update(cast("list[int]", entry.details["entries"]))
        digest = digest_of(entry) if blanked is None else cast("bytes", blanked)
        self._link = link_of(self._link, digest)
        if end == self.position and self._link != stored:
            return f"an entry up to {entry.id} is not what was linked as {self.position}"
        if self._heads.pop(self.position, self._link.hex()) != self._link.hex():
            return f"the chain up to {self.position} is not the one whose head was kept"
        return None

    def fault_at_end(self) -> str | None:
        """Return what is wrong with the chain as a whole."""
        if self._heads:
            return (
                f"{self.position} entries are left of the {max(self._heads)} whose head was kept"
            )
        if unsaid := self._blanked - self._told:
            return f"entry {min(unsaid)} was blanked, and no entry tells it"
        return None


def digest_of(entry: AuditEntry) -> bytes:
    """Return the SHA-256 of an entry: of its line in an export, its names in order.

    So that older links stay right, a field that is added to entries is left out here where it is
    null.
    """
    return hashlib.sha256(msgspec.json.encode(entry, order="deterministic")).digest()


def link_of(before: bytes, digest: bytes) -> bytes:
    """Return the hash of an entry after another, by its digest."""
    return hashlib.sha256(before + digest).digest()
