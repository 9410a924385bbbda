"""The matrix: what the register has for one trader, by place and by kind of goods, on a day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import EffectKind, only_eases
from abeyance_screening.engine.measures.regimes import (
    GoodsKind,
    Regime,
    RegimePlace,
    Regimes,
    regimes,
)
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.primitives.days import Days

Way = Literal["to", "from"]
"""Whether a trader sends goods `to` a place, or gets them `from` there."""


class MatrixCell(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one kind of goods between a trader and a place.

    `measures` restrict it, or did, in the order of their severity on the day. `missing` are the
    regimes that no measure carries. Where no regime is known, `looked` are the acts that the
    register has between the two on other goods.
    """

    kind: GoodsKind
    measures: tuple[MeasureOnDay, ...]
    missing: tuple[Regime, ...]
    looked: tuple[str, ...]


class MatrixRow(msgspec.Struct, frozen=True, kw_only=True):
    """A place, and a cell for each kind of goods in the order of the regimes' file."""

    place: RegimePlace
    cells: tuple[MatrixCell, ...]

    @property
    def is_alike(self) -> bool:
        """Whether the same measures are about goods of every kind, as under an embargo."""
        first = self.cells[0]
        return bool(first.measures) and all(
            (each.measures, each.missing) == (first.measures, first.missing) for each in self.cells
        )


def matrix_of(
    board: MeasureBoard, trader: RegimePlace, way: Way, days: Days
) -> Iterator[MatrixRow]:
    """Yield a row for each place that a trader may send goods to, or get them from."""
    for place in regimes().places:
        if place.id != trader.id:
            yield row_of(board, trader, way, place, days)


def row_of(
    board: MeasureBoard, trader: RegimePlace, way: Way, place: RegimePlace, days: Days
) -> MatrixRow:
    """Return the cells of one trader and one place, a cell for each kind of goods."""
    known = regimes()
    between = _between(known, trader, way, place)
    acts = tuple(dict.fromkeys(each.act for each in between))
    cells = (
        _cell(board, kind, [each for each in between if each.is_of({kind.id})], acts, days)
        for kind in known.kinds
    )
    return MatrixRow(place=place, cells=tuple(cells))


def effects_of(measures: Iterable[MeasureOnDay]) -> tuple[EffectKind, ...]:
    """Return what measures impose, each effect once, in the order of the measures."""
    return tuple(dict.fromkeys(each.kind for measure in measures for each in measure.effect))


def _between(
    known: Regimes, trader: RegimePlace, way: Way, place: RegimePlace
) -> Sequence[Regime]:
    pairs = [(own, each) for own in trader.codes for each in place.codes]
    found = (
        regime
        for own, other in pairs
        for regime in known.between(*((own, other) if way == "to" else (other, own)), None)
    )
    return list({each.id: each for each in found}.values())


def _cell(
    board: MeasureBoard,
    kind: GoodsKind,
    ruling: Sequence[Regime],
    acts: tuple[str, ...],
    days: Days,
) -> MatrixCell:
    ids = dict.fromkeys(each for regime in ruling for each in regime.measures)
    held = [board.register.get(each) for each in ids if board.register.has(each)]
    shown = board.every([each for each in held if not only_eases(each)], days)
    public = (each for each in shown if each.status not in {"not_known", "not_yet_made"})
    return MatrixCell(
        kind=kind,
        measures=tuple(sorted(public, key=severity)),
        missing=tuple(each for each in ruling if _is_missing(each, board, days.as_of)),
        looked=() if ruling else acts,
    )


def _is_missing(regime: Regime, board: MeasureBoard, day: date) -> bool:
    carried = any(board.register.has(each) for each in regime.measures)
    return regime.runs_on(day) and not carried
