"""What every page is made with: its frame, its template, its headers, and static files.

The state of a page is in its address; that of the search page, which has a name in it, is written
as an address and sent in a form. The frame has the title of a page, its place in the navigation
and its two days: it reads the days from the address, reports what cannot be read, and writes links
back.

A form is accepted only if one of our own pages sent it.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, cast, override
from urllib.parse import quote, urlencode

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2 import Template as JinjaTemplate
from litestar import MediaType, Request, Response, get
from litestar.datastructures import MultiDict, State
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, SkipValidation
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig
from litestar.types import ASGIApp, Receive, Scope, Send

from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.wording import shapes as dates
from abeyance_screening.engine.wording.notes import as_of_in_words, known_at_in_words, own_day_of
from abeyance_screening.engine.wording.shapes import badge_of, day, plain_badge_of, weekday
from abeyance_screening.engine.wording.titles import jurisdiction_name, list_title, measure_title
from abeyance_screening.platform.access.callers import public
from abeyance_screening.platform.access.idempotency import FORM_ID
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.sandbox.file_writer import FilesInChild
from abeyance_screening.primitives.days import (
    Days,
    count,
    day_after,
    day_before,
    days_of,
    plural,
    read_moment,
)
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from abeyance_screening.primitives.visible import visible_page

# --- The frame of a page.

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTHS = tuple(f"{date(2000, month, 1):%b}" for month in range(1, 13))
type Given = MultiDict[str]


class FieldFault(msgspec.Struct, frozen=True, kw_only=True):
    """A field that could not be read, and why, in a sentence for a person."""

    field: str
    text: str


class AddressDays(msgspec.Struct, frozen=True, kw_only=True):
    """The two days as written in the address; None where one was left open.

    A day left open is today by the local time of each authority: at the moment `at` (UTC) where
    the address has one, else at the moment of the request. A link with `at` therefore shows
    tomorrow what it shows today.
    """

    as_of: date | None = None
    known_at: date | None = None
    at: datetime | None = None

    def query(self) -> tuple[tuple[str, str], ...]:
        """Return the days as pairs for a query; `at` only where a day is open."""
        days = (("as_of", self.as_of), ("known_at", self.known_at))
        written = [(name, each.isoformat()) for name, each in days if each is not None]
        if self.at is not None and len(written) < len(days):
            at = self.at.replace(tzinfo=None).isoformat(timespec="seconds")
            written.append(("at", f"{at}Z"))
        return tuple(written)

    def days(self, now: datetime) -> Days:
        """Return the days that a request at a moment (UTC) asks about."""
        return days_of(self.as_of, self.known_at, self.at or now)

    def lasting(self, now: datetime) -> "AddressDays":
        """Return days for a link that shows the same tomorrow.

        An open day is written out where it is the same day for all authorities. Otherwise it stays
        open, and `at` fixes the moment.
        """
        days = self.days(now)
        return AddressDays(
            as_of=None if days.as_of_by else days.as_of,
            known_at=None if days.known_at_by else days.known_at,
            at=(self.at or now).replace(second=0, microsecond=0),
        )


type Navigation = tuple[tuple[str, str], ...]
"""Path and title of each page in the navigation, in order."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the layout of a page needs besides its content.

    `path` is the path of the page, `section` that of its entry in the navigation. `query` is the
    rest of the page's state, which every link of the day control repeats. `now` is the moment of
    the request, in UTC.
    """

    title: str
    path: str
    section: str
    now: datetime
    clocks: AddressDays = AddressDays()
    query: tuple[tuple[str, str], ...] = ()
    faults: tuple[FieldFault, ...] = ()

    @property
    def today(self) -> date:
        """Return the UTC day of the request."""
        return self.now.date()

    @property
    def days(self) -> Days:
        """Return the days asked about; one left open is the local day of each authority."""
        return self.clocks.days(self.now)

    @property
    def days_now(self) -> Days:
        """Return the days of a request that leaves both open now."""
        return AddressDays().days(self.now)

    @property
    def chosen(self) -> date:
        """Return the legal day asked about; the UTC day where it was left open."""
        return self.days.as_of

    @property
    def known(self) -> date:
        """Return the day whose public knowledge counts; the UTC day where it was left open."""
        return self.days.known_at

    @property
    def is_today(self) -> bool:
        """Whether the page shows today as it is known today, for every authority."""
        return self.days == self.days_now

    @property
    def moment(self) -> datetime | None:
        """Return the moment in the address where the legal day is left open; else None."""
        return self.clocks.at if self.clocks.as_of is None else None

    @property
    def in_words(self) -> str:
        """Return the legal day in words, to print next to its field.

        Browsers print the dates of fields in their own order, such as 11/24/2026.
        """
        return self._field_day(self.clocks.as_of, self.days.as_of, self.days.as_of_by)

    @property
    def known_in_words(self) -> str:
        """Return the day whose public knowledge counts in words, to print next to its field."""
        return self._field_day(self.clocks.known_at, self.days.known_at, self.days.known_at_by)

    def _field_day(
        self, typed: date | None, on: date, elsewhere: tuple[tuple[str, date], ...]
    ) -> str:
        at = self.clocks.at
        if typed is not None:
            return weekday(typed)
        if at is not None:
            return f"{day(on)}, {at:%H:%M} UTC"
        return f"today, {day(on)} UTC" if elsewhere else f"today, {weekday(on)}"

    @property
    def when(self) -> str:
        """Return the legal day for a sentence: `on 15 Oct 2025`, `today, 10 Nov 2026 UTC; …`."""
        words = as_of_in_words(self.days, self.moment)
        is_open = self.clocks.as_of is None and self.moment is None
        return f"today, {words}" if is_open else f"on {words}"

    @property
    def when_here(self) -> str:
        """Return the legal day by UTC, for a heading: `Today, 10 Nov 2026 UTC`."""
        words = self.when.partition("; ")[0]
        return f"{words[:1].upper()}{words[1:]}"

    @property
    def when_elsewhere(self) -> str:
        """Return where the day is another one: `9 Nov 2026 in Washington`; empty if nowhere."""
        return self.when.partition("; ")[2]

    def links(self, navigation: Navigation) -> tuple[tuple[str, str, bool], ...]:
        """Return address and title of each page, and whether it is this one; the days are kept."""
        return tuple(
            (link(path, self.clocks.query()), word, path == self.section)
            for path, word in navigation
        )

    def on(self, chosen: date | None) -> str:
        """Return the address of this page on another legal day; None is today."""
        at = None if chosen is None else self.clocks.at
        clocks = AddressDays(as_of=chosen, known_at=self.clocks.known_at, at=at)
        return link(self.path, (*self.query, *clocks.query()))

    @property
    def day_before(self) -> str:
        """Return the address of this page one day earlier."""
        return self.on(day_before(self.chosen))

    @property
    def day_after(self) -> str:
        """Return the address of this page one day later."""
        return self.on(day_after(self.chosen))

    def to(self, path: str) -> str:
        """Return the address of another page on the same days."""
        return link(path, self.clocks.query())

    def to_filtered(self, name: str, value: str) -> str:
        """Return the address of this page on the same days, with one filter only."""
        return link(self.path, ((name, value), *self.clocks.query()))

    @property
    def here(self) -> str:
        """Return the address of this page, with its state and its days as they were given."""
        return link(self.path, (*self.query, *self.clocks.query()))

    @property
    def lasting_clocks(self) -> AddressDays:
        """Return days that show tomorrow what the page shows now."""
        return self.clocks.lasting(self.now)

    @property
    def lasting(self) -> str:
        """Return the address of this page that shows the same tomorrow."""
        return link(self.path, (*self.query, *self.lasting_clocks.query()))

    @property
    def stamp(self) -> str:
        """Return both days in words, for the head of a printed page."""
        as_of = as_of_in_words(self.days, self.moment)
        if self.clocks.known_at is None and self.clocks.as_of is None and self.days.as_of_by:
            return f"{as_of}; as publicly known on those days"
        moment = self.clocks.at if self.clocks.known_at is None else None
        return f"{as_of}, as publicly known on {known_at_in_words(self.days, moment)}"


def read_clocks(given: Given) -> tuple[AddressDays, tuple[FieldFault, ...]]:
    """Read the two days and the moment of an address, with a fault for each unreadable one."""
    faults: list[FieldFault] = []
    days: dict[str, date | None] = {}
    for name in ("as_of", "known_at"):
        printed = text_of(given, name)
        days[name] = _day(printed)
        if printed and days[name] is None:
            faults.append(FieldFault(field=name, text=f"{_as_meant(printed)} is not a day."))
    at, fault = _moment(text_of(given, "at"))
    clocks = AddressDays(as_of=days["as_of"], known_at=days["known_at"], at=at)
    return clocks, (*faults, *fault)


def text_of(given: Given, name: str) -> str:
    """Return the value of a name, stripped of white space; empty where there is none."""
    return str(given.get(name, "")).strip()


def texts_of(given: Given, name: str) -> tuple[str, ...]:
    """Return every value of a name that is not blank, stripped, each once, in order."""
    texts = (str(each).strip() for each in given.getall(name, []))
    return tuple(dict.fromkeys(filter(None, texts)))


def link(path: str, query: Iterable[tuple[str, str]]) -> str:
    """Return an address with a query, or the path alone where the query is empty."""
    written = urlencode(list(query))
    return f"{path}?{written}" if written else path


def link_below(path: str, key: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """Return the address below a path of what a caller gave an id, whatever signs that has.

    Browsers leave `.` and `..` out of a path, also encoded, so that these stand in the query.
    """
    if key in {".", ".."}:
        return link(path, (("id", key), *query))
    return link(f"{path}/{quote(key, safe='')}", query)


def _day(printed: str) -> date | None:
    found = _ISO.fullmatch(printed)
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def _as_meant(printed: str) -> str:
    """Write `2026-02-31` as `31 Feb 2026`, and anything that is not a date in quotation marks."""
    found = _ISO.fullmatch(printed)
    if found is None or not 1 <= int(found[2]) <= len(_MONTHS):
        return f"“{printed[:40]}”"
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"


def _moment(printed: str) -> tuple[datetime | None, tuple[FieldFault, ...]]:
    if not printed:
        return None, ()
    try:
        return read_moment(datetime.fromisoformat(printed)), ()
    except (ValueError, BadInputError):
        text = f"“{printed[:40]}” is not a moment; write it as 2026-11-10T02:00:00Z."
        return None, (FieldFault(field="at", text=text),)


def sent_once(given: Given, *more: tuple[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the id of a form, and what tells it from another: all but the kind of a file."""
    fields = (each for each in given.multi_items() if each[0] not in {FORM_ID, "format"})
    return text_of(given, FORM_ID), (*fields, *more)


