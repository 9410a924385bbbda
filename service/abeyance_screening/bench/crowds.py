"""Count which of a crowd of ordinary companies alert, country by country."""

from collections.abc import Sequence

import msgspec

# The name of the level at which 1 % of the crowd alerts.
OF_CROWD = "1.0% of crowd"
CROWD_RATE = 0.01
# The score of the identical name: such a firm is listed, and not ordinary.
_LISTED = 1.0


class CrowdName(msgspec.Struct, frozen=True):
    """The name of an ordinary company, and the code of its country."""

    name: str
    country: str


class CountryAlerts(msgspec.Struct, frozen=True, kw_only=True):
    """The alerts of one country's ordinary companies at the default threshold.

    `listed` have the identical name of a listed party and are counted nowhere else.
    """

    country: str
    names: int
    listed: int
    alerts: int
    alert_rate: float


class Crowd:
    """A crowd of ordinary companies and the best score of each; listed ones are set apart."""

    def __init__(self, names: Sequence[CrowdName], best: Sequence[float]) -> None:
        self._scored = list(zip(names, best, strict=True))
        self.ordinary = [name.name for name, score in self._scored if score < _LISTED]
        self.scores = [score for _, score in self._scored if score < _LISTED]

    def countries(self, threshold: float) -> tuple[CountryAlerts, ...]:
        """Return the alerts at a threshold by country, the country with most of them first."""
        by_country: dict[str, list[float]] = {}
        for name, score in self._scored:
            by_country.setdefault(name.country, []).append(score)
        counted = (_alerts(country, of, threshold) for country, of in by_country.items())
        return tuple(sorted(counted, key=lambda each: (-each.alert_rate, each.country)))


def _alerts(country: str, scores: Sequence[float], threshold: float) -> CountryAlerts:
    ordinary = [score for score in scores if score < _LISTED]
    alerts = sum(score >= threshold for score in ordinary)
    return CountryAlerts(
        country=country,
        names=len(ordinary),
        listed=len(scores) - len(ordinary),
        alerts=alerts,
        alert_rate=alerts / len(ordinary) if ordinary else 0.0,
    )
