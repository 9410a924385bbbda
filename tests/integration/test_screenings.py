"""Screenings over HTTP, on the bundled lists."""

from uuid import uuid4

import pytest

from abeyance_screening.engine.lists.catalogue import LISTS

JSON = "application/json"
PROBLEM = "application/problem+json"


def screen(client, *names: str, **more):
    counterparties = [{"name": name} for name in names]
    answer = client.post("/v1/screenings", json={"counterparties": counterparties, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(result) -> list[tuple[str, str]]:
    return [
        (hit["listing"]["list_code"], hit["listing"]["names"][0]["text"]) for hit in result["hits"]
    ]


@pytest.mark.parametrize(
    ("asked", "list_code", "name"),
    [
        pytest.param(
            "Huawei Technologies", "us_bis_el", "Huawei Technologies Co., Ltd. (Huawei)", id="part"
        ),
        pytest.param("SMIC", "us_bis_el", "Semiconductor Manufacturing", id="acronym"),
        pytest.param("Hikvison", "us_bis_el", "Hangzhou Hikvision", id="mistyped"),
        pytest.param("Rosoboroneksport", "us_ofac_sdn", "ROSOBORON", id="transliterated"),
        pytest.param("Bank Melli", "us_ofac_sdn", "BANK MELLI", id="subset"),
        pytest.param("GUANGZHOU HAIGE COMM GRP", "us_bis_el", "Haige", id="auditor 1"),
        pytest.param("HAIGE GUANGZHOU", "us_bis_el", "Haige", id="auditor 2"),
        pytest.param(
            "NPK FOTONIKA LIMITED LIABILITY COMP", "us_ofac_sdn", "NPK FOTONIKA", id="auditor 3"
        ),
        pytest.param("LUKOIL OIL COMP", "us_ofac_sdn", "LUKOIL", id="auditor 4"),
        pytest.param("PROMSVYAZBANKPJSC", "us_ofac_sdn", "PROMSVYAZBANK", id="no blank"),
        pytest.param("M/s. R0SOBORONEKSPORT", "us_ofac_sdn", "ROSOBORON", id="a nought for an O"),
    ],
)
def test_a_name_as_a_trader_types_it_finds_its_listing(client, asked, list_code, name):
    result = screen(client, asked)["results"][0]
    assert result["outcome"] == "hits"
    assert any(code == list_code and name.lower() in text.lower() for code, text in listed(result))


def test_a_name_copied_with_its_brackets_meets_by_the_part_that_is_listed(client):
    latin = "Hangzhou Hikvision Digital Technology Co., Ltd."
    result = screen(client, f"{latin} (杭州海康威视数字技术股份有限公司)")["results"][0]
    assert max(h["score"] for h in result["hits"] if h["matched"]["query"] == latin) == 1.0


def test_a_text_has_its_listed_names_with_their_places_and_nothing_is_kept(client):
    text = (
        "This Agreement covers cameras of Hangzhou Hikvision Digital Technology Co., Ltd.\n"
        "PAY VIA ROSOBORONEKSPORT, IMO 9289752. 由华为技术有限公司负责运输。"
    )
    answer = client.post("/v1/texts", json={"text": text, "lists": ["us_bis_el", "uk_sl"]}).json()
    named = {
        (text[place["start"] : place["end"]], hit["listing"]["list_code"])
        for hit in answer["hits"]
        for place in hit["matched"]["places"]
    }
    assert named >= {
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "us_bis_el"),
        ("ROSOBORONEKSPORT", "us_bis_el"),
        ("IMO 9289752", "uk_sl"),
        ("华为技术有限公司", "us_bis_el"),
    }
    assert all(hit["measures"] for hit in answer["hits"])
    assert (answer["outcome"], answer["parties"] != []) == ("hits", True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"text": " "}, "text", id="blank"),
        pytest.param({"text": "a" * 10_001}, "text", id="long"),
        pytest.param({"text": "a", "lists": ["none"]}, "lists", id="no such list"),
        pytest.param({"text": "a", "name": "a"}, "name", id="an unknown field"),
    ],
)
def test_a_text_that_cannot_be_asked_about_is_refused(client, body, field):
    answer = client.post("/v1/texts", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM)
    assert field in answer.text


