"""From an empty home, with all publishers on this machine: green, amber with one cause, green."""

import asyncio
import gzip
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.app.doctor import diagnose
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    SOURCE_BY_CODE,
    is_fetched,
    is_of_register,
    lists_of,
)
from abeyance_screening.engine.lists.catalogue_types import ListSource
from abeyance_screening.engine.lists.edition import GivenFile, ReadFiles, StoredLists
from abeyance_screening.engine.lists.load import ListFiles, digest_of, load_files, whole_source
from abeyance_screening.engine.lists.profile import ListProfile, profiles
from abeyance_screening.engine.lists.refresh import Refresher
from abeyance_screening.engine.screening.answer import Coverage
from abeyance_screening.engine.screening.coverage import (
    chosen_codes,
    coverage_of,
    lists_on,
)
from abeyance_screening.engine.screening.coverage_line import coverage_line, deciding
from abeyance_screening.engine.wording.list_states import ListsReading, reading_stored
from abeyance_screening.features.lists.page import causes
from abeyance_screening.features.lists.refresh import sources_to_refresh
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.lists import every_download
from abeyance_screening.primitives.days import Days
from tests.integration.conftest import wait_until_ready
from tests.publisher import Publisher
from tests.publisher.everyone import ASKED, CBP_FILE, MOF_FILE, paths_of, serve_everyone

FIXTURES = Path(__file__).parents[1] / "fixtures"
QUICK = Patience(tries=1, connect_s=2, read_s=2, total_s=30, first_wait_s=0)
US = ListProfile(names=("us",))
ALL = sources_to_refresh(())
TODAY = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        serve_everyone(publisher, TODAY.date())
        yield publisher


class ReaderOnce:
    """Reads as the program does, and the same files once: for months publishers offer the same."""

    def __init__(self) -> None:
        self._known = dict[object, ReadFiles]()

    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        names = tuple(each.name for each in files)
        asked = wanted, names, digest_of(files), tuple(sources), list_code
        if asked not in self._known:
            read = await ReaderHere().read_files(wanted, files, sources, list_code)
            self._known[asked] = read
        return self._known[asked]


@pytest.fixture(scope="module")
def reader() -> ReaderOnce:
    return ReaderOnce()


class Home:
    """An installation that refreshes from publishers on this machine, by a clock of the test."""

    def __init__(
        self, dsn: str, store: StoreOnConnection, publisher: Publisher, reader: ReaderOnce
    ) -> None:
        self.dsn, self.store, self.publisher, self.reader = dsn, store, publisher, reader
        self.patience = QUICK
        self.settings = Settings(data_dir=Path(), mirror=publisher.url(""), profile=US)

    async def refresh(self, now: datetime, sources: Sequence[ListSource] = ALL) -> None:
        """What `abeyance refresh` does at a moment."""
        async with connected(self.dsn) as connection:
            downloads = await every_download(connection)
        asked = HttpPublisher(self.publisher.url(""), self.patience)
        for source in sources:
            refresher = Refresher(self.store, asked, self.reader, now)
            await refresher.refresh(source, downloads.get(source.code))

    async def take_up(self, now: datetime) -> None:
        """The register's own list, as a release or a keeper's bundle of that moment brings it."""
        [own] = [each for each in bundled_editions() if is_of_register(each.source)]
        given = ListFiles(
            wanted=whole_source(own.source),
            files=read_bundled(own),
            published_on=own.published_on,
            offered_at=now,
        )
        await load_files(self.store, given, now, self.reader)

    async def stored(self) -> StoredLists:
        return msgspec.structs.replace(await self.store.read_lists(), profile=US)

    async def coverage(self, on: date) -> Coverage:
        lists = await self.stored()
        return coverage_of(lists, chosen_codes(lists, None), Days(as_of=on, known_at=on))

    async def reading(self, on: date) -> ListsReading:
        lists = await self.stored()
        return reading_stored(tuple(lists_on(lists, on)), lists, on)

    async def seen(self, *paths: str) -> list[httpx.Response]:
        """What a service of this home answers to these addresses."""
        app = create_app(msgspec.structs.replace(self.settings, database_url=self.dsn))

        def ask() -> list[httpx.Response]:
            with TestClient(app) as client:
                wait_until_ready(client)
                return [client.get(path) for path in paths]

        return await asyncio.to_thread(ask)


@pytest.fixture
async def home(
    fresh_database: str, publisher: Publisher, reader: ReaderOnce
) -> AsyncIterator[Home]:
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
        home = Home(fresh_database, StoreOnConnection(connection), publisher, reader)
        await home.take_up(TODAY)
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


