"""Where an authority's day begins: the time zone of its seat."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

ZONES: Mapping[str, ZoneInfo] = MappingProxyType(
    {
        jurisdiction: ZoneInfo(name)
        for jurisdiction, name in {
            "AU": "Australia/Sydney",
            "CA": "America/Toronto",
            "CH": "Europe/Zurich",
            "CN": "Asia/Shanghai",
            "EU": "Europe/Brussels",
            "JP": "Asia/Tokyo",
            "KR": "Asia/Seoul",
            "NL": "Europe/Amsterdam",
            "TW": "Asia/Taipei",
            "UK": "Europe/London",
            "UN": "America/New_York",
            "US": "America/New_York",
        }.items()
    }
)
"""By jurisdiction, as the register prints it. What has none counts whole days of UTC."""


def day_of(moment: datetime, jurisdiction: str) -> date:
    """The day a moment falls on where the law of a jurisdiction is made.

    Of a moment before or after all days there are it is the moment's own day.
    """
    try:
        return moment.astimezone(ZONES.get(jurisdiction, UTC)).date()
    except OverflowError:
        return moment.date()
