"""Counterparties over HTTP, one by one: put, read with their standing answers, list, delete."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from abeyance_screening.engine.screening.answer import Outcome
from abeyance_screening.engine.screening.answer_json import Shelf, Writer
from abeyance_screening.features.counterparties.desk import (
    CounterpartyAnswer,
    CounterpartyDesk,
)
from abeyance_screening.features.counterparties.types import (
    ListedCounterparty,
    ListedQuery,
    WatchedCounterparty,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.bodies import EncodedResponse, TypedRequest, header_of
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    DIFFERS,
    NOT_FOUND,
    TOO_MANY,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.questions.judgement_view import JudgedAsked
from abeyance_screening.platform.questions.parameters import ThePage
from abeyance_screening.primitives.cursors import NextCursor, key_of, page_ahead
from abeyance_screening.primitives.errors import BadInputError

COUNTERPARTIES_PATH = "/v1/counterparties"
TheCounterparties = NamedDependency[SkipValidation[CounterpartyDesk]]
CounterpartyId = Annotated[
    str,
    PathParameter(min_length=1, max_length=200, description="Your own id of the counterparty."),
]
NameAsked = Annotated[
    str | None,
    QueryParameter(
        name="name", min_length=1, max_length=200, description="Only with this in name or id."
    ),
]
OutcomeAsked = Annotated[
    Outcome | None,
    QueryParameter(name="outcome", description="Only with this outcome, as the answers are now."),
]
PendingAsked = Annotated[
    bool | None,
    QueryParameter(name="pending", description="Only those that wait to be screened, or do not."),
]


class CounterpartyPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of counterparties, in the order of their ids."""

    items: tuple[ListedCounterparty, ...]
    """The counterparties."""
    next_cursor: NextCursor


@put(
    COUNTERPARTIES_PATH + "/{counterparty_id:str}",
    opt=needs("counterparties", change="counterparty.put", about="counterparty_id"),
    operation_id="putCounterparty",
    responses={
        201: ResponseSpec(
            data_container=CounterpartyAnswer,
            description="It is new, and watched from now on.",
            generate_examples=False,
        ),
        **problem_responses(BAD_REQUEST, NOT_FOUND, DIFFERS, *BODY_REFUSED, TOO_MANY, UNAVAILABLE),
    },
    summary="Watch a counterparty",
    tags=["Counterparties"],
    status_code=HTTP_200_OK,
)
async def put_counterparty(
    request: TypedRequest,
    counterparty_id: CounterpartyId,
    data: JSONBody[WatchedCounterparty],
    counterparties: TheCounterparties,
) -> Response[CounterpartyAnswer]:
    """Register a counterparty under your own id, or change it, and get its standing answer.

    From then on each change of that answer is an event. The same body again changes nothing.
    With `If-Match` it is changed only in the revision that you have read.
    """
    stored, is_new, not_kept = await counterparties.put(counterparty_id, data, _revision(request))
    answer = await counterparties.shown(stored, not_kept=not_kept)
    return await _written(answer, HTTP_201_CREATED if is_new else HTTP_200_OK)


@get(
    COUNTERPARTIES_PATH + "/{counterparty_id:str}",
    opt=needs("counterparties", reading="counterparty.read", about="counterparty_id"),
    operation_id="getCounterparty",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="A counterparty with its standing answer",
    tags=["Counterparties"],
)
async def get_counterparty(
    counterparty_id: CounterpartyId,
    counterparties: TheCounterparties,
    judged: JudgedAsked = "show",
) -> Response[CounterpartyAnswer]:
    """Return a counterparty with its answer as it is now, and the judgements on its hits.

    The answer is that of a screening at this moment, but for ids, times and what is judged.
    """
    stored = await counterparties.get(counterparty_id)
    return await _written(await counterparties.shown(stored, judged), HTTP_200_OK)


@get(
    COUNTERPARTIES_PATH,
    opt=needs("counterparties", reading="counterparties.listed"),
    operation_id="listCounterparties",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="List counterparties",
    tags=["Counterparties"],
)
async def list_counterparties(
    counterparties: TheCounterparties,
    page: ThePage,
    name: NameAsked = None,
    outcome: OutcomeAsked = None,
    pending: PendingAsked = None,
) -> CounterpartyPage:
    """Return the counterparties of the account, in the order of their ids."""
    after = None if page.cursor is None else key_of("counterparties", page.cursor)
    query = ListedQuery(after=after, part=name, outcome=outcome, pending=pending)
    found = await counterparties.listed(query, page.limit + 1)
    items, more = page_ahead("counterparties", found, lambda each: each.id, page.limit)
    return CounterpartyPage(items=items, next_cursor=more)


@delete(
    COUNTERPARTIES_PATH + "/{counterparty_id:str}",
    opt=needs(
        "delete", change="counterparty.deleted", about="counterparty_id", also="counterparties"
    ),
    operation_id="deleteCounterparty",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, CONFLICT, DIFFERS, UNAVAILABLE),
    summary="Stop watching a counterparty",
    tags=["Counterparties"],
    status_code=HTTP_204_NO_CONTENT,
)
async def delete_counterparty(
    request: TypedRequest, counterparty_id: CounterpartyId, counterparties: TheCounterparties
) -> None:
    """Delete a counterparty for good, with its standing answer and all names.

    Of its events the id, the listing, the law and the day remain. Of its judgements the decision,
    who made and approved it, when, and on which listing remain, without reasons. The audit log
    says who deleted it and how many judgements remain. It takes the scope `counterparties` too.
    While a kept screening about it is held, it is not deleted.
    """
    await counterparties.delete(counterparty_id, _revision(request))


async def _written(answer: CounterpartyAnswer, status: int) -> Response[CounterpartyAnswer]:
    """Return an answer, in which that of a screening is written as screenings are."""
    written = await Writer(Shelf()).screening(answer.answer)
    fields = msgspec.structs.asdict(answer)
    fields["answer"] = msgspec.Raw(b"".join(written.pieces))
    body = msgspec.json.encode(fields)
    return EncodedResponse((body,), status, {"etag": f'"{answer.revision}"'})


def _revision(request: TypedRequest) -> int | None:
    """Return the revision that `If-Match` names; None for any.

    Raises:
        BadInputError: It names none of ours.
    """
    given = header_of(request.scope, b"if-match").decode("latin-1").strip()
    if given in {"", "*"}:
        return None
    number = given.removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > len(str(2**62)):
        raise BadInputError("If-Match", 'is not a revision, such as "3"')
    return int(number)


ROUTES = (put_counterparty, get_counterparty, list_counterparties, delete_counterparty)
