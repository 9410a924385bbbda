"""Padding that a hostile file may hold."""

import re
from typing import Any

PADDING = {
    "blanks": " ",
    "tabs": "\t",
    "line breaks": "\n",
    "ideographic spaces": "\u3000",
    "digits": "1",
    "small letters": "a",
    "capitals": "A",
    "Han": "公",
    "commas": ", ",
    "semicolons": "; ",
    "full stops": ".",
    "dashes": "-",
    "stars": "*",
    "opening brackets": "(",
    "closing brackets": ")",
    "pairs of brackets": "(a) ",
    "quotes": '"',
    "apostrophes": "'",
    "a.k.a.": "a.k.a. ",
    "letters apart": "a ",
    "capitals apart": "A, ",
    "numbers apart": "1 ",
    "lines of numbers": "1\n",
    "and": " and ",
}


def words_of(pattern: re.Pattern[Any]) -> list[str]:
    """The longest plain words of an expression, which lead a search to its inner parts."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    plain = re.sub(r"\\.|\?P<\w+>|\[[^\]]*\]", " ", source)
    return sorted(re.findall(r"[\w./<>]+", plain), key=len, reverse=True)[:3]
