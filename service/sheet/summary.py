"""What stands above the results: what was asked, what was searched, how it came out."""

from datetime import date, datetime
from typing import Self

import msgspec

from service.model.answer import CounterpartyResult, Coverage, ScreeningAnswer


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows came out which way; an owner's hit without one of its own counts apart."""

    rows: int = 0
    hits: int = 0
    owner_hits: int = 0
    no_hits: int = 0
    incomplete: int = 0
    unreadable: int = 0

    def with_result(self, result: CounterpartyResult) -> Self:
        """The counts with one more counterparty."""
        more = {result.outcome: 1}
        return msgspec.structs.replace(
            self,
            rows=self.rows + 1,
            hits=self.hits + more.get("hits", 0),
            owner_hits=self.owner_hits + more.get("owner_hits", 0),
            no_hits=self.no_hits + more.get("no_hits", 0),
            incomplete=self.incomplete + more.get("incomplete", 0),
        )

    def with_unreadable(self, more: int = 1) -> Self:
        """The counts with rows that could not be read."""
        return msgspec.structs.replace(
            self, rows=self.rows + more, unreadable=self.unreadable + more
        )


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A whole screening of a table. `read_as` tells how the file and its columns were read."""

    table: str
    read_as: tuple[str, ...]
    as_of: date
    known_at: date
    first_asked_at: datetime | None
    scorer: str
    threshold: float
    limit: int
    counts: Counts
    coverage: Coverage | None


def summary_of(
    table: str, read_as: tuple[str, ...], first: ScreeningAnswer, counts: Counts
) -> Summary:
    """The summary of a table that was screened in parts, of which `first` is one answer."""
    return Summary(
        table=table,
        read_as=read_as,
        as_of=first.as_of,
        known_at=first.known_at,
        first_asked_at=first.asked_at,
        scorer=first.scorer,
        threshold=first.threshold,
        limit=first.limit,
        counts=counts,
        coverage=first.coverage,
    )
