"""What is known of the register itself: how its last bundle arrived, and what waits to be read."""

from datetime import datetime
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.load import LoadReport
from abeyance_screening.engine.measures.place_state import WatchState

type BundleOutcome = Literal["recorded", "unchanged", "refused", "unreachable"]
"""How fetching a bundle ended: the register is `recorded` as new or `unchanged`, or is left as it
was because the bundle was `refused` or its address `unreachable`."""


class BundleFetch(msgspec.Struct, frozen=True, kw_only=True):
    """The last attempt to fetch a bundle.

    `failures` is the number of failed attempts in a row. `asked` is a digest of the address and
    the trusted keys; the validators `etag` and `last_modified` count for these alone. `refused_at`
    and `refused_because` are those of the last refusal, which later successes leave as they are;
    the database keeps them, so that they are not given when an attempt is stored.
    """

    tried_at: datetime
    failures: int
    outcome: BundleOutcome
    reason: str | None
    asked: str
    etag: str | None = None
    last_modified: str | None = None
    refused_at: datetime | None = None
    refused_because: str | None = None


class BundleReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of fetching a bundle, and of loading each list that it carries.

    `revision` and `made_at` are those of the bundle, None where none was accepted. `not_newer` are
    the codes of the sources of which it carries an edition no newer than the current one, which
    stays. `reason` is stored and read by everybody; `detail` is the same for operators, with the
    words of the network, None where that is no more.
    """

    outcome: BundleOutcome
    reason: str | None = None
    detail: str | None = None
    revision: int | None = None
    made_at: datetime | None = None
    editions: tuple[LoadReport, ...] = ()
    not_newer: tuple[str, ...] = ()

    @property
    def is_failure(self) -> bool:
        """Whether the bundle, or an edition in it, was not taken up."""
        refused = any(each.outcome == "refused" for each in self.editions)
        return refused or self.outcome in {"refused", "unreachable"}


class BundleOrigin(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that was taken up: what the register, and the editions that it carries, come from.

    `signed_by` are ids of keys, `changes` what its keeper says that it changes. `editions` are the
    sources and digests of the editions that it carries.
    """

    made_at: datetime
    sha256: str
    revision: int
    signed_by: tuple[str, ...]
    keeper: str | None
    changes: tuple[str, ...]
    editions: tuple[str, ...]
    taken_up_at: datetime


class RegisterState(msgspec.Struct, frozen=True, kw_only=True):
    """The register in force, how it is kept true, and the last attempt to fetch a newer one.

    `digest` is a SHA-256 of its measures and events. `made_at` is when the bundle was made that it
    came from, None for the program's own register. `bundle` is the last one taken up, None where
    none ever was. `watch` sums up the places where acts appear.
    """

    revision: int
    digest: str
    made_at: datetime | None
    last_fetch: BundleFetch | None
    watch: WatchState
    bundle: BundleOrigin | None = None
