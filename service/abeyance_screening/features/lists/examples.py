"""Requests for the examples of the API document: lists."""

from abeyance_screening.platform.examples import DAYS, Exchange

EXCHANGES = (
    Exchange("listLists", "GET /v1/lists?limit=1"),
    Exchange("getList", "GET /v1/lists/un_sc"),
    Exchange("listEditions", "GET /v1/lists/un_sc/editions?limit=1"),
    Exchange("getListing", f"GET /v1/listings/{{listing}}?{DAYS}"),
    Exchange("listChanges", "GET /v1/changes?limit=1"),
    Exchange("changesFeed", "GET /v1/changes.atom?list=un_sc&since=2026-01-01"),
)
