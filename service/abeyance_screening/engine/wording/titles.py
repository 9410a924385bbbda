"""Short names for a reader: of measures, and what `engine.lists.titles` names."""

from collections.abc import Mapping
from types import MappingProxyType

from abeyance_screening.engine.lists.titles import (
    country_name,
    jurisdiction_name,
    list_authority,
    list_title,
    profile_title,
)

__all__ = [
    "SHORT_TITLES",
    "country_name",
    "jurisdiction_name",
    "list_authority",
    "list_title",
    "measure_title",
    "profile_title",
]

# The register titles an act as its authority does; these are the short titles in common use.
SHORT_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "cn-2024-46-1": "Dual-use goods to US military users",
        "cn-2024-46-2": "Gallium etc. to the US",
        "cn-2025-18": "Seven rare earths from China",
        "cn-2025-55": "Superhard materials from China",
        "cn-2025-56": "Rare-earth equipment from China",
        "cn-2025-57": "Five more rare earths from China",
        "cn-2025-58": "Lithium batteries from China",
        "cn-2025-61": "Chinese rare earths abroad",
        "cn-2025-61-abroad": "Made abroad with Chinese rare earths (0.1%)",
        "cn-2025-62": "Rare-earth technology from China",
        "cn-mofcom-50-percent": "China's 50% rule (rare earths abroad)",
        "cn-port-fees": "Chinese port fees on US ships",
        "us-bis-affiliates-rule": "Affiliates Rule (50%)",
        "us-bis-ai-diffusion": "AI Diffusion Rule",
        "us-bis-h200-review-policy": "H200 chips to China, review policy",
        "us-bis-ic-designer-deadline": "Authorised chip designers",
        "us-ofac-ns-cmic": "NS-CMIC securities ban",
        "us-ustr-301-ships": "US port fees on Chinese ships",
    }
)


def measure_title(measure_id: str, title: str) -> str:
    """Return the short title of a measure, or else its title on record."""
    return SHORT_TITLES.get(measure_id, title)
