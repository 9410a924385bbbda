"""Counterparties, alerts and judgements over HTTP, with the bundled lists."""

import logging
import re
from http import HTTPStatus
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.served import wait_for

LISTED, PATH = "Huawei Technologies Co., Ltd.", "/v1/counterparties"
# What a browser says of the page that sends a form.
OWN_SITE = {"sec-fetch-site": "same-origin", "accept": "text/html"}
NDJSON = {"content-type": "application/x-ndjson"}
type Client = TestClient[Litestar]


def put(client: Client, key: str, expected: int = HTTPStatus.CREATED, **body: Any) -> Any:
    answer = client.put(f"{PATH}/{key}", json={"name": LISTED, **body})
    assert answer.status_code == expected, answer.text[:500]
    return answer.json()


def hits_in(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return answer["answer"]["results"][0]["hits"]


def judge(client: Client, key: str, listing: str, decision: str, **more: Any) -> Any:
    asked = {"counterparty": key, "listing": listing, "decision": decision, "reason": "checked"}
    answer = client.post("/v1/judgements", json=asked | more)
    assert answer.status_code == HTTPStatus.CREATED, answer.text[:500]
    return answer.json()["items"]


def alerts_of(client: Client, key: str, **asked: Any) -> list[dict[str, Any]]:
    return client.get("/v1/alerts", params={"counterparty": key, **asked}).json()["items"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": LISTED},
        {"name": "Unlisted Bakery of Nowhere"},
        {"name": "Rosneft", "countries": ["RU"], "threshold": 0.8},
        {"name": "Some Holding", "owners": [{"name": LISTED, "share": 60}]},
        {"name": LISTED, "lists": ["us_bis_el"]},
    ],
    ids=["listed", "not listed", "threshold", "owner", "one list"],
)
def test_a_standing_answer_is_what_a_screening_answers_now(client: Client, body: dict[str, Any]):
    put(client, "same", HTTPStatus.CREATED, **body)
    standing = client.get(f"{PATH}/same").json()["answer"]
    terms = {name: body[name] for name in ("lists", "threshold") if name in body}
    party = {name: body[name] for name in body if name not in terms} | {"id": "same"}
    asked = {"counterparties": [party], "store": False, **terms}
    screened = client.post("/v1/screenings", json=asked).json()
    assert client.delete(f"{PATH}/same").status_code == HTTPStatus.NO_CONTENT
    assert standing.pop("asked_at") <= screened.pop("asked_at")
    # a screening leaves open what a counterparty was put with; both are read alike
    for answer in (standing, screened):
        sent = answer["question"].pop("sent")
        assert {name: sent[name] for name in terms} == terms
    assert standing == screened


def test_the_same_counterparty_again_is_nothing_and_another_revision_is_guarded(client: Client):
    first = put(client, "twice")
    again = client.put(f"{PATH}/twice", json={"name": LISTED})
    assert (again.status_code, again.headers["etag"][-3:]) == (HTTPStatus.OK, '"1"')
    assert again.json()["changed_at"] == first["changed_at"]
    stale = client.put(f"{PATH}/twice", json={"name": "A"}, headers={"if-match": '"7"'})
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert stale.json()["type"] == "/problems/revision-differs"
    changed = client.put(f"{PATH}/twice", json={"name": "A"}, headers={"if-match": '"1"'})
    assert changed.json()["revision"] == 2
    gone = client.delete(f"{PATH}/twice", headers={"if-match": '"1"'})
    assert gone.status_code == HTTPStatus.PRECONDITION_FAILED
    assert client.delete(f"{PATH}/twice", headers={"if-match": '"2"'}).is_success
    assert client.get(f"{PATH}/twice").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A", "id": "another"}, "id"),
        ({"name": " "}, "name"),
        ({"name": "A", "lists": ["none_such"]}, "lists[0]"),
        ({"name": "A", "profile": ["mars"]}, "profile"),
        ({"name": "A", "countries": ["XX"]}, "countries[0]"),
    ],
)
def test_a_counterparty_that_cannot_be_asked_about_is_refused_by_field(
    client: Client, body: dict[str, Any], field: str
):
    answer = client.put(f"{PATH}/bad", json=body)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.json()["errors"][0]["field"] == field
    assert client.get(f"{PATH}/bad").status_code == HTTPStatus.NOT_FOUND


