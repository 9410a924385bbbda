"""The producers and providers that a row of the Covered List names in its prose."""

import re
from collections.abc import Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Fact, Listing
from service.parse.days import read_american_day
from service.parse.html_tables import Cell
from service.parse.printed_names import collect_names

LIST_CODE = "us_fcc"
_URL = "https://www.fcc.gov/supplychain/coveredlist"
# `Routers^ produced in a foreign country`, `Foreign-produced power inverters`: no party's name.
_CATEGORY = re.compile(r"\bproduced in (?:a )?foreign countr|^Foreign-produced\b", re.IGNORECASE)
# Words between a service and whoever provides it; the page prints the names behind them bold.
_BEFORE_NAME = re.compile(r"\b(?:by|subsidiary|subsidiaries|and) $")
_HEIRS = re.compile(r"\bor any of its [^.]*(?=\.)")
_UPDATED = re.compile(r"(?!(?<=\s)\s)\s*+Updated:\s*+")
_PLACE_LENGTH = 60


def listings_of(covered: Cell, printed_day: str) -> Iterator[Listing]:
    """A listing for each party that the row names, none for a category; with empty ids.

    The whole prose is the remark, for it says what of the party is covered.

    Raises:
        RowRefusedError: a row that names nobody and is no known category, bold words that are
            no producer's name, or a day that is none.
    """
    where = covered.text[:_PLACE_LENGTH]
    first, *later = _UPDATED.split(printed_day)
    listed_on = read_american_day(where, "Date of Inclusion", first)
    updated = (read_american_day(where, "Updated", day) for day in later)
    if not covered.bold and _CATEGORY.search(covered.text):
        return
    if not covered.bold or listed_on is None:
        missing = "a day of inclusion" if covered.bold else "the name of a producer in bold"
        raise RowRefusedError(where, f"{missing} is missing")
    heirs = _HEIRS.search(covered.text)
    printed = [
        *(("updated", day.isoformat()) for day in updated if day is not None),
        *(() if heirs is None else (("extends_to", heirs[0]),)),
    ]
    facts = tuple(Fact(kind=kind, value=value) for kind, value in printed)
    for name in covered.bold:
        _check_name(where, name, covered.text)
        yield Listing(
            id="",
            list_code=LIST_CODE,
            names=collect_names(name.rstrip(" ,"), ()),
            entity_type="organisation",
            listed_on=listed_on,
            remarks=covered.text,
            facts=facts,
            source_url=_URL,
        )


def _check_name(where: str, name: str, prose: str) -> None:
    before = prose[: prose.find(name)]
    if name not in prose or not _BEFORE_NAME.search(before):
        raise RowRefusedError(where, f"bold words that are no producer's name: {name!r}")
