"""A word in another romanisation is read as a list has it: Wade-Giles, South Korean, Kunrei."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.rereadings import read_again
from abeyance_screening.engine.names.form.romanisations import romanised_otherwise
from abeyance_screening.engine.names.form.slips import is_word
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import fold
from abeyance_screening.engine.names.match import score
from tests.walks import at_most_letters

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
_WORDS = {word.text for listed in _LISTED for word in normalise(listed).words}
_is_listed = _WORDS.__contains__
_ANY = ["a", "b'c-Chsiang", "ü", "ō", "Kumgang", "ch'ing-TAO", "gyeong"]


def _read(printed: str) -> Sequence[str]:
    return [*romanised_otherwise(printed, [printed.rsplit(maxsplit=1)[-1]], _is_listed)]


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
    (form,) = (each for each in read_again("Korea Geumgang Trading", _is_listed))
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
    read = _read(f"Machinery {printed}")
    assert printed not in read
    assert len(read) == len(set(read)) <= 6
    # what is longer than a surname and somebody's word stays
    assert all(text.startswith("Machinery ") for text in read)


def test_a_long_word_is_not_parted_in_each_way() -> None:
    with at_most_letters(2_000_000):
        for word in ("kana" * 1000 + "x", "o" * 4000 + "x", "ngang" * 800 + "x"):
            assert _read(word) == []
        crowded = " ".join(["kanakanakanakanakanax"] * 20)
        assert [*romanised_otherwise(crowded, crowded.split(), _is_listed)] == []


def _pieces_of(wanted: str) -> Sequence[Sequence[tuple[str, str]]]:
    """Each piece of a syllable of a system, in order: how others spell it, and how lists do."""
    pieces: dict[str, list[tuple[str, str]]] = {}
    for key, spellings in read_table("romanisations.txt"):
        system, place, listed = key.replace("-", "").split(" ")
        if system == wanted and place.isdigit():
            spelled = [(each.replace("-", ""), listed) for each in spellings]
            pieces.setdefault(place, []).extend(spelled)
    return [pieces[place] for place in sorted(pieces)]


@pytest.mark.parametrize("system", ["pinyin", "korean", "hepburn"])
@given(st.data())
def test_every_word_of_a_system_is_read(system: str, data: st.DataObject) -> None:
    syllable = st.tuples(*map(st.sampled_from, _pieces_of(system)))
    syllables = data.draw(st.lists(syllable, min_size=2, max_size=3))
    words = ["".join(spelled for spelled, _ in each) for each in syllables]
    # an apostrophe parts syllables as a hyphen does
    asked = "-".join(words).replace("'-", "'").rstrip("'")
    listed = "".join(piece for each in syllables for _, piece in each)
    plain = asked.replace("-", "").replace("'", "")
    assume(len(plain) >= 5)
    is_listed = fold(listed).__eq__
    read = [*romanised_otherwise(asked, [asked], is_listed)] or [plain]
    # as the list has it, or as an ordinary word of these letters
    assert any(is_word(each, is_listed) for each in read)
