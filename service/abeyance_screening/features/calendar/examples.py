"""Requests for the examples of the API document: calendar."""

from abeyance_screening.platform.examples import DAYS, Exchange

EXCHANGES = (
    Exchange("listComingChanges", f"GET /v1/calendar?limit=1&{DAYS}"),
    Exchange("comingChangesCalendar", f"GET /v1/calendar.ics?measure=cn-2024-46-2&{DAYS}"),
    Exchange("listDeadlines", f"GET /v1/deadlines?{DAYS}"),
    Exchange(
        "takeDeadlines",
        "POST /v1/deadlines/lookers",
        {"measures": ["us-bis-affiliates-rule"], "looker": "anna"},
    ),
)
