"""Rows of a table asked about batch by batch."""

from collections.abc import Iterator, Sequence

import msgspec

from service.cli.answering import Answering, ScreeningBody, read_screening
from service.model.answer import CounterpartyResult, ScreeningAnswer
from service.model.errors import BadInputError, RemoteRefusedError
from service.model.question import MAX_NAMES_IN_ALL
from service.sheet import Counts, EvidenceRow, ReadRow, UnreadableRow, evidence_of, unreadable

type AnyRow = ReadRow | UnreadableRow

# One commit and one line of the journal a batch: so few that a run that is stopped loses a second
# or two, so many that what is done once a batch does not show.
ROWS_IN_A_BATCH = 200


class Asked(msgspec.Struct, frozen=True):
    """The rows of a batch as they came out: with an answer, or with the reason why not."""

    answer: ScreeningAnswer | None
    rows: tuple[EvidenceRow, ...]
    counts: Counts


def in_batches(rows: Sequence[AnyRow], done: int) -> Iterator[Sequence[AnyRow]]:
    """The rows after the first `done`, so many at a time as one question may hold."""
    batch: list[AnyRow] = []
    names = 0
    for row in rows[done:]:
        more = _names_of(row)
        if batch and (len(batch) == ROWS_IN_A_BATCH or names + more > MAX_NAMES_IN_ALL):
            yield batch
            batch, names = [], 0
        batch.append(row)
        names += more
    if batch:
        yield batch


def _names_of(row: AnyRow) -> int:
    if isinstance(row, UnreadableRow):
        return 0
    owners = list(row.counterparty.owners)
    count = 1 + len(row.counterparty.aliases)
    while owners:
        owner = owners.pop()
        count += 1 + len(owner.aliases)
        owners.extend(owner.owners)
    return count


def ask_batch(
    answers: Answering, body: ScreeningBody, batch: Sequence[AnyRow], counts: Counts
) -> Asked:
    """Asks about the rows of a batch that can be read; `counts` go on from those before.

    Where the service refuses one counterparty, that row is told as unreadable and the others are
    asked about without it.

    Raises:
        AbeyanceError: The question as a whole is refused, or cannot be asked.
    """
    shown: list[EvidenceRow] = []
    answer: ScreeningAnswer | None = None
    answered = _answered(answers, body, [row for row in batch if isinstance(row, ReadRow)])
    for row in batch:
        came = row if isinstance(row, UnreadableRow) else next(answered)
        if isinstance(came, UnreadableRow):
            shown.append(unreadable(came))
            counts = counts.with_unreadable()
        else:
            answer, result = came.answer, came.result
            shown.extend(evidence_of(came.row, result, answer))
            counts = counts.with_result(result)
    return Asked(answer, tuple(shown), counts)


class _Answered(msgspec.Struct, frozen=True):
    row: ReadRow
    result: CounterpartyResult
    answer: ScreeningAnswer


def _answered(
    answers: Answering, body: ScreeningBody, rows: Sequence[ReadRow]
) -> Iterator[_Answered | UnreadableRow]:
    """Each row with its result, or with the reason why it has none, in their order."""
    if not rows:
        return
    asked = msgspec.structs.replace(body, counterparties=tuple(row.counterparty for row in rows))
    try:
        answer = read_screening(answers.screen(asked))
    except (BadInputError, RemoteRefusedError) as error:
        if error.field is None or not error.field.startswith("counterparties"):
            raise
        if len(rows) == 1:
            yield _refused(rows[0], error.reason)
            return
        # too much at once, or one that is refused: halves find which
        middle = len(rows) // 2
        yield from _answered(answers, body, rows[:middle])
        yield from _answered(answers, body, rows[middle:])
    else:
        for row, result in zip(rows, answer.results, strict=True):
            yield _Answered(row, result, answer)


def _refused(row: ReadRow, reason: str) -> UnreadableRow:
    party = row.counterparty
    return UnreadableRow(number=row.number, reason=reason, id=party.id, name=party.name)
