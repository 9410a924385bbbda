"""An index that reuses rows of an earlier one equals an index that is built anew."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.names.form import normalise
from service.names.match import NameIndex
from service.names.matching import IndexedName
from tests.unit.names.match.many_names import NAMES, PRINTED, change

PLACES = st.lists(st.sampled_from(range(len(NAMES))), min_size=1, max_size=60)


def picked(places: list[int]) -> list[IndexedName]:
    """Return the names at new positions; some are there twice."""
    return [
        IndexedName(row, 0, NAMES[place].kind, NAMES[place].form, NAMES[place].entity_type)
        for row, place in enumerate(places)
    ]


@settings(max_examples=60, deadline=None)
@given(PLACES, PLACES, PLACES, st.randoms(use_true_random=True))
def test_a_carried_index_answers_like_a_new_one(
    first: list[int], second: list[int], third: list[int], random: Random
):
    carried = NameIndex.build(picked(first))
    for places in (second, third):
        names = picked(places)
        carried, anew = NameIndex.build(names, carried), NameIndex.build(names)
        for place in (*places[:5], random.choice(range(len(PRINTED)))):
            form = normalise(change(PRINTED[place % len(PRINTED)], random))
            found = anew.matches(form, lists=None, threshold=0.1)
            assert carried.matches(form, lists=None, threshold=0.1) == found
            for match in found[:3]:
                assert carried.explain(form, match.name) == anew.explain(form, match.name)


def test_names_without_words_are_carried_too():
    blank = normalise(" ")
    names = [
        IndexedName(row, 0, "primary", form)
        for row, form in enumerate((blank, normalise("Zeppelin Works"), blank))
    ]
    carried = NameIndex.build(names[::-1], NameIndex.build(names))
    assert [each.name for each in carried.matches(names[1].form, lists=None, threshold=0.9)] == [1]
