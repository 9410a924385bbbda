"""Screenings of many counterparties, kept by id, searches for one name, and restrictions.

Restrictions are the measures that reach goods, places and end uses and name no company.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, cast
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from service.access.routes import needs
from service.api.bodies import (
    JSON,
    SCREENINGS_PATH,
    Limit,
    TheDays,
    TheDesk,
    ThePage,
    TypedRequest,
    WrittenResponse,
    header_of,
    media_type_of,
    read_json,
)
from service.api.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    NOT_FOUND,
    UNAVAILABLE,
    AnyRequest,
    Problem,
    problem_responses,
)
from service.api.repeats import Once, TheOnce
from service.lists.listing import EntityType
from service.measures.measure import EndUse
from service.screening.answer import ScreeningAnswer, SearchAnswer, TextAnswer
from service.screening.ask import plain_transaction
from service.screening.desk import Desk
from service.screening.kept import KeptQuery, ScreeningPage
from service.screening.question import (
    BIRTH_DATE,
    DEFAULT_LIMIT,
    MAX_NAME_LENGTH,
    Counterparty,
    QuestionTerms,
    ScreeningQuestion,
    SearchQuestion,
    TextQuestion,
)
from service.screening.trade.restrictions import restrictions_on
from service.screening.trade.transaction import Restrictions, Transaction
from service.tables.kept import KeptResults

ItemsAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="item",
        description="An HS code of 4, 6, 8 or 10 digits, the entry of a control list (3A090.a), "
        "EAR99, or words; recognised by its form, or by `HS` or `ECCN` before it. Text that looks "
        "like a code but is not one, and a code among words, are refused. Repeat it for several.",
    ),
]
OriginAsked = Annotated[
    str | None,
    QueryParameter(
        name="origin",
        pattern="^[A-Z]{2}$",
        description="The country it is sent from: ISO 3166-1 alpha-2.",
    ),
]
DestinationAsked = Annotated[
    str | None,
    QueryParameter(
        name="destination",
        pattern="^[A-Z]{2}$",
        description="The country it is sent to: ISO 3166-1 alpha-2.",
    ),
]
EndUseAsked = Annotated[
    EndUse | None, QueryParameter(name="end_use", description="The end use of the items.")
]
ScreeningId = Annotated[UUID, PathParameter(description="The `id` of the screening.")]
TheKept = NamedDependency[SkipValidation[KeptResults]]
TheTransaction = NamedDependency[SkipValidation[Transaction]]


@post(
    "/v1/screenings",
    opt=needs("screen"),
    operation_id="screen",
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Screen counterparties",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def screen(
    data: JSONBody[ScreeningQuestion], desk: TheDesk, once: TheOnce
) -> Response[ScreeningAnswer]:
    """Return who each counterparty may be, and which measures reach it on the day asked about.

    An `Idempotency-Key` counts only where the screening is kept.
    """
    return await screened(data, desk, once)


async def screened(
    data: ScreeningQuestion, desk: Desk, once: Once
) -> WrittenResponse[ScreeningAnswer]:
    """Return what `POST /v1/screenings` answers."""
    # before anything is kept, so that all of it has the same days
    days = desk.days_of(data)
    if not desk.is_kept(data):
        return WrittenResponse(await desk.screen(data, days))
    return await once.screening(lambda: desk.screen(data, days))


@get(
    "/v1/screenings/{screening_id:uuid}",
    opt=needs("screen", reading="screening.read", about="screening_id"),
    operation_id="getScreening",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="An earlier screening",
    tags=["Screening"],
)
async def get_screening(screening_id: ScreeningId, desk: TheDesk) -> Response[ScreeningAnswer]:
    """Return the answer of an earlier screening, byte for byte as it was given."""
    return WrittenResponse(await desk.screening(screening_id))


@delete(
    "/v1/screenings/{screening_id:uuid}",
    opt=needs("screen", reading="screening.deleted", about="screening_id"),
    operation_id="deleteScreening",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Delete a screening",
    tags=["Screening"],
    status_code=HTTP_204_NO_CONTENT,
)
async def delete_screening(screening_id: ScreeningId, desk: TheDesk) -> None:
    """Delete a screening for good, question and answer; any key of its account may."""
    await desk.delete_screening(screening_id)


FromAsked = Annotated[
    date | None,
    QueryParameter(name="from", description="Only those asked on this day (UTC) or later."),
]
UntilAsked = Annotated[
    date | None,
    QueryParameter(name="until", description="Only those asked on this day (UTC) or before."),
]
CounterpartyIdAsked = Annotated[
    str | None,
    QueryParameter(
        name="counterparty_id",
        min_length=1,
        max_length=200,
        description="Only those about a counterparty with this `id` of the caller's own. Those "
        "whose ids were not read yet are listed too.",
    ),
]


@get(
    "/v1/screenings",
    opt=needs("screen", reading="screenings.listed"),
    operation_id="listScreenings",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Screenings that are kept",
    tags=["Screening"],
)
async def list_screenings(
    desk: TheDesk,
    page: ThePage,
    from_day: FromAsked = None,
    until_day: UntilAsked = None,
    counterparty_id: CounterpartyIdAsked = None,
) -> ScreeningPage:
    """Return the screenings that the key's account keeps, the newest first, without any name."""
    asked = KeptQuery(
        from_day=from_day,
        until_day=until_day,
        counterparty_id=counterparty_id,
        limit=page.limit,
        cursor=page.cursor,
    )
    return await desk.kept_screenings(asked)


