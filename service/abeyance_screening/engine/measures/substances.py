"""Single substances by name: their other names, and the code under which each is classified.

An annex lists nitrocellulose as 3912.20 and names it nowhere, and a measure names antimony oxide
and no CAS number, so that who asks in other words would find nothing. `substances.csv` has a line
for each code: the code, six digits or a heading, and what is classified there, each substance with
its names in English and Chinese and its CAS number (`a=b=c`), separated by `|`. Like all words,
they can find a rule and never rule one out: an alloy or an article of the metal is elsewhere.
Source: Harmonised System 2022, the texts of headings and subheadings.
"""

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import msgspec


class Substance(msgspec.Struct, frozen=True):
    """What is called by any of these names and nothing else, and its code."""

    names: tuple[str, ...]
    hs: str


class Substances:
    """Substances by their names, as the given function writes them."""

    def __init__(self, text: str, spelling: Callable[[str], str]) -> None:
        self._spelling = spelling
        self.every = tuple(
            Substance(tuple(each.split("=")), line["hs"])
            for line in csv.DictReader(text.splitlines())
            for each in line["names"].split("|")
        )
        self._by_name = {spelling(name): each for each in self.every for name in each.names}

    def called(self, name: str) -> Substance | None:
        """Return what is called so and nothing else; None if that is no name of a substance."""
        return self._by_name.get(self._spelling(name))


@cache
def shipped_substances(spelling: Callable[[str], str]) -> Substances:
    """Return the substances that come with the program, read when they are first asked for."""
    folder = files("abeyance_screening.engine.measures")
    return Substances(folder.joinpath("substances.csv").read_text("utf-8"), spelling)
