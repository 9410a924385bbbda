"""Search: one name, fast enough to type against; nothing of it is kept."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from service.api.answers import WrittenResponse
from service.api.parameters import Limit, TheDays, TheDesk
from service.api.problems import BAD_REQUEST, UNAVAILABLE, problem_responses
from service.flow.ask import Asked
from service.model.answer import SearchAnswer
from service.model.listing import EntityType
from service.model.question import DEFAULT_LIMIT, MAX_NAME_LENGTH, Counterparty

NameAsked = Annotated[
    str,
    QueryParameter(
        name="name", min_length=1, max_length=MAX_NAME_LENGTH, description="The name as typed."
    ),
]
ListsAsked = Annotated[
    list[str] | None,
    QueryParameter(name="lists", description="Only these lists; repeat it for several."),
]
CountriesAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="countries",
        description="ISO 3166-1 alpha-2 codes; they order the hits and remove none.",
    ),
]
EntityTypeAsked = Annotated[
    EntityType | None,
    QueryParameter(name="entity_type", description="Orders the hits and removes none."),
]
ThresholdAsked = Annotated[
    float | None,
    QueryParameter(name="threshold", ge=0, le=1, description="The lowest score that is a hit."),
]

SinceAsked = Annotated[
    date | None,
    QueryParameter(name="since", description="Tell what changed in each hit since this day."),
]


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Where to search, from which score on, how many hits to show, and since when they changed."""

    lists: tuple[str, ...] | None
    threshold: float | None
    limit: int
    since: date | None


TheCounterparty = NamedDependency[SkipValidation[Counterparty]]
TheBounds = NamedDependency[SkipValidation[Bounds]]


async def _counterparty(
    name: NameAsked, countries: CountriesAsked = None, entity_type: EntityTypeAsked = None
) -> Counterparty:
    return Counterparty(name=name, countries=tuple(countries or ()), entity_type=entity_type)


async def _bounds(
    lists: ListsAsked = None,
    threshold: ThresholdAsked = None,
    limit: Limit = DEFAULT_LIMIT,
    since: SinceAsked = None,
) -> Bounds:
    return Bounds(
        lists=None if lists is None else tuple(lists),
        threshold=threshold,
        limit=limit,
        since=since,
    )


@get(
    "/v1/search",
    operation_id="search",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Search for one name",
    tags=["Screening"],
    dependencies={"counterparty": Provide(_counterparty), "bounds": Provide(_bounds)},
)
async def search(
    desk: TheDesk, days: TheDays, counterparty: TheCounterparty, bounds: TheBounds
) -> Response[SearchAnswer]:
    """The listings a name may refer to, best first, each with its measures on the day."""
    asked = Asked(
        counterparties=(counterparty,),
        lists=bounds.lists,
        days=days,
        since=bounds.since,
        threshold=bounds.threshold,
        limit=bounds.limit,
    )
    return WrittenResponse(await desk.search(asked))