@delete(
    "/v1/spreadsheets/{spreadsheet_id:uuid}",
    opt=needs("screen", reading="table.deleted", about="spreadsheet_id"),
    operation_id="deleteSpreadsheet",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Delete results of the spreadsheet page",
    tags=["Screening"],
    status_code=HTTP_204_NO_CONTENT,
)
async def delete_spreadsheet(
    spreadsheet_id: Annotated[UUID, PathParameter(description="The id in the page's address.")],
    kept_results: TheKept,
) -> None:
    """Delete what the spreadsheet page keeps of a table at an address.

    Any key of the account may delete them. Screenings that were kept as evidence stay.
    """
    await kept_results.delete(spreadsheet_id)


# --- Search: one name, fast enough for each keystroke; nothing is kept.

NameAsked = Annotated[
    str,
    QueryParameter(
        name="name", min_length=1, max_length=MAX_NAME_LENGTH, description="The name to look up."
    ),
]
ListsAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="lists",
        description="Only these lists; repeat it for several: `lists=un_sc&lists=eu_fsf`.",
    ),
]
CountriesAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="countries",
        description="ISO 3166-1 alpha-2 codes, each a parameter: `countries=DE&countries=FR`; "
        "they change the order of hits and remove none.",
    ),
]
EntityTypeAsked = Annotated[
    EntityType | None,
    QueryParameter(
        name="entity_type",
        description="Orders hits; a firm or ship with only some of a person's names scores less.",
    ),
]
BirthDateAsked = Annotated[
    str | None,
    QueryParameter(
        name="birth_date",
        pattern=BIRTH_DATE,
        description="A person's, 1952-10-07, 1952-10 or 1952; it orders hits and removes none.",
    ),
]
ThresholdAsked = Annotated[
    float | None,
    QueryParameter(name="threshold", ge=0, le=1, description="The lowest score of a hit."),
]

SinceAsked = Annotated[
    date | None,
    QueryParameter(name="since", description="Include what changed in each hit since this day."),
]


TheCounterparty = NamedDependency[SkipValidation[Counterparty]]
TheTerms = NamedDependency[SkipValidation[QuestionTerms]]


async def _searched_party(
    name: NameAsked,
    countries: CountriesAsked = None,
    entity_type: EntityTypeAsked = None,
    birth_date: BirthDateAsked = None,
) -> Counterparty:
    return Counterparty(
        name=name,
        countries=tuple(countries or ()),
        entity_type=entity_type,
        birth_date=birth_date,
    )


async def terms_of(
    lists: ListsAsked = None,
    threshold: ThresholdAsked = None,
    limit: Limit = DEFAULT_LIMIT,
    since: SinceAsked = None,
) -> QuestionTerms:
    """Return what the query parameters of a question say, as a dependency of its handler.

    Its days are a dependency of their own.
    """
    return QuestionTerms(
        lists=None if lists is None else tuple(lists),
        since=since,
        threshold=threshold,
        limit=limit,
    )


@get(
    "/v1/search",
    opt=needs("screen"),
    operation_id="search",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Search for one name",
    tags=["Screening"],
    dependencies={"counterparty": Provide(_searched_party), "terms": Provide(terms_of)},
)
async def search(
    desk: TheDesk, days: TheDays, counterparty: TheCounterparty, terms: TheTerms
) -> Response[SearchAnswer]:
    """Return the listings a name may refer to, best first, each with its measures on the day."""
    return WrittenResponse(await desk.search(ScreeningQuestion.of(terms, counterparty), days))


