"""Requests for the examples of the API document: watch."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange(
        "confirmPlace",
        "POST /v1/register/confirmations",
        {"place": "us-fr-fcc", "until": "2026-11-20"},
    ),
)
