"""Requests for the examples of the API document: keys."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange(
        "addKey",
        "POST /v1/keys",
        {"name": "erp", "owner": "anna", "scopes": ["screen", "read"]},
        {"key": "key.id"},
        {"idempotency-key": "example-add"},
    ),
    Exchange(
        "rotateKey",
        "POST /v1/keys/{key}/rotate",
        {"overlap_hours": 48},
        headers={"idempotency-key": "example-rotate"},
    ),
    Exchange("listKeys", "GET /v1/keys"),
)
