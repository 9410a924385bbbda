from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.ca_sema.reader import alias_names, entity_names, person_names

_LETTERS = st.text("aAéЖж ,;/()\n'.:", max_size=60)
_WORDS = st.lists(
    st.sampled_from(["Acme", "Ltd", ",", " or ", " and ", " / ", "/", "(", ")", "Russian: ", "de"])
).map("".join)
_TEXTS = _LETTERS | _WORDS


@given(text=_TEXTS, is_person=st.booleans())
def test_any_text_gives_names_without_separators_at_their_ends(text: str, *, is_person: bool):
    for name in alias_names((text,), is_person=is_person):
        assert any(map(str.isalnum, name.text))
        assert name.text == name.text.strip(" ,;\n")


@given(text=_LETTERS)
def test_no_letter_is_lost_or_doubled_when_aliases_are_parted(text: str):
    together = "".join(name.text for name in alias_names((text,), is_person=False))
    letters = Counter(letter for letter in text if letter.isalnum())
    assert Counter(letter for letter in together if letter.isalnum()) == letters


@given(text=_TEXTS)
def test_any_entity_and_any_person_keeps_a_name(text: str):
    name, others = entity_names(text)
    assert len(name) <= len(text) + len("a.k.a. ")
    assert all(other.text for other in others)
    assert person_names(text, "BERG")[0].endswith("BERG")