def test_a_name_with_its_address_meets_by_what_stands_before_it(client):
    result = screen(client, "VTB, Moscow, Russia")["results"][0]
    assert max(h["score"] for h in result["hits"] if h["matched"]["query"] == "VTB") == 1.0


@pytest.mark.parametrize(
    "asked",
    ["Siemens AG", "Toyota Motor Corporation", "Nestle SA", "BELLETECH CORP", "Acme Optics"],
)
def test_an_ordinary_company_is_no_hit_but_old_lists_cannot_say_so(client, asked):
    answer = screen(client, asked)
    assert answer["results"][0]["hits"] == []
    assert answer["results"][0]["outcome"] == "incomplete"
    assert not answer["coverage"]["complete"]
    states = {each["code"]: each["state"] for each in answer["coverage"]["lists"]}
    assert states["us_ofac_sdn"] == "too_old"
    assert states["un_sc"] == "too_old"


def affiliates_rule(client, as_of: str):
    hits = screen(client, "Huawei Technologies", as_of=as_of, lists=["us_bis_el"])["results"][0][
        "hits"
    ]
    (rule,) = [each for each in hits[0]["measures"] if each["id"] == "us-bis-affiliates-rule"]
    return rule


@pytest.mark.parametrize(
    ("as_of", "status", "confirmed"),
    [
        pytest.param("2025-09-28", "not_known", True, id="the day before it began"),
        pytest.param("2025-10-15", "in_force_eased", True, id="under the temporary licence"),
        pytest.param("2025-11-10", "suspended", True, id="first suspended day"),
        pytest.param("2026-06-01", "suspended", True, id="in the suspended year"),
        pytest.param("2026-11-09", "suspended", True, id="last suspended day"),
        pytest.param("2026-11-10", "in_force_by_lapse", False, id="the day after"),
        pytest.param("2026-11-24", "in_force_by_lapse", False, id="two weeks after"),
    ],
)
def test_an_entity_list_hit_shows_the_affiliates_rule_of_the_day(client, as_of, status, confirmed):
    rule = affiliates_rule(client, as_of)
    if status != "not_known":
        assert (rule["status"], rule["confirmed"]) == (status, confirmed)
    else:
        assert rule["status"] in {
            "not_known",
            "not_yet_made",
            "announced",
            "published_not_effective",
        }
    assert rule["condition"]
    assert "ownership" in rule["attaches_by"]


def test_a_lapsed_suspension_shows_the_disputed_extension_beside_it(client):
    rule = affiliates_rule(client, "2026-11-24")
    assert "2027-01-10" in {event["until"] for event in rule["disputed"] + rule["upcoming"]}
    assert rule["citation"]
    assert rule["url"].startswith("https://")


def test_an_answer_names_every_list_with_edition_and_age(client):
    answer = screen(client, "SMIC")
    lists = {each["code"]: each for each in answer["coverage"]["lists"]}
    assert set(lists) == {known.code for known in LISTS if not known.only_if_loaded}
    assert lists["us_bis_el"]["entry_count"] == 3420
    assert lists["us_bis_el"]["published_on"] == "2026-07-31"
    assert lists["un_sc"]["published_on"] == "2026-08-01"
    loaded = [each for each in lists.values() if each["state"] != "missing"]
    assert all(each["edition"] and len(each["sha256"]) == 64 for each in loaded)
    assert answer["scorer"]


def test_a_hit_carries_everything_an_auditor_needs(client):
    hit = screen(client, "Hangzhou Hikvision Digital Technology Co., Ltd.")["results"][0]["hits"][
        0
    ]
    listing = hit["listing"]
    assert listing["id"].startswith("us_bis_el-")
    assert listing["licence_requirement"]
    assert listing["licence_review_policy"]
    assert listing["citations"]
    assert listing["source_url"].startswith("http")
    assert hit["matched"]["kind"] in {"primary", "alias"}
    assert hit["explanation"]["exact"] or hit["explanation"]["pairs"]
    assert {"blocked", "licence_required"} & {
        effect["kind"] for measure in hit["measures"] for effect in measure["effect"]
    }


