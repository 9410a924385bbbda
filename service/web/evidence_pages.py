"""How the counterparties of a screening are spread over pages of evidence."""

from collections.abc import Iterable
from itertools import pairwise

from service.model.answer import PartyResult

# More counterparties, or more hits of theirs, make no page that anybody reads, and a PDF that is
# long in the making; the others are on the next one.
AT_ONCE = 50
HITS_AT_ONCE = 400


def pages_of(results: Iterable[PartyResult]) -> tuple[tuple[int, int], ...]:
    """Of each page, where its counterparties begin, from 0, and the place behind the last.

    A page has one at least, and else as many as its limits allow.
    """
    starts, hits = [0], 0
    place = 0
    for place, result in enumerate(results):
        found = len(result.hits) + len(result.left)
        is_full = place - starts[-1] == AT_ONCE or hits + found > HITS_AT_ONCE
        if place > starts[-1] and is_full:
            starts.append(place)
            hits = 0
        hits += found
    return tuple(pairwise((*starts, place + 1)))
