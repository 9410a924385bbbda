"""From an empty home, with all publishers on this machine: green, amber with one cause, green."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from abeyance_screening.app.doctor import diagnose
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    SOURCE_BY_CODE,
    is_fetched,
    is_of_register,
)
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.edition import StoredLists
from abeyance_screening.engine.lists.load import ListFiles, load_files, whole_source
from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.engine.lists.refresh import Refresher
from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.screening.coverage import chosen_codes, coverage_of, lists_on
from abeyance_screening.engine.screening.coverage_line import coverage_line
from abeyance_screening.engine.wording.needs import ListsReading, reading_stored
from abeyance_screening.features.lists.page import causes
from abeyance_screening.features.lists.refresh import sources_to_refresh
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.postgres.queries import connected
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.lists import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.lists import every_download
from abeyance_screening.primitives.days import Days
from tests.publisher import Publisher
from tests.publisher.everyone import ASKED, paths_of, serve_everyone

QUICK = Patience(tries=1, connect_s=2, read_s=2, total_s=30, first_wait_s=0)
US = ListProfile(names=("us",))
ALL = sources_to_refresh(())
TODAY = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        serve_everyone(publisher, TODAY.date())
        yield publisher


class Home:
    """An installation that refreshes from publishers on this machine, by a clock of the test."""

    def __init__(self, dsn: str, store: StoreOnConnection, publisher: Publisher) -> None:
        self.dsn, self.store, self.publisher = dsn, store, publisher
        self.settings = Settings(data_dir=Path(), mirror=publisher.url(""), profile=US)

    async def refresh(self, now: datetime, sources: Sequence[ListSource] = ALL) -> None:
        """What `abeyance refresh` does at a moment."""
        async with connected(self.dsn) as connection:
            downloads = await every_download(connection)
        asked = HttpPublisher(self.publisher.url(""), QUICK)
        for source in sources:
            refresher = Refresher(self.store, asked, ReaderHere(), now)
            await refresher.refresh(source, downloads.get(source.code))

    async def stored(self) -> StoredLists:
        return msgspec.structs.replace(await self.store.read_lists(), profile=US)

    async def coverage(self, on: date) -> Coverage:
        lists = await self.stored()
        return coverage_of(lists, chosen_codes(lists, None), Days(as_of=on, known_at=on))

    async def reading(self, on: date) -> ListsReading:
        lists = await self.stored()
        return reading_stored(tuple(lists_on(lists, on)), lists)


@pytest.fixture
async def home(fresh_database: str, publisher: Publisher) -> AsyncIterator[Home]:
    """A new installation that has the register's own list, and none of any publisher.

    The other editions that come with the program are real and whole, so that the excerpts which
    the publishers give here would be refused beside them, as suddenly smaller.
    """
    async with connected(fresh_database) as connection:
        await migrate(connection)
        # the database is that of all tests here
        await connection.execute(
            "truncate listing_version, edition, load_attempt, download cascade"
        )
        home = Home(fresh_database, StoreOnConnection(connection), publisher)
        [own] = [each for each in bundled_editions() if is_of_register(each.source)]
        given = ListFiles(
            wanted=whole_source(own.source),
            files=read_bundled(own),
            published_on=own.published_on,
            offered_at=TODAY,
        )
        await load_files(home.store, given, TODAY, ReaderHere())
        yield home


def test_every_source_that_a_refresh_asks_has_a_publisher_here(publisher: Publisher):
    assert len(ASKED) == 27
    # OFAC's own files are served as the export of the Department of Commerce has them
    lacking = {code for code in ASKED if not any(map(publisher.has, paths_of(code)))}
    assert lacking == {"us_ofac_sdn", "us_ofac_cons"}


async def test_green_after_the_first_refresh_amber_with_one_cause_and_green_again(
    home: Home, publisher: Publisher
):
    today = TODAY.date()
    assert not (await home.coverage(today)).complete
    await home.refresh(TODAY)
    coverage = await home.coverage(today)
    assert (coverage.complete, coverage.profile) == (True, "us")
    line = coverage_line(coverage, today, today, found=False)
    assert "complete for the profile us" in line
    assert not any(each.required for each in (await home.reading(today)).needs)

    # one publisher refuses the program for more than the limit of its list
    [uflpa] = [SOURCE_BY_CODE["us_uflpa"]]
    publisher.fault(paths_of("us_uflpa")[0], "status", code=403, body=b"Access denied")
    later = TODAY + timedelta(days=LIST_BY_CODE["us_uflpa"].max_age_days + 1)
    await home.refresh(later)
    amber = await home.coverage(later.date())
    assert not amber.complete
    doubtful = [each for each in amber.lists if each.role == "required" and each.state != "fresh"]
    assert [each.code for each in doubtful] == ["us_uflpa"]
    line = coverage_line(amber, later.date(), later.date(), found=False)
    assert "1 of 17 required lists is too old (UFLPA Entity List)" in line
    attempts = (await home.stored()).attempts
    assert list(causes(doubtful, attempts)) == ["The server answered 403: 1 list."]
    [need] = [each for each in (await home.reading(later.date())).needs if each.required]
    assert (need.code, need.reason) == ("us_uflpa", "too old: the server answered 403")

    publisher.heal(paths_of("us_uflpa")[0])
    await home.refresh(later + timedelta(hours=1), [uflpa])
    assert (await home.coverage(later.date())).complete


@pytest.mark.slow
async def test_the_doctor_counts_what_a_refresh_then_brings(home: Home):
    diagnosis = await diagnose(home.settings, patience=QUICK)
    await home.refresh(TODAY)
    reading = await home.reading(TODAY.date())
    assert diagnosis.lacking == ()
    # what comes with the program and waits for a person is not loaded in this home
    by_hand = {each.code for each in diagnosis.reading.needs if not is_fetched(each.code)}
    assert diagnosis.reading.total - len(by_hand) == reading.total
    needs = {each.code for each in diagnosis.reading.needs} - by_hand
    assert needs == {each.code for each in reading.needs}
