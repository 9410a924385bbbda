"""A job as its account sees it, and the place where an account's jobs are."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

import msgspec

from service.screening.answer import InputWarning
from service.screening.question import Counterparty
from service.store.jobs import NewJob, PartSize
from service.store.written import (
    Job,
    JobBasis,
    JobEdition,
    JobFault,
    JobPart,
    JobStage,
    JobTerms,
    TableFormat,
)
from service.tables import Counts

__all__ = [
    "ENDINGS",
    "AskedRow",
    "Job",
    "JobAnswer",
    "JobBasis",
    "JobEdition",
    "JobFault",
    "JobPart",
    "JobStage",
    "JobStore",
    "JobTerms",
    "JobTermsShown",
    "NewJob",
    "PartSize",
    "TableFormat",
]


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


class AskedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a job's table as it was read: what is asked, or why nothing can be.

    `row` is its number as in a spreadsheet, `warnings` are cells that were left out. Of a row that
    has no `counterparty`, `id` and `name` are what can be read.
    """

    row: int
    counterparty: Counterparty | None = None
    warnings: tuple[InputWarning, ...] = ()
    reason: str | None = None
    id: str | None = None
    name: str | None = None


class JobTermsShown(msgspec.Struct, frozen=True, kw_only=True):
    """How the table of a job is screened; what was left open has been filled in."""

    as_of: date
    known_at: date
    lists: tuple[str, ...] | None
    since: date | None
    threshold: float | None
    limit: int | None


class JobAnswer(msgspec.Struct, frozen=True, kw_only=True):
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


class JobStore(Protocol):
    """The jobs of one account; see `store.jobs.StoredJobs`, which says what each function does."""

    async def begin(self, new: NewJob) -> None:
        """Begin a job, which nobody sees before it is accepted."""
        ...

    async def add_piece(self, key: UUID, place: int, content: bytes) -> bool:
        """Add a piece of its table; return False if there is no such job."""
        ...

    async def accept(self, key: UUID, size: int) -> bool:
        """Accept a job whose table is there whole; return False if that was done before."""
        ...

    async def get(self, key: UUID) -> Job | None:
        """Return a job as it is now; None if the account has none with the id."""
        ...

    async def listed(self, after: tuple[datetime, UUID] | None, most: int) -> tuple[Job, ...]:
        """Return up to `most` jobs, the newest first."""
        ...

    async def cancel(self, key: UUID) -> bool:
        """End a job that goes on; return False if there is none."""
        ...

    async def delete(self, key: UUID) -> bool:
        """Delete a job that has ended; return False if there is none."""
        ...

    async def part_sizes(self, key: UUID) -> tuple[PartSize, ...]:
        """Return the sizes of the results in order, as far as they are there without a gap."""
        ...

    async def parts(self, key: UUID, after: int, most: int) -> tuple[JobPart, ...]:
        """Return up to `most` results after a chunk, -1 for the first."""
        ...

    async def head(self, key: UUID) -> bytes | None:
        """Return what holds for all answers, as JSON of a `StreamEnd` of no lines."""
        ...
