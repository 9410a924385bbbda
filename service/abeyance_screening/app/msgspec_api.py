"""The application class of the API, whose types are those of msgspec alone."""

from typing import override

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin


class MsgspecApi(Litestar):
    """An application of msgspec's types: litestar imports pydantic and attrs for others."""

    @staticmethod
    @override
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]
