"""Files loaded into a real database, and how their list stands then."""

from datetime import UTC, date, datetime

from service.app.apart.readers import HereReader
from service.lists.edition import GivenFile, TermsUpdate
from service.lists.load import ListFiles, LoadReport, load_files, wanted_by_name
from service.screening.answer import Coverage
from service.screening.coverage import Clocks, coverage_of
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
    given = ListFiles(
        wanted=wanted_by_name(wanted),
        files=tuple(GivenFile(f"{place}.file", each) for place, each in enumerate(contents)),
        published_on=published_on,
        accepted=accepted,
        terms=terms or TermsUpdate(),
    )
    (report,) = await load_files(store, given, now, HereReader())
    return report


async def covered(store: StoreOnConnection, code: str, day: date | None = None) -> Coverage:
    day = day or NOW.date()
    return coverage_of(await store.read_lists(), (code,), Clocks(day, day, day))
