"""The sheet "To review" of a workbook of results, read back as judgements on its hits."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from abeyance_screening.engine.tables.open_table import open_table
from abeyance_screening.engine.tables.table import HowToRead, Table, TableRow
from abeyance_screening.engine.tables.write import DECISIONS
from abeyance_screening.features.judgements.api import JudgementGiven
from abeyance_screening.platform.stores.judgements import Decision
from abeyance_screening.primitives.errors import BadInputError

SHEET = "To review"
_DECIDED: Mapping[str, Decision] = MappingProxyType(
    dict(zip(DECISIONS, ("same", "different", "unsure"), strict=True))
)
_ID, _LISTINGS, _DECISION = "Counterparty id", "Listings", "Decision"
_BY, _WHEN, _REASON, _OWNER = "By", "When", "Reason", "Owner"
_NEEDED = (_ID, _LISTINGS, _DECISION, _REASON)
# What is typed into a workbook is believed as far as it goes: who and when are part of the reason.
_NO_REASON = "No reason given in the workbook"


def judgements_in(content: bytes) -> Iterator[tuple[int, JudgementGiven]]:
    """Yield the judgements of a workbook, each with its row; rows without a decision have none.

    A row is about a party: each of its listings that the question met is judged.

    Raises:
        BadInputError: It is no workbook of results, or a row cannot be read; the field names it.
    """
    table = open_table("xlsx", content, HowToRead(sheet=SHEET))
    missing = [each for each in _NEEDED if each not in table.columns]
    if missing:
        raise BadInputError("file", f"has no column {', '.join(missing)} on its sheet {SHEET}")
    yield from _of_rows(table)


def _of_rows(table: Table) -> Iterator[tuple[int, JudgementGiven]]:
    for row in table.rows():
        decided = _text(row, _DECISION)
        if decided is None:
            continue
        field = f"row {row.number}"
        decision = _DECIDED.get(decided)
        if decision is None:
            raise BadInputError(field, f"has {decided!r}, none of {', '.join(DECISIONS)}")
        counterparty = _text(row, _ID)
        if counterparty is None:
            raise BadInputError(field, "has no counterparty id, by which it would be known")
        for listing in (_text(row, _LISTINGS) or "").split(", "):
            if listing:
                yield (
                    row.number,
                    JudgementGiven(
                        counterparty=counterparty,
                        listing=listing,
                        owner=_text(row, _OWNER),
                        decision=decision,
                        reason=_reason(row),
                    ),
                )


def _reason(row: TableRow) -> str:
    by, when = _text(row, _BY), _text(row, _WHEN)
    told = ", ".join(each for each in (by, when) if each is not None)
    reason = _text(row, _REASON) or _NO_REASON
    return f"{reason} ({told})" if told else reason


def _text(row: TableRow, column: str) -> str | None:
    cell = row.cells.get(column)
    if cell is None:
        return None
    if cell.fault is not None:
        field, reason = f"row {row.number}", f"{column}: {cell.fault}"
        raise BadInputError(field, reason)
    return None if cell.value is None else str(cell.value).strip() or None
