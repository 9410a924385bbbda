"""Screen many counterparties, one name, or the names in a text, over HTTP."""

import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Annotated, cast

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.screening.answer import ScreeningAnswer, SearchAnswer, TextAnswer
from abeyance_screening.engine.screening.answer_brief import BriefScreening, BriefSearch, View
from abeyance_screening.engine.screening.answer_json import Shelf, Writer
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import (
    BIRTH_DATE,
    MAX_NAME_LENGTH,
    Counterparty,
    ScreeningQuestion,
    SearchQuestion,
    TextQuestion,
)
from abeyance_screening.features.screen.service import JudgementsOf
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import (
    JSON,
    NDJSON,
    SCREENINGS_PATH,
    STREAM_PATH,
    EncodedResponse,
    TypedRequest,
    header_of,
    media_type_of,
    read_json,
)
from abeyance_screening.platform.http.idempotent import Idempotency, TheOnce
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    UNAVAILABLE,
    AnyRequest,
    Problem,
    problem_responses,
)
from abeyance_screening.platform.questions.judgement_view import JudgedView, LeftOut, judged_answer
from abeyance_screening.platform.questions.parameters import (
    TheDays,
    TheDesk,
    TheTerms,
    ViewAsked,
    terms_of,
)
from abeyance_screening.platform.stores.judgements import HitJudgement
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.structs import copy_as


class JudgedScreening(ScreeningAnswer, frozen=True, kw_only=True):
    """A screening with what the account has decided about its counterparties."""

    judgements: tuple[HitJudgement, ...]
    """The newest judgement on each hit of the counterparties on watch with these ids: it holds,
    waits for a second person, or was reopened."""
    left_out: LeftOut


TheJudgementsOf = NamedDependency[SkipValidation[JudgementsOf]]
JudgedIfAsked = Annotated[
    JudgedView | None,
    QueryParameter(
        name="judged",
        description="What you have decided about counterparties on watch with the same `id` comes "
        "along: `show` ranks hits judged different last and hides none, `exclude` leaves them "
        "out. It takes the scope `counterparties` too.",
    ),
]


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
    data: JSONBody[ScreeningQuestion],
    desk: TheDesk,
    once: TheOnce,
    judgements_of: TheJudgementsOf,
    view: ViewAsked = "full",
    judged: JudgedIfAsked = None,
) -> Response[ScreeningAnswer | JudgedScreening | BriefScreening]:
    """Return who each counterparty may be, and which measures reach it on the day asked about.

    An `Idempotency-Key` counts only where the screening is kept. With `judged` it has the
    judgements on counterparties on watch whose `id` it names, and is not kept. A body of
    `application/x-ndjson` is taken as a stream; see `POST /v1/screenings/stream`.
    """
    if judged is None:
        return await screened(data, desk, once, view)
    if view != "full" or data.store:
        field, reason = ("store", "is true") if data.store else ("view", "is brief")
        raise BadInputError(field, f"{reason}: an answer with judgements is whole and not kept")
    judgements = await judgements_of([each.id for each in data.counterparties if each.id])
    answer, left_out = await judged_answer(desk, data, judgements, judged)
    shown = copy_as(JudgedScreening, answer, judgements=judgements, left_out=left_out)
    return EncodedResponse((await Writer(Shelf()).screening(shown)).pieces)


async def screened(
    data: ScreeningQuestion, desk: Desk, once: Idempotency, view: View
) -> EncodedResponse[ScreeningAnswer | BriefScreening]:
    """Return what `POST /v1/screenings` answers."""
    # before anything is kept, so that all of it has the same days
    days = desk.days_of(data)
    if not desk.is_kept(data):
        return EncodedResponse(await desk.screen(data, days, view))
    return await once.screening(
        lambda: desk.screen(data, days, view), lambda kept: desk.shown(kept, view)
    )


# --- Search: one name, fast enough for each keystroke; nothing is kept.

