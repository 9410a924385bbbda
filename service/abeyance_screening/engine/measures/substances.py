"""Single substances by name: the customs code under which each is classified.

An annex lists nitrocellulose as 3912.20 and names it nowhere, so that whoever asks in words would
find nothing. `substances.csv` has a line for each code: the code, six digits or a heading, and
what is classified there by its names in English and Chinese and its CAS numbers. Like all words,
they can find a rule and never rule one out: an alloy or an article of the metal is elsewhere.
Source: Harmonised System 2022, the texts of headings and subheadings.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from importlib.resources import files


class Substances:
    """The codes of substances, by their names as the given function writes them."""

    def __init__(self, text: str, spelling: Callable[[str], str]) -> None:
        self._spelling = spelling
        self._codes: defaultdict[str, list[str]] = defaultdict(list)
        for line in csv.DictReader(text.splitlines()):
            for name in line["names"].split("|"):
                self._codes[spelling(name)].append(line["hs"])

    @property
    def codes(self) -> frozenset[str]:
        """All codes that have a substance."""
        return frozenset(code for each in self._codes.values() for code in each)

    def codes_of(self, called: str) -> tuple[str, ...]:
        """Return the codes of what is called so and nothing else; none if it is no known name."""
        return tuple(self._codes.get(self._spelling(called), ()))


@cache
def shipped_substances(spelling: Callable[[str], str]) -> Substances:
    """Return the substances that come with the program, read when they are first asked for."""
    folder = files("abeyance_screening.engine.measures")
    return Substances(folder.joinpath("substances.csv").read_text("utf-8"), spelling)
