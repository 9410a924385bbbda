"""Make METI's End User List anew, as the CSV that the workbook would give, out of its entries.

Run `python -m tests.quality.remake_jp_eul jp.json list.csv`; `jp.json` is the list of 2025-09-29
as xyna-bpinelab/security-export-control-registry has read it from METI's PDF file.

Two things that the PDF did to the entries are undone: names that stand in the country's column,
because the column broke there, and spaces where a Chinese name broke over two lines.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

_PUBLISHED_ON = "2025-09-29"
_HEADER = (
    "No.",
    "国名、地域名\nCountry or Region",
    "企業名､組織名\nCompany or Organization",
    "別名\nAlso Known As",
    "懸念区分\nType of WMD",
    "通常兵器\nConventional Weapons",
)
_COUNTRIES = {
    "Arab Republic of Egypt": "エジプト",
    "Hong Kong": "香港",
    "India": "インド",
    "Islamic Republic of Afghanistan": "アフガニスタン",
    "Islamic Republic of Iran": "イラン",
    "Islamic Republic of Pakistan": "パキスタン",
    "North Korea": "北朝鮮",
    "People's Republic of China": "中国",
    "Republic of Lebanon": "レバノン",
    "Republic of Yemen": "イエメン",
    "Russian Federation": "ロシア",
    "State of Israel": "イスラエル",
    "Syrian Arab Republic": "シリア",
    "Taiwan": "台湾",
    "United Arab Emirates": "アラブ首長国連邦",
}
_HAN = r"[\u3040-\u30ff\u3400-\u9fff]"
_BROKEN = re.compile(rf"(?<={_HAN}) (?={_HAN})")
_REASON = re.compile(
    r"(?:大量破壊兵器等の懸念: (?P<words>\D*?)\s*(?P<codes>[BCMN\uff22\uff23\uff2d\uff2e,、]+))?"
    r"(?:; )?(?:通常兵器の懸念: (?P<conventional>CW))?"
)


class Entry(msgspec.Struct):
    """One entry, as far as it is needed."""

    id: str
    entity_name: str
    aliases: list[str]
    addresses: list[str]
    reason: str

    @property
    def number(self) -> int:
        """The number in the list."""
        return int(self.id.rpartition("-")[2])


def cells_of(entry: Entry) -> tuple[str, ...]:
    """The row of an entry."""
    (printed,) = entry.addresses
    country = next(each for each in _COUNTRIES if printed.startswith(each))
    name = entry.entity_name or printed.removeprefix(country).strip()
    concern = _REASON.fullmatch(entry.reason)
    if not name or concern is None:
        sys.exit(f"{entry.id}: cannot be made anew")
    words, codes, conventional = (
        concern[part] or "" for part in ("words", "codes", "conventional")
    )
    return (
        str(entry.number),
        f"{_COUNTRIES[country]}\n{country}",
        _mended(name),
        "\n".join(f"・{_mended(alias)}" for alias in entry.aliases),
        f"{words}\n{codes}".strip(),
        conventional,
    )


def lines(entries: list[Entry]) -> Iterator[tuple[str, ...]]:
    """The title with the day, the header, and the rows by number."""
    yield ("外国ユーザーリスト", _PUBLISHED_ON)
    yield _HEADER
    for entry in sorted(entries, key=lambda entry: entry.number):
        yield cells_of(entry)


def main(source: str, target: str) -> None:
    """Read the entries and write the list."""
    entries = msgspec.json.decode(Path(source).read_bytes(), type=list[Entry])
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines(entries))
    print(f"{len(entries)} entries")


def _mended(name: str) -> str:
    return _BROKEN.sub("", name)


if __name__ == "__main__":
    main(*sys.argv[1:])