NameAsked = Annotated[
    str,
    QueryParameter(
        name="name", min_length=1, max_length=MAX_NAME_LENGTH, description="The name to look up."
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


TheCounterparty = NamedDependency[SkipValidation[Counterparty]]


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
    desk: TheDesk,
    days: TheDays,
    counterparty: TheCounterparty,
    terms: TheTerms,
    view: ViewAsked = "full",
) -> Response[SearchAnswer | BriefSearch]:
    """Return the listings a name may refer to, best first, each with its measures on the day."""
    asked = ScreeningQuestion.of(terms, counterparty)
    return EncodedResponse(await desk.search(asked, days, view))


@post(
    "/v1/search",
    opt=needs("screen"),
    operation_id="searchInBody",
    responses=problem_responses(BAD_REQUEST, *BODY_REFUSED, UNAVAILABLE),
    summary="Search for one name, which no address shows",
    tags=["Screening"],
    status_code=HTTP_200_OK,
)
async def search_in_body(
    data: JSONBody[SearchQuestion], desk: TheDesk, view: ViewAsked = "full"
) -> Response[SearchAnswer | BriefSearch]:
    """Return what `GET /v1/search` returns; no proxy logs the name, since the body has it."""
    counterparty = Counterparty(
        name=data.name,
        countries=data.countries,
        entity_type=data.entity_type,
        birth_date=data.birth_date,
    )
    asked = ScreeningQuestion.of(data, counterparty)
    return EncodedResponse(await desk.search(asked, view=view))


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
async def screen_text(
    data: JSONBody[TextQuestion], desk: TheDesk, view: ViewAsked = "full"
) -> Response[TextAnswer | BriefSearch]:
    """Return every listed name in a text with its places, and the measures that reach each."""
    return EncodedResponse(await desk.text(data.text, data, view))


type Admit = Callable[[AnyRequest], Awaitable[Response[Problem] | None]]


ROUTES = (screen, screen_text, search, search_in_body)


# --- Screenings are answered without the framework between the connection and the handler.
#
# For a screening of one name the framework takes a tenth of the time: it finds the route, resolves
# what the handler receives and checks its types, all of which is always the same here. What is
# checked, and in which order, stays: the same functions are called. Whatever is not plain goes
# through the framework, and so does what ends in an error, which is answered there.

# Where a request that goes through the framework after all remembers what came out.
_CAME_OUT = "abeyance_came_out"
_JSON, _NDJSON = JSON.encode(), NDJSON.encode()
_PLAIN_QUERIES: Mapping[bytes, View] = MappingProxyType({b"": "full", b"view=brief": "brief"})
# Any other Host is for the framework to refuse.
_PLAIN_HOST = re.compile(rb"[A-Za-z0-9.-]+(?::[0-9]+)?")


class DirectScreenings:
    """The way of screenings past the framework.

    `admit` is what is called before each request, `desk_of` and `once_of` provide what the
    handler receives.
    """

    def __init__(
        self,
        admit: Admit,
        desk_of: Callable[[TypedRequest], Awaitable[Desk]],
        once_of: Callable[[TypedRequest], Awaitable[Idempotency]],
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
        """Wrap an application so that screenings do not reach it; `handler` is what it has.

        Those that come as a stream reach it at the path of its handler of streams.
        """

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP or not _is_screening(scope):
                await app(scope, receive, send)
                return
            if media_type_of(scope) == _NDJSON:
                scope["path"] = STREAM_PATH
            if not _is_plain(scope):
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

    async def _screened(
        self, request: TypedRequest
    ) -> EncodedResponse[ScreeningAnswer | BriefScreening]:
        data = await read_json(await request.body(), ScreeningQuestion)
        desk, view = await self._desk_of(request), _PLAIN_QUERIES[request.scope["query_string"]]
        return await screened(data, desk, await self._once_of(request), view)


def _is_screening(scope: HTTPScope) -> bool:
    return scope["path"] == SCREENINGS_PATH and scope["method"] == "POST"


def _is_plain(scope: HTTPScope) -> bool:
    """Return whether a screening is in JSON, with nothing beside it but a view."""
    return (
        scope["query_string"] in _PLAIN_QUERIES
        and ("root_path" not in scope or not scope["root_path"])
        and media_type_of(scope) == _JSON
        and _PLAIN_HOST.fullmatch(header_of(scope, b"host")) is not None
    )
