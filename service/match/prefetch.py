"""Has the processor fetch what will be read soon while it works on something else."""

from collections.abc import Callable, Sequence
from typing import Protocol, cast

from llvmlite import ir  # pyright: ignore[reportMissingTypeStubs] - it has none
from numba.core import cgutils, types
from numba.extending import intrinsic

from service.match.arrays import Run

# To be read, and kept in every cache; it is data, no code.
_READ, _KEEP, _DATA = 0, 3, 1


class _Signature(Protocol):
    """What a call is compiled for."""

    args: Sequence[object]


class _Context(Protocol):
    """What of numba's own context is used."""

    def make_array(self, kind: object) -> Callable[..., object]: ...
    def get_dummy_value(self) -> object: ...


class _Builder(Protocol):
    """What of llvmlite's builder is used."""

    module: object

    def bitcast(self, value: object, kind: object) -> object: ...
    def call(self, function: object, arguments: Sequence[object]) -> object: ...


# Its own types call what these give unknown.
_element_of = cast("Callable[..., object]", cgutils.get_item_pointer)
_declared = cast("Callable[..., object]", cgutils.get_or_insert_function)


def _fetch_soon(
    _typing: object, run: types.Type, place: types.Type
) -> tuple[object, Callable[..., object]]:
    return types.void(run, place), _generate


def _generate(
    context: _Context, builder: _Builder, signature: _Signature, given: Sequence[object]
) -> object:
    kind = signature.args[0]
    array = context.make_array(kind)(context, builder, given[0])
    element = _element_of(context, builder, kind, array, [given[1]])
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    taken = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    ask = _declared(builder.module, taken, "llvm.prefetch.p0")
    how = [number(each) for each in (_READ, _KEEP, _DATA)]
    builder.call(ask, [builder.bitcast(element, byte), *how])
    return context.get_dummy_value()


class _FetchSoon(Protocol):
    """Asks for the element of an array at a place, and does not wait for it."""

    def __call__[T](self, run: Run[T], place: int) -> None: ...


fetch_soon = cast("_FetchSoon", cast("object", intrinsic(_fetch_soon)))
