"""Structs that are made of others."""

import msgspec
import pytest

from abeyance_screening.primitives.structs import copy_as


class _Measured(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: str = "length"
    metres: float


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: str = "nothing"
    words: str
    doubt: str | None = None


def test_a_copy_has_the_shared_fields_and_its_own() -> None:
    told = copy_as(_Told, _Measured(name="road", metres=7.0), words="7 m", doubt=None)
    assert told == _Told(name="road", kind="length", words="7 m", doubt=None)


def test_an_own_field_goes_before_that_of_the_source() -> None:
    told = copy_as(
        _Told, _Measured(name="road", metres=7.0), kind="width", words="7 m", doubt=None
    )
    assert told.kind == "width"


def test_a_field_that_neither_has_is_refused_though_it_has_a_default() -> None:
    with pytest.raises(TypeError, match=r"^_Told of _Measured lacks doubt, words$"):
        copy_as(_Told, _Measured(name="road", metres=7.0))