# --- Static files: styles, scripts, the logo.

_FOLDER = Path(__file__).parent
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class StaticFile(msgspec.Struct, frozen=True, kw_only=True):
    """A static file: its bytes and its media type."""

    body: bytes
    kind: str


def static_files(folders: Sequence[Path]) -> HTTPRouteHandler:
    """Return the handler that sends the platform's static files and those of these folders.

    They are in `static` of each and are read once; a name is unique over all folders.
    """
    files = {
        path.name: StaticFile(body=path.read_bytes(), kind=_KINDS[path.suffix])
        for folder in (_FOLDER, *folders)
        for path in sorted((folder / "static").glob("*"))
        if path.suffix in _KINDS
    }

    @get("/static/{name:str}", opt=public(), include_in_schema=False, sync_to_thread=False)
    def static_file(name: Annotated[str, PathParameter(max_length=100)]) -> Response[bytes]:
        """Send a style, script or picture."""
        file = files.get(name)
        if file is None:
            raise NotFoundError("file", name)
        return Response(file.body, media_type=file.kind)

    return static_file


TheDesk = NamedDependency[SkipValidation[Desk]]
# Sent as `Retry-After` with every 503.
RETRY_AFTER_S = "5"
AnyRequest = Request[object, object, State]

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        # our own forms send their origin, and no other site sees an address of ours
        "referrer-policy": "same-origin",
        # the page contains a counterparty's name: no proxy or cache may keep it
        "cache-control": "no-store",
    }
)


