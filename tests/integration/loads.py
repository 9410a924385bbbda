"""Files loaded into a real database, and how their list stands then."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from service.app.apart.readers import ApartReader, HereReader
from service.lists.edition import GivenFile, ListingVersion, StoredLists, TermsUpdate
from service.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from service.lists.load_own import load_own
from service.screening.answer import Coverage
from service.screening.coverage import Clocks, coverage_of
from service.settings import Settings
from service.store.stores import StoreOnConnection

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
        (report,) = await load_files(store, given, now, HereReader())
        return report
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / each.name for each in files]
        for path, each in zip(paths, files, strict=True):
            path.write_bytes(each.content)
        return await load_own(
            store, given, paths, now, ApartReader(Settings(data_dir=Path(folder)))
        )


async def covered(store: StoreOnConnection, code: str, day: date | None = None) -> Coverage:
    day = day or NOW.date()
    return coverage_of(await store.read_lists(), (code,), Clocks(day, day, day))


async def all_newest(store: StoreOnConnection) -> tuple[StoredLists, tuple[ListingVersion, ...]]:
    """Return the lists, and the newest version of each listing there is, by listing id."""
    async with store.newest_versions(0) as (lists, batches):
        return lists, tuple([each async for some in batches for each in some])
