"""Count what one name costs without a clock: calls of Python functions, and searches of the index.

    python -m tools.quality.calls

The names are looked up in the bundled United Nations list, each after others have filled the
caches of words. The counts are the same on every machine with this version of Python. CI holds
them to `calls.toml`: a count that rises fails, and one that falls is to be written there.
"""

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType
from typing import cast

import msgspec

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import (
    Edition,
    ListingVersion,
    ParsedEdition,
    StoredLists,
)
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.primitives.days import days_at

TABLE = Path(__file__).with_suffix(".toml")
VERSION = (3, 13)
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
ASKED: Mapping[str, str] = {
    "ordinary": "Nordwind Kaffeehandel GmbH",
    "listed": "Korea Mining Development Trading Corporation",
    "field": "Payment to Korea Mining Development Trading Corporation, invoice 4711",
    "cut": "KOREA KUMSAN TRADING CORPORATION UNDER THE GEN",
}
_BEFORE = (
    "Suedwind Teehandel GmbH",
    "Zahlung an Teehandel, Rechnung 1",
    "AL-HAMATI BAKERIES",
    "KOREA RYONBONG GENERAL CORPORATION UNDER",
)
# Not the turns that work takes, which go by the clock.
_OURS = str(Path(sys.modules["abeyance_screening.engine"].__path__[0]))
_TOOL = sys.monitoring.PROFILER_ID


class Count(msgspec.Struct, frozen=True):
    """What one name cost: calls of our functions, searches, and the names that these found."""

    calls: int
    searches: int
    found: int


def counts() -> dict[str, Count]:
    """Count each of the names once, after others."""
    index = un_index()
    for name in (*_BEFORE, *_BEFORE):
        _ = asyncio.run(_answered(index, name))
    return {kind: counted(index, name) for kind, name in ASKED.items()}


def counted(index: ListingIndex, name: str) -> Count:
    """Count what it costs to look a name up."""
    calls, found = list[CodeType](), list[int]()

    def note_start(code: CodeType, _: int) -> object:
        if code.co_filename.startswith(_OURS) and code.co_name[0] != "<":
            calls.append(code)
        return None

    def note_return(code: CodeType, _: int, returned: object) -> object:
        if code is NameIndex.matches.__code__ and isinstance(returned, list):
            found.append(len(cast("list[object]", returned)))
        return None

    events = sys.monitoring.events
    sys.monitoring.use_tool_id(_TOOL, "abeyance-calls")
    sys.monitoring.register_callback(_TOOL, events.PY_START, note_start)
    sys.monitoring.register_callback(_TOOL, events.PY_RETURN, note_return)
    try:
        sys.monitoring.set_events(_TOOL, events.PY_START | events.PY_RETURN)
        _ = asyncio.run(_answered(index, name))
    finally:
        sys.monitoring.set_events(_TOOL, 0)
        sys.monitoring.free_tool_id(_TOOL)
    return Count(len(calls), len(found), sum(found))


async def _answered(index: ListingIndex, name: str) -> object:
    asked = ScreeningQuestion(counterparties=(Counterparty(name=name),))
    question = question_from(asked, days_at(None, None, None, NOW))
    screener = Screener(index, MeasureBoard(Register(())), question, NOW.date())
    return await screener.finder.by_name(question.counterparties[0], DEFAULT_THRESHOLD)


def un_index() -> ListingIndex:
    """Return the index of the bundled United Nations list."""
    (edition,) = (each for each in bundled_editions() if each.source == "un_sc")
    (parsed,) = read_files("un_sc", read_bundled(edition), sources=["un_sc"]).parsed
    assert isinstance(parsed, ParsedEdition)
    listings = parsed.listings
    known = Edition(
        id=1,
        list_code="un_sc",
        source="un_sc",
        sha256="00",
        format="",
        reader=1,
        published_on=NOW.date(),
        loaded_at=NOW,
        confirmed_at=NOW,
        entry_count=len(listings),
        accepted=False,
    )
    versions = (
        ListingVersion(
            listing_id=each.id,
            list_code=each.list_code,
            source="un_sc",
            first_edition=1,
            until_edition=None,
            body=msgspec.json.encode(each),
        )
        for each in sorted(listings, key=lambda each: each.id)
    )
    return ListingIndex(StoredLists(editions=(known,), attempts=()), versions)


def main() -> None:
    """Print the counts as the table has them."""
    for kind, count in counts().items():
        print(f"[{kind}]  # {ASKED[kind]}")
        print("".join(f"{field} = {getattr(count, field)}\n" for field in Count.__struct_fields__))


if __name__ == "__main__":
    main()