def _below(key: str, path: str) -> str:
    return link_below(path, key)


_FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "day": dates.day,
        "weekday": dates.weekday,
        "plural": plural,
        "count": count,
        "list_title": list_title,
        "jurisdiction": jurisdiction_name,
        "measure_title": measure_title,
        "as_badge": badge_of,
        "as_plain_badge": plain_badge_of,
        "own_day": own_day_of,
        "below": _below,
    }
)


class _VisibleTemplate(JinjaTemplate):
    """A page, in which a listed name is a name and turns nothing around."""

    @override
    def render(self, *args: object, **kwargs: object) -> str:
        return visible_page(super().render(*args, **kwargs))


def _environment(
    navigation: Navigation, folders: Sequence[Path], register_told: Callable[[], str]
) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([each / "templates" for each in (_FOLDER, *folders)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.template_class = _VisibleTemplate
    environment.filters.update(_FILTERS)
    known = cast("dict[str, object]", environment.globals)
    known |= {"navigation": navigation, "may": _may, "register_told": register_told}
    return environment


def templates(
    navigation: Navigation, folders: Sequence[Path], register_told: Callable[[], str]
) -> TemplateConfig[JinjaTemplateEngine]:
    """Return the platform's templates and those of these folders, on pages with this navigation.

    They are in `templates` of each; a name is unique over all folders. `register_told` says in
    words which register of measures the pages rest on.
    """
    environment = _environment(navigation, folders, register_told)
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def _may(request: AnyRequest, scope: str) -> bool:
    """Return whether whoever asks for a page has a scope: what they may not do is not offered."""
    return scope in caller_of(request).scopes


class _RenderedPage(Template):
    """A page that is rendered in a thread, because the longest take a tenth of a second."""

    @override
    def to_asgi_response(self, *args: object, **kwargs: object) -> ASGIApp:  # pyright: ignore[reportIncompatibleMethodOverride] - litestar calls it and no more
        """Return an ASGI app that renders the page in a thread when it is sent."""
        render = partial(super().to_asgi_response, *args, **kwargs)  # pyright: ignore[reportUnknownMemberType] - its arguments as they came

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            rendered = await asyncio.to_thread(render)
            await rendered(scope, receive, send)

        return answer


def page(
    template: str, frame: Frame, content: object, status: HTTPStatus = HTTPStatus.OK
) -> Template:
    """Return a page; the template sees the frame as `frame` and the content as `page`."""
    return _RenderedPage(
        template,
        context={"frame": frame, "page": content},
        headers=dict(HEADERS),
        media_type=MediaType.HTML,
        status_code=status,
    )


# --- Pages for errors: a bug shows its number only, and the log has the rest under that number.

logger = logging.getLogger(__name__)

# --- Forms that are sent to the pages.


async def sent_form(request: AnyRequest) -> Given:
    """Return the text fields of a form in the shape of a query; files are left out."""
    form = await request.form()
    pairs: list[tuple[str, object]] = list(form.multi_items())
    return MultiDict([(name, each) for name, each in pairs if isinstance(each, str)])


ListingId = Annotated[str, PathParameter(max_length=200)]


TheFiles = NamedDependency[SkipValidation[FilesInChild]]
