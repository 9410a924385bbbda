"""Screen Arrow record batches inside your own program, notebook or cluster.

    import polars as pl
    from abeyance_screening import screen

    customers = pl.read_parquet("customers.parquet")
    results = pl.DataFrame(screen(customers, index="lists.index"))

It needs the extra `arrow` (`uv sync --extra arrow` in a clone), and no PostgreSQL where there is
an index file, which `abeyance index` writes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypedDict, Unpack

from abeyance_screening.engine.tables import FIELDS, ColumnField, FieldChoice
from abeyance_screening.features.bulk.screening import (
    BulkQuestion,
    Database,
    IndexFile,
    Screened,
    screened,
)
from abeyance_screening.platform.settings import read_settings
from abeyance_screening.primitives.errors import AbeyanceError, BadInputError

__all__ = ["AbeyanceError", "BadInputError", "BulkOptions", "Screened", "screen"]


class BulkOptions(TypedDict, total=False):
    """What is asked about every row; each part may be left out.

    `columns` has the column, or several, of a field (`name`, `alias`, `id`, `country` …), None
    where no column is of that field; the other fields are recognised by the names of the columns.
    `lists` are codes of lists, `as_of` is the legal day asked about and `known_at` the day whose
    knowledge counts. `since` shows in each answer what has changed since that day. `threshold` in
    [0, 1] is the lowest score of a hit, `limit` the most hits of a row. With `evidence` (as usual)
    results have the whole answer as JSON. `asked_at` is when all of it counts as asked, now if
    left out: give one moment to all parts of a run.
    """

    columns: Mapping[ColumnField, str | Sequence[str] | None]
    lists: Sequence[str] | None
    as_of: date | None
    known_at: date | None
    since: date | None
    threshold: float | None
    limit: int | None
    evidence: bool
    asked_at: datetime


def screen(
    batches: object,
    *,
    index: str | Path | None = None,
    dsn: str | None = None,
    **asked: Unpack[BulkOptions],
) -> Screened:
    """Screen the rows of record batches; the results have one row for each, in their order.

    `batches` is anything that speaks the Arrow C data interface, such as a table of pyarrow or
    arro3, a frame of polars or a relation of DuckDB, or any number of these in turn. They are
    screened as the results are taken. Answers come from the file `index` or from the database
    `dsn`, that of `DATABASE_URL` if neither is given; `BulkOptions` has what else may be asked.

    A row that cannot be screened has the outcome `unreadable` and a reason.

    Raises:
        BadInputError: What is asked cannot be answered as it is; the error names the field.
        StoreUnavailableError: The database does not answer.
    """
    for name in asked.keys() - BulkOptions.__annotations__.keys():
        raise BadInputError(
            name, f"is no part of a question: {', '.join(BulkOptions.__annotations__)}"
        )
    lists = asked.get("lists")
    if isinstance(lists, str):
        raise BadInputError("lists", "is one text; give a list of codes, such as ['un_sc']")
    question = BulkQuestion(
        asked_at=asked.get("asked_at", datetime.now(UTC)),
        lists=None if lists is None else tuple(lists),
        as_of=asked.get("as_of"),
        known_at=asked.get("known_at"),
        since=asked.get("since"),
        threshold=asked.get("threshold"),
        limit=asked.get("limit"),
        columns=tuple(_choices(asked.get("columns", {}))),
        evidence=asked.get("evidence", True),
    )
    return screened(batches, _where(index, dsn), question)


def _where(index: str | Path | None, dsn: str | None) -> IndexFile | Database:
    if index is not None and dsn is not None:
        raise BadInputError("dsn", "cannot be combined with `index`")
    if index is not None:
        return IndexFile.at(Path(index).absolute())
    dsn = read_settings().database_url if dsn is None else dsn
    if dsn is None:
        reason = "is missing: name a file that `abeyance index` wrote, or the database as `dsn`"
        raise BadInputError("index", reason)
    return Database(dsn)


def _choices(
    columns: Mapping[ColumnField, str | Sequence[str] | None],
) -> Iterator[FieldChoice]:
    for field, named in columns.items():
        if field not in FIELDS:
            reason = f"{field!r} is no field; the fields are {', '.join(FIELDS)}"
            raise BadInputError("columns", reason)
        for column in (named,) if named is None or isinstance(named, str) else named:
            yield FieldChoice(field, column)
