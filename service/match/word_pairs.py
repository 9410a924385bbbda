"""Pairs of words that lists print for one another: translations and short forms."""

from importlib.resources import files

import msgspec


class Partner(msgspec.Struct, frozen=True, gc=False):
    """Another word, and the share of a word's weight that meeting it earns."""

    text: str
    credit: float


def _read() -> dict[str, tuple[Partner, ...]]:
    text = files("service.match").joinpath("data", "word_pairs.txt").read_text("utf-8")
    partners: dict[str, list[Partner]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            one, other, credit = line.split(" ")
            partners.setdefault(one, []).append(Partner(other, float(credit)))
            partners.setdefault(other, []).append(Partner(one, float(credit)))
    return {word: tuple(some) for word, some in partners.items()}


PARTNERS = _read()