async def test_a_month_before_no_answer_is_complete_it_is_told_with_what_to_do(home: Home):
    await home.refresh(TODAY)
    told = "complete until 1 Mar 2027 at most, unless a newer release of Abeyance or a register"
    for days, is_told in ((60, False), (61, True), (90, True), (91, False)):
        now = TODAY + timedelta(days=days)
        await home.refresh(now)
        on = now.date()
        coverage = await home.coverage(on)
        assert coverage.complete is (days <= 90)
        assert (told in coverage_line(coverage, on, on, found=False)) is is_told, days
        assert (told in (await home.reading(on)).sentence) is is_told, days
    # of another day than today nothing is foretold
    assert told not in coverage_line(coverage, TODAY.date(), on, found=False)


async def test_the_registers_own_list_is_too_old_91_days_after_a_release_or_a_bundle(home: Home):
    for days, state in ((90, "fresh"), (91, "too_old")):
        on = (TODAY + timedelta(days=days)).date()
        [own] = [each for each in (await home.coverage(on)).lists if is_of_register(each.code)]
        assert (own.code, own.role, own.state) == ("named_in_measures", "required", state)


# --- Publishers that behave as they do.

CAPTCHA = (FIXTURES / "strange_pages" / "cloudflare.html").read_bytes()
BY_HAND = "abeyance load {0} --file PATH"
DOCTOR = "abeyance doctor {0}"
# source: the fault of each of its paths, the reason, and what is to be done
MANNERS: Mapping[str, tuple[str, dict[str, Any], str, str]] = {
    "us_cbp_wro": ("status", {"code": 403}, "the server answered 403", BY_HAND),
    "us_bis_el": ("status", {"code": 401}, "the server answered 401", BY_HAND),
    "un_sc": ("html", {"body": CAPTCHA}, "a page for people came in place of the file", BY_HAND),
    "eu_fsf": ("redirect", {"to": "http://127.0.0.1:9/"}, "the redirect's server ref", BY_HAND),
    "jp_mof": ("status", {"code": 404}, "the server answered 404", BY_HAND),
    "ch_seco": ("dribble", {"every_s": 0.001}, r"too slow: \d+ of [\d,]+ bytes arrived", DOCTOR),
    "uk_sl": ("cut", {"after": 100}, "cut off after 100 of", DOCTOR),
    "tw_shtc": (
        "status",
        {"code": 200, "headers": {"Content-Encoding": "gzip"}, "body": b"Name,Country"},
        "cannot be unpacked after 12 of 12 bytes",
        DOCTOR,
    ),
    "au_dfat": ("status", {"code": 304}, "the server answered 304", DOCTOR),
    "us_uflpa": (
        "status",
        {"code": 429, "headers": {"Retry-After": "86400"}},
        "answered 429, and asks to be left alone for 86,400 s",
        DOCTOR,
    ),
    "ca_nro": ("status", {"code": 200, "body": b'{"error": 1}'}, "is a JSON file", DOCTOR),
    "us_state_crl": ("status", {"code": 200}, "the file is empty", DOCTOR),
}

# a redirect, a wrong type, a packed file that no header calls packed, a clock that is ahead
IN_ANOTHER_WAY = ("fr_gels", "us_fcc", "pl_mswia", "be_finance")


@pytest.fixture
def mannered(publisher: Publisher) -> Publisher:
    """All publishers, of which some behave as publishers do."""
    for source, (kind, how, *_) in MANNERS.items():
        for path in _of_source(source):
            if kind not in {"dribble", "cut"} or publisher.has(path):
                publisher.fault(path, kind, **how)
    # these do it in another way, and nothing is wrong with that
    content = {each: publisher.content(paths_of(each)[0]) for each in IN_ANOTHER_WAY}
    publisher.serve("/moved", content["fr_gels"])
    publisher.fault(paths_of("fr_gels")[0], "redirect", to="/moved")
    headers, fcc = {"Content-Type": "application/pdf"}, content["us_fcc"]
    publisher.fault(paths_of("us_fcc")[0], "status", code=200, headers=headers, body=fcc)
    publisher.serve(paths_of("pl_mswia")[0], gzip.compress(content["pl_mswia"]))
    late = datetime.now(UTC) + timedelta(days=3)
    publisher.serve(paths_of("be_finance")[0], content["be_finance"], last_modified=late)
    return publisher


async def test_each_publisher_that_fails_is_told_alike_on_every_face_and_holds_up_nobody(
    home: Home, mannered: Publisher
):
    ticks = itertools.count()
    patience = msgspec.structs.replace(QUICK, clock=lambda: float(next(ticks)))
    home.patience = patience
    await home.refresh(TODAY)
    assert {each.source for each in (await home.stored()).editions}.issuperset(IN_ANOTHER_WAY)
    # nobody is asked more often than there are ways to the list, and addresses on each
    for source in MANNERS:
        asked = sum(len(mannered.asked(path)) for path in {*_of_source(source)})
        assert asked <= len(_of_source(source)), source

    reading = await home.reading(TODAY.date())
    needs = {each.code: each for each in reading.needs}
    diagnosis = await diagnose(home.settings, patience=patience)
    told = {each.source: each for each in diagnosis.sources}
    lists, page = await home.seen("/v1/lists", "/lists")
    in_json = {each["code"]: each for each in lists.json()["reading"]["needs"]}
    for source, (_, _, reason, command) in MANNERS.items():
        [code, *_] = lists_of(source)
        if source == "us_bis_el":
            # the export of the Department of Commerce has it too
            assert code not in needs
        else:
            assert re.search(reason, needs[code].reason), source
            assert needs[code].command == command.format(code)
            assert (in_json[code]["reason"], in_json[code]["command"]) == (
                needs[code].reason,
                needs[code].command,
            )
            assert f"<code>{needs[code].command}</code>" in page.text
        assert re.search(reason, told[source].cause or ""), source
        assert "://" not in (told[source].cause or "")
        assert (told[source].advice or "").startswith(("look at the mirror", "look at the file"))


