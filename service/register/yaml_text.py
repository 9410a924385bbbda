"""YAML as people write it for the register, read strictly."""

import re
from collections.abc import Hashable
from typing import cast, override

import yaml

_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OWN_FIELD = re.compile(r"field `(?P<field>[^`]+)`$")


class _Loader(_SafeLoader):
    """The safe loader, refusing a key that a mapping holds twice."""

    @override
    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,
    ) -> dict[Hashable, object]:
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        keys = [cast("object", key.value) for key, _ in pairs]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(
                problem=f"the key {twice!r} stands twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def read_yaml(content: bytes | str) -> object:
    """The one document of a text.

    Raises:
        yaml.YAMLError: It is no YAML, or holds a key twice.
        ValueError: A value is none, such as a day that does not exist.
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
