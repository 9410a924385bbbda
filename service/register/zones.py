"""Where an authority's day begins: the time zone of its seat."""

from collections.abc import Mapping
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
