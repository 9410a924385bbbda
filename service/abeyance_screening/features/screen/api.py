"""Screenings of many counterparties, kept by id, searches for one name, and restrictions.

Restrictions are the measures that reach goods, places and end uses and name no company.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.screening.answer import ScreeningAnswer, SearchAnswer, TextAnswer
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import (
    BIRTH_DATE,
    MAX_NAME_LENGTH,
    Counterparty,
    ScreeningQuestion,
    SearchQuestion,
    TextQuestion,
)
from abeyance_screening.platform.access.routes import needs
from abeyance_screening.platform.http.bodies import (
    WrittenResponse,
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
from abeyance_screening.platform.questions.parameters import (
    TheDays,
    TheDesk,
    TheTerms,
    terms_of,
)


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
    data: ScreeningQuestion, desk: Desk, once: Idempotency
) -> WrittenResponse[ScreeningAnswer]:
    """Return what `POST /v1/screenings` answers."""
    # before anything is kept, so that all of it has the same days
    days = desk.days_of(data)
    if not desk.is_kept(data):
        return WrittenResponse(await desk.screen(data, days))
    return await once.screening(lambda: desk.screen(data, days))


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


type Admit = Callable[[AnyRequest], Awaitable[Response[Problem] | None]]


ROUTES = (
    screen,
    screen_text,
    search,
    search_in_body,
)
