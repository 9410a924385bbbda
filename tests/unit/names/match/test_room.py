"""A search clears its scratch arrays: nothing of a question is in the next answer."""

import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match.kernel import (
    clear_bits,
    has_bit,
    no_bits,
    set_bit,
    words_of,
)
from abeyance_screening.engine.names.match.layout import lay_out_question
from abeyance_screening.engine.names.match.search import search, take_seat
from tests.unit.names.match.many_names import INDEX, PRINTED, change

_COUNT = 300
_EVERY = np.zeros(0, dtype=np.bool_)
_LOW, _HIGH = -10.0, 3.0


@numba.njit
def _set_all(bits, places):
    for place in places:
        set_bit(bits, place)


@numba.njit
def _are_set(bits, count):
    return [has_bit(bits, place) for place in range(count)]


@numba.njit
def _clear_all(bits, places):
    for place in places:
        clear_bits(bits, place)


@given(st.sets(st.integers(0, _COUNT - 1), min_size=1))
def test_the_flags_that_were_set_are_set_and_no_others(places: set[int]) -> None:
    bits, given_places = no_bits(_COUNT), np.array(sorted(places))
    _set_all(bits, given_places)
    assert _are_set(bits, _COUNT) == [place in places for place in range(_COUNT)]
    _clear_all(bits, given_places)
    assert not words_of(bits).any()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PRINTED),
    st.randoms(use_true_random=True),
    st.sampled_from((_LOW, _HIGH)),
)
def test_a_search_leaves_no_flag_set(printed, random, least) -> None:
    form = normalise(change(printed, random))
    seat = take_seat(INDEX.index)
    search(seat.searcher, lay_out_question(form), _EVERY, least)
    finding, chains = seat.space.finding, seat.space.scoring.chains
    for bits in (finding.gathered.seen, finding.edges.seen, chains.marks):
        assert not words_of(bits).any()
    assert (np.asarray(chains.first) == -1).all()
