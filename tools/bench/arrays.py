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


def equal_to(column: Sequence[str], value: str) -> Flags:
    """Return a flag for each value of a column, set where it equals `value`."""
    return np.array([each == value for each in column], dtype=np.bool_)
