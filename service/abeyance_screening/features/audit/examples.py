"""Requests for the examples of the API document: audit."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange("listAudit", "GET /v1/audit?limit=1"),
    Exchange("exportAudit", "GET /v1/audit.ndjson?action=key.added"),
    Exchange("listInstallationAudit", "GET /v1/installation/audit?limit=1"),
    Exchange("exportInstallationAudit", "GET /v1/installation/audit.ndjson?action=key.added"),
)
