"""Requests for the examples of the API document: trade."""

from abeyance_screening.platform.examples import DAYS, Exchange

EXCHANGES = (
    Exchange(
        "restrictions",
        f"GET /v1/restrictions?item=gallium&origin=CN&destination=US&end_use=civil&{DAYS}",
    ),
)
