"""The two clocks of a question, each in the days of whoever made the law."""

from datetime import date

import msgspec


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The legal day asked about, and the day whose public knowledge counts.

    A day that was asked for is that day for every authority. One that was left open is today:
    `as_of` and `known_at` are then the UTC day, and `as_of_by` and `known_at_by` hold the
    jurisdictions in which it is another day just now, with that day.
    """

    as_of: date
    known_at: date
    as_of_by: tuple[tuple[str, date], ...] = ()
    known_at_by: tuple[tuple[str, date], ...] = ()

    def of(self, jurisdiction: str) -> tuple[date, date]:
        """The day asked about and the day of knowledge, in the days of a jurisdiction."""
        return (
            dict(self.as_of_by).get(jurisdiction, self.as_of),
            dict(self.known_at_by).get(jurisdiction, self.known_at),
        )