def test_in_bulk_each_line_is_stored_or_refused_and_screened_soon(client: Client):
    lines = [{"id": f"b{each}", "name": f"Bakery {each} of Nowhere"} for each in range(1_500)]
    body = [msgspec.json.encode(each) for each in (*lines, {"id": "b-hit", "name": LISTED})]
    body += [b'{"name": "without id"}', b"not json", b'{"id": "b1", "name": ""}']
    answer = client.post(PATH, content=b"\n".join(body), headers=NDJSON)
    assert answer.status_code == HTTPStatus.OK, answer.text
    said = answer.json()
    assert (said["received"], said["changed"], said["refused"]) == (1_504, 1_501, 3)
    assert [each["line"] for each in said["faults"]] == [1_502, 1_503, 1_504]
    waiting = {"pending": True, "limit": 1}
    wait_for(lambda: not client.get(PATH, params=waiting).json()["items"], "all are screened")
    (found,) = client.get(PATH, params={"name": "huawei", "outcome": "hits"}).json()["items"]
    assert (found["id"], found["pending"]) == ("b-hit", False)
    assert {each["type"] for each in alerts_of(client, "b-hit")} == {"hit.new"}
    again = client.post(PATH, content=b"\n".join(body), headers=NDJSON).json()
    assert (again["changed"], again["unchanged"]) == (0, 1_501)
    page, seen = client.get(PATH, params={"limit": 500}).json(), list[str]()
    while True:
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        page = client.get(PATH, params={"limit": 500, "cursor": page["next_cursor"]}).json()
    assert len(set(seen)) == len(seen) >= 1_501
    assert seen == sorted(seen)


def test_a_judgement_stays_with_later_answers_ranks_and_hides_nothing_unless_asked(
    client: Client,
):
    first = put(client, "judged")
    best, *others = [each["listing"]["id"] for each in hits_in(first)]
    (made,) = judge(client, "judged", best, "different")
    assert (made["state"], made["asked_by"], made["listing"]) == ("holds", "local", best)
    later = client.get(f"{PATH}/judged").json()
    assert [each["listing"]["id"] for each in hits_in(later)] == [*others, best]
    assert [each["decision"] for each in later["judgements"]] == ["different"]
    left = client.get(f"{PATH}/judged", params={"judged": "exclude"}).json()
    assert best not in [each["listing"]["id"] for each in hits_in(left)]
    assert left["left_out"] == 1
    put(client, "judged", HTTPStatus.OK, aliases=["Another Name Entirely"])
    (alert,) = alerts_of(client, "judged", type="judgement.reopened")
    assert [each["field"] for each in alert["data"]["changes"]] == ["counterparty"]
    (reopened,) = client.get(f"{PATH}/judged").json()["judgements"]
    assert reopened["state"] == "reopened"
    history = client.get("/v1/judgements", params={"counterparty": "judged"}).json()["items"]
    assert [each["state"] for each in history] == ["reopened"]


def test_a_screening_of_a_counterparty_on_watch_has_its_judgements_if_they_are_asked_for(
    client: Client,
):
    put(client, "judged-screening", name="Hikvision")
    asked = {
        "counterparties": [{"id": "judged-screening", "name": "Hikvision"}, {"name": "Dahua"}]
    }
    plain = client.post("/v1/screenings", json=asked).json()
    first = plain["results"][0]["hits"][0]["listing"]["id"]
    assert "judgements" not in plain
    made = judge(client, "judged-screening", first, "different")
    shown = client.post("/v1/screenings?judged=show", json=asked).json()
    assert [each["id"] for each in shown["judgements"]] == [each["id"] for each in made]
    assert (shown["stored"], shown["left_out"]) == (False, 0)
    ids = [each["listing"]["id"] for each in shown["results"][0]["hits"]]
    assert sorted(ids) == sorted(each["listing"]["id"] for each in plain["results"][0]["hits"])
    assert ids[-1] == first
    left = client.post("/v1/screenings?judged=exclude", json=asked).json()
    assert left["left_out"] == 1
    assert first not in [each["listing"]["id"] for each in left["results"][0]["hits"]]
    # whoever has no id of ours is answered as ever
    assert left["results"][1]["hits"][0] == plain["results"][1]["hits"][0]
    other = {"counterparties": [{"id": "unknown-to-us", "name": "Hikvision"}]}
    assert client.post("/v1/screenings?judged=show", json=other).json()["judgements"] == []
    for more, query in (({"store": True}, ""), ({}, "&view=brief")):
        refused = client.post(f"/v1/screenings?judged=show{query}", json={**asked, **more})
        assert refused.status_code == HTTPStatus.BAD_REQUEST, refused.text


