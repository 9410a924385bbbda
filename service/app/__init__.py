"""The composition root: the only room that knows every other."""

from service.app.http import create_app, local_board, local_desk
from service.app.lists import load_into, prepare, refresh_lists, sources_to_refresh, watch

__all__ = [
    "create_app",
    "load_into",
    "local_board",
    "local_desk",
    "prepare",
    "refresh_lists",
    "sources_to_refresh",
    "watch",
]
