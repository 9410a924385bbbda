"""Editions that a test makes up, loaded through the whole way into a real database."""

from datetime import UTC, date, datetime, timedelta

from abeyance_screening.engine.lists.edition import GivenFile, ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.lists.load import ListFiles, LoadReport, load_files, whole_source
from abeyance_screening.engine.lists.reading.files import Format
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load as load_register

BOARD = MeasureBoard(load_register())
TODAY = date(2026, 11, 24)
LIST, OWN_SOURCE = "us_ofac_plc", "us_ofac_cons"
MILLS, WORKS, TOVES = "Borogove Mills", "Quixotic Zeppelin Works", "Slithy Toves Trading"


def listing(number: str, name: str, **more) -> Listing:
    return Listing(
        id=f"{LIST}-{number}",
        list_code=LIST,
        names=(Name(text=name, kind="primary"),),
        entry_id=number,
        programmes=("NS-PLC",),
        **more,
    )


class Plays:
    """Formats whose files say by their content which of the editions given here they are."""

    def __init__(self) -> None:
        self.editions: dict[bytes, ParsedEdition | ParsedDelta] = {}

    def format(self, source: str) -> Format:
        return Format(
            word="played",
            source=source,
            title="played",
            tells=lambda file: file.content in self.editions,
            read=lambda files: (self.editions[files[0].content],),
        )


class Desk:
    """Loads played editions and asks about names."""

    def __init__(self, store: StoreOnConnection, plays: Plays) -> None:
        self.store = store
        self._plays = plays
        self._current = CurrentIndex(past=store)
        self._now = datetime(2026, 11, 24, 6, tzinfo=UTC)

    async def load(
        self,
        day: str,
        *listings: Listing,
        source: str = OWN_SOURCE,
        gone: tuple[str, ...] | None = None,
        accepted: bool = False,
    ) -> LoadReport:
        on = date.fromisoformat(day)
        content = f"{source} {day} {len(self._plays.editions)}".encode()
        if gone is None:
            said = ParsedEdition(list_code=LIST, published_on=on, listings=listings)
        else:
            said = ParsedDelta(
                list_code=LIST, published_on=on, put=listings, gone=gone, follows=("played",)
            )
        self._plays.editions[content] = said
        given = ListFiles(
            wanted=whole_source(source),
            files=(GivenFile("played", content),),
            accepted=accepted,
        )
        reports = await load_files(self.store, given, self._now, ReaderHere())
        self._now += timedelta(minutes=1)
        return next(report for report in reports if report.list_code == LIST)

    async def ask(
        self, name: str, as_of: str | None = None, since: str | None = None
    ) -> CounterpartyResult:
        await self._current.catch_up(self.store)
        day = TODAY if as_of is None else date.fromisoformat(as_of)
        asked = ScreeningQuestion(
            counterparties=(Counterparty(name=name),),
            lists=(LIST,),
            since=None if since is None else date.fromisoformat(since),
        )
        question = question_from(asked, Days(as_of=day, known_at=TODAY))
        index = await self._current.on(min(day, TODAY))
        then = None if question.since is None else await self._current.on(question.since.as_of)
        screener = Screener(index, BOARD, question, TODAY, earlier=then)
        return await screener.result(question.counterparties[0])

    async def stands(self, name: str, as_of: str | None = None) -> tuple[int, int]:
        result = await self.ask(name, as_of)
        return len(result.hits), len(result.delisted)
