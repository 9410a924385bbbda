"""Terms: what the operator of a list of their own holds it to."""

from typing import override

import msgspec
from msgspec import UNSET, UnsetType


class ExpectedEntries(msgspec.Struct, frozen=True):
    """How many entries a list should have, at least and at most; None is no limit."""

    least: int | None
    most: int | None

    def holds(self, count: int) -> bool:
        """Whether so many are as expected."""
        enough = self.least is None or count >= self.least
        return enough and (self.most is None or count <= self.most)

    @override
    def __str__(self) -> str:
        """`1900..2100`, as it is given on the command line."""
        least = "" if self.least is None else self.least
        return f"{least}..{'' if self.most is None else self.most}"


class ListTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What one list is held to; None where its operator said nothing.

    `max_age_days` is the age above which an edition is too old to rest a "nothing found" on.
    """

    list_code: str
    max_age_days: int | None = None
    expected: ExpectedEntries | None = None

    def holds(self, entry_count: int) -> bool:
        """Whether so many entries are as expected."""
        return self.expected is None or self.expected.holds(entry_count)


class TermsGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a list when it is loaded: UNSET keeps what was said before, None ends it."""

    max_age_days: int | UnsetType | None = UNSET
    expected: ExpectedEntries | UnsetType | None = UNSET

    def over(self, before: ListTerms) -> ListTerms:
        """The terms from now on."""
        days, expected = self.max_age_days, self.expected
        return ListTerms(
            list_code=before.list_code,
            max_age_days=before.max_age_days if days is UNSET else days,
            expected=before.expected if expected is UNSET else expected,
        )
