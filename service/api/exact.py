"""Exact: a number of a body as it is written there, to the last digit."""

import re

PLAIN = r"^[0-9]{1,20}(\.[0-9]{1,40})?$"
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")


class NumberText(str):
    """A JSON number by its text, or a string in plain decimal notation.

    A type of its own, because msgspec would read a `Decimal` from whatever Python takes for one:
    `"5_0"`, `" 50 "`, full-width digits, a megabyte of them.
    """

    __slots__ = ()


def read_exactly(kind: type, value: object) -> NumberText:
    """Reads what msgspec does not know by itself.

    `value` is what stands in the JSON, where NumberText stands for a number that is no integer.

    Raises:
        ValueError: It is no number, or none that anybody states.
    """
    if kind is not NumberText:
        raise NotImplementedError
    if isinstance(value, str) and not isinstance(value, NumberText):
        return _matching(PLAIN, value, "is no plain decimal number like 33.3")
    if isinstance(value, NumberText | int) and not isinstance(value, bool):
        return _matching(_NUMBER, str(value), "has too many digits")
    raise ValueError(_NO_NUMBER)


def _matching(pattern: str | re.Pattern[str], text: str, otherwise: str) -> NumberText:
    if re.fullmatch(pattern, text) is None:
        raise ValueError(otherwise)
    return NumberText(text)


_NO_NUMBER = "is neither a number nor a string with one"
