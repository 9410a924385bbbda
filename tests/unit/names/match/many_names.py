"""Some hundred real listed names of every script as an index, and questions cut from them."""

import csv
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from random import Random

from abeyance_screening.engine.lists.listing import EntityType, NameKind
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.listed_names import ROWS

_FIXTURES = Path(__file__).parents[3] / "fixtures"
_KINDS: tuple[NameKind, ...] = ("primary", "alias", "weak_alias")
_TYPES: tuple[EntityType | None, ...] = (None, "organisation", "person", "vessel")


def _ofsi() -> Iterator[str]:
    text = (_FIXTURES / "uk_ofsi" / "ConList_2022.csv").read_text("utf-8-sig")
    for row in csv.reader(text.splitlines()[2:]):
        yield " ".join(filter(None, (*row[1:6], row[0])))


def _csl() -> Iterator[str]:
    text = (_FIXTURES / "us_csl" / "consolidated_2026.json").read_text("utf-8")
    for entry in json.loads(text)["results"]:
        yield entry["name"]
        yield from entry["alt_names"]


def _tagged(place: str, pattern: str) -> Iterator[str]:
    for found in re.findall(pattern, (_FIXTURES / place).read_text("utf-8")):
        yield unescape(found).strip()


def _listed() -> Iterator[str]:
    yield from (row[3] for row in ROWS)
    yield from (_FIXTURES / "match" / "names.txt").read_text("utf-8").splitlines()
    yield from _ofsi()
    yield from _csl()
    yield from _tagged("eu_fsf/export_2022.xml", 'wholeName="([^"]+)"')
    yield from _tagged("un_sc/consolidated_2026.xml", "<(?:ALIAS_NAME|FIRST_NAME)>([^<]+)")
    yield from _tagged("us_ofac/sdn_enhanced_2025-01-13.xml", "formattedFullName>([^<]+)")
    yield from _tagged("us_ofac/consolidated_2022.xml", "<lastName>([^<]+)")


PRINTED = tuple(dict.fromkeys(name for name in _listed() if name.strip()))
NAMES = (
    *(
        IndexedName(
            listing=place // 2,
            list_no=place % 5,
            kind=_KINDS[0 if place % 7 else place % 3],
            form=normalise(printed),
            entity_type=_TYPES[place % 4],
        )
        for place, printed in enumerate(PRINTED)
    ),
    IndexedName(len(PRINTED), 0, "primary", normalise(" ")),
    IndexedName(len(PRINTED), 0, "primary", normalise(" ".join(PRINTED)[:3000])),
)
INDEX = NameIndex.build(NAMES)
_WORDS = tuple(dict.fromkeys(word for printed in PRINTED for word in printed.split()))


def change(printed: str, random: Random) -> str:
    """Return a name with up to four changes that people and machines make."""
    for _ in range(random.randint(0, 4)):
        printed = random.choice(_CHANGES)(printed, random)
    return printed


def _edit(printed: str, random: Random) -> str:
    place = random.randrange(len(printed) + 1)
    letter = random.choice("aeiourstkz")
    kind = random.randrange(3)
    return printed[:place] + (letter if kind else "") + printed[place + kind % 2 :]


def _swap_letters(printed: str, random: Random) -> str:
    place = random.randrange(max(1, len(printed) - 1))
    return printed[:place] + printed[place : place + 2][::-1] + printed[place + 2 :]


def _drop_word(printed: str, random: Random) -> str:
    words = printed.split(" ")
    del words[random.randrange(len(words))]
    return " ".join(words)


def _add_word(printed: str, random: Random) -> str:
    words = printed.split(" ")
    words.insert(random.randrange(len(words) + 1), random.choice(_WORDS))
    return " ".join(words)


def _shuffle(printed: str, random: Random) -> str:
    words = printed.split(" ")
    random.shuffle(words)
    return " ".join(words)


def _join_words(printed: str, random: Random) -> str:
    words = printed.split(" ")
    place = random.randrange(len(words))
    return " ".join((*words[:place], "".join(words[place : place + 2]), *words[place + 2 :]))


def _split_word(printed: str, random: Random) -> str:
    place = random.randrange(len(printed) + 1)
    return f"{printed[:place]} {printed[place:]}"


def _initial(printed: str, random: Random) -> str:
    words = printed.split(" ")
    place = random.randrange(len(words))
    words[place] = words[place][:1]
    return " ".join(words)


def _acronym(printed: str, random: Random) -> str:
    words = printed.split(" ")
    first = random.randrange(len(words))
    last = random.randint(first, len(words))
    return " ".join((*words[:first], "".join(w[:1] for w in words[first:last]), *words[last:]))


def _legal_form(printed: str, random: Random) -> str:
    return f"{printed} {random.choice(('LLC', 'GmbH', 'Co., Ltd.', 'JSC'))}"


def _two(printed: str, random: Random) -> str:
    return f"{printed} {random.choice(PRINTED)}"


_CHANGES = (
    _edit,
    _edit,
    _swap_letters,
    _drop_word,
    _add_word,
    _shuffle,
    _join_words,
    _split_word,
    _initial,
    _acronym,
    _legal_form,
    _two,
)