def _of_source(source: str) -> tuple[str, ...]:
    """Return every path of a source, that of the file which its made-up page names too."""
    more = {"us_cbp_wro": CBP_FILE, "jp_mof": MOF_FILE}.get(source)
    return (*paths_of(source), *([] if more is None else [more.format(TODAY)]))


# --- Day by day, while publishers fail.

# What a publisher does to a program on a bad day: it refuses it, shows it a page for people, or
# sends it to another server. Such days begin by chance, and last up to a week.
_LONGEST_FAILURE = 7
_EVERY_BUNDLE = 60


@pytest.mark.parametrize(
    ("days", "begins", "at_least", "at_most"),
    [
        pytest.param(14, 1 / 7, 0.6, 0.8, id="two bad weeks"),
        # 348 days: the lists of three days' limit miss the others
        pytest.param(365, 1 / 30, 0.9, 0.97, id="a year", marks=pytest.mark.slow),
    ],
)
async def test_an_answer_is_complete_on_the_days_when_what_it_requires_came_in_time(
    home: Home, publisher: Publisher, days: int, begins: float, at_least: float, at_most: float
):
    publisher.serve(paths_of("un_sc")[0], (FIXTURES / "un_sc/consolidated_2026.xml").read_bytes())
    # a refused file is read again each day, which says nothing new here
    await home.refresh(TODAY, _of_us() if days < _EVERY_BUNDLE else ALL)
    # the excerpts of lists that the export has whole are refused beside it
    came = {each.source: TODAY.date() for each in (await home.stored()).editions}
    sources = [each for each in _of_us() if each.code in came]
    failing: dict[str, int] = {}
    complete, why = 0, Counter[str]()
    for number in range(1, days + 1):
        now = TODAY + timedelta(days=number)
        if number == days // 2:
            # two real editions of one list: an excerpt of February 2026, and August's
            serve_everyone(publisher, TODAY.date())
        _play(publisher, number, begins, failing)
        if number % _EVERY_BUNDLE == 0:
            await home.take_up(now)
        await home.refresh(now, sources)
        came |= {code: now.date() for code in came if code not in failing}
        coverage = await home.coverage(now.date())
        missed = {each for each in profiles()["us"] if _days_since(each, came, now) > _limit(each)}
        doubtful = [each for each in deciding(coverage) if each.state != "fresh"]
        assert {each.code for each in doubtful} == missed, f"day {number}"
        assert coverage.complete is (not missed), f"day {number}"
        told = list(causes(doubtful, (await home.stored()).attempts))
        assert bool(told) is bool(missed), f"day {number}"
        complete += coverage.complete
        why.update(each.rpartition(":")[0] for each in told)
    assert at_least < complete / days < at_most, (complete, why.most_common())
    assert sum(why.values()) >= days - complete


def _of_us() -> list[ListSource]:
    required = profiles()["us"].keys()
    return [each for each in ALL if not required.isdisjoint(lists_of(each.code))]


def _chance(*of: object) -> float:
    """A number in [0, 1) that is the same in every run, and seems to be drawn by chance."""
    return int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:6]) / 2**48


def _play(publisher: Publisher, day: int, begins: float, failing: dict[str, int]) -> None:
    """Let some publishers begin to fail today, and others work again."""
    for source in ALL:
        left = failing.pop(source.code, 0) - 1
        for path in paths_of(source.code):
            publisher.heal(path)
        if left <= 0 and _chance(day, source.code) < begins:
            left = 1 + int(_LONGEST_FAILURE * _chance("days", day, source.code))
        if left <= 0:
            continue
        failing[source.code] = left
        for path in paths_of(source.code):
            match int(3 * _chance("kind", day, source.code)):
                case 0:
                    publisher.fault(path, "status", code=403, body=b"Access denied")
                case 1:
                    publisher.fault(path, "html")
                case _:
                    publisher.fault(path, "redirect", to="https://127.0.0.1:1/elsewhere")


def _days_since(code: str, came: Mapping[str, date], now: datetime) -> int:
    """Days since any publisher gave the list."""
    return min(
        (now.date() - came[each]).days for each in LIST_BY_CODE[code].sources if each in came
    )


def _limit(code: str) -> int:
    return LIST_BY_CODE[code].max_age_days
