"""Types of the arrays that figures are computed from."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Ints = NDArray[np.int64]


def float_list(values: Floats) -> list[float]:
    """Return the values as Python floats."""
    return cast("list[float]", values.tolist())


def p50_and_p99(seconds: Sequence[float] | Floats, a_second: float) -> tuple[float, float]:
    """Return the median and the 99th percentile of seconds, in units of so many a second."""
    middle, high = float_list(np.percentile(np.asarray(seconds, dtype=np.float64), (50, 99)))
    return middle * a_second, high * a_second


def equal_to(column: Sequence[str], value: str) -> Flags:
    """Return a flag for each value of a column, set where it equals `value`."""
    return np.array([each == value for each in column], dtype=np.bool_)
