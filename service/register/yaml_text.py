"""YAML as people write it for the register, read strictly."""

import re
from collections import Counter
from collections.abc import Hashable
from typing import cast, override

import yaml

_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What the library lets through of a value that is none (`!!bool maybe`, `!!timestamp abc`).
_NO_VALUE = (ValueError, LookupError, AttributeError, TypeError, OverflowError)
_SHOWN = 80
_OWN_FIELD = re.compile(r"field `(?P<field>[^`]+)`$")


class _Loader(_SafeLoader):
    """The safe loader, refusing a key that a mapping holds twice, and each value with its line."""

    @override
    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        try:
            return cast("object", super().construct_object(node, deep=deep))  # pyright: ignore[reportUnknownMemberType] - bare node in its stub
        except _NO_VALUE as error:
            kind = node.tag.rpartition(":")[2]
            said = repr(cast("object", node.value))[:_SHOWN]
            raise yaml.constructor.ConstructorError(
                problem=f"{said} is no {kind}", problem_mark=node.start_mark
            ) from error

    @override
    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,
    ) -> dict[Hashable, object]:
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        keys = Counter(
            cast("str", key.value) for key, _ in pairs if isinstance(key, yaml.ScalarNode)
        )
        twice, times = next(iter(keys.most_common(1)), ("", 0))
        if times > 1:
            raise yaml.constructor.ConstructorError(
                problem=f"the key {twice!r} stands twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def read_yaml(content: bytes | str) -> object:
    """The one document of a text.

    Raises:
        yaml.YAMLError: It is no YAML, holds a key twice, or a value that is none, such as a day
            that does not exist; the line is named.
        RecursionError: It is nested too deeply.
    """
    loader = _Loader(content)
    try:
        return cast("object", loader.get_single_data())
    finally:
        loader.dispose()


def place_of(message: str) -> tuple[str, str]:
    """Field and reason out of msgspec's own words, `… field `until` - at `$.events[2]``.

    The field is `-` where the words name none.
    """
    reason, _, path = message.partition(" - at `$")
    own = _OWN_FIELD.search(reason)
    parts = [path.strip("`."), *([own["field"]] if own else [])]
    return ".".join(part for part in parts if part) or "-", reason
