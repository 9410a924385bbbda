"""Requests for the examples of the API document: what waits for a second person.

To approve and to refuse take two people with keys of their own, of whom this has one.
"""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (Exchange("listPendingChanges", "GET /v1/pending-changes?limit=1"),)
