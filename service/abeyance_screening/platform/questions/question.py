"""The body of a question."""

from datetime import date
from typing import Annotated

from litestar.params import QueryParameter

ListsAsked = Annotated[
    list[str] | None,
    QueryParameter(
        name="lists",
        description="Only these lists; repeat it for several: `lists=un_sc&lists=eu_fsf`.",
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
