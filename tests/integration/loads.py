"""Files loaded into a real database, and how their list stands then."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

import msgspec

from abeyance_screening.engine.lists.edition import (
    GivenFile,
    ListingVersion,
    StoredLists,
    TermsUpdate,
)
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from abeyance_screening.engine.lists.load_own import load_own
from abeyance_screening.engine.lists.loading_ports import AnswerAsked, StreamPiece
from abeyance_screening.engine.lists.reading.files import AskedEntities
from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.screening.coverage import coverage_of
from abeyance_screening.platform.sandbox.list_reader import MOST_OWN_BYTES, ReaderHere
from abeyance_screening.platform.sandbox.list_work import OwnListRequest, read_own_list
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BY_HAND = "if this is correct, load it with --accept-shrink"


async def load(
    store: StoreOnConnection,
    wanted: str,
    *contents: bytes,
    now: datetime = NOW,
    accepted: bool = False,
    published_on: date | None = None,
    terms: TermsUpdate | None = None,
) -> LoadReport:
    files = tuple(GivenFile(f"{place}.file", each) for place, each in enumerate(contents))
    given = ListFiles(
        wanted=wanted_by_name(wanted),
        files=files,
        published_on=published_on,
        accepted=accepted,
        terms=terms or TermsUpdate(),
    )
    if not given.wanted.is_own:
        (report,) = await load_files(store, given, now, ReaderHere())
        return report
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / each.name for each in files]
        for path, each in zip(paths, files, strict=True):
            path.write_bytes(each.content)
        return await load_own(store, given, paths, now, OwnListsHere().stream_list)


class OwnListsHere:
    """Reads users' own lists in a thread of this process: a child takes half a second to begin."""

    async def stream_list(
        self,
        list_code: str,
        paths: Sequence[Path],
        answer: AnswerAsked,
    ) -> AsyncGenerator[StreamPiece]:
        loop = asyncio.get_running_loop()
        said, came = SimpleQueue[bytes](), asyncio.Queue[bytes | Exception | None]()
        request = OwnListRequest(list_code, tuple(map(str, paths)), MOST_OWN_BYTES)
        said.put(msgspec.msgpack.encode(request))

        def come(what: bytes | Exception | None) -> None:
            loop.call_soon_threadsafe(came.put_nowait, what)

        def read() -> None:
            try:
                read_own_list(iter(said.get, b""), come)
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                come(error)
            come(None)

        reading = loop.run_in_executor(None, read)
        try:
            while (each := await came.get()) is not None:
                if isinstance(each, Exception):
                    raise each
                piece = msgspec.msgpack.decode(each, type=StreamPiece | AskedEntities)
                if isinstance(piece, AskedEntities):
                    said.put(msgspec.msgpack.encode(await answer(piece)))
                else:
                    yield piece
        finally:
            said.put(b"")
            await asyncio.gather(reading, return_exceptions=True)


async def covered(store: StoreOnConnection, code: str, day: date | None = None) -> Coverage:
    day = day or NOW.date()
    return coverage_of(await store.read_lists(), (code,), Days(as_of=day, known_at=day))


async def all_newest(store: StoreOnConnection) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
    """Return the lists, and the newest version of each listing there is, by listing id."""
    async with store.newest_versions(0) as (lists, batches):
        return lists, tuple([each async for some in batches for each in some])
