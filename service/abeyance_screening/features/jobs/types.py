"""What a job is: its terms, its state and how far it is, its parts and its files."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

import msgspec

from abeyance_screening.engine.screening.answer import StreamEnd
from abeyance_screening.engine.tables import Counts
from abeyance_screening.platform.limits.limits import Budget
from abeyance_screening.primitives.days import Days

# --- Jobs: tables that are screened apart from the request that sent them.

JobStage = Literal["reading", "running", "done", "failed", "cancelled"]
TableFormat = Literal["csv", "xlsx", "ndjson", "parquet"]


class JobTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How a job's table is read and screened, as it was sent: all defaults are filled in.

    `columns` are fields with the columns chosen for them, None for no column at all; `encoding`,
    `delimiter` and `sheet` are as in `tables.HowToRead`. `budgets` are the caller's limits of
    counterparties a day, against which rows count as they are read.
    """

    asked_at: datetime
    days: Days
    lists: tuple[str, ...] | None = None
    since: date | None = None
    threshold: float | None = None
    limit: int | None = None
    columns: tuple[tuple[str, str | None], ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    budgets: tuple[Budget, ...] = ()


class JobFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job failed: the field at fault, the reason, and the row as in a spreadsheet."""

    field: str
    reason: str
    row: int | None = None


class JobEdition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition that a job is answered from; `published_on` is null where it has no day."""

    list_code: str
    source: str
    edition: int
    published_on: date | None


class JobBasis(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is answered from, whatever changes meanwhile; `index` is its digest in hex."""

    editions: tuple[JobEdition, ...]
    register_revision: int
    scorer: str
    version: str
    index: str


class JobProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is at a moment.

    `bytes` is the size of its table. `rows` is None until the whole table is read, `rows_read` how
    many of them are. Of `rows_done`, each is counted once among the last five. `started_at` is
    when a worker began to read.
    """

    id: UUID
    name: str
    format: TableFormat
    stage: JobStage
    fault: JobFault | None
    accepted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    bytes: int
    rows: int | None
    rows_read: int
    rows_done: int
    hits: int
    owner_hits: int
    no_hits: int
    incomplete: int
    refused: int


class Job(JobProgress, frozen=True, kw_only=True):
    """A job as it is stored; `basis` is known from `started_at` on."""

    account: str
    terms: JobTerms
    basis: JobBasis | None


class JobPart(msgspec.Struct, frozen=True, kw_only=True):
    """The results of some rows of a job, in their order, from the row `first_row` on.

    `asked` is zstd of NDJSON, an `AskedRow` of `jobs` a line. `lines` is zstd of as many
    lines, each a `CounterpartyResult`, or a `RefusedLine` with the row as its `line`. `kinds` has
    a letter for each line: `h`, `o`, `n`, `i` or `r` for hits, hits of owners, no hits, incomplete
    and refused. `size` is the bytes of all lines with their ends, and `hits_size` those of the
    lines of kind `h` and `o`.
    """

    chunk: int
    first_row: int
    rows: int
    asked: bytes
    lines: bytes
    kinds: bytes
    size: int
    hits_size: int


ENDINGS: Mapping[str, TableFormat] = MappingProxyType(
    {
        "csv": "csv",
        "tsv": "csv",
        "txt": "csv",
        "ndjson": "ndjson",
        "jsonl": "ndjson",
        "xlsx": "xlsx",
        "xlsm": "xlsx",
        "parquet": "parquet",
    }
)
"""The kinds of table by the endings of their files."""


class JobTermsShown(msgspec.Struct, frozen=True, kw_only=True):
    """How the table of a job is screened; what was left open has been filled in."""

    as_of: date
    known_at: date
    lists: tuple[str, ...] | None
    since: date | None
    threshold: float | None
    limit: int | None


class JobAnswer(JobProgress, frozen=True, kw_only=True):
    """A job as it is at a moment.

    It is `reading` until its whole table is read, though rows are screened meanwhile, then
    `running`, and ends as `done`, `failed` (`fault` says why) or `cancelled`. `rows` is null until
    the table is read, `rows_read` how many rows of it are. Each of `rows_done` counts once among
    `hits`, `owner_hits`, `no_hits`, `incomplete` and `refused`: rows that cannot be read or
    screened, with their reasons among the results. `rate` is rows a second since
    `started_at`, and `ends_about` what follows from it, both null where nothing can be said.
    `basis` is what all rows are answered from, whatever changes meanwhile. Results are kept until
    `expires_at`.
    """

    rate: float | None
    ends_about: datetime | None
    terms: JobTermsShown
    basis: JobBasis | None

    @property
    def counts(self) -> Counts:
        """The rows that are done, by outcome."""
        return Counts(
            rows=self.rows_done,
            hits=self.hits,
            owner_hits=self.owner_hits,
            no_hits=self.no_hits,
            incomplete=self.incomplete,
            unreadable=self.refused,
        )


# --- The kept results of a job, as NDJSON, CSV, a workbook or Parquet.
#
# Results are kept in parts, each the rows of one chunk, in order. They are read and written part
# by part, so that a file of millions of rows takes no more memory than one of a thousand. NDJSON
# has the lines of a stream, byte for byte. The other kinds have the columns of `EvidenceRow`, as
# every file of results does.
#
# What is written as CSV, a workbook or Parquet is passed on as frames, since a process of its own
# writes it: first a `FileWanted`, then each part, in msgpack.

ResultKind = Literal["ndjson", "csv", "xlsx", "parquet"]
"""The kinds of file that results are given as."""

FileKind = Literal["csv", "xlsx", "parquet"]


class FileWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file of results that is wanted, and what holds for all of its rows.

    `row_count` is that of the whole table, None while that is not known.
    """

    kind: FileKind
    name: str
    read_as: tuple[str, ...]
    head: StreamEnd
    only_hits: bool
    row_count: int | None


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job whose table is about to be received; `name` is that of the file, shown only."""

    id: UUID
    name: str
    format: TableFormat
    terms: JobTerms


class PartSize(msgspec.Struct, frozen=True):
    """How many rows the results of a chunk have, and how many bytes; see `JobPart`."""

    chunk: int
    rows: int
    size: int
    hits_size: int
