"""Requests for the examples of the API document: parties."""

from abeyance_screening.platform.examples import DAYS, Exchange

EXCHANGES = (
    Exchange("getParty", f"GET /v1/parties/uk_sl-INU0308?{DAYS}"),
    Exchange(
        "splitParty",
        "POST /v1/parties/splits",
        {
            "listings": ["us_ofac_sdn-25578"],
            "apart_from": ["uk_sl-INU0300"],
            "because": "The bank's reply of 2026-11-20 names two companies.",
        },
        {"split": "id"},
    ),
    Exchange("listPartySplits", "GET /v1/parties/splits"),
    Exchange(
        "withdrawPartySplit",
        "POST /v1/parties/splits/{split}/withdrawal",
        {"because": "The reply was about another bank."},
    ),
    Exchange(
        "joinParties",
        "POST /v1/parties/joins",
        {
            "listings": ["us_ofac_sdn-25420"],
            "same_as": ["uk_sl-INU0308"],
            "because": "Both print MELLI BANK PLC of London.",
        },
    ),
)
