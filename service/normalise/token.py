"""One word of a printed name."""

import msgspec


class Token(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """One word: as printed, in its own script without case and marks, and folded.

    `spelled` is what two names must share to be the same name: lower-case Latin, but Han, kana and
    Hangul as they stand (Han simplified), because different characters share a reading. `folded`
    is what tables are asked for. `canonical` and `code` are set where the script itself knew a
    trade word or a legal form; a code of `""` is a form that says nothing. `readings` are other
    ways the same word may be written in Latin letters, folded, likeliest first, at most
    `MOST_READINGS`, none of them `folded`.
    """

    printed: str
    spelled: str
    folded: str
    canonical: str | None = None
    code: str | None = None
    readings: tuple[str, ...] = ()


MOST_READINGS = 4
