"""The arrays that figures are made of."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]
type Ints = NDArray[np.int64]


def float_list(values: Floats) -> list[float]:
    """The values as Python floats."""
    return cast("list[float]", values.tolist())


def equal_to(column: Sequence[str], value: str) -> Flags:
    """Where a column of words has that word."""
    return np.array([each == value for each in column], dtype=np.bool_)
