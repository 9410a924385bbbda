"""Requests for the examples of the API document: profiles."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange(
        "chooseAccountProfiles",
        "PUT /v1/profiles/account",
        {"profiles": ["us", "eu"], "because": "We export from Germany, with American parts."},
        last=True,
    ),
    Exchange(
        "chooseProfiles",
        "PUT /v1/profiles/installation",
        {"profiles": ["eu"], "because": "We export from Germany."},
        last=True,
    ),
    Exchange("getProfiles", "GET /v1/profiles", last=True),
)
