"""The composition root: the only room that knows every other."""

from service.app.http import create_app
from service.app.lists import load_into, prepare, refresh_lists, sources_to_refresh, watch
from service.app.local import local_board, local_desk, local_operators

__all__ = [
    "create_app",
    "load_into",
    "local_board",
    "local_desk",
    "local_operators",
    "prepare",
    "refresh_lists",
    "sources_to_refresh",
    "watch",
]
