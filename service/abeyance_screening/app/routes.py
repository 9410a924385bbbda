"""The routes of the application: those of the API, and the pages of the trade desk."""

from collections.abc import Iterable
from itertools import chain
from pkgutil import resolve_name
from typing import cast

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from abeyance_screening.app import features
from abeyance_screening.platform.pages.error_pages import (
    FAULT_PAGES,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
)
from abeyance_screening.platform.pages.frame import static_files


def routes() -> tuple[HTTPRouteHandler, ...]:
    """Return the handlers of the API, feature by feature."""
    return _handlers(name for each in features.FEATURES for name in each.routes)


def desk_pages() -> Router:
    """Return the router of all pages, which answers errors with a page as well."""
    pages = _handlers(name for each in features.FEATURES for name in each.pages)
    files = static_files(features.folders())
    return Router(path="/", route_handlers=(*pages, files), exception_handlers=FAULT_PAGES)


def _handlers(names: Iterable[str]) -> tuple[HTTPRouteHandler, ...]:
    """Return the handlers of the tuples that are named as `module:NAME`."""
    found = (cast("tuple[HTTPRouteHandler, ...]", resolve_name(each)) for each in names)
    return tuple(chain.from_iterable(found))
