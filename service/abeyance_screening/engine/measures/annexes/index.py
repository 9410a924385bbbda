"""The index of annexes: which of them list a code, and what of them is not at hand.

`annexes.csv` has a line for each annex, supplement or schedule; the file with its id has its rows:
system, code, words, from, until, edition. One that nobody has read yet has no rows. A code with
`ex` before it is listed only in part, which its words describe; so is every customs number of a
Chinese announcement, which gives it only for reference. An empty `from` is a day that was not
read: the row then counts from the first day of its act. An empty `edition` is that of the annex.
All is read at the first question.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, cast, get_args

import msgspec

from abeyance_screening.primitives.errors import RegisterRefusedError

AnnexRole = Literal["ban", "exception", "cap", "clause", "guidance"]
"""What an annex lists goods for: a `ban` or licence; an `exception` from one; a price `cap`; a
contract `clause` and care; `guidance`. Only the first can make a ban."""
System = Literal["HS", "US-HTS", "EU-CN", "UK-CC", "CA-TARIFF", "AU-AHECC", "CN-HS", "US-ECCN",
                 "CN-ECN"]  # fmt: skip
"""The nomenclature of a code: customs codes (`HS` and, beyond its six digits, each authority's
own), or entries of the control list of the United States (`US-ECCN`) or of China (`CN-ECN`)."""
_SYSTEMS: Mapping[str, System] = {
    each: each for each in cast("tuple[System, ...]", get_args(System))
}
_CONTROL: frozenset[System] = frozenset({"US-ECCN", "CN-ECN"})

MANIFEST = "annexes.csv"
PART = "ex "
# Source: Harmonised System Convention, art. 3: a code is the same everywhere down to six digits.
_SAME_EVERYWHERE = 6
_HEADING = 4
_CHAPTER = 2
_REMEMBERED = 2_048
_CODE = re.compile(r"(ex )?([0-9]{2,10}|[0-9][A-E][0-9]{3}[.0-9a-z]*)")


class GoodsAnnex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An annex, supplement or schedule of an act that lists goods by codes.

    `goods` are the beginnings of the HS codes that it can have at all, or ranges of chapters
    (`84-90`), so far as its subject limits them: what is missing of a list of coal is coal.
    """

    id: str
    title: str
    role: AnnexRole
    edition: str
    whole: bool
    missing: str
    goods: tuple[str, ...] = ()
    url: str
    read_from: str
    confidence: Literal["read_at_source", "second_hand", "not_read"]


class AnnexRow(msgspec.Struct, frozen=True, kw_only=True):
    """One code of an annex: listed in part (`in_part`) or wholly, on some days or on all."""

    annex: str
    system: System
    code: str
    in_part: bool
    words: str
    first: date | None
    last: date | None
    edition: str

    def counts_on(self, day: date) -> bool:
        """Return whether the row is part of the annex on a day; without days, it always is."""
        return (self.first is None or self.first <= day) and (
            self.last is None or day <= self.last
        )


class Listed(msgspec.Struct, frozen=True):
    """What an annex says of a code: `row` lists it wholly, or what may be it (`in_part`)."""

    row: AnnexRow
    in_part: bool


