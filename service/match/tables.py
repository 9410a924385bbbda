"""The score's tables: log-odds by what was measured, straight lines between the points."""

from collections.abc import Mapping
from importlib.resources import files

import numpy as np

from service.match.arrays import Flags, Floats

SCORER_VERSION = "1"


class Table:
    """One monotone table; outside its points the nearest one holds."""

    def __init__(self, points: Mapping[float, float]) -> None:
        self.values = np.array(list(points), dtype=np.float64)
        self.log_odds = np.array(list(points.values()), dtype=np.float64)
        self._of_flag: float = points.get(1.0, 0.0)

    def read(self, values: Floats | Flags) -> Floats:
        """Log-odds for each value; a flag is read as 0 or 1."""
        if values.dtype == np.bool_:
            return values.astype(np.float64) * self._of_flag
        return np.interp(values, self.values, self.log_odds)


def read_tables() -> dict[str, Table]:
    """All tables of `score_tables.txt` by the name of their part."""
    text = files("service.match").joinpath("data", "score_tables.txt").read_text("utf-8")
    tables: dict[str, Table] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            part, points = line.split(": ")
            pairs = (point.split("=") for point in points.split(" "))
            tables[part] = Table({float(value): float(odds) for value, odds in pairs})
    return tables


TABLES = read_tables()
