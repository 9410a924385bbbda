"""The answer for the asked name's whole family, on the bundled lists of 31 July 2026."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.screening.answer_sentence import IN_WORDS
from abeyance_screening.features.evidence.document import PrintRequest, evidence_of
from abeyance_screening.features.evidence.pdf import Judgement, pdf_of
from tests.shipped_register import shipped

DAYS = {"as_of": "2026-07-31", "known_at": "2026-07-31"}


def searched(client: TestClient[Litestar], name: str, **more: Any) -> dict[str, Any]:
    answer = client.get("/v1/search", params={"name": name, **DAYS, **more})
    assert answer.is_success, answer.text
    return answer.json()


def answered(client: TestClient[Litestar], name: str, **more: Any) -> dict[str, Any]:
    return searched(client, name, **more)["answer"]


@pytest.mark.parametrize(
    ("name", "lists", "effect"),
    [
        ("Dahua", "us_bis_el us_fcc us_dod_1260h", "licence_required"),
        ("Dahua Technology", "us_bis_el us_fcc us_dod_1260h", "licence_required"),
        ("Zhejiang Dahua Technology Co., Ltd.", "us_bis_el us_fcc us_dod_1260h", None),
        (
            "Wagner",
            "us_ofac_sdn ca_sema au_dfat jp_mof uk_sl us_bis_el us_state_isn jp_meti_ru",
            "blocked",
        ),
        ("T-Bank", "us_ofac_sdn uk_sl jp_mof", "blocked"),
        ("Kaspersky", "us_bis_el us_fcc", "licence_required"),
        ("BGI", "us_dod_1260h", "debarment"),
        ("CETC", "us_ofac_cmic us_dod_1260h", "prohibition"),
        (
            "Huawei",
            "us_bis_el named_in_measures us_fcc us_ofac_cmic us_dod_1260h",
            "licence_required",
        ),
        ("Huawey", "us_bis_el named_in_measures us_fcc us_ofac_cmic us_dod_1260h", None),
        ("华为", "us_bis_el named_in_measures us_fcc us_ofac_cmic us_dod_1260h", None),
        ("DJI", "us_bis_el us_ofac_cmic us_dod_1260h", "licence_required"),
        ("SenseTime", "us_bis_el us_ofac_cmic us_dod_1260h", "licence_required"),
        ("SMIC", "us_bis_el named_in_measures us_ofac_cmic us_dod_1260h", None),
        ("Hytera", "us_bis_el us_fcc", "licence_required"),
        ("ZTE", "us_fcc", "prohibition"),
    ],
)
def test_no_list_with_the_whole_name_is_left_out(
    client: TestClient[Litestar], name: str, lists: str, effect: str | None
):
    answer = answered(client, name)
    assert {*answer["lists"]} == {*lists.split()}
    assert effect is None or answer["strictest"]["effect"] == effect


def test_a_ban_that_the_edition_does_not_print_is_not_told_as_another(
    client: TestClient[Litestar],
):
    # Gazprom is under Directives 4 and 3, which this edition prints with no entry.
    sentence = answered(client, "Gazprom")["sentence"]
    untold = "ban on some dealings, not named in this edition"
    assert f"{untold} (US, OFAC)" in sentence
    assert "sovereign debt" not in sentence


def test_the_sentence_tells_the_strictest_first_and_what_is_open(client: TestClient[Litestar]):
    answer = answered(client, "Dahua")
    assert answer["sentence"].startswith(
        "Dahua: on three lists. In force on 31 Jul 2026: licence needed for all items, normally "
        "refused (US, BIS); ban on spending Universal Service Fund money on it (US, FCC); import "
        "ban on new equipment models (US, FCC); debarment from defence contracts (US, DoD); and "
        "one lesser effect. These three entries are probably one and the same party."
    )
    (open_identity,) = answer["depends_on"]
    assert open_identity["what"] == "whether it is Dahua Technology"
    assert open_identity["lists"] == ["us_bis_el", "us_fcc"]
    assert "Chinese Military Companies (section 1260H) has “Zhejiang Dahua" in answer["sure"]


def test_a_firm_of_another_country_that_has_the_name_within_its_own_is_only_counted(
    client: TestClient[Litestar],
):
    answer = answered(client, "Dahua")
    assert "us_bis_dpl" not in answer["lists"]
    assert "DAHUA ELECTRONICS CORPORATION, under a different rule" in answer["sentence"]
    assert answer["sharing_count"] == answer["sharing_otherwise"] == 1


def test_the_companies_of_a_group_are_counted_beyond_the_limit(client: TestClient[Litestar]):
    found = searched(client, "Huawei", limit=1)
    assert len(found["hits"]) == 1
    assert len(found["answer"]["lists"]) == 5
    assert found["answer"]["sharing_count"] > 100
    assert len(found["answer"]["sharing"]) == 20


def test_other_words_behind_the_same_initials_are_another_party(client: TestClient[Litestar]):
    answer = answered(client, "SMIC")
    assert len(answer["namesakes"]) == 1
    assert (
        "Another party is listed under the same name: State Authority For Military Industry"
    ) in answer["sentence"]
    assert "Beijing Graphene Institute" in answered(client, "BGI")["sentence"]


def test_the_parties_of_the_family_come_first(client: TestClient[Litestar]):
    for name in ("Dahua", "BGI", "Kaspersky", "CETC"):
        found = searched(client, name)
        family = found["answer"]["parties"]
        assert [each["id"] for each in found["parties"]][: len(family)] == family


def test_a_name_that_is_met_only_in_part_is_perhaps_meant(client: TestClient[Litestar]):
    answer = answered(client, "Dahua Nonesuch Optics", threshold=0.4)
    assert "perhaps meant by “Dahua Nonesuch Optics”" in answer["sentence"]
    assert answer["depends_on"][0]["because"] == "The listed name is not the one asked for."


def test_a_finding_of_nothing_says_what_was_compared(client: TestClient[Litestar]):
    found = searched(client, "Zimtstern Quedlinburg", lists="us_bis_el")
    assert found["outcome"] == "no_hits"
    sentence = found["answer"]["sentence"]
    assert sentence.startswith(
        "Zimtstern Quedlinburg: on 31 Jul 2026 no listing on 1 required list, current on that day"
    )
    assert sentence.endswith(
        "Compared was its name, down to a score of 0.60. This is no clearance: rules that name no "
        "company may apply."
    )


def test_an_incomplete_answer_is_never_told_as_clear(client: TestClient[Litestar]):
    found = searched(client, "Zimtstern Quedlinburg", lists="eu_fsf")
    assert found["outcome"] == "incomplete"
    assert (
        "cannot say on 31 Jul 2026. 1 of 1 required list is missing" in found["answer"]["sentence"]
    )
    listed = answered(client, "Dahua", lists=["eu_fsf", "us_bis_el"])
    assert listed["lists"] == ["us_bis_el"]
    assert "More may be listed: 1 of 2 required lists is missing" in listed["sentence"]


def test_each_result_of_a_screening_has_its_answer(client: TestClient[Litestar]):
    names = ["Dahua", "Zimtstern Quedlinburg"]
    body = {"counterparties": [{"name": each} for each in names], **DAYS, "store": False}
    results = client.post("/v1/screenings", json=body).json()["results"]
    assert results[0]["answer"] == answered(client, "Dahua")
    assert results[1]["answer"]["sentence"].startswith("Zimtstern Quedlinburg: cannot say")


def test_a_listed_owner_is_told_of_a_party_that_is_not_listed(client: TestClient[Litestar]):
    owners = [{"name": "Rosoboronexport", "share": 60}]
    body = {"counterparties": [{"name": "Zimtstern Quedlinburg", "owners": owners}], **DAYS}
    (result,) = client.post("/v1/screenings", json={**body, "store": False}).json()["results"]
    assert result["outcome"] == "owner_hits"
    assert "but an owner of it may be" in result["answer"]["sentence"]
    assert result["ownership"]["owners"][0]["answer"] is None


def test_an_answer_in_brief_has_the_same_sentence(client: TestClient[Litestar]):
    full = answered(client, "Dahua")
    brief = answered(client, "Dahua", view="brief")
    same = ("sentence", "lists", "strictest")
    assert {each: brief[each] for each in same} == {each: full[each] for each in same}
    assert brief["depends_on"] == [each["what"] for each in full["depends_on"]]
    nothing = [
        answered(client, "Zimtstern Quedlinburg", **view) for view in ({}, {"view": "brief"})
    ]
    assert nothing[0]["sentence"] == nothing[1]["sentence"]


def test_a_text_has_no_answer_about_one_name(client: TestClient[Litestar]):
    answer = client.post("/v1/texts", json={"text": "Payment to Dahua", **DAYS}).json()
    assert answer["hits"]
    assert "answer" not in answer


def test_evidence_begins_with_the_sentence_and_tells_each_measure_once(
    client: TestClient[Litestar],
):
    body = {"counterparties": [{"name": "Rosneft"}], **DAYS, "store": False}
    answer = client.post("/v1/screenings", json=body).content
    judgement = Judgement(decision="No dealings", by="anna", reason="SDN")
    evidence = evidence_of(answer, PrintRequest(given={}, judgement=judgement))
    assert evidence.answer.startswith("Rosneft: on six lists. In force on 31 Jul 2026: assets")
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf_of(evidence)))
    assert 0 < pages <= 13


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Jamil MAJDALAWI", "In force on 31 Jul 2026: transfers rejected by banks (US, OFAC)."),
        ("Chen Wang", "assets frozen (US, OFAC); the bans that the entry names (US, OFAC)."),
        ("BUAA", "licence needed for exports to it unless clearly harmless (Japan)"),
        ("China Mobile", "ban on trading its securities (US, OFAC)"),
        (
            "General Dynamics",
            "parties have the name, alone or within another, all under a differe",
        ),
    ],
)
def test_what_an_effect_is_makes_a_phrase(client: TestClient[Litestar], name: str, told: str):
    assert told in answered(client, name)["sentence"]


def test_a_sentence_that_ends_in_the_name_of_a_company_has_one_full_stop(
    client: TestClient[Litestar],
):
    sentence = answered(client, "China Mobile")["sentence"]
    assert "within another: China Mobile Communications Group Co., Ltd. " in f"{sentence} "
    assert ".." not in sentence


def test_entries_that_one_list_has_apart_are_not_said_to_be_one(client: TestClient[Litestar]):
    answer = answered(client, "Sukhoi")
    assert "Whether these 14 entries are one party is open: " in answer["sentence"]
    assert "probably" not in answer["sentence"]
    (open_,) = answer["depends_on"]
    assert open_["because"] == (
        "Both are named 株式会社スホイ, RU, but Foreign End User List lists them separately."
    )


def test_a_party_that_one_list_has_by_two_decisions_is_told_with_the_law_of_both(
    client: TestClient[Litestar],
):
    # Australia lists the Houthis by a decision of the United Nations and by one of its own.
    sentence = answered(client, "Houthis")["sentence"]
    assert "assets frozen (Australia, UK, UN, US)" in sentence
    assert "Whether these six entries are one party is open: Australian Sanctions List" in sentence


def test_what_is_told_by_other_words_than_the_registers_is_in_the_register():
    effects = (effect.what for measure in shipped().measures for effect in measure.effect)
    assert IN_WORDS.keys() <= {*effects}


REFUSING = {"presumption_of_denial", "policy_of_denial"}
# Names whose entry on the Entity List is read for how applications are answered; BGI has none.
ON_THE_ENTITY_LIST = (
    "SMIC", "Hikvision", "Huawei", "Dahua", "YMTC", "Inspur", "SenseTime", "DJI", "Megvii",
    "Wingtech", "Hytera", "Nuctech", "Kaspersky", "Sichuan University", "Iran Air", "BGI",
)  # fmt: skip


@pytest.mark.parametrize("name", ON_THE_ENTITY_LIST)
def test_normally_refused_stands_in_every_headline_whose_entries_say_so(
    client: TestClient[Litestar], name: str
):
    found = searched(client, name, limit=100)
    family = {*found["answer"]["parties"]}
    members = [each for each in found["parties"] if each["id"] in family]
    ids = {member["listing_id"] for each in members for member in each["members"]}
    own = [each for each in found["hits"] if each["listing"]["id"] in ids]
    own += [each for party in members for each in party["through"]]
    policies = [each["licence_policy"] for each in own if each["licence"] is not None]
    refused = [each in REFUSING for each in policies]
    sentence = found["answer"]["sentence"]
    assert ("normally refused" in sentence) == any(refused), sentence
    assert ("under some of its entries" in sentence) == (any(refused) and not all(refused))
    for each in own:
        printed = each["listing"].get("licence_review_policy")
        assert (each["licence_policy"] is None) == (printed is None)


def test_who_refuses_is_told_where_others_need_a_licence_as_well(client: TestClient[Litestar]):
    told = answered(client, "SMIC")["sentence"]
    assert "licence needed for all items (Taiwan, US: normally refused);" in told
    shown = client.get("/", params={"name": "SMIC", **DAYS}).text
    assert "US: normally refused" in shown
    brief = client.get("/v1/search", params={"name": "SMIC", "view": "brief", **DAYS}).json()
    entry = next(e for e in brief["hits"] if e["listing"] == "us_bis_el-6a90f82dc74c")
    assert entry["licence_policy"] == "presumption_of_denial"
    listing = client.get("/v1/listings/us_bis_el-6a90f82dc74c", params=DAYS).json()
    assert listing["licence_policy"] == "presumption_of_denial"
