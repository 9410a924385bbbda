"""The programmes of Japan's asset freezes: a sheet of the workbook, a number in the CSV file."""

import re
import unicodedata

import msgspec

from service.lists.reading.ids import key_of_name


class Programme(msgspec.Struct, frozen=True):
    """One programme.

    `number` is the one that the ministry prints before the title since March 2026; it moves up
    whenever a programme is put in before it, so ids are made of `key` instead. `title` is the
    sheet's, without number and blanks. `un` are the beginnings of the Security Council's reference
    numbers that its parties may have.
    """

    number: int
    key: str
    title: str
    un: tuple[str, ...] = ()


PROGRAMMES = (
    Programme(1, "milosevic", "ミロシェビッチ前ユーゴ大統領関係者"),
    Programme(2, "taliban", "タリバーン関係者等", ("QD", "TA")),
    Programme(3, "terrorists-g7", "テロリスト等(1)", ("QD", "TA")),
    Programme(4, "terrorists-others", "テロリスト等(2)", ("QD", "TA")),
    Programme(5, "iraq-i", "イラク前政権関係者等(I)", ("IQ",)),
    Programme(6, "iraq-ii", "イラク前政権関係者等(II)", ("IQ",)),
    Programme(7, "iraq-iii", "イラク前政権関係者等(III)", ("IQ",)),
    Programme(9, "congo-persons", "コンゴ民主共和国(個人)", ("CD",)),
    Programme(10, "congo-bodies", "コンゴ民主共和国(団体)", ("CD",)),
    Programme(12, "sudan", "スーダン", ("SD",)),
    Programme(13, "north-korea-1695", "北朝鮮(決議1695号)", ("KP",)),
    Programme(14, "north-korea-1718-bodies", "北朝鮮(決議1718号等;団体)", ("KP",)),
    Programme(15, "north-korea-1718-persons", "北朝鮮(決議1718号等;個人)", ("KP",)),
    Programme(16, "north-korea-bodies", "北朝鮮(協調;団体)", ("KP",)),
    Programme(17, "north-korea-persons", "北朝鮮(協調;個人)", ("KP",)),
    Programme(19, "iran-persons", "イラン(個人)", ("IR",)),
    Programme(20, "iran-bodies", "イラン(団体)", ("IR",)),
    Programme(21, "somalia", "ソマリア", ("SO",)),
    Programme(22, "libya-i", "リビア(I)", ("LY",)),
    Programme(23, "libya-ii", "リビア(II)", ("LY",)),
    Programme(24, "syria-persons", "シリア(個人)"),
    Programme(25, "syria-bodies", "シリア(団体)"),
    Programme(26, "crimea-persons", "クリミア等(個人)"),
    Programme(27, "crimea-bodies", "クリミア等(団体)"),
    Programme(28, "russia-bodies", "ロシア連邦(団体(特定銀行を除く))"),
    Programme(29, "russia-persons", "ロシア連邦(個人)"),
    Programme(30, "russia-banks", "ロシア連邦(特定銀行)"),
    Programme(31, "belarus-persons", "ベラルーシ(個人)"),
    Programme(32, "belarus-bodies", "ベラルーシ(団体(特定銀行を除く))"),
    Programme(33, "belarus-banks", "ベラルーシ(特定銀行)"),
    Programme(34, "others-bodies", "ロシア及びベラルーシ以外(団体(特定銀行を除く))"),
    Programme(35, "others-persons", "ロシア及びベラルーシ以外(個人)"),
    Programme(36, "others-banks", "ロシア及びベラルーシ以外(特定銀行)"),
    Programme(37, "central-africa-persons", "中央アフリカ共和国(個人)", ("CF",)),
    Programme(38, "central-africa-bodies", "中央アフリカ共和国(団体)", ("CF",)),
    Programme(39, "yemen", "イエメン共和国", ("YE",)),
    Programme(40, "south-sudan", "南スーダン", ("SS",)),
    Programme(41, "mali", "マリ共和国", ("ML",)),
    Programme(42, "haiti-persons", "ハイチ共和国(個人)", ("HT",)),
    Programme(43, "israeli-settlers", "イスラエル"),
    Programme(44, "haiti-bodies", "ハイチ共和国(団体)", ("HT",)),
)
_BY_TITLE = {each.title: each for each in PROGRAMMES}
_BY_NUMBER = {each.number: each for each in PROGRAMMES}
_NUMBERED = re.compile(r"(?P<number>\d{1,3})\.(?P<title>.+)")


def programme_of_sheet(title: str) -> tuple[str, str]:
    """Return the title of a sheet's programme, without number and blanks, and the key for ids.

    A programme that is not known yet has a title and a key of its own, so that its parties are
    found; no measure of the register is attached to them.
    """
    bare = "".join(unicodedata.normalize("NFKC", title).split())
    numbered = _NUMBERED.fullmatch(bare)
    printed = bare if numbered is None else numbered["title"]
    known = _BY_TITLE.get(printed)
    return (printed, key_of_name(printed) if known is None else known.key)


def is_programme(title: str) -> bool:
    """Return whether a title, without number and blanks, is that of a known programme."""
    return title in _BY_TITLE


def programme_of_number(number: int) -> Programme | None:
    """Return the programme that had this number in March 2026, None for a number since then."""
    return _BY_NUMBER.get(number)
