"""What a job is: its terms, its state and how far it is, its parts and its files."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

import msgspec

from abeyance_screening.engine.lists.edition import EditionDay
from abeyance_screening.engine.lists.listing import CodeOfList
from abeyance_screening.engine.screening.answer import StreamEnd
from abeyance_screening.engine.screening.answer_fields import Scorer
from abeyance_screening.engine.screening.question import QuestionTerms
from abeyance_screening.engine.tables import Counts, TableReading
from abeyance_screening.platform.limits.limits import Budget
from abeyance_screening.primitives.days import Days, KnownDay, LegalDay

# --- Jobs: tables that are screened apart from the request that sent them.

JobStage = Literal["reading", "running", "done", "failed", "cancelled"]
"""`reading` until the whole table is read, though rows are screened meanwhile; then `running`; at
last `done`, `failed` or `cancelled`."""
TableFormat = Literal["csv", "xlsx", "ndjson", "parquet"]
"""The kind of table: `csv`, `xlsx`, `ndjson` or `parquet`."""


class JobTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How a job's table is read and screened, as it was sent: all defaults are filled in.

    `columns` are fields with the columns chosen for them, None for no column at all; `encoding`,
    `delimiter` and `sheet` are as in `tables.HowToRead`. `budgets` are the caller's limits of
    counterparties a day, against which rows count as they are read. `sent` are the terms as they
    came, with nothing filled in; None in a job of an earlier version.
    """

    asked_at: datetime
    days: Days
    lists: tuple[str, ...] | None = None
    profile: tuple[str, ...] | None = None
    since: date | None = None
    threshold: float | None = None
    limit: int | None = None
    columns: tuple[tuple[str, str | None], ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    budgets: tuple[Budget, ...] = ()
    sent: QuestionTerms | None = None


class JobFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a job failed."""

    field: str
    """The field or column at fault."""
    reason: str
    """What is wrong, in words."""
    row: int | None = None
    """The row, numbered as in a spreadsheet; null if no one row is at fault."""


class JobEdition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition that a job is answered from."""

    list_code: CodeOfList
    source: str
    """Code of the publication that it was read from."""
    edition: int
    """Our number of the edition."""
    published_on: EditionDay


class JobBasis(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is answered from, whatever changes meanwhile."""

    editions: tuple[JobEdition, ...]
    """The editions searched, one for each list and publication."""
    register_revision: int
    """Revision of the register of measures; it only grows."""
    scorer: Scorer
    version: str
    """Version of Abeyance."""
    index: str
    """Digest of the index searched, in hex."""


class JobProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is at a moment.

    A row that names several parties counts once for each of them.
    """

    id: UUID
    """Id of the job."""
    name: str
    """Name of the file, to be shown."""
    format: TableFormat
    stage: JobStage
    fault: JobFault | None
    """Why it failed; null unless it did."""
    accepted_at: datetime
    """When its table was there whole, in UTC."""
    started_at: datetime | None
    """When a worker began to read it, in UTC; null before."""
    ended_at: datetime | None
    """When it ended, in UTC; null before."""
    expires_at: datetime | None
    """Until when its results are kept, in UTC; null before it has ended."""
    bytes: int
    """Size of its table."""
    rows: int | None
    """How many rows the table has; null until all of it is read."""
    rows_read: int
    """How many rows are read."""
    rows_done: int
    """How many rows are done, each of which counts once among `hits`, `owner_hits`, `no_hits`,
    `incomplete` and `refused`."""
    hits: int
    """Rows with a hit."""
    owner_hits: int
    """Rows where only an owner has a hit."""
    no_hits: int
    """Rows without a hit, everything required searched."""
    incomplete: int
    """Rows without a hit, where something required was not searched."""
    refused: int
    """Rows that cannot be read or screened; the results have the reasons."""
    reading: TableReading | None = None
    """What was read of the table so far, and what was left; null until a worker has begun."""


class Job(JobProgress, frozen=True, kw_only=True):
    """A job as it is stored; `basis` is known from `started_at` on."""

    account: str
    terms: JobTerms
    basis: JobBasis | None


class JobPart(msgspec.Struct, frozen=True, kw_only=True):
    """The results of some rows of a job, in their order, from the row `first_row` on.

    `asked` is zstd of NDJSON, a `RowQuestion` of `jobs` a line. `lines` is zstd of as many
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

    as_of: LegalDay
    known_at: KnownDay
    lists: tuple[str, ...] | None
    """Codes of the lists searched; null for all."""
    profile: tuple[str, ...] | None
    """The profiles whose lists are required; null for what the installation requires."""
    since: date | None
    """The day since which changes are shown; null for none."""
    threshold: float | None
    """The lowest score of a hit, as the job was sent; null for that of the service."""
    limit: int | None
    """The most hits by name for a row; null for the usual."""


class JobAnswer(JobProgress, frozen=True, kw_only=True):
    """A job as it is at a moment."""

    rate: float | None
    """Rows a second since `started_at`; null where nothing can be said."""
    ends_about: datetime | None
    """When it will end at that rate, in UTC; null where nothing can be said."""
    terms: JobTermsShown
    """How its rows are screened."""
    basis: JobBasis | None
    """What all rows are answered from; null before a worker has begun."""
    read_as: tuple[str, ...] = ()
    """The same as `reading`, in lines. A column that was left out though it holds names makes rows
    without hits `incomplete`."""
    no_worker: str | None = None
    """Why nothing happens: no worker has been seen for a minute. Null where one has, where that is
    not known, and in pages of jobs."""

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


class JobEnd(StreamEnd, frozen=True, kw_only=True):
    """The last line of a job's results: that of a stream, with how the table was read."""

    read_as: tuple[str, ...] = ()


class PartSize(msgspec.Struct, frozen=True):
    """How many rows the results of a chunk have, and how many bytes; see `JobPart`."""

    chunk: int
    rows: int
    size: int
    hits_size: int
