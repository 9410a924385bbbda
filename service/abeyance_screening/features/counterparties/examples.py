"""Requests for the examples of the API document: counterparties."""

from abeyance_screening.platform.examples import Exchange

_NDJSON = {"content-type": "application/x-ndjson"}
EXCHANGES = (
    Exchange(
        "putCounterparty",
        "PUT /v1/counterparties/C-1017",
        {"name": "Al-Haramayn Foundation", "lists": ["un_sc"], "threshold": 0.9},
    ),
    Exchange("getCounterparty", "GET /v1/counterparties/C-1017?judged=exclude"),
    Exchange("listCounterparties", "GET /v1/counterparties?limit=1"),
    Exchange(
        "putCounterparties",
        "POST /v1/counterparties",
        '{"id": "C-1018", "name": "Bakery of Nowhere"}\n{"name": "without an id"}\n',
        headers=_NDJSON,
    ),
)
