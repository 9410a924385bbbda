"""Faults: why a value cannot be read, in plain words rather than in those of the decoder.

msgspec says "Expected `str | null`, got `int`": names of Python types, which whoever sent JSON, or
wrote a file, never chose.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

COUNTRY = "^[A-Z]{2}$"
"""The pattern of an ISO 3166-1 alpha-2 code."""
_A_DAY, _A_MOMENT = "a day such as 2026-08-01", "a moment such as 2026-08-01T09:30:00Z"
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "array": "an array",
        "bool": "true or false",
        "date": _A_DAY,
        "datetime": _A_MOMENT,
        "decimal": "a decimal number",
        "float": "a number",
        "int": "a whole number",
        "null": "null",
        "object": "an object",
        "str": "a string",
        "uuid": "a UUID",
    }
)
_GIVEN = _KINDS | {"bool": "a boolean", "float": "a number with a fraction"}
_PARTS = {"str": "characters", "array": "entries", "object": "fields"}
_BEYOND = {
    "<=": "is more than",
    ">=": "is less than",
    "<": "is not less than",
    ">": "is not above",
}


def in_words(message: str) -> str:
    """Return a message of msgspec in plain words; the place at its end stays as it is.

    A message of our own, which has no such words, is returned unchanged. In the words of a field
    that is missing or unknown its name stands in backquotes.
    """
    for pattern, words in _WORDS:
        found = pattern.match(message)
        if found is not None:
            return f"{words(found)}{message[found.end() :]}"
    return message


def _of_kinds(match: re.Match[str]) -> str:
    wanted = " or ".join(_KINDS.get(each, each) for each in match["kinds"].split(" | "))
    given = match["given"]
    return f"must be {wanted}" + (f", but is {_GIVEN.get(given, given)}" if given else "")


def _of_length(match: re.Match[str]) -> str:
    parts, bound = _PARTS[match["kind"]], int(match["bound"])
    if match["sign"] == "<":
        return f"has more than {bound} {parts}"
    return "is empty" if bound == 1 else f"has fewer than {bound} {parts}"


def _of_bound(match: re.Match[str]) -> str:
    return f"{_BEYOND[match['sign']]} {match['bound'].removesuffix('.0')}"


def _of_pattern(match: re.Match[str]) -> str:
    if match["pattern"] == COUNTRY:
        return "is not an ISO 3166-1 alpha-2 code"
    return f"does not match the pattern {match['pattern']}"


def _fixed(words: str) -> Callable[[re.Match[str]], str]:
    return lambda _: words


def _of_field(words: str) -> Callable[[re.Match[str]], str]:
    return lambda found: words.format(found["field"])


_WORDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (
            r"Expected `(?P<kind>str|array|object)` of length (?P<sign>[<>])= (?P<bound>\d+)",
            _of_length,
        ),
        (r"Expected `str` matching regex (['\"])(?P<pattern>.*?)\1(?= - at |$)", _of_pattern),
        (r"Expected `\w+` (?P<sign>[<>]=?) (?P<bound>-?[\d.]+)", _of_bound),
        (r"Expected `(?P<kinds>[^`]+)`(?:, got `(?P<given>\w+)`)?", _of_kinds),
        (
            r"Object missing required field `(?P<field>[^`]+)`",
            _of_field("the field `{}` is missing"),
        ),
        (
            r"Object contains unknown field `(?P<field>[^`]+)`",
            _of_field("the field `{}` is unknown"),
        ),
        (r"Invalid RFC3339 encoded datetime", _fixed(f"is not {_A_MOMENT}")),
        (r"Invalid RFC3339 encoded date", _fixed(f"is not {_A_DAY}")),
        (r"Invalid UUID", _fixed("is not a UUID")),
        (r"Number out of range|Integer value out of range", _fixed("is out of range")),
        (r"Input data was truncated", _fixed("is JSON that ends too early")),
        (r"JSON is malformed", _fixed("is not JSON")),
    )
)
