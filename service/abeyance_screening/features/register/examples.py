"""Requests for the examples of the API document: register."""

from abeyance_screening.platform.examples import DAYS, Exchange

_EVENT = {
    "kind": "extend_suspension",
    "citation": "91 FR 99999",
    "confidence": "verified_secondary",
    "published_on": "2026-12-03",
    "effective_on": "2026-12-01",
    "until": "2027-12-01",
    "until_bound": "inclusive",
    "lapse_effect": "restriction_returns",
}
EXCHANGES = (
    Exchange("listMeasures", f"GET /v1/measures?list=un_sc&limit=1&{DAYS}"),
    Exchange("getMeasure", f"GET /v1/measures/eu-gin?{DAYS}"),
    Exchange(
        "diffMeasure", "GET /v1/measures/us-bis-affiliates-rule/diff?from=2026-11-09&to=2026-11-10"
    ),
    Exchange(
        "addEvent",
        "POST /v1/measures/us-bis-affiliates-rule/events",
        _EVENT,
        {"event": "event.id"},
    ),
    Exchange(
        "retractEvent",
        "POST /v1/measures/us-bis-affiliates-rule/events/{event}/retraction",
        {"because": "The notice is about another rule."},
    ),
    Exchange("registerState", "GET /v1/register"),
    Exchange("reviewRegister", f"GET /v1/register/review?list=un_sc&limit=1&{DAYS}"),
    Exchange(
        "signMeasure",
        "POST /v1/register/reviews",
        {"measure_id": "eu-gin", "note": "Read against the Official Journal."},
    ),
)
