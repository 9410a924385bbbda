"""Cyrillic, Greek, the scripts that anyascii spells, and letters that look alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.scripts import spell_latin
from tests.walks import at_most_letters

SCRIPTS = (
    "АбгЖщєїўқңΆβχ中国広々ガひ한글محمدپچעבไทยकाგაԱბёǅﬁ第一十〇１'`-. "
    "\u200f\u200b\u0301\u064e\u2019\u02bb"
)


def words(printed: str) -> list[str]:
    return [word.text for word in normalise(printed).words]


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        pytest.param("Щербинка", "shcherbinka", id="Russian"),
        pytest.param("Київ", "kiiv", id="Ukrainian"),
        pytest.param("Ўзбекістан", "uzbekistan", id="Belarusian"),
        pytest.param("Љубљана", "ljubljana", id="Serbian"),
        pytest.param("Қазақстан", "kazakstan", id="Kazakh"),
        pytest.param("Өскемен", "oskemen", id="Kazakh vowel"),
        pytest.param("Παπαδόπουλος", "papadopoulos", id="Greek"),
        pytest.param("Μπάνκα", "banka", id="Greek b"),
        pytest.param("Εὐρώπη", "evropi", id="Greek with breathings"),
        pytest.param("თბილისი", "tbilisi", id="Georgian"),
        pytest.param("Հայաստան", "hayastan", id="Armenian"),
        pytest.param("भारत", "bhart", id="Devanagari"),
        pytest.param("Łódź", "lodz", id="Polish"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("Ægir", "aegir", id="ligature"),
        pytest.param("Đà", "da", id="Vietnamese"),
        pytest.param("İş", "is", id="Turkish"),
    ],
)
def test_a_word_is_spelled_in_latin(word: str, latin: str) -> None:
    assert spell_latin(word) == latin


def test_a_thai_vowel_is_spoken_after_its_consonant() -> None:
    assert spell_latin("ไทย").startswith("th")


@pytest.mark.parametrize(
    ("printed", "reading"),
    [
        pytest.param("Смоленская", "smolensk", id="adjective of a town"),
        pytest.param("Гомельскі", "homelski", id="Belarusian h"),
        pytest.param("Χαλκίς", "halkis", id="Greek h"),
        pytest.param("Макеев", "makeiev", id="a vowel before e"),
        pytest.param("ЕвроИндустрия", "euroindustri", id="euro"),
    ],
)
def test_other_spellings_are_readings(printed: str, reading: str) -> None:
    assert reading in normalise(printed).words[0].readings


@pytest.mark.parametrize(
    ("mixed", "clean"),
    [
        pytest.param("Конц\u0065\u0440н", "Концерн", id="us_ofac_sdn, Latin e in Cyrillic"),
        pytest.param("B\u0430nk", "Bank", id="Cyrillic a in Latin"),
        pytest.param("\u0391\u0392C Trade", "ABC Trade", id="Greek capitals in Latin"),
        pytest.param("\u041e\u041eO Bank", "\u041e\u041e\u041e Bank", id="Latin O in OOO"),
        pytest.param("ΕΛΛΗΝΙΚ\u0041", "ΕΛΛΗΝΙΚΑ", id="Latin A in Greek"),
    ],
)
def test_look_alike_letters_are_those_of_the_other_letters(mixed: str, clean: str) -> None:
    assert mixed != clean
    assert normalise(mixed).joined == normalise(clean).joined


@pytest.mark.parametrize(
    "mark", ["'", "`", "\u00b4", "\u02bb", "\u02bc", "\u2018", "\u2019", "\u02be", "\u02bf"]
)
def test_apostrophes_of_every_kind_are_one(mark: str) -> None:
    assert normalise(f"Al-Qa{mark}ida").joined == normalise("Al-Qa'ida").joined
    assert normalise(f"Xi{mark}an").joined == "xian"


@given(st.text(alphabet=SCRIPTS, max_size=60))
def test_the_same_text_in_any_normal_form_or_case_is_the_same_name(printed: str) -> None:
    expected = normalise(unicodedata.normalize("NFC", printed))
    for form in ("NFD", "NFKC", "NFKD"):
        got = normalise(unicodedata.normalize(form, printed))
        assert [word.text for word in got.words] == [word.text for word in expected.words]
        assert got.joined == expected.joined


@given(st.text(alphabet=SCRIPTS, max_size=200))
def test_names_of_every_script_have_words_or_are_blank(printed: str) -> None:
    with at_most_letters(50_000_000):
        form = normalise(printed)
    assert form == normalise(printed)
    assert bool(form.words) == bool(printed.strip())
    for word in form.words:
        assert len(word.readings) <= 4
        assert word.text not in word.readings
        for spelling in (word.text, *word.readings):
            assert spelling.isascii()
            assert spelling.isalnum()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=60))
def test_a_joined_name_is_its_own_joined_name(printed: str) -> None:
    joined = normalise(printed).joined
    assert normalise(joined).joined == joined or not joined


@pytest.mark.parametrize(
    "parts", [("Xi", "Jinping"), ("Hai", "Yan"), ("Bei", "Jing"), ("Hai", "Ye", "Xin")]
)
def test_a_name_written_together_folds_as_its_parts(parts: tuple[str, ...]) -> None:
    assert words("".join(parts)) == ["".join(text for part in parts for text in words(part))]


@pytest.mark.parametrize("ending", ["iya", "iia", "ia", "ija"])
def test_endings_of_every_romanisation_are_one(ending: str) -> None:
    assert words(f"Khimkompan{ending}") == words("Himkompania")
