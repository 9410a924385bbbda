"""How fetching a register bundle ended, as reported and stored, and the register in force."""

from datetime import datetime
from typing import Literal

import msgspec

from service.lists.load import LoadReport

type BundleOutcome = Literal["recorded", "unchanged", "refused", "unreachable"]
"""How fetching a bundle ended: the register is new, or the same, or stays as it was."""


class BundleFetch(msgspec.Struct, frozen=True, kw_only=True):
    """The last attempt to fetch a bundle.

    `failures` is the number of failed attempts in a row. `asked` is a digest of the address and
    the trusted keys; the validators `etag` and `last_modified` count for these alone.
    """

    tried_at: datetime
    failures: int
    outcome: BundleOutcome
    reason: str | None
    asked: str
    etag: str | None = None
    last_modified: str | None = None


class BundleReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of fetching a bundle, and of loading each list that it carries.

    `revision` and `made_at` are those of the bundle, None where none was accepted.
    """

    outcome: BundleOutcome
    reason: str | None = None
    revision: int | None = None
    made_at: datetime | None = None
    editions: tuple[LoadReport, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether the bundle, or an edition in it, was not taken up."""
        refused = any(each.outcome == "refused" for each in self.editions)
        return refused or self.outcome in {"refused", "unreachable"}


class RegisterState(msgspec.Struct, frozen=True, kw_only=True):
    """The register in force, and the last attempt to fetch a newer one.

    `made_at` is when the bundle was made that it came from, None for the program's own register.
    """

    revision: int
    made_at: datetime | None
    last_fetch: BundleFetch | None
