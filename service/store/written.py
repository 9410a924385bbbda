"""What is written and kept: answers as JSON, results of tables, splits of parties, jobs."""

import hashlib
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from service.access.limits import Budget
from service.days import Days


class SharedPiece(msgspec.Struct, frozen=True, gc=False):
    """A piece of JSON that many answers share; `digest` is the SHA-256 of its body."""

    body: bytes
    digest: bytes

    @classmethod
    def of(cls, body: bytes) -> "SharedPiece":
        """Return the piece with this body."""
        return cls(body, hashlib.sha256(body).digest())


class AnswerPieces(msgspec.Struct, frozen=True):
    """An answer in two forms: whole, and split into its own bytes and shared parts for storage.

    `pieces`, one after another, are the whole answer. `own`, one after another, are the bytes
    that only this answer has. Each of `parts` is a position in those bytes and the shared piece
    to insert there; positions ascend, and parts at the same position follow one another.
    """

    pieces: tuple[bytes, ...]
    own: tuple[bytes, ...]
    parts: tuple[tuple[int, SharedPiece], ...]


class ScreeningSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a kept screening is about: how many counterparties, their callers' ids, the outcome.

    `counterparty_ids` are those that the caller gave, each once, in the order of the question.
    `outcome` is that of the counterparty that most needs a look.
    """

    counterparty_count: int
    counterparty_ids: tuple[str, ...]
    outcome: str


class ListedScreening(msgspec.Struct, frozen=True, kw_only=True):
    """A kept screening without its answer; the last three fields as in `ScreeningSummary`.

    They are null in a screening that an earlier version of the service kept, until this one has
    read its answer for them.
    """

    id: UUID
    asked_at: datetime
    account: str
    counterparty_count: int | None
    counterparty_ids: tuple[str, ...] | None
    outcome: str | None


class KeptSpan(msgspec.Struct, frozen=True, kw_only=True):
    """Which kept screenings are listed: those asked from `since` on and before `before`.

    Both are UTC. `after` is the last screening of the page before, None for the first page.
    With `counterparty_id` only those about that counterparty, by the caller's own id, or that may
    be: whose ids were not read yet.
    """

    since: datetime
    before: datetime
    after: tuple[datetime, UUID] | None
    counterparty_id: str | None


class ResultPart(msgspec.Struct, frozen=True):
    """The results of some rows of a table as JSON, in three parts that are read apart."""

    lines: bytes
    parties: bytes
    evidence: bytes


class PartySplit(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's word that listings are different parties, or the withdrawal of such a word.

    Each of `listings` is another party than each of `apart_from`. `recorded_by` is the operator.
    `withdraws` is the id of the earlier split that this one takes back, None for a split.
    """

    id: int
    listings: tuple[str, ...]
    apart_from: tuple[str, ...]
    because: str
    recorded_by: str
    recorded_at: datetime
    withdraws: int | None


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