def test_any_number_of_judged_hits_is_left_out_and_the_next_ones_are_shown(client: Client):
    names = ("Rosneft", "Gazprom", "Sberbank", "VTB Bank", "Bank Melli", "Mahan Air", "Huawei")
    more = ("Hikvision", "SMIC", "Wagner Group", "Rosoboronexport", "Al-Qaida", "Hizballah")
    put(client, "many", name=LISTED, aliases=[*names, *more], threshold=0.5)
    seen = set[str]()
    for _ in range(6):
        shown = client.get(f"{PATH}/many", params={"judged": "exclude"}).json()
        ids = [each["listing"]["id"] for each in hits_in(shown)]
        assert len(ids) == len(set(ids)) == 10
        assert not seen & set(ids)
        seen |= set(ids)
        some = [
            {"counterparty": "many", "listing": each, "decision": "different", "reason": "no"}
            for each in ids
        ]
        made = client.post("/v1/judgements/bulk", json={"judgements": some})
        assert made.status_code == HTTPStatus.CREATED, made.text[:300]
    assert client.get(f"{PATH}/many", params={"judged": "exclude"}).json()["left_out"] == 60


def test_what_is_no_hit_cannot_be_judged_and_bulk_is_all_or_nothing(client: Client):
    first = put(client, "strict")
    best = hits_in(first)[0]["listing"]["id"]
    asked = {"counterparty": "strict", "decision": "same", "reason": "r"}
    for wrong in ({"listing": "us_bis_el-none"}, {}, {"listing": best, "party": best}):
        answer = client.post("/v1/judgements", json=asked | wrong)
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert answer.json()["errors"][0]["field"] == "listing"
    nobody = client.post("/v1/judgements", json=asked | {"counterparty": "x", "listing": best})
    assert nobody.status_code == HTTPStatus.NOT_FOUND
    both = [asked | {"listing": best}, asked | {"listing": "us_bis_el-none"}]
    refused = client.post("/v1/judgements/bulk", json={"judgements": both})
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert refused.json()["errors"][0]["field"] == "judgements[1].listing"
    listed = client.get("/v1/judgements", params={"counterparty": "strict"}).json()
    assert listed["items"] == []


def decided(client: Client, key: str, listing: str, /, **more: str) -> Any:
    """The answer to the form of a decision on the search page, without what it leads to."""
    form = {
        "question": "name=Inspur+Group&countries=CN",
        "id": key,
        "listing": listing,
        "decision": "same",
        "reason": "Its own site.",
    }
    path = "/counterparties/decision"
    return client.post(path, data=form | more, headers=OWN_SITE, follow_redirects=False)


def test_a_decision_on_the_search_page_watches_and_judges_in_one_act(client: Client):
    page = client.get("/", params={"name": "Inspur Group", "countries": "CN"}).text
    assert "Watched as" not in page
    listing = page.partition('name="listing" value="')[2].partition('"')[0]
    refused = decided(client, "one-act", "us_bis_el-none")
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert client.get(f"{PATH}/one-act").status_code == HTTPStatus.NOT_FOUND
    made = decided(client, "one-act", listing)
    assert made.status_code == HTTPStatus.SEE_OTHER, made.text[:500]
    assert made.headers["location"] == "/counterparties/one-act?decided=holds"
    stored = client.get(f"{PATH}/one-act").json()
    assert stored["counterparty"]["countries"] == ["CN"]
    assert [each["listing"] for each in stored["judgements"]] == [listing]
    page = client.get("/", params={"name": "inspur group"}).text
    assert "Watched as" in page
    assert "“Its own site.”" in page


def test_a_decision_leaves_a_counterparty_as_it_is_and_takes_no_id_of_another(client: Client):
    owners = [{"name": LISTED, "share": "60"}]
    first = put(client, "with-owners", name="Inspur Group", owners=owners)
    listing = hits_in(first)[0]["listing"]["id"]
    made = decided(client, "with-owners", listing)
    assert made.status_code == HTTPStatus.SEE_OTHER, made.text[:500]
    stored = client.get(f"{PATH}/with-owners").json()
    assert (stored["revision"], len(stored["counterparty"]["owners"])) == (first["revision"], 1)
    put(client, "someone-else")
    refused = decided(client, "someone-else", listing)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert f"someone-else is {LISTED}" in refused.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"decision": ""}, "is to be chosen"),
        ({"decision": "perhaps"}, "is to be chosen"),
        ({"reason": " "}, "is to be given"),
        ({"listing": ""}, "is to be ticked"),
        ({"until": "31 Dec"}, "is no day"),
        ({"until": "2020-01-01"}, "lies in the past"),
        ({"id": ".."}, "leave out of addresses"),
        ({"question": "name=" + "x" * 6_000}, "cannot be read"),
        ({"question": "name=Inspur&threshold=9"}, "is not a score"),
    ],
)
def test_a_form_that_decides_nothing_is_refused_in_a_sentence(
    client: Client, wrong: dict[str, str], said: str
):
    refused = decided(client, "formless", "us_bis_el-1", **wrong)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert said in refused.text


