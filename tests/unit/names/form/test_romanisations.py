"""A word in another romanisation is read as a list has it: Wade-Giles, South Korean, Kunrei."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.rereadings import read_again
from abeyance_screening.engine.names.form.romanisations import romanised_otherwise
from abeyance_screening.engine.names.form.slips import is_word
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import fold
from abeyance_screening.engine.names.match import NameIndex, score
from abeyance_screening.engine.names.match_types import IndexedName

_LISTED = (
    "ZHANG Xiaoming",
    "Qingdao Haizhou Shipping",
    "Chengdu Jinjiang Aviation",
    "Korea Kumgang Trading",
    "Choe Chol Ryong",
    "Hamgyong Mining",
    "Fujitsuji Seisakusho",
    "Toshin Denki",
)
INDEX = NameIndex.build(
    [IndexedName(at, 0, "primary", normalise(each)) for at, each in enumerate(_LISTED)]
)
_ANY = ["a", "b'c-Chsiang", "ü", "ō", "Kumgang", "ch'ing-TAO", "gyeong"]


def _read(printed: str) -> Sequence[str]:
    return [*romanised_otherwise(printed, [printed.rsplit(maxsplit=1)[-1]], INDEX.has_word)]


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Chang Hsiao-ming", "Chang Xiaoming"),
        ("CH'ING-TAO", "QINGDAO"),
        ("Ch\u2019eng-tu", "Chengdu"),
        ("Tsingtao Haichou", "Tsingtao Haizhou"),
        ("Geumgang", "Kumgang"),
        ("Hamgyeong", "Hamgyong"),
        ("Huzituzi", "Fujitsuji"),
        ("T\u014dsin", "Toshin"),
        ("Toushin", "Toshin"),
    ],
)
def test_a_word_is_read_as_a_list_has_it(asked: str, read: str) -> None:
    assert read in _read(asked)


def test_what_is_read_so_scores_lower_and_tells_how() -> None:
    (read, *_) = _read("Geumgang")
    assert read == "Kumgang"
    (form,) = (each for each in read_again("Korea Geumgang Trading", INDEX.has_word))
    assert form.reading is not None
    assert "in another romanisation" in form.reading.manner
    listed = normalise("Korea Kumgang Trading")
    assert 0.6 < score(form, listed) < score(listed, listed) == 1.0


@pytest.mark.parametrize(
    "printed", ["GmbH", "Non-Food", "Data-At-Net", "HilPe\u00e4", "Electronic-Connect", "Beleggen"]
)
def test_words_of_other_languages_stay(printed: str) -> None:
    assert _read(printed) == []


def test_a_word_is_read_only_if_all_of_it_is_syllables() -> None:
    assert _read("Geumgangx") == []
    assert _read("Hsiaomingstrasse") == []


@given(st.lists(st.sampled_from(_ANY), min_size=1, max_size=4).map(" ".join))
def test_few_forms_are_read_each_once_and_none_as_it_was(printed: str) -> None:
    read = _read(printed)
    assert printed not in read
    assert len(read) == len(set(read)) <= 6


def _syllables() -> Iterator[tuple[str, str]]:
    for key, spellings in read_table("romanisations.txt"):
        system, _, listed = key.split(" ")
        if system == "pinyin":
            yield from ((spelled, listed) for spelled in spellings)


_PINYIN: Sequence[tuple[str, str]] = [*_syllables()]


@given(st.lists(st.sampled_from(_PINYIN), min_size=2, max_size=3))
def test_every_word_of_wade_giles_is_read_as_pinyin(syllables: Sequence[tuple[str, str]]) -> None:
    asked = "-".join(spelled for spelled, _ in syllables)
    listed = "".join(pinyin for _, pinyin in syllables)
    plain = asked.replace("-", "").replace("'", "")
    assume(len(plain) >= 5)
    is_listed = fold(listed).__eq__
    read = [*romanised_otherwise(asked, [asked], is_listed)] or [plain]
    # as the list has it, or as an ordinary word of these letters
    assert any(is_word(each, is_listed) for each in read)
