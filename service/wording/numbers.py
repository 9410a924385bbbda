"""Numbers in words."""

_SMALL = (
    *("none", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten"),
)


def count(number: int) -> str:
    """`one` to `ten` in words, more in figures with a comma at the thousand."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 listing`, `3 listings`; `many` where it is no plain `s`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