def test_alerts_are_worked_through_by_cursor_assigned_commented_and_acknowledged(client: Client):
    put(client, "alerted")
    page, seen = client.get("/v1/alerts", params={"limit": 2}).json(), list[int]()
    while True:
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        page = client.get("/v1/alerts", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert seen == sorted(set(seen))
    first = alerts_of(client, "alerted")[0]
    path = f"/v1/alerts/{first['id']}"
    given = client.post(f"{path}/assign", json={"to": "ben", "comment": "please look"}).json()
    assert (given["assigned_to"], given["assigned_by"]) == ("ben", "local")
    client.post(f"{path}/comments", json={"comment": "it is not them"})
    done = client.post(f"{path}/acknowledge", json={"changes": first["changes"]}).json()
    assert (done["acknowledged_by"], done["assigned_to"]) == ("local", "ben")
    assert [each["text"] for each in done["comments"]] == ["please look", "it is not them"]
    is_done = {"acknowledged": True, "assigned_to": "ben"}
    assert [each["id"] for each in alerts_of(client, "alerted", **is_done)] == [first["id"]]
    assert client.post(f"{path}/reopen").json()["acknowledged_at"] is None
    assert client.post("/v1/alerts/999999999/acknowledge", json={}).status_code == 404


def test_alerts_are_found_by_list_country_and_decision(client: Client):
    made = put(client, "filtered", countries=["CN"])
    listing = hits_in(made)[0]["listing"]
    judge(client, "filtered", listing["id"], "different")

    def on(**asked: Any) -> list[int]:
        return [each["id"] for each in alerts_of(client, "filtered", limit=500, **asked)]

    (alert,) = alerts_of(client, "filtered")
    changes = client.get(f"/v1/alerts/{alert['id']}/changes", params={"limit": 500}).json()
    about = [each["data"]["listing"]["listing_id"] for each in changes["items"]]
    assert len(about) == alert["changes"] > 1
    assert listing["id"] in about
    # one of its hits is decided so, and others are not
    assert on(decision="different") == on(decision="none") == [alert["id"]]
    assert on(decision="same") == on(country="DE") == on(list="us_sam") == []
    assert on(country="CN") == on(list=listing["list_code"]) == [alert["id"]]
    refused = client.get("/v1/alerts", params={"country": "China"})
    assert refused.status_code == HTTPStatus.BAD_REQUEST


def test_open_alerts_are_a_feed_and_a_day_is_counted(client: Client):
    put(client, "fed")
    feed = client.get("/v1/alerts.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    space = {"a": "http://www.w3.org/2005/Atom"}
    read = ET.fromstring(feed.content)  # noqa: S314 - the service's own answer
    titles = [each.text for each in read.findall("a:entry/a:title", space)]
    assert "hit.new: fed" in titles
    digest = client.get("/v1/alerts/digest").json()
    by_type = {each["type"]: each for each in digest["types"]}
    assert by_type["hit.new"]["events"] >= 1
    assert digest["open"] <= digest["alerts"] <= digest["events"]


def test_of_a_counterparty_that_is_deleted_no_name_remains(client: Client):
    private = "Zyxwvut Privat Handels Huawei Technologies"
    put(client, "erased", name=private, aliases=[LISTED])
    before = alerts_of(client, "erased")
    assert before[0]["data"]["counterparty_name"] == private
    assert client.delete(f"{PATH}/erased").status_code == HTTPStatus.NO_CONTENT
    after = alerts_of(client, "erased")
    assert [(each["id"], each["type"]) for each in after] == [
        (each["id"], each["type"]) for each in before
    ]
    assert "Zyxwvut" not in msgspec.json.encode(after).decode()
    assert all("counterparty_name" not in each["data"] for each in after)


def test_the_name_of_a_counterparty_is_in_no_log(client: Client, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    # this client's own lines have the addresses that it asks; so does what the service is set to
    caplog.set_level(logging.WARNING, "httpx")
    put(client, "quiet", name="Qwertzuiop Secret Trading")
    client.get(f"{PATH}/quiet")
    client.post(PATH, content=b'{"id": "quiet", "name": "Qwertzuiop Other"}', headers=NDJSON)
    client.get(PATH, params={"name": "Qwertzuiop"})
    client.delete(f"{PATH}/quiet")
    logged = " ".join(f"{each.getMessage()} {each.__dict__}" for each in caplog.records)
    assert "Qwertzuiop" not in logged


def test_the_list_of_counterparties_tells_the_next_change_that_the_page_of_one_tells(
    client: Client,
):
    # a ban on contracts with it is law already, and begins later
    put(client, "ahead", name="Hikvision")
    page = client.get("/counterparties/ahead").text
    row = client.get("/counterparties?name=ahead").text
    told = re.search(r"Next change on record: (.*?)\.", page)
    assert (told is None) == ("No coming change is on record" in page)
    assert (told[1] if told else "none on record") in row
