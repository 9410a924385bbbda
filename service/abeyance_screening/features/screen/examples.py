"""Requests for the examples of the API document: screenings."""

from abeyance_screening.platform.examples import DAYS, Exchange

_GOODS = {"items": [{"description": "wheat"}], "origin": "NO", "destination": "SE"}
_NDJSON = {"content-type": "application/x-ndjson"}
_PARTY = {"id": "C-1", "name": "Al-Haramayn Foundation", "countries": ["KE"]}
_TERMS = {"lists": ["un_sc"], "as_of": "2026-11-24", "known_at": "2026-11-24", "limit": 1}
_LINES = '{"id": "C-1", "name": "Garant-SV"}\n{"id": "C-2", "nmae": "Plain Bakery"}\n'
_TEXT = "Pay to AL-HARAMAYN FOUNDATION (KENYA), Nairobi"
EXCHANGES = (
    Exchange(
        "screen",
        "POST /v1/screenings",
        {"counterparties": [_PARTY], "transaction": _GOODS, **_TERMS},
        {"screening": "id", "listing": "results.0.hits.0.listing.id"},
    ),
    Exchange(
        "screenStream",
        "POST /v1/screenings?lists=un_sc&as_of=2026-11-24&known_at=2026-11-24",
        _LINES,
        headers=_NDJSON,
    ),
    Exchange("listScreenings", "GET /v1/screenings?limit=1"),
    Exchange("getScreening", "GET /v1/screenings/{screening}"),
    Exchange(
        "holdScreening",
        "PUT /v1/screenings/{screening}/hold",
        {"because": "Customs asked about this shipment, reference 4711"},
    ),
    Exchange("getScreeningHold", "GET /v1/screenings/{screening}/hold"),
    Exchange("search", f"GET /v1/search?name=Al-Haramayn+Foundation&lists=un_sc&limit=1&{DAYS}"),
    Exchange(
        "search.brief",
        f"GET /v1/search?name=Al-Haramayn+Foundation&lists=un_sc&limit=1&view=brief&{DAYS}",
        found={"coverage": "coverage.id"},
    ),
    Exchange("getCoverage", "GET /v1/coverage/{coverage}"),
    Exchange("searchInBody", "POST /v1/search", {"name": "Al-Haramayn Foundation", **_TERMS}),
    Exchange("screenText", "POST /v1/texts", {"text": _TEXT, **_TERMS}),
)
