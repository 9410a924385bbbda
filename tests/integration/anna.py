"""An operator, and an event that she may add."""

from abeyance_screening.platform.settings import Operator

RULE = "us-bis-affiliates-rule"
EVENTS = f"/v1/measures/{RULE}/events"
KEY = "a-key-that-only-anna-has"
OPERATOR = Operator(name="anna", key=KEY)
ANNA = {"authorization": f"Bearer {KEY}"}
EXTENSION = {
    "kind": "extend_suspension",
    "published_on": "2026-11-23",
    "effective_on": "2026-11-23",
    "until": "2027-11-09",
    "until_bound": "inclusive",
    "lapse_effect": "restriction_returns",
    "citation": "91 FR 99999",
    "confidence": "verified_primary",
    "quote": "The suspension is extended until November 9, 2027.",
    "source": {"url": "https://www.federalregister.gov/d/2026-99999"},
}
