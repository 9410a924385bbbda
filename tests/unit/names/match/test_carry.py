"""An index that reuses rows of an earlier one equals an index that is built anew."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match.layout import FormRows, NameTable, lay_out, lay_out_rows
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.many_names import NAMES, PRINTED, change

PLACES = st.lists(st.sampled_from(range(len(NAMES))), min_size=1, max_size=60)


def picked(places: list[int]) -> list[IndexedName]:
    """Return the names at new positions; some are there twice."""
    return [
        IndexedName(row, 0, NAMES[place].kind, NAMES[place].form, NAMES[place].entity_type)
        for row, place in enumerate(places)
    ]


def carried_from(before: NameIndex, names: list[IndexedName]) -> NameIndex:
    """Return an index of names that lays out only the forms that an earlier one has not."""
    table = before.table
    fresh = FormRows(table.columns.vocabulary)
    rows = {id(form): row for row, form in enumerate(table.forms)}
    added, forms = len(table.forms), [name.form for name in names]
    for form in forms:
        if id(form) not in rows:
            rows[id(form)], added = added, added + 1
            fresh.add(form)
    holders = lay_out(names).holders
    picked = np.array([rows[id(form)] for form in forms], dtype=np.int64)
    return NameIndex(NameTable(lay_out_rows(fresh, picked, holders, table), forms, holders))


@settings(max_examples=60, deadline=None)
@given(PLACES, PLACES, PLACES, st.randoms(use_true_random=True))
def test_a_carried_index_answers_like_a_new_one(
    first: list[int], second: list[int], third: list[int], random: Random
):
    carried = NameIndex.build(picked(first))
    for places in (second, third):
        names = picked(places)
        carried, anew = carried_from(carried, names), NameIndex.build(names)
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
    carried = carried_from(NameIndex.build(names), names[::-1])
    assert [each.name for each in carried.matches(names[1].form, lists=None, threshold=0.9)] == [1]
