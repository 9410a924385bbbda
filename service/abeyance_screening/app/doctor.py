"""The doctor: every source asked once, as a refresh would, and nothing stored.

It needs no database; where the installation has one, what was chosen in the service counts. A file
is downloaded, read in a process of its own and put before the guards
that a first edition must pass, so that what it calls fine is what a new installation would load.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal, override
from urllib.parse import urlsplit

import msgspec

from abeyance_screening.app.samples import Samples
from abeyance_screening.engine.lists.bundled import BundledEdition, bundled_editions
from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    SOURCE_BY_CODE,
    is_fetched,
    is_of_register,
    lists_of,
)
from abeyance_screening.engine.lists.catalogue_types import FileLink, ListSource, Offer
from abeyance_screening.engine.lists.edition import (
    Download,
    Edition,
    GivenFile,
    HistoryWrite,
    ListedNames,
    ListingRecord,
    ListTerms,
    LoadAttempt,
    NewEdition,
    ReadFiles,
    StoredLists,
)
from abeyance_screening.engine.lists.formats import public_formats
from abeyance_screening.engine.lists.load import LoadReport, load_files, wanted_by_name
from abeyance_screening.engine.lists.loading_ports import (
    DownloadedEdition,
    FileReader,
    ListStore,
    LoadTransaction,
    Publisher,
)
from abeyance_screening.engine.lists.profile import BY_QUESTION, ListProfile
from abeyance_screening.engine.lists.refresh import Refresher
from abeyance_screening.engine.measures.places import Place, places
from abeyance_screening.engine.screening.coverage import chosen_codes, codes_of, required_codes
from abeyance_screening.engine.wording.failures import advice_on, by_hand, cause_in_brief
from abeyance_screening.engine.wording.list_states import (
    ListNeed,
    ListsReading,
    is_counted,
    lists_bundled,
    reading_of,
    required_because,
)
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.audit.linking import AuditHealth
from abeyance_screening.features.register.bundle_file import open_bundle
from abeyance_screening.features.register.bundle_keys import TrustedKeys
from abeyance_screening.features.register.bundles import (
    fetch_bundle,
    given_of,
    keys_in_force,
    needed_keys,
    trusted_keys,
)
from abeyance_screening.features.watch.look import PlaceSample, sample_of
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.publishers import HttpPublisher
from abeyance_screening.platform.sandbox.list_reader import ReaderInChild
from abeyance_screening.platform.server_answers import ServerAnswer, moment_of, witnessed
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.profiles import profile_of_database
from abeyance_screening.primitives.days import utc_now
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    BundleRefusedError,
    FetchFailedError,
    ListRefusedError,
)

# Nobody waits for a doctor as long as a refresh in the background may take.
PATIENCE = Patience(tries=2, read_s=30.0, total_s=300.0, first_wait_s=1.0)
# Downloads wait for publishers; the largest files have 30 MB packed.
_AT_ONCE = 4
# The day, by which ages and status go, is the same on clocks that differ less, but near midnight.
_CLOCK_MAY_BE_OFF = timedelta(hours=1)

type Health = Literal["fine", "by another way", "carried", "by hand", "unreachable", "refused"]
"""How a source is: its preferred file is good, or another is, or the program or the register
bundle carries a fresh edition; or what keeps it from being so."""

_FINE: frozenset[Health] = frozenset({"fine", "by another way", "carried"})


class SourceHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What asking one source came to.

    `addresses` are those of the files that would be loaded, `size` their bytes as unpacked by the
    transfer, `published_on` the day of the edition and `format` the title of the format that reads
    them; all empty where no file came. `entries` counts all lists of the source that would be
    loaded, `lists` their codes and `lacking` those of its lists that would not. `cause` says what
    is wrong as answers and pages do, `reason` the same with addresses and words of the network,
    `advice` what an operator should do.
    """

    source: str
    publisher: str
    health: Health
    lists: tuple[str, ...]
    lacking: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    size: int | None = None
    published_on: date | None = None
    format: str | None = None
    entries: int | None = None
    cause: str | None = None
    reason: str | None = None
    advice: str | None = None


class BundleHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What asking for the register bundle came to; `reason` is None where it is good.

    `sources` are the codes of the sources whose editions it carries.
    """

    revision: int | None
    made_at: datetime | None
    sources: tuple[str, ...]
    reason: str | None


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """The health of every source asked, and of the register bundle if its address is set.

    `lacking` are the codes of the required lists that no source and no bundle has fresh. `reading`
    counts all lists, as `/v1/lists` does once a refresh has done what was asked here. `places` are
    the places where acts appear, asked where answers are kept. `profile` says for which profile
    lists are required, as answers do. `not_asked` says why the database of the installation, which
    has what was chosen in the service, told nothing. `audit` is the chain of its audit log.
    """

    sources: tuple[SourceHealth, ...]
    bundle: BundleHealth | None
    lacking: tuple[str, ...]
    reading: ListsReading
    profile: str
    places: tuple[PlaceSample, ...] = ()
    clock: str | None = None
    not_asked: str | None = None
    audit: AuditHealth | None = None

    @property
    def is_fine(self) -> bool:
        """Whether a new installation would have every required list, its bundle and the time.

        The audit log of one that is there must be as it was written.
        """
        has_bundle = self.bundle is None or self.bundle.reason is None
        is_whole = self.audit is None or self.audit.fault is None
        return not self.lacking and has_bundle and self.clock is None and is_whole


async def diagnose(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    patience: Patience = PATIENCE,
    finished: Callable[[ListSource], None] = lambda _: None,
    samples: Samples | None = None,
    dsn: str | None = None,
) -> Diagnosis:
    """Ask every source of the lists or sources named, or of all, and the register bundle.

    Without names, every source is asked that a refresh asks; required is then what the settings
    require, or the installation of the database `dsn` has chosen, whose keys the bundle needs.
    With names, all these lists are required. `finished` receives each source once it was asked.
    `samples` keeps what each publisher, and without names each place of acts, answered.

    Raises:
        BadInputError: A name is no public list or source.
    """
    settings, keys, not_asked = await _installed(settings, dsn)
    wanted, required = _wanted(names, settings), _required(names, settings)
    bundle, carried = await _ask_bundle(settings, keys)
    chosen = [each for each in SOURCE_BY_CODE.values() if _is_chosen(each, names, wanted)]
    ask = partial(_ask, settings=settings, reader=ReaderInChild(settings), patience=patience)
    clocks = _Clocks()
    with witnessed(clocks.note):
        asked = await _ask_each(chosen, ask, samples, finished)
    sources = tuple(_with_bundle(each, carried) for each in asked)
    return Diagnosis(
        sources=sources,
        bundle=bundle,
        lacking=_lacking(required, sources),
        reading=_reading(wanted, required, sources, settings.profile, carried),
        profile=BY_QUESTION if names else settings.profile.name,
        places=() if names else await _sampled(settings, samples, patience),
        clock=clocks.in_words(),
        not_asked=not_asked,
    )


async def _ask_each(
    sources: Iterable[ListSource],
    ask: Callable[[ListSource], Awaitable[SourceHealth]],
    samples: Samples | None,
    finished: Callable[[ListSource], None],
) -> Sequence[SourceHealth]:
    turn = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(source: ListSource) -> SourceHealth:
        async with turn:
            with _keeping(samples, source.code):
                health = await ask(source)
        finished(source)
        return health

    return await asyncio.gather(*map(in_turn, sources))


def _lacking(required: Sequence[str], sources: Sequence[SourceHealth]) -> tuple[str, ...]:
    good = {code for each in sources for code in each.lists}
    return tuple(code for code in required if code not in good)


async def _installed(
    settings: Settings, dsn: str | None
) -> tuple[Settings, TrustedKeys | None, str | None]:
    """Return what a refresh of this installation goes by; `dsn` is None where there is none.

    These are the settings with what was chosen in the service, the keys that a bundle handed over
    to, and why the database told neither.
    """
    if dsn is None:
        return settings, None, None
    try:
        async with connected(dsn) as connection:
            if not settings.profile.is_set:
                profile = await profile_of_database(connection)
                settings = msgspec.structs.replace(settings, profile=profile)
            if settings.register_url is None:
                return settings, None, None
            return settings, await keys_in_force(connection, trusted_keys(settings)), None
    except BadInputError:
        # what is wrong with the file of keys is told with the bundle
        return settings, None, None
    except AbeyanceError as error:
        return settings, None, str(error)


async def _sampled(
    settings: Settings, samples: Samples | None, patience: Patience
) -> tuple[PlaceSample, ...]:
    """Ask the places where acts appear, whose answers are kept; none without a folder for them."""
    if samples is None:
        return ()
    turn = asyncio.Semaphore(_AT_ONCE)

    async def sample(place: Place) -> PlaceSample:
        async with turn:
            with _keeping(samples, f"places/{place.id}"):
                return await sample_of(place, settings.mirror, patience)

    return tuple(await asyncio.gather(*map(sample, places())))


def _keeping(samples: Samples | None, asked_for: str) -> AbstractContextManager[None]:
    return nullcontext() if samples is None else witnessed(samples.of(asked_for, utc_now()))


def _wanted(names: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """Return the public lists whose sources are asked."""
    if not names:
        new = _new_installation(settings)
        searched = {*chosen_codes(new, None), *lists_bundled()}
        asked = (code for code in codes_of(new) if code in searched or _is_refreshed(code))
        return tuple(code for code in asked if _is_published(code))
    codes: dict[str, None] = {}
    for name in names:
        wanted = wanted_by_name(name)
        if wanted.is_own:
            raise BadInputError("list", wanted.doubt or f"{name!r} has no publisher to ask")
        codes |= dict.fromkeys([wanted.list_code] if wanted.list_code else lists_of(name))
    return tuple(codes)


def _required(names: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """Return the lists without which not all is fine, in the order of all lists."""
    wanted = _wanted(names, settings)
    required = wanted if names else required_codes(_new_installation(settings))
    return tuple(code for code in wanted if code in required)


def _reading(
    wanted: Sequence[str],
    required: Collection[str],
    sources: Sequence[SourceHealth],
    profile: ListProfile,
    carried: Mapping[str, date],
) -> ListsReading:
    """Return how many of the lists asked for are fine, and what the others need."""
    today = utc_now().date()
    bundled, good = lists_bundled(), {code for each in sources for code in each.lists}
    counted = [
        code
        for code in wanted
        if is_counted(code, is_required=code in required, is_loaded=code in bundled)
    ]
    at_fault = {code: each for each in reversed(sources) for code in each.lacking}
    needs = [
        ListNeed(
            code=code,
            title=list_title(code),
            required=code in required,
            required_because=required_because(code, profile),
            reason=_why(at_fault.get(code)),
            advice=None if code not in at_fault else at_fault[code].advice,
            command=f"abeyance load {code} --file PATH",
        )
        for code in counted
        if code not in good
    ]
    own_day = max((day for code, day in carried.items() if is_of_register(code)), default=today)
    return reading_of(len(counted), needs, (today - own_day).days, today)


def _why(health: SourceHealth | None) -> str:
    """Return in a sentence why a source brings nothing."""
    if health is None:
        return "no source has it"
    if health.health == "by hand":
        return "its publisher gives the file to people, not to programs"
    return health.cause or health.health


def _new_installation(settings: Settings) -> StoredLists:
    return StoredLists(editions=(), attempts=(), profile=settings.profile)


def _is_refreshed(code: str) -> bool:
    return code in LIST_BY_CODE and is_fetched(code)


def _is_published(code: str) -> bool:
    return code in LIST_BY_CODE and not LIST_BY_CODE[code].of_register


def _is_chosen(source: ListSource, names: Sequence[str], wanted: Collection[str]) -> bool:
    if is_of_register(source.code):
        return False
    carries = not set(lists_of(source.code)).isdisjoint(wanted)
    return carries and (not names or source.code in _sources_of(names))


def _sources_of(names: Sequence[str]) -> set[str]:
    return {source for name in names for source in wanted_by_name(name).sources}


async def _ask(
    source: ListSource, settings: Settings, reader: FileReader, patience: Patience
) -> SourceHealth:
    if not source.offers:
        return SourceHealth(
            source=source.code,
            publisher=source.publisher,
            health="by hand",
            lists=(),
            lacking=lists_of(source.code),
            advice=_advice("by hand", source),
        )
    noting = _NotingPublisher(HttpPublisher(settings.mirror, patience))
    noted = _NotingReader(reader)
    refresher = Refresher(Nowhere(), noting, noted, utc_now())
    reports = await refresher.refresh(source, None)
    health = _health(source, reports, noting, noted)
    cause = "; ".join(dict.fromkeys(each.reason for each in reports if each.reason is not None))
    has_mirror = settings.mirror is not None
    return msgspec.structs.replace(
        health,
        cause=cause_in_brief(cause) if cause else None,
        advice=_advice(health.health, source, cause, has_mirror=has_mirror),
    )


def _health(
    source: ListSource,
    reports: Sequence[LoadReport],
    noting: "_NotingPublisher",
    noted: "_NotingReader",
) -> SourceHealth:
    loaded = [each for each in reports if each.outcome == "loaded"]
    health = _health_of(source, reports, noting)
    came = noting.came if loaded else None
    days = [each.published_on for each in loaded if each.published_on is not None]
    reasons = dict.fromkeys(each.in_full for each in reports if each.in_full is not None)
    return SourceHealth(
        source=source.code,
        publisher=source.publisher,
        health=health,
        lists=tuple(each.list_code for each in loaded),
        lacking=tuple(each.list_code for each in reports if each.outcome != "loaded"),
        addresses=() if came is None else came.addresses,
        size=None if came is None else sum(len(each.content) for each in came.files),
        published_on=max(days, default=None),
        format=noted.title if loaded else None,
        entries=sum(each.entry_count for each in loaded) if loaded else None,
        reason="; ".join(reasons) or None,
    )


def _health_of(
    source: ListSource, reports: Sequence[LoadReport], noting: "_NotingPublisher"
) -> Health:
    outcomes = {each.outcome for each in reports}
    if "refused" in outcomes:
        return "refused"
    if "unreachable" in outcomes:
        return "unreachable"
    return "fine" if noting.offer == source.offers[0] else "by another way"


def _advice(
    health: Health, source: ListSource, reason: str = "", *, has_mirror: bool = False
) -> str | None:
    person = by_hand(source)
    match health:
        case "fine" | "carried":
            return None
        case "by another way":
            return "nothing now; if this lasts, a newer version of this program may be needed"
        case "by hand":
            return f"{person}, or set ABEYANCE_REGISTER_URL to receive it with a register bundle"
        case "unreachable":
            hosts = dict.fromkeys(host for offer in source.offers for host in _hosts(offer))
            return advice_on(source, reason, ", ".join(hosts), has_mirror=has_mirror)
        case "refused":
            return (
                "look at the file: if the publisher has changed its format, a newer version of "
                f"this program is needed; if the file came broken, try again, or {person}"
            )


def _hosts(offer: Offer) -> list[str]:
    addresses = [each.page if isinstance(each, FileLink) else each for each in offer.files]
    return [urlsplit(each).hostname or "" for each in addresses]


# --- What comes with the program, and with a register bundle.


async def _ask_bundle(
    settings: Settings, keys: TrustedKeys | None
) -> tuple[BundleHealth | None, Mapping[str, date]]:
    """Return the health of the register bundle, and the newest day of each source carried.

    The editions that come with the program count as well. Those of a bundle are read, so that one
    that would be refused does not count.
    """
    carried: dict[str, date] = {}
    for each in bundled_editions():
        carried[each.source] = max(_day_of(each), carried.get(each.source, date.min))
    if settings.register_url is None:
        return None, carried
    try:
        trusted = keys if keys is not None and keys.keys else needed_keys(settings)
        came = await fetch_bundle(settings.register_url)
        bundle = open_bundle(came.content or b"", trusted, utc_now().date())
    except FetchFailedError as failure:
        reason = f"the bundle cannot be fetched: {failure.in_full}"
        return BundleHealth(revision=None, made_at=None, sources=(), reason=reason), carried
    except (BadInputError, BundleRefusedError) as refused:
        return BundleHealth(revision=None, made_at=None, sources=(), reason=str(refused)), carried
    faults: list[str] = []
    reader, now = ReaderInChild(settings), utc_now()
    for each in bundle.editions:
        try:
            reports = await load_files(Nowhere(), given_of(each, now), now, reader)
        except (ListRefusedError, BadInputError) as refused:
            faults.append(str(refused))
            continue
        faults += [f"{one.list_code}: {one.reason}" for one in reports if one.outcome == "refused"]
        day = _day_of(each.edition)
        carried[each.edition.source] = max(day, carried.get(each.edition.source, day))
    health = BundleHealth(
        revision=bundle.register.revision,
        made_at=bundle.made_at,
        sources=tuple(each.edition.source for each in bundle.editions),
        reason="; ".join(faults) or None,
    )
    return health, carried


def _day_of(edition: BundledEdition) -> date:
    return edition.offered_on or edition.published_on


def _with_bundle(health: SourceHealth, carried: Mapping[str, date]) -> SourceHealth:
    """Return the health of a source that nobody can ask, if what is carried of it is fresh."""
    day = carried.get(health.source)
    if health.health in _FINE or day is None:
        return health
    age = utc_now().date() - day
    fresh = [
        code for code in health.lacking if age <= timedelta(days=LIST_BY_CODE[code].max_age_days)
    ]
    if not fresh or health.health != "by hand":
        return health
    return msgspec.structs.replace(
        health,
        health="carried",
        lists=tuple(fresh),
        lacking=tuple(code for code in health.lacking if code not in fresh),
        published_on=day,
        advice=None,
    )


class _Clocks:
    """The clocks of the servers asked, beside that of this machine."""

    def __init__(self) -> None:
        self._ahead: list[timedelta] = []

    def note(self, answer: ServerAnswer) -> None:
        """Take the time that a server says with its answer, if it says any."""
        sent_at = moment_of(dict(answer.headers).get("date"))
        if sent_at is not None:
            self._ahead.append(utc_now() - sent_at)

    def in_words(self) -> str | None:
        """Return by how much this machine is off most servers; None where that is no matter."""
        if not self._ahead:
            return None
        ahead = sorted(self._ahead)[len(self._ahead) // 2]
        if abs(ahead) < _CLOCK_MAY_BE_OFF:
            return None
        where = "ahead of" if ahead > timedelta() else "behind"
        hours = f"{abs(ahead) / timedelta(hours=1):,.0f} h"
        return (
            f"The clock of this machine is {hours} {where} those of the servers asked. The ages "
            "of lists and the status of measures go by it: set it right first."
        )


# --- A publisher and a reader that are listened to, and a database that keeps nothing.


class _NotingPublisher(Publisher):
    """A publisher that keeps what came last, and by which offer."""

    def __init__(self, publisher: Publisher) -> None:
        self.came: DownloadedEdition | None = None
        self.offer: Offer | None = None
        self._publisher = publisher

    @override
    async def download(
        self, source: ListSource, offer: Offer, seen: Sequence[tuple[str | None, str | None]]
    ) -> DownloadedEdition | None:
        self.came = await self._publisher.download(source, offer, seen)
        self.offer = offer
        return self.came


class _NotingReader(FileReader):
    """A reader that keeps the title of the format that it read last."""

    def __init__(self, reader: FileReader) -> None:
        self.title: str | None = None
        self._reader = reader

    @override
    async def read_files(
        self,
        wanted: str,
        files: Sequence[GivenFile],
        sources: Sequence[str],
        list_code: str | None,
    ) -> ReadFiles:
        read = await self._reader.read_files(wanted, files, sources, list_code)
        self.title = next(
            (each.title for each in public_formats() if each.word == read.format), None
        )
        return read


class _NothingStored(LoadTransaction):
    """A transaction of an empty database that stays empty."""

    @override
    async def current_editions(self) -> Mapping[tuple[str, str], Edition]:
        return {}

    @override
    async def current_digests(self, list_code: str, source: str) -> Mapping[str, str]:
        return {}

    @override
    async def current_names(self, list_code: str, source: str) -> Mapping[str, ListedNames]:
        return {}

    @override
    async def listing_order(self, list_code: str, source: str) -> Sequence[str]:
        return ()

    @override
    async def put_listing_order(
        self, list_code: str, source: str, listing_ids: Sequence[str]
    ) -> None:
        return None

    @override
    async def every_terms(self) -> Mapping[str, ListTerms]:
        return {}

    @override
    async def put_terms(self, terms: ListTerms) -> None:
        return None

    @override
    async def had_edition(self, list_code: str, source: str, sha256: str) -> bool:
        return False

    @override
    async def add_edition(self, edition: NewEdition) -> int:
        return 1

    @override
    async def confirm_edition(self, edition_id: int, at: datetime) -> None:
        return None

    @override
    async def close_versions(
        self, edition_id: int, source: str, listing_ids: Sequence[str]
    ) -> None:
        return None

    @override
    async def add_versions(
        self, edition_id: int, list_code: str, source: str, records: Sequence[ListingRecord]
    ) -> None:
        return None

    @override
    async def add_attempt(self, attempt: LoadAttempt) -> None:
        return None

    @override
    async def note_download(self, download: Download) -> None:
        return None

    @override
    async def put_history(self, write: HistoryWrite) -> bool:
        return True


class Nowhere(ListStore):
    """An empty database that stays empty."""

    @override
    @asynccontextmanager
    async def loading(self) -> AsyncGenerator[LoadTransaction]:
        yield _NothingStored()

    @override
    async def read_lists(self) -> StoredLists:
        return StoredLists(editions=(), attempts=())