def test_the_parts_of_a_score_add_up_to_it(client):
    for hit in screen(client, "Bank Melli", "Hikvison", "HAIGE GUANGZHOU")["results"][0]["hits"]:
        explanation = hit["explanation"]
        total = sum(part["log_odds"] for part in explanation["parts"])
        assert total == pytest.approx(explanation["log_odds"])


def test_a_screening_can_be_had_again_byte_for_byte(client):
    first = client.post("/v1/screenings", json={"counterparties": [{"name": "SMIC", "id": "c-1"}]})
    again = client.get(f"/v1/screenings/{first.json()['id']}")
    assert again.status_code == 200
    assert again.content == first.content
    assert first.json()["stored"]
    assert first.json()["results"][0]["id"] == "c-1"


def test_a_screening_nobody_made_is_not_found(client):
    answer = client.get(f"/v1/screenings/{uuid4()}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


def test_only_the_lists_asked_for_are_searched(client):
    answer = screen(client, "Bank Melli", lists=["un_sc"])
    assert [each["code"] for each in answer["coverage"]["lists"]] == ["un_sc"]
    assert {code for code, _ in listed(answer["results"][0])} <= {"un_sc"}


def test_the_limit_cuts_the_hits_and_the_total_still_counts_them(client):
    whole = screen(client, "Huawei Technologies", limit=500)["results"][0]
    cut = screen(client, "Huawei Technologies", limit=1)["results"][0]
    assert whole["total"] == len(whole["hits"]) > 1
    assert cut["total"] == whole["total"]
    assert cut["hits"][0]["listing"]["id"] == whole["hits"][0]["listing"]["id"]


def test_an_alias_of_the_counterparty_finds_what_its_name_does_not(client):
    counterparty = {"name": "Acme Optics", "aliases": ["Hikvision"]}
    answer = client.post("/v1/screenings", json={"counterparties": [counterparty]}).json()
    assert answer["results"][0]["hits"][0]["matched"]["query"] == "Hikvision"


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param({"countries": ["BR"]}, id="another country"),
        pytest.param({"entity_type": "vessel"}, id="another type"),
        pytest.param({"addresses": ["1 Main Street, Springfield"]}, id="another address"),
        pytest.param({"identifiers": [{"value": "1234567890"}]}, id="another number"),
    ],
)
def test_more_evidence_never_hides_a_hit(client, evidence):
    plain = screen(client, "Huawei Technologies")["results"][0]
    body = {"counterparties": [{"name": "Huawei Technologies", **evidence}]}
    more = client.post("/v1/screenings", json=body).json()["results"][0]
    assert {hit["listing"]["id"] for hit in plain["hits"]} == {
        hit["listing"]["id"] for hit in more["hits"]
    }


def test_a_country_that_agrees_moves_its_hits_up(client):
    body = {"counterparties": [{"name": "Huawei Technologies", "countries": ["DE"]}]}
    hits = client.post("/v1/screenings", json=body).json()["results"][0]["hits"]
    agreement = [hit["corroboration"]["countries"] for hit in hits]
    assert "agrees" in agreement or "differs" in agreement


@pytest.mark.parametrize(
    "list_code",
    [
        "us_bis_dpl",
        "us_bis_meu",
        "us_bis_uvl",
        "us_ddtc",
        "us_ofac_capta",
        "us_ofac_cmic",
        "us_ofac_mbs",
        "us_ofac_plc",
        "us_ofac_sdn",
        "us_ofac_ssi",
        "us_state_isn",
        "un_sc",
    ],
)
def test_every_list_answers_for_its_own_entries_with_a_measure(client, list_code):
    seeds = {
        "us_bis_dpl": "I. ASH",
        "us_ofac_capta": "BANK OF KUNLUN CO LTD",
        "us_ofac_cmic": "China Telecom Corporation Limited",
        "un_sc": "ERIC BADEGE",
    }
    answer = client.get(
        "/v1/search",
        params={
            "name": seeds.get(list_code, "bank company institute"),
            "lists": list_code,
            "threshold": 0,
        },
    )
    for hit in answer.json()["hits"]:
        assert hit["measures"], hit["listing"]["id"]
        assert all(each["citation"] and each["effect"] for each in hit["measures"])
