"""What a route asks of its caller and what the audit log says of it, as the route declares it."""

from collections.abc import Mapping
from typing import cast

import msgspec

from abeyance_screening.platform.settings import Scope

_OPTION = "access"


class RouteAccess(msgspec.Struct, frozen=True, kw_only=True):
    """Who may call a route, and what the audit log says of a call.

    `scope` is None where everybody may call it. `reading` is recorded before the answer is given;
    `about` names the part of the path that it is about. `change` is what the database records
    itself, in the transaction of the change.
    """

    scope: Scope | None
    reading: str | None = None
    about: str | None = None
    change: str | None = None


CLOSED = RouteAccess(scope="admin")
"""What holds for a route that declares nothing."""


def needs(
    scope: Scope,
    *,
    reading: str | None = None,
    about: str | None = None,
    change: str | None = None,
) -> dict[str, object]:
    """Return the `opt` of a route that needs a scope; see `RouteAccess` for the audit log."""
    return option_of(RouteAccess(scope=scope, reading=reading, about=about, change=change))


def public(*, change: str | None = None) -> dict[str, object]:
    """Return the `opt` of a route that everybody may call, with a key or without."""
    return option_of(RouteAccess(scope=None, change=change))


def option_of(access: RouteAccess) -> dict[str, object]:
    """Return the `opt` by which a route declares its access."""
    return {_OPTION: access}


def access_in(options: Mapping[str, object]) -> RouteAccess | None:
    """Return what a route declared by its `opt`; None if it declares nothing."""
    return cast("RouteAccess | None", options.get(_OPTION))