@post(
    "/v1/search",
    opt=needs("screen"),
    operation_id="searchInBody",
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Search for one name, which no address shows",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def search_in_body(data: JSONBody[SearchQuestion], desk: TheDesk) -> Response[SearchAnswer]:
    """Return what `GET /v1/search` returns; no proxy logs the name, since the body has it."""
    counterparty = Counterparty(
        name=data.name,
        countries=data.countries,
        entity_type=data.entity_type,
        birth_date=data.birth_date,
    )
    return WrittenResponse(await desk.search(ScreeningQuestion.of(data, counterparty)))


# --- Texts: every listed name in a payment message or a contract; nothing is kept.


@post(
    "/v1/texts",
    opt=needs("screen"),
    operation_id="screenText",
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Find listed names in a text",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def screen_text(data: JSONBody[TextQuestion], desk: TheDesk) -> Response[TextAnswer]:
    """Return every listed name in a text with its places, and the measures that reach each."""
    return WrittenResponse(await desk.text(data.text, data))


async def _transaction(
    item: ItemsAsked = None,
    origin: OriginAsked = None,
    destination: DestinationAsked = None,
    end_use: EndUseAsked = None,
) -> Transaction:
    return plain_transaction(item or (), origin, destination, end_use)


@get(
    "/v1/restrictions",
    opt=needs("read"),
    operation_id="restrictions",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Restrictions by goods, place and end use",
    tags=["Measures"],
    dependencies={"transaction": Provide(_transaction)},
)
async def restrictions(desk: TheDesk, days: TheDays, transaction: TheTransaction) -> Restrictions:
    """Return the measures that reach a transaction without naming a company, or may reach it."""
    return restrictions_on(desk.board, transaction, days)


# --- Screenings are answered without the framework between the connection and the handler.
#
# For a screening of one name the framework takes a tenth of the time: it finds the route, resolves
# what the handler receives and checks its types, all of which is always the same here. What is
# checked, and in which order, stays: the same functions are called. Whatever is not plain goes
# through the framework, and so does what ends in an error, which is answered there.

# Where a request that goes through the framework after all remembers what came out.
_CAME_OUT = "abeyance_came_out"
_JSON = JSON.encode()
# Any other Host is for the framework to refuse.
_PLAIN_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::[0-9]+)?")
type Admit = Callable[[AnyRequest], Awaitable[Response[Problem] | None]]


class DirectScreenings:
    """The way of screenings past the framework.

    `admit` is what is called before each request, `desk_of` and `once_of` provide what the
    handler receives.
    """

    def __init__(
        self,
        admit: Admit,
        desk_of: Callable[[TypedRequest], Awaitable[Desk]],
        once_of: Callable[[TypedRequest], Awaitable[Once]],
    ) -> None:
        self._admit = admit
        self._desk_of = desk_of
        self._once_of = once_of

    async def admit(self, request: AnyRequest) -> Response[Problem] | None:
        """Do what is done before a request, unless it came this way: then say what came out.

        Raises:
            Exception: What `admit` raises, or what was raised before.
        """
        known = request.scope["state"].get(_CAME_OUT)
        came_out = cast("Response[Problem] | Exception | None", known)
        if came_out is None:
            return await self._admit(request)
        if isinstance(came_out, Exception):
            raise came_out
        return came_out

    def before(self, app: ASGIApp, handler: HTTPRouteHandler) -> ASGIApp:
        """Wrap an application so that screenings do not reach it; `handler` is what it has."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP or not _is_plain(scope):
                await app(scope, receive, send)
                return
            scope["path_template"], scope["path_params"] = SCREENINGS_PATH, {}
            scope["route_handler"] = handler
            request = TypedRequest(scope, receive, send)
            came_out: Response[Problem] | Exception | None
            try:
                came_out = await self._admit(request)
                response = None if came_out is not None else await self._screened(request)
            except Exception as error:  # noqa: BLE001 - the framework answers it
                came_out, response = error, None
            if response is None:
                scope["state"][_CAME_OUT] = came_out
                await app(scope, receive, send)
            else:
                await response.to_asgi_response()(scope, receive, send)

        return answer

    async def _screened(self, request: TypedRequest) -> WrittenResponse[ScreeningAnswer]:
        data = await read_json(await request.body(), ScreeningQuestion)
        desk = await self._desk_of(request)
        return await screened(data, desk, await self._once_of(request))


def _is_plain(scope: HTTPScope) -> bool:
    """Return whether a request is a screening in JSON with nothing beside it."""
    return (
        scope["path"] == SCREENINGS_PATH
        and scope["method"] == "POST"
        and not scope["query_string"]
        and ("root_path" not in scope or not scope["root_path"])
        and media_type_of(scope) == _JSON
        and _PLAIN_HOST.fullmatch(header_of(scope, b"host")) is not None
    )
