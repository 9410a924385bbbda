"""Write the examples of the OpenAPI document: what a service really answers.

    ABEYANCE_DATA_DIR=new-folder abeyance serve --no-refresh --no-work
    ABEYANCE_DATA_DIR=new-folder abeyance keys add example --scope operator
    python -m tools.quality.write_examples http://127.0.0.1:8080 KEY

The service is a new one, with the lists that come with the program and nothing else. Each question
of `EXCHANGES` is asked, and what comes back is written. A test asks them again, and compares which
fields come.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
import msgspec

EXAMPLES = Path("service/abeyance_screening/app/openapi_examples.json")
DAYS = "as_of=2026-11-24&known_at=2026-11-24"
_GOODS = {"items": [{"description": "wheat"}], "origin": "NO", "destination": "SE"}
_NDJSON = {"content-type": "application/x-ndjson"}
_PARTY = {"id": "C-1", "name": "Al-Haramayn Foundation", "countries": ["KE"]}
_TERMS = {"lists": ["un_sc"], "as_of": "2026-11-24", "known_at": "2026-11-24", "limit": 1}
_LINES = '{"id": "C-1", "name": "Garant-SV"}\n{"id": "C-2", "nmae": "Plain Bakery"}\n'
_TEXT = "Pay to AL-HARAMAYN FOUNDATION (KENYA), Nairobi"
_TABLE = "Id,Name,Country\nC-1,Al-Haramayn Foundation,KE\nC-2,Plain Bakery,DE\n"
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


class Exchange(NamedTuple):
    """A request of an operation; `{…}` in it is what an earlier answer gave, by `found`.

    `found` names what is taken from the answer, with the path to it: `results.0.id`.
    """

    operation: str
    request: str
    body: object = None
    found: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}


# How many entries are written of lists that are long in any answer.
_SHORT = MappingProxyType(
    {"open_questions": 2, "profiles": 2, "lapsed": 2, "coming": 2, "required": 2}
    | {"hits": 1, "parties": 1}
)
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
    Exchange(
        "screenText",
        "POST /v1/texts",
        {"text": _TEXT, **_TERMS},
    ),
    Exchange("getParty", f"GET /v1/parties/uk_sl-INU0308?{DAYS}"),
    Exchange(
        "splitParty",
        "POST /v1/parties/splits",
        {
            "listings": ["us_ofac_sdn-25578"],
            "apart_from": ["uk_sl-INU0300"],
            "because": "The bank's reply of 2026-11-20 names two companies.",
        },
        {"split": "id"},
    ),
    Exchange("listPartySplits", "GET /v1/parties/splits"),
    Exchange(
        "withdrawPartySplit",
        "POST /v1/parties/splits/{split}/withdrawal",
        {"because": "The reply was about another bank."},
    ),
    Exchange(
        "joinParties",
        "POST /v1/parties/joins",
        {
            "listings": ["us_ofac_sdn-25420"],
            "same_as": ["uk_sl-INU0308"],
            "because": "Both print MELLI BANK PLC of London.",
        },
    ),
    Exchange("listLists", "GET /v1/lists?limit=1"),
    Exchange("getList", "GET /v1/lists/un_sc"),
    Exchange("listEditions", "GET /v1/lists/un_sc/editions?limit=1"),
    Exchange("getListing", f"GET /v1/listings/{{listing}}?{DAYS}"),
    Exchange("listChanges", "GET /v1/changes?limit=1"),
    Exchange("changesFeed", "GET /v1/changes.atom?list=un_sc&since=2026-01-01"),
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
    Exchange("listComingChanges", f"GET /v1/calendar?limit=1&{DAYS}"),
    Exchange("comingChangesCalendar", f"GET /v1/calendar.ics?measure=cn-2024-46-2&{DAYS}"),
    Exchange(
        "restrictions",
        f"GET /v1/restrictions?item=gallium&origin=CN&destination=US&end_use=civil&{DAYS}",
    ),
    Exchange(
        "confirmPlace",
        "POST /v1/register/confirmations",
        {"place": "us-fr-fcc", "until": "2026-11-20"},
    ),
    Exchange(
        "addJob", f"POST /v1/jobs?name=suppliers.csv&lists=un_sc&{DAYS}", _TABLE, {"job": "id"}
    ),
    Exchange("listJobs", "GET /v1/jobs?limit=1"),
    Exchange("getJob", "GET /v1/jobs/{job}"),
    Exchange("deleteJob", "DELETE /v1/jobs/{job}"),
    Exchange(
        "addWebhook",
        "POST /v1/webhooks",
        {"url": "https://erp.example/abeyance", "events": ["*"], "names": False},
        {"webhook": "id"},
        {"idempotency-key": "example-webhook"},
    ),
    Exchange("listWebhooks", "GET /v1/webhooks"),
    Exchange("getWebhook", "GET /v1/webhooks/{webhook}"),
    Exchange("testWebhook", "POST /v1/webhooks/{webhook}/test", None, {"delivery": "id"}),
    Exchange("listWebhookDeliveries", "GET /v1/webhooks/{webhook}/deliveries?limit=1"),
    Exchange("resendWebhookDelivery", "POST /v1/webhooks/{webhook}/deliveries/{delivery}/resend"),
    Exchange(
        "rotateWebhook",
        "POST /v1/webhooks/{webhook}/rotate",
        None,
        {},
        {"idempotency-key": "example-rotation"},
    ),
    Exchange("enableWebhook", "POST /v1/webhooks/{webhook}/enable"),
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
    Exchange("listAlerts", "GET /v1/alerts?limit=1", found={"alert": "items.0.id"}),
    Exchange("getAlertFeed", "GET /v1/alerts.atom"),
    Exchange("getAlertDigest", "GET /v1/alerts/digest"),
    Exchange("getAlert", "GET /v1/alerts/{alert}"),
    Exchange(
        "assignAlert",
        "POST /v1/alerts/{alert}/assign",
        {"to": "ben", "comment": "Please ask the supplier for its register number."},
    ),
    Exchange(
        "commentAlert", "POST /v1/alerts/{alert}/comments", {"comment": "They have answered."}
    ),
    Exchange("acknowledgeAlert", "POST /v1/alerts/{alert}/acknowledge", {"comment": "Done."}),
    Exchange("reopenAlert", "POST /v1/alerts/{alert}/reopen"),
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
    Exchange("putJudgementTerms", "PUT /v1/judgement-terms", {"four_eyes": True}),
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
        {"judgement": "items.0.id"},
    ),
    Exchange("refuseJudgement", "POST /v1/judgements/{judgement}/refuse"),
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
    Exchange("listAudit", "GET /v1/audit?limit=1"),
    Exchange("exportAudit", "GET /v1/audit.ndjson?action=key.added"),
    Exchange("listInstallationAudit", "GET /v1/installation/audit?limit=1"),
    Exchange("exportInstallationAudit", "GET /v1/installation/audit.ndjson?action=key.added"),
    Exchange("health", "GET /healthz"),
    Exchange("readiness", "GET /readyz"),
    Exchange("listDeadlines", f"GET /v1/deadlines?{DAYS}"),
    Exchange(
        "takeDeadlines",
        "POST /v1/deadlines/lookers",
        {"measures": ["us-bis-affiliates-rule"], "looker": "anna"},
    ),
    # what is chosen here holds for every later answer
    Exchange(
        "chooseAccountProfiles",
        "PUT /v1/profiles/account",
        {"profiles": ["us", "eu"], "because": "We export from Germany, with American parts."},
    ),
    Exchange(
        "chooseProfiles",
        "PUT /v1/profiles/installation",
        {"profiles": ["eu"], "because": "We export from Germany."},
    ),
    Exchange("getProfiles", "GET /v1/profiles"),
)


class Example(msgspec.Struct, omit_defaults=True):
    """What was sent with an exchange, if anything, and what came back: JSON, or a text."""

    answer: object
    request: object = None


def recorded(client: httpx.Client) -> dict[str, Example]:
    """Return the example of each exchange, by its name; they are carried out in order.

    Raises:
        AssertionError: A request was refused.
    """
    found: dict[str, object] = {}
    return {each.operation: _recorded(client, each, found) for each in EXCHANGES}


def _recorded(client: httpx.Client, asked: Exchange, found: dict[str, object]) -> Example:
    method, _, address = asked.request.format(**found).partition(" ")
    headers = dict(asked.headers)
    content: str | bytes | None = None
    if isinstance(asked.body, str):
        content = asked.body
        headers.setdefault("content-type", "text/csv")
    elif asked.body is not None:
        content = msgspec.json.encode(asked.body)
        headers["content-type"] = "application/json"
    # one that may come twice does, so that the answer has no key in it
    times = 2 if "idempotency-key" in headers else 1
    answers = [
        client.request(method, address, content=content, headers=headers) for _ in range(times)
    ]
    response = answers[-1]
    assert response.is_success, (asked.operation, response.text)
    is_json = response.headers.get("content-type") == "application/json"
    answer: object = response.json() if is_json else response.text
    for name, path in asked.found.items():
        found[name] = _at(answer, path)
    return Example(answer=_shortened(answer), request=asked.body)


def _shortened(answer: Any) -> Any:
    """Return an answer with the first entries only of long lists, as `_SHORT` says."""
    if isinstance(answer, dict):
        return {
            name: _shortened(value[: _SHORT.get(name)] if isinstance(value, list) else value)
            for name, value in answer.items()
        }
    return [_shortened(each) for each in answer] if isinstance(answer, list) else answer


def _at(answer: Any, path: str) -> object:
    for step in path.split("."):
        answer = answer[int(step) if isinstance(answer, list) else step]
    return answer


def main() -> None:
    address, key = sys.argv[1:]
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        examples = recorded(client)
    EXAMPLES.write_bytes(msgspec.json.format(msgspec.json.encode(examples), indent=1) + b"\n")


if __name__ == "__main__":
    main()
