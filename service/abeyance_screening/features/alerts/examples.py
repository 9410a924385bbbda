"""Requests for the examples of the API document: alerts."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange("listAlerts", "GET /v1/alerts?limit=1", found={"alert": "items.0.id"}),
    Exchange("getAlertFeed", "GET /v1/alerts.atom"),
    Exchange("getAlertDigest", "GET /v1/alerts/digest"),
    Exchange("getAlert", "GET /v1/alerts/{alert}"),
    Exchange("listChangesOfAlert", "GET /v1/alerts/{alert}/changes?limit=1"),
    Exchange(
        "assignAlert",
        "POST /v1/alerts/{alert}/assign",
        {"to": "ben", "comment": "Please ask the supplier for its register number."},
    ),
    Exchange(
        "commentAlert", "POST /v1/alerts/{alert}/comments", {"comment": "They have answered."}
    ),
    Exchange(
        "acknowledgeAlert",
        "POST /v1/alerts/{alert}/acknowledge",
        {"comment": "Done.", "changes": 3},
    ),
    Exchange("reopenAlert", "POST /v1/alerts/{alert}/reopen"),
)
