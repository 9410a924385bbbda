"""The state of the register over HTTP."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.place_state import WatchState
from abeyance_screening.engine.measures.publishers import GradeCounts, reading_grades
from abeyance_screening.engine.measures.register_state import (
    BundleOrigin,
    BundleOutcome,
    RegisterState,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.problems import UNAVAILABLE, problem_responses
from abeyance_screening.platform.questions.parameters import TheDesk
from abeyance_screening.primitives.structs import copy_as

# --- The state of the register: which one it is, and how it is kept true.


class BundleAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to fetch a register bundle."""

    at: datetime
    """When it was made, in UTC."""
    outcome: BundleOutcome
    reason: str | None
    """Why it was not taken up; null if it was."""


class BundleTakenUp(msgspec.Struct, frozen=True, kw_only=True):
    """A signed bundle that was taken up."""

    made_at: datetime
    """When it was made, in UTC."""
    sha256: str
    """SHA-256 of what was signed."""
    revision: int
    """Revision of its register."""
    signed_by: tuple[str, ...]
    """Ids of the keys by which it is trusted."""
    keeper: str | None
    """Who made it, as they say; null if they do not."""
    changes: tuple[str, ...]
    """What it changed, as its keeper says."""
    lists: tuple[str, ...]
    """Codes of the sources of which it carries an edition."""
    taken_up_at: datetime
    """When it was taken up here, in UTC."""


class RegisterShown(msgspec.Struct, frozen=True, kw_only=True):
    """The register that this service's database holds, and how it is kept true."""

    revision: int
    """Its revision; it only grows, and the higher one knows everything that the lower knows."""
    digest: str
    """SHA-256 of its measures and events: where it is the same, the register is."""
    origin: Literal["program", "bundle"]
    """`program` for the register that comes with the program, `bundle` for one from a signed
    bundle."""
    made_at: datetime | None
    """When that bundle was made, in UTC; null for the program's."""
    last_bundle: BundleAttempt | None
    """Last attempt to fetch a bundle; null without one."""
    last_refusal: BundleAttempt | None
    """Last bundle that was refused, whatever came later; null without one."""
    bundle: BundleTakenUp | None
    """The last bundle that was taken up; null if none ever was."""
    watch: WatchState
    grades: GradeCounts
    """How many measures rest on the act's own words, on what others told, or on nothing read."""


def register_shown(state: RegisterState, measures: Iterable[Measure]) -> RegisterShown:
    """Return the state of the register as the API answers it."""
    last = state.last_fetch
    return RegisterShown(
        revision=state.revision,
        digest=state.digest,
        origin="program" if state.made_at is None else "bundle",
        made_at=state.made_at,
        last_bundle=None
        if last is None
        else BundleAttempt(at=last.tried_at, outcome=last.outcome, reason=last.reason),
        last_refusal=None
        if last is None or last.refused_at is None
        else BundleAttempt(at=last.refused_at, outcome="refused", reason=last.refused_because),
        bundle=None if state.bundle is None else _taken_up(state.bundle),
        watch=state.watch,
        grades=reading_grades(measures),
    )


def _taken_up(bundle: BundleOrigin) -> BundleTakenUp:
    return copy_as(
        BundleTakenUp,
        bundle,
        lists=tuple(dict.fromkeys(each.partition(" ")[0] for each in bundle.editions)),
    )


TheRegisterState = NamedDependency[SkipValidation[RegisterState]]


@get(
    "/v1/register",
    opt=needs("read"),
    operation_id="registerState",
    responses=problem_responses(UNAVAILABLE),
    summary="The register",
    tags=["Measures"],
)
async def show_register(register_state: TheRegisterState, desk: TheDesk) -> RegisterShown:
    """Return which register this is, where it came from, and how it is kept true.

    `watch` sums up the places where acts appear: the last look at them, those that could not be
    read, the documents that no person has read yet, and the places to be confirmed.
    """
    return register_shown(register_state, desk.board.register.measures)


ROUTES = (show_register,)
