"""Requests for the examples of the API document: judgements."""

from abeyance_screening.platform.examples import Exchange

EXCHANGES = (
    Exchange(
        "addJudgement",
        "POST /v1/judgements",
        {
            "counterparty": "C-1017",
            "listing": "un_sc-QDe.105",
            "decision": "different",
            "reason": "Another foundation: founded in 2011, register number 4711.",
        },
        {"judgement": "items.0.id"},
    ),
    Exchange("listJudgements", "GET /v1/judgements?limit=1"),
    Exchange("withdrawJudgement", "DELETE /v1/judgements/{judgement}"),
    Exchange("putJudgementTerms", "PUT /v1/judgement-terms", {"four_eyes": False}),
    Exchange("getJudgementTerms", "GET /v1/judgement-terms"),
    Exchange(
        "addJudgements",
        "POST /v1/judgements/bulk",
        {
            "judgements": [
                {
                    "counterparty": "C-1017",
                    "party": "un_sc-QDe.105",
                    "decision": "same",
                    "reason": "The supplier's own letter says so.",
                }
            ]
        },
    ),
)
