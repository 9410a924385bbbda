"""Forty kilobytes of padding, wherever they stand in a list file, cost next to nothing."""

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.formats import OWN, public_formats, read_files
from abeyance_screening.engine.lists.own.entries import own_formats
from abeyance_screening.engine.lists.own.ftm import formats as ftm_formats
from abeyance_screening.primitives.errors import AbeyanceError
from tests.unit.lists.hostile import PADDING
from tests.walks import TooLongError, a_walk, at_most

FIXTURES = Path(__file__).parents[2] / "fixtures"
LETTERS = 40_000
# Twenty thousand lines of padding are as many records, each refused by itself, which takes 400
# walks through them; whoever looks at each pair of letters takes twenty thousand.
WALKS = 1_500
# Each is padded in the first of its files, wherever texts begin.
FILES = (
    ("be_finance/consolidated-list.csv",),
    ("ca_nro/named-research-organizations.html",),
    ("ca_sema/sema_lmes_2022.xml",),
    ("ca_sema/sema_lmes_2026.xml",),
    ("ch_seco/whole_list_2026.xml",),
    ("cn_announcements/ecl_2026_30_remade.html",),
    ("cn_announcements/gathered.json",),
    ("cn_announcements/mfa_2024_12_21.txt",),
    ("cn_announcements/uel_2025_4.txt",),
    ("cz_mzv/seznam.csv",),
    ("eu_annexes/02006R0765-20220604.html",),
    ("eu_annexes/02014R0833-20250720.html",),
    ("eu_annexes/02014R0833-20250720.xml",),
    ("eu_fsf/export_2022.xml",),
    ("fr_gels/registre.json",),
    ("ftm/entities.ftm.json",),
    ("ftm/entities.delta.json",),
    ("jp_meti_ru/list_belarus_tokutei.txt", "jp_meti_ru/list_daisangoku_tokutei.txt",
     "jp_meti_ru/list_russia_tokutei.txt"),
    ("jp_meti_ru/list_russia_tokutei.txt", "jp_meti_ru/list_daisangoku_tokutei.txt",
     "jp_meti_ru/list_belarus_tokutei.txt"),
    ("jp_mof/shisantouketsu.csv",),
    ("own/suppliers.csv",),
    ("own/suppliers.jsonl",),
    ("pl_mswia/lista.html",),
    ("tw_shtc/SHTCEntityList.csv",),
    ("ua_nsdc/individual.json", "ua_nsdc/legal.json"),
    ("uk_sl/UK-Sanctions-List.csv",),
    ("uk_sl/UK-Sanctions-List.xml",),
    ("un_sc/consolidated_2026.xml",),
    ("us_bis_dpl/dpl_2026-04-14.csv",),
    ("us_bis_el/supplement4.xml",),
    ("us_csl/consolidated_2023.csv",),
    ("us_csl/consolidated_2026.json",),
    ("us_ddtc/administrative_2026-06-18.csv", "us_ddtc/statutory_2026-06-18.csv"),
    ("us_ddtc/statutory_2026-06-18.csv", "us_ddtc/administrative_2026-06-18.csv"),
    ("us_dod_1260h/2025-01-07_notice.txt",),
    ("us_dod_1260h/2026-06-08_list.txt",),
    ("us_fcc/2026-07-24_coveredlist.html",),
    ("us_ofac/consolidated_2022.xml",),
    ("us_ofac/delta_2025-02-13.xml",),
    ("us_ofac/sdn_enhanced_2025-01-13.xml",),
    ("us_sam/SAM_Exclusions_Public_Extract_V2.csv",),
    ("us_state_crl/2025-07-14_cuba-restricted-list.html",),
    ("us_uflpa/2026-07-24_uflpa-entity-list.html",),
    ("wb_debarred/SANCTIONED_FIRM.json",),
)  # fmt: skip


def files_of(places: Sequence[str]) -> tuple[GivenFile, ...]:
    return tuple(GivenFile(place, (FIXTURES / place).read_bytes()) for place in places)


def source_of(files: Sequence[GivenFile]) -> str:
    """The source of the format that reads them, among those that their folder is called after."""
    folder = files[0].name.partition("/")[0]
    known = (*public_formats(), *ftm_formats("mine", lambda _: None), *own_formats("mine"))
    among = [
        each for each in known if each.source.startswith("own" if folder == "ftm" else folder)
    ]
    return next(each.source for each in among if all(map(each.tells, files)))


def spots_of(text: str) -> list[int]:
    """Places within texts of the file: behind the first word of each."""
    return [found.end() for found in re.finditer(r"(?<=[>\"|,;\t\n])[^\W\d_]{2,}(?=[ .,)])", text)]


def padded(text: str, pad: str, turn: int) -> Iterator[str]:
    """The file with padding in front of it, behind it, and within one of its texts."""
    much = pad * (LETTERS // len(pad))
    spots = spots_of(text)
    spot = spots[turn * 7 % len(spots)] if spots else len(text) // 2
    yield from (much + text, text + much, text[:spot] + much + text[spot:])


def is_slow(files: tuple[GivenFile, ...], source: str, seconds: float) -> bool:
    own = "mine" if source == OWN else None
    try:
        with at_most(seconds), suppress(AbeyanceError):
            read_files(own or source, files, sources=(source,), list_code=own)
    except TooLongError:
        return True
    return False


@pytest.mark.parametrize("places", FILES, ids=[places[0] for places in FILES])
def test_some_padding_costs_what_reading_it_once_costs(places: Sequence[str]):
    """Another quarter of the kinds and places of padding in each file that follows."""
    assert slow_in(places, FILES.index(places) % 4, 4) == set()


@pytest.mark.slow
@pytest.mark.parametrize("places", FILES, ids=[places[0] for places in FILES])
def test_padding_costs_what_reading_it_once_costs(places: Sequence[str]):
    assert slow_in(places) == set()


def slow_in(places: Sequence[str], first: int = 0, every: int = 1) -> set[str]:
    """Which padding takes too long, of each `every` kinds and places from the `first` on."""
    files = files_of(places)
    source = source_of(files)
    text = files[0].content.decode()
    seconds = WALKS * a_walk(LETTERS)
    all_padded = (
        (f"{pad} {where}", hostile)
        for turn, (pad, letters) in enumerate(PADDING.items())
        for where, hostile in zip(
            ("in front", "behind", "within"), padded(text, letters, turn), strict=True
        )
    )
    return {
        what
        for what, hostile in itertools.islice(all_padded, first, None, every)
        if all(
            is_slow((GivenFile(files[0].name, hostile.encode()), *files[1:]), source, seconds)
            for _ in range(2)
        )
    }
