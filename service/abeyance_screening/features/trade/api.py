"""Restrictions on a transaction over HTTP."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import (
    QuestionExtent,
    Restrictions,
    Transaction,
)
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.problems import BAD_REQUEST, UNAVAILABLE, problem_responses
from abeyance_screening.platform.questions.parameters import TheDays, TheDesk
from abeyance_screening.primitives.faults import COUNTRY

ItemWords = Annotated[
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
        pattern=COUNTRY,
        description="The country it is sent from: ISO 3166-1 alpha-2.",
    ),
]
DestinationAsked = Annotated[
    str | None,
    QueryParameter(
        name="destination",
        pattern=COUNTRY,
        description="The country it is sent to: ISO 3166-1 alpha-2.",
    ),
]
EndUseAsked = Annotated[
    EndUse | None, QueryParameter(name="end_use", description="The end use of the items.")
]
ExporterAsked = Annotated[
    str | None,
    QueryParameter(
        name="exporter",
        pattern=COUNTRY,
        description="The country whose person or company sells or sends it, wherever it is sent "
        "from: ISO 3166-1 alpha-2.",
    ),
]
UsRulesAsked = Annotated[
    bool | None,
    QueryParameter(
        name="us_rules",
        description="Whether the items are under US export rules though they are sent from "
        "elsewhere (15 CFR 734.3). What the United States sends always is.",
    ),
]
QuestionsAsked = Annotated[
    QuestionExtent,
    QueryParameter(
        name="questions",
        description="`first`: the six open questions that decide most. `all`: every one.",
    ),
]
TheTransaction = NamedDependency[SkipValidation[Transaction]]


async def _transaction(
    item: ItemWords = None,
    origin: OriginAsked = None,
    destination: DestinationAsked = None,
    exporter: ExporterAsked = None,
    us_rules: UsRulesAsked = None,
    end_use: EndUseAsked = None,
) -> Transaction:
    return plain_transaction(item or (), origin, destination, end_use, exporter, us_rules)


@get(
    "/v1/restrictions",
    opt=needs("read"),
    operation_id="restrictions",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Restrictions by goods, place and end use",
    tags=["Measures"],
    dependencies={"transaction": Provide(_transaction)},
)
async def restrictions(
    desk: TheDesk,
    days: TheDays,
    transaction: TheTransaction,
    questions: QuestionsAsked = "first",
) -> Restrictions:
    """Return the measures that reach a transaction without naming a company, or may reach it."""
    return restrictions_on(desk.board, transaction, days, questions)


ROUTES = (restrictions,)