class AnnexIndex:
    """All annexes, and their rows by code."""

    def __init__(self, annexes: Mapping[str, GoodsAnnex], rows: Sequence[AnnexRow]) -> None:
        self.annexes = annexes
        self.rows = rows
        self._by_code: defaultdict[str, list[AnnexRow]] = defaultdict(list)
        self._codes_of: defaultdict[str, set[str]] = defaultdict(set)
        self._systems: defaultdict[str, set[System]] = defaultdict(set)
        self._control: list[AnnexRow] = []
        for row in rows:
            self._systems[row.annex].add(row.system)
            if row.system in _CONTROL:
                self._control.append(row)
            else:
                self._by_code[row.code].append(row)
                self._codes_of[row.code[:_HEADING]].add(row.code)
        self.by_hs = lru_cache(_REMEMBERED)(self._by_hs)
        self.by_control_code = lru_cache(_REMEMBERED)(self._by_control_code)

    def has_customs_codes(self, annex: str) -> bool:
        """Return whether an annex lists goods by customs codes, so that one can be looked up."""
        return bool(self._systems[annex] - _CONTROL)

    def is_by_description(self, annex: str) -> bool:
        """Return whether an annex describes goods and gives customs numbers only for reference."""
        return "CN-HS" in self._systems[annex]

    def is_known_to_list(self, annex: str) -> bool:
        """Return whether any row of an annex was read."""
        return bool(self._systems[annex])

    def _by_hs(self, hs: str, day: date) -> Mapping[str, Listed]:
        """Return what each annex says of a customs code on a day, the most exact row of each."""
        found: dict[str, Listed] = {}
        for length in range(len(hs), _CHAPTER - 1, -1):
            for row in self._by_code.get(hs[:length], ()):
                _note(found, Listed(row, row.in_part), day)
        for code in self._longer(hs):
            for row in self._by_code[code]:
                _note(found, Listed(row, in_part=True), day)
        return found

    def _longer(self, hs: str) -> Iterator[str]:
        """Yield codes that may be meant: longer ones, or with another country's last digits."""
        shared = hs[:_SAME_EVERYWHERE]
        for heading in self._headings(hs):
            for code in sorted(self._codes_of[heading]):
                if len(code) > len(shared) and code.startswith(shared) and not hs.startswith(code):
                    yield code

    def _headings(self, hs: str) -> tuple[str, ...]:
        if len(hs) >= _HEADING:
            return (hs[:_HEADING],) if hs[:_HEADING] in self._codes_of else ()
        return tuple(each for each in self._codes_of if each.startswith(hs))

    def names_chinese(self, code: str) -> bool:
        """Return whether an entry of a control list is one that a Chinese announcement lists."""
        rows = (row for row in self._control if row.system == "CN-ECN")
        return any(is_below(code, row.code) for row in rows)

    def _by_control_code(self, code: str, day: date) -> Mapping[str, Listed]:
        """Return what each annex, of one authority each, says of a control code on a day."""
        found: dict[str, Listed] = {}
        for row in self._control:
            if is_below(code, row.code) or is_below(row.code, code):
                is_part = row.in_part or not is_below(code, row.code)
                _note(found, Listed(row, is_part), day)
        return found


def is_below(code: str, entry: str) -> bool:
    """Return whether a code is an entry of a control list, or part of it: `3A090.a` of `3A090`."""
    return code == entry or code.startswith(f"{entry}.")


def _note(found: dict[str, Listed], listed: Listed, day: date) -> None:
    known = found.get(listed.row.annex)
    if listed.row.counts_on(day) and (known is None or (known.in_part and not listed.in_part)):
        found[listed.row.annex] = listed


def annex_folder() -> Traversable:
    """Return the folder of the annexes that come with the program."""
    return files("abeyance_screening.engine.measures.annexes")


def read_annexes(folder: Traversable) -> AnnexIndex:
    """Read all annexes of a folder.

    Raises:
        RegisterRefusedError: A line cannot be read.
    """
    annexes = read_titles(folder)
    rows = [_row(annexes[key], line) for key in annexes for line in _lines(folder, f"{key}.csv")]
    return AnnexIndex(annexes, rows)


def read_titles(folder: Traversable) -> Mapping[str, GoodsAnnex]:
    """Read what annexes there are in a folder, without their rows, by id."""
    return {each.id: each for each in map(_annex, _lines(folder, MANIFEST))}


@cache
def shipped_titles() -> Mapping[str, GoodsAnnex]:
    """Return the annexes that come with the program by id, without their rows."""
    return read_titles(annex_folder())


@cache
def shipped_annexes() -> AnnexIndex:
    """Return the annexes that come with the program, read when they are first asked for."""
    return read_annexes(annex_folder())


def _lines(folder: Traversable, name: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(folder.joinpath(name).read_text("utf-8")))


def _annex(line: Mapping[str, str]) -> GoodsAnnex:
    said = {"whole": line["whole"] == "yes", "goods": tuple(line["goods"].split())}
    return msgspec.convert({**line, **said}, GoodsAnnex)


def _row(annex: GoodsAnnex, line: Mapping[str, str]) -> AnnexRow:
    code = line["code"]
    if _CODE.fullmatch(code) is None or line["system"] not in _SYSTEMS:
        raise RegisterRefusedError(f"{annex.id}.csv", annex.id, "code", f"{code!r} is no code")
    return AnnexRow(
        annex=annex.id,
        system=_SYSTEMS[line["system"]],
        code=code.removeprefix(PART),
        in_part=code.startswith(PART),
        words=line["words"],
        first=_day(line["from"]),
        last=_day(line["until"]),
        edition=line["edition"] or annex.edition,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
