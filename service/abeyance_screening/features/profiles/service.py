"""Choosing whose lists are required, in the running service and on the command line."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from litestar.di import Provide

from abeyance_screening.engine.lists.profile import (
    ADVISORY_LISTS,
    PROFILE,
    REQUIRED_LISTS,
    ListProfile,
    check_profile_names,
)
from abeyance_screening.engine.measures.register.check import LONG, text_findings
from abeyance_screening.platform.service import ServiceParts, always
from abeyance_screening.platform.stores.profiles import DatabaseProfiles, ProfileChoice
from abeyance_screening.primitives.choices import meant_by
from abeyance_screening.primitives.errors import BadInputError

logger = logging.getLogger(__name__)


class ProfileChoices:
    """Records what the installation, or an account, requires of lists.

    Every process answers by it within half a minute. Where the settings say what the installation
    requires, they count, and nothing can be chosen here for it; an account still may.
    """

    def __init__(
        self, store: DatabaseProfiles, settings: ListProfile, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    @property
    def fixed_by(self) -> str | None:
        """The setting that says what the installation requires; None if it may be chosen."""
        for name, value in (
            (REQUIRED_LISTS, self._settings.required),
            (PROFILE, self._settings.names),
            (ADVISORY_LISTS, self._settings.advisory),
        ):
            if value:
                return name
        return None

    async def last(self, account: str | None) -> ProfileChoice | None:
        """Return what an account chose last, or without one the installation."""
        every = await self._store.last_choices()
        return next((each for each in every if each.account == account), None)

    async def choose(
        self,
        account: str | None,
        wanted: tuple[Sequence[str], Sequence[str]],
        because: str,
        by: str,
        known: Collection[str] = (),
    ) -> ProfileChoice:
        """Record what an account, or without one the installation, requires from now on.

        `wanted` are profiles, and lists named one by one, of which one is empty; with both empty
        the choice is taken back. `known` are the codes of all lists.

        Raises:
            BadInputError: There is no such profile or list, both are given, `because` cannot be
                stored, or the settings say what the installation requires.
        """
        names, required = (tuple(dict.fromkeys(each)) for each in wanted)
        if account is None and self.fixed_by is not None:
            raise BadInputError("profiles", f"{self.fixed_by} says what is required here")
        _check(names, required, known)
        for field, reason in text_findings("because", because, LONG):
            raise BadInputError(field, reason)
        choice = ProfileChoice(
            account=account,
            profiles=names,
            required=required,
            because=because,
            chosen_by=by,
            chosen_at=self._now(),
        )
        await self._store.add(choice)
        logger.info("profile.chosen", extra={"profiles": list(names), "required": len(required)})
        return choice


def _check(names: Sequence[str], required: Sequence[str], known: Collection[str]) -> None:
    check_profile_names("profiles", names)
    if names and required:
        reason = "cannot be given with `profiles`: one or the other says what is required"
        raise BadInputError("required", reason)
    for code in required:
        if code not in known:
            raise BadInputError("required", f"no list is called {code!r}{meant_by(code, known)}")


def dependencies(parts: ServiceParts) -> Mapping[str, Provide]:
    """Return what records the choices of profiles."""
    store = DatabaseProfiles(parts.pool.connect_unit)
    return {"profile_choices": always(ProfileChoices(store, parts.settings.profile, parts.now))}
