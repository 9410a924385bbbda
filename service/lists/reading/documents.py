"""Documents: reading records of JSON files into structs, strictly but for what is noted."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

import msgspec

from service.lists.reading.notes import may_hide_in, note_unknown
from service.lists.reading.tables import refusal_of


def read_struct[S: msgspec.Struct](where: str, record: object, struct: type[S]) -> S:
    """Return a decoded JSON object as a struct; fields that the struct lacks are noted.

    `where` is the place of the record, to which a refusal adds the path of the fault.

    Raises:
        RowRefusedError: A field is missing or of another type, or is unknown and nobody takes
            notes.
    """
    known = _known(where, "", record, _type_of(struct))
    try:
        return msgspec.convert(known, struct)
    except msgspec.ValidationError as error:
        raise refusal_of(error, where) from None


def texts_under(record: object, *fields: str) -> tuple[str, ...]:
    """Return all texts under some fields of a decoded JSON object, to find the record by."""
    if not isinstance(record, Mapping):
        return ()
    parts = cast("Mapping[str, object]", record)
    return tuple(text for field in fields for text in _texts(parts.get(field)))


@cache
def _type_of(struct: type[msgspec.Struct]) -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(struct)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    inside: Iterable[object] = ()
    if isinstance(value, Mapping):
        inside = cast("Mapping[str, object]", value).values()
    elif isinstance(value, list):
        inside = cast("list[object]", value)
    return tuple(text for each in inside for text in _texts(each))


def _known(where: str, path: str, value: object, kind: msgspec.inspect.Type) -> object:
    """Return a value without the fields that its type lacks, each of them noted."""
    match kind, value:
        case msgspec.inspect.UnionType(types=kinds), _:
            nesting = [each for each in kinds if isinstance(each, _NESTING)]
            return _known(where, path, value, nesting[0]) if nesting else value
        case msgspec.inspect.ListType() | msgspec.inspect.VarTupleType(), list():
            items = cast("list[object]", value)
            return [_known(where, path, each, kind.item_type) for each in items]
        case msgspec.inspect.StructType(), dict():
            return _known_fields(where, path, cast("dict[str, object]", value), kind)
        case _:
            return value


def _known_fields(
    where: str, path: str, value: Mapping[str, object], kind: msgspec.inspect.StructType
) -> dict[str, object]:
    fields = {field.encode_name: field.type for field in kind.fields}
    for name in value.keys() - fields.keys():
        printed = value[name]
        text = printed if isinstance(printed, str) else msgspec.json.encode(printed).decode()
        what = f"field {name!r}{f' of {path}' if path else ''}"
        note_unknown(where, what, text, may_hide=may_hide_in(name))
    return {
        name: _known(where, name, each, fields[name])
        for name, each in value.items()
        if name in fields
    }


_NESTING = (msgspec.inspect.StructType, msgspec.inspect.ListType, msgspec.inspect.VarTupleType)
