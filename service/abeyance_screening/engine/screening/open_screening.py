"""A screening whose counterparties come one after another: a stream, a table, a job."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    InputWarning,
    StreamEnd,
)
from abeyance_screening.engine.screening.answer_brief import BriefCoverage, BriefEnd
from abeyance_screening.engine.screening.answer_json import Writer
from abeyance_screening.engine.screening.answer_sentence import told
from abeyance_screening.engine.screening.brevity import Brevity
from abeyance_screening.engine.screening.owners import result_with_owners
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.screening.question_record import QuestionRecord
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import checks


class OpenHead(msgspec.Struct, frozen=True):
    """What an open screening says of itself; with a `brief` coverage, all answers are in brief."""

    asked_at: datetime
    question: QuestionRecord
    brief: BriefCoverage | None


class OpenScreening:
    """A screening whose counterparties come one after another, without end.

    All of them are answered by the index and the register with which it began. It remembers none
    of them, and nothing of it is kept.
    """

    def __init__(
        self,
        screener: Screener,
        writer: Writer,
        head: OpenHead,
        count_outcome: Callable[[str], None],
    ) -> None:
        """Take what answers."""
        self._screener = screener
        self._writer = writer
        self._head = head
        self._count_outcome = count_outcome

    async def result(
        self, counterparty: Counterparty, warnings: tuple[InputWarning, ...] = ()
    ) -> bytes:
        """Return the answer about the next counterparty as `written`; raise what `answer` does.

        `warnings` are what was left out of it before it came here; they are the first of its own.
        """
        return await self.written(await self.answer(counterparty, warnings))

    async def answer(
        self, counterparty: Counterparty, warnings: tuple[InputWarning, ...] = ()
    ) -> CounterpartyResult:
        """Return the answer about the next counterparty, with `warnings` as `result` has them.

        Raises:
            BadInputError: This counterparty cannot be asked about as it is.
            TooMuchWorkError: It takes too much CPU.
        """
        for _ in checks((counterparty,), at=""):
            pass
        self._screener.begin_anew()
        result = await result_with_owners(self._screener, counterparty)
        if warnings:
            result = told(with_warnings(result, warnings), self._screener.scope)
        self._count_outcome(result.outcome)
        return result

    async def written(self, result: CounterpartyResult) -> bytes:
        """Return an answer as JSON of a `CounterpartyResult`, in brief of a `BriefResult`."""
        if self._head.brief is not None:
            return msgspec.json.encode(Brevity().line(result))
        return await self._writer.result(result)

    def end(self, count: int, refused: int) -> StreamEnd | BriefEnd:
        """Return the last line of a stream of `count` lines, of which `refused` had no answer."""
        if self._head.brief is not None:
            return BriefEnd(
                asked_at=self._head.asked_at,
                coverage=self._head.brief,
                count=count,
                refused=refused,
                **self._screener.head,
            )
        return StreamEnd(
            id=None,
            asked_at=self._head.asked_at,
            stored=False,
            coverage=self._screener.coverage,
            question=self._head.question,
            count=count,
            refused=refused,
            **self._screener.head,
        )


def with_warnings(
    result: CounterpartyResult, warnings: tuple[InputWarning, ...]
) -> CounterpartyResult:
    """Return an answer with warnings of what was left out before it was asked for, as its first.

    One that may hide a listed party makes an answer without hits `incomplete`.
    """
    is_hidden = result.outcome == "no_hits" and any(each.may_hide for each in warnings)
    return msgspec.structs.replace(
        result,
        outcome="incomplete" if is_hidden else result.outcome,
        warnings=(*warnings, *result.warnings),
    )
