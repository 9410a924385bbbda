"""What each field on the wire means, in the words that stand beside it in the code.

A string under a field says what the field means. A field without one means what the string under
its type says, which is how fields of one meaning share a sentence, or, where its type is a struct,
what that struct says of itself. All of it is read from source: nothing is there at run time, and
no request pays for it. The OpenAPI document has these words; the reference of fields and `abeyance
explain` take them from there.
"""

import ast
import inspect
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAliasType, cast, get_args, get_type_hints

import msgspec


def structs_within(annotations: Iterable[object]) -> dict[str, type[msgspec.Struct]]:
    """Return every struct that these types contain, at any depth, by its name."""
    found: dict[str, type[msgspec.Struct]] = {}
    waiting = deque(annotations)
    while waiting:
        each = waiting.popleft()
        if isinstance(each, TypeAliasType):
            waiting.append(cast("object", each.__value__))
        elif not (isinstance(each, type) and issubclass(each, msgspec.Struct)):
            waiting.extend(get_args(each))
        elif each.__name__ not in found:
            found[each.__name__] = each
            waiting.extend(get_type_hints(each).values())
    return found


def without_defaults(schemas: Mapping[str, object]) -> dict[str, object]:
    """Return schemas whose fields say in words what counts where they are left out.

    Generators of clients take a `default` for a promise that the field is there. A TypeScript
    client then requires it in a question, and reads it from a brief answer that leaves it out.
    """
    return {name: _without_defaults(schema) for name, schema in schemas.items()}


def _without_defaults(schema: object) -> object:
    whole = cast("dict[str, object]", schema)
    fields = cast("dict[str, dict[str, object]]", whole.get("properties", {}))
    said = {name: _in_words(field) for name, field in fields.items()}
    return whole | {"properties": said} if said else whole


def _in_words(field: dict[str, object]) -> dict[str, object]:
    default = field.get("default")
    kept = {name: each for name, each in field.items() if name != "default"}
    if default is None or not isinstance(default, str | int | float) or default == "":
        return kept
    meaning = cast("str", field["description"])
    return kept | {"description": f"{meaning} Left out: {msgspec.json.encode(default).decode()}."}


class FieldMeanings:
    """Reads what fields mean, the source of each module once."""

    def __init__(self) -> None:
        self._modules: dict[str, _Module] = {}

    def of(self, struct: type[msgspec.Struct]) -> dict[str, str | None]:
        """Return what each field of a struct means, by its name on the wire; None if unsaid."""
        fields = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
        return {wire: next(self._said(struct, field), None) for field, wire in fields}

    def _said(self, struct: type, field: str) -> Iterator[str]:
        """Yield what is said of a field, first where it is declared last."""
        for each in inspect.getmro(struct):
            declared = self._module(each.__module__).fields.get((each.__name__, field))
            if declared is not None:
                kind, text = declared
                yield from filter(None, (text, self._of_type(each.__module__, kind)))

    def _of_type(self, module: str, kind: ast.expr) -> str | None:
        """Return what a type says of itself, or of what it may be beside null."""
        match kind:
            case ast.Name(id=name):
                return self._of_name(module, name, may_be_null=False)
            case ast.BinOp(left=ast.Name(id=name), right=ast.Constant(value=None)):
                return self._of_name(module, name, may_be_null=True)
            case _:
                return None

    def _of_name(self, module: str, name: str, *, may_be_null: bool) -> str | None:
        """Return what a name says of itself; of a struct that may be null, the field has to."""
        read = self._module(module)
        if name in read.imports:
            return self._of_name(read.imports[name], name, may_be_null=may_be_null)
        return read.names.get(name) or (None if may_be_null else read.structs.get(name))

    def _module(self, name: str) -> "_Module":
        if name not in self._modules:
            path = getattr(sys.modules[name], "__file__", None) or ""
            self._modules[name] = _Module(Path(path).read_bytes() if path.endswith(".py") else b"")
        return self._modules[name]


class _Module:
    """What a module says of its fields, names and structs, and where it has other names from."""

    def __init__(self, source: bytes) -> None:
        self.fields: dict[tuple[str, str], tuple[ast.expr, str | None]] = {}
        self.names: dict[str, str] = {}
        self.structs: dict[str, str] = {}
        self.imports: dict[str, str] = {}
        body = ast.parse(source).body
        for each, below in _with_next(body):
            match each:
                case ast.ImportFrom(module=str(origin), names=names):
                    self.imports |= {known.name: origin for known in names if not known.asname}
                case (
                    ast.Assign(targets=[ast.Name(id=name)]) | ast.TypeAlias(name=ast.Name(id=name))
                ):
                    self.names[name] = _text(below) or ""
                case ast.ClassDef(name=name):
                    self.structs[name] = first_paragraph(ast.get_docstring(each) or "")
                    self._add_fields(each)
                case _:
                    pass

    def _add_fields(self, struct: ast.ClassDef) -> None:
        for each, below in _with_next(struct.body):
            match each:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
                    self.fields[struct.name, name] = kind, _text(below)
                case _:
                    pass


def _with_next(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    return zip(body, [*body[1:], None], strict=False)


def _text(below: ast.stmt | None) -> str | None:
    match below:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return " ".join(text.split())
        case _:
            return None


def first_paragraph(text: str) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join(text.partition("\n\n")[0].split())
