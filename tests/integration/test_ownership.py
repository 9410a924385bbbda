"""Owners over HTTP, listed and not, on the bundled lists and the register as shipped."""

import pytest

HIKVISION = "Hangzhou Hikvision Digital Technology Co., Ltd."
FOTONIKA = "NPK FOTONIKA LIMITED LIABILITY COMPANY"
MELLI = "Bank Melli Iran"
OFAC, AFFILIATES = "us-ofac-50-percent", "us-bis-affiliates-rule"
UK = "uk-ownership-and-control"

type Json = dict[str, object]


def owner(name: str, share: object, *owners: Json, **more) -> Json:
    return {"name": name, "share": share, "owners": list(owners), **more}


def ask(client, *owners: Json, name: str = "Plain Bakery", **more):
    body = {"counterparties": [{"name": name, "owners": list(owners)}], **more}
    return client.post("/v1/screenings", json=body)


def ask_raw(client, share: str):
    """The share as it is written in the JSON."""
    owners = f'[{{"name":"Marble Top AG","share":{share}}}]'
    return client.post(
        "/v1/screenings",
        content=f'{{"counterparties":[{{"name":"Plain Bakery","owners":{owners}}}]}}',
        headers={"content-type": "application/json"},
    )


def screened(client, *owners: Json, **more):
    answer = ask(client, *owners, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"][0]


def finding(result, rule: str):
    (found,) = [each for each in result["ownership"]["findings"] if each["rule"]["id"] == rule]
    return found


def ways(found) -> list[list[str]]:
    return [
        [chain["owner"]["name"], *(step["owned"]["name"] for step in chain["steps"])]
        for chain in found["chains"]
    ]


def test_two_listed_owners_of_a_quarter_each_reach_by_the_50_percent_rule(client):
    result = screened(client, owner(FOTONIKA, 25), owner(MELLI, "25.00"))
    assert (result["outcome"], result["hits"], result["total"]) == ("owner_hits", [], 0)
    found = finding(result, OFAC)
    assert (found["verdict"], found["rule"]["status"]) == ("met", "in_force")
    assert (found["sum"], found["needed"], found["bound"]) == ("50.00", "50", "at_least")
    assert sorted(ways(found)) == [[MELLI, "Plain Bakery"], [FOTONIKA, "Plain Bakery"]]
    listed = {each["owner"]["name"]: each["listings"] for each in found["listed"]}
    assert listed[FOTONIKA][0]["list_code"] == "us_ofac_sdn"
    assert listed[FOTONIKA][0]["score"] == 1
    assert {"id": "us-ofac-russia-eo14024", "status": "in_force"}.items() <= listed[FOTONIKA][0][
        "measures"
    ][0].items()


def test_a_hundredth_less_does_not_reach(client):
    rest = owner("Untold Bakery", 50.01)
    result = screened(client, owner(FOTONIKA, 25), owner(MELLI, 24.99), rest)
    found = finding(result, OFAC)
    assert (found["verdict"], found["sum"]) == ("not_met", "49.99")
    assert result["outcome"] == "owner_hits"


def test_49_listed_and_51_of_unknown_owners_is_open(client):
    found = finding(screened(client, owner(FOTONIKA, 49)), OFAC)
    assert (found["verdict"], found["sum"], found["sum_at_most"]) == ("open", "49", "100")


def test_the_uk_adds_nothing_up_and_leaves_control_open(client):
    rest = owner("Untold Bakery", 20)
    result = screened(client, owner(MELLI, 40), owner(FOTONIKA, 40), rest)
    found = finding(result, UK)
    assert (found["by_share"], found["by_control"], found["verdict"]) == (
        "not_met",
        "open",
        "open",
    )
    assert found["sum"] == "40"
    assert (
        "Whether Bank Melli Iran controls Plain Bakery by other means is not stated."
        in result["ownership"]["not_known"]
    )


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        pytest.param("2025-10-15", "in_force_eased", id="under the temporary licence"),
        pytest.param("2025-12-01", "suspended", id="in the suspended year"),
        pytest.param("2026-11-09", "suspended", id="last suspended day"),
        pytest.param("2026-11-10", "in_force_by_lapse", id="the day after"),
        pytest.param("2026-11-24", "in_force_by_lapse", id="two weeks after"),
    ],
)
def test_half_owned_by_an_entity_list_party_meets_a_rule_of_changing_status(client, as_of, status):
    found = finding(screened(client, owner(HIKVISION, 50), as_of=as_of), AFFILIATES)
    assert (found["verdict"], found["rule"]["status"]) == ("met", status)
    assert found["listed"][0]["listings"][0]["measures"][0]["id"] == "us-bis-entity-list"


def test_a_chain_names_each_step_from_the_listed_owner_on(client):
    chain = owner("Marble Top AG", 50, owner("Quiet Meadow SA", 60, owner(FOTONIKA, 51)))
    found = finding(screened(client, chain), OFAC)
    assert (found["verdict"], found["sum"]) == ("met", "50")
    assert ways(found) == [[FOTONIKA, "Quiet Meadow SA", "Marble Top AG", "Plain Bakery"]]
    assert [step["share"] for step in found["chains"][0]["steps"]] == ["51", "60", "50"]


def test_a_loop_ends_and_proves_nothing(client):
    again = owner("Quiet Meadow SA", 90, owner("Marble Top AG", 90))
    loop = owner("Marble Top AG", 60, again, owner(FOTONIKA, 10))
    result = screened(client, loop)
    assert finding(result, OFAC)["verdict"] == "not_met"
    assert [each["name"] for each in result["ownership"]["owners"]].count("Marble Top AG") == 1
    assert any("a loop of ownership" in each for each in result["ownership"]["not_known"])


def test_a_listed_owner_without_a_share_is_never_cleared(client):
    result = screened(client, owner(FOTONIKA, None))
    found = finding(result, OFAC)
    assert (found["verdict"], found["sum"], found["sum_at_most"]) == ("open", "0", None)
    assert any("What share" in each for each in result["ownership"]["not_known"])


def test_a_direct_hit_stays_apart_from_those_of_owners(client):
    result = screened(client, owner(FOTONIKA, 60), name=HIKVISION)
    assert result["outcome"] == "hits"
    assert "us_ofac_sdn" not in {hit["listing"]["list_code"] for hit in result["hits"]}
    (fotonika,) = result["ownership"]["owners"]
    assert {hit["listing"]["list_code"] for hit in fotonika["hits"]} == {"us_ofac_sdn"}
    assert fotonika["holdings"] == [
        {
            "at": "owners[0]",
            "owned": {"id": None, "name": HIKVISION},
            "share": "60",
            "control": None,
        }
    ]


def test_owners_that_are_not_listed_leave_the_outcome_as_it_was(client):
    result = screened(client, owner("Marble Top AG", 100))
    assert result["outcome"] == "incomplete"
    assert result["ownership"]["findings"] == []
    assert "Who owns Marble Top AG is not stated." in result["ownership"]["not_known"]


def test_an_answer_without_owners_says_nothing_of_them(client):
    answer = client.post("/v1/screenings", json={"counterparties": [{"name": "Plain Bakery"}]})
    assert answer.json()["results"][0]["ownership"] is None


def test_an_answer_with_owners_can_be_had_again_byte_for_byte(client):
    first = ask(client, owner(FOTONIKA, 50))
    again = client.get(f"/v1/screenings/{first.json()['id']}")
    assert again.content == first.content


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param([owner("A", 100.01)], "owners[0].share", id="more than the whole"),
        pytest.param([owner("A", -1)], "owners[0].share", id="less than nothing"),
        pytest.param([owner("A", "NaN")], "owners[0].share", id="no number"),
        pytest.param([owner("A", "50 %")], "owners[0].share", id="a sign"),
        pytest.param([owner("A", True)], "owners[0].share", id="a truth"),
        pytest.param([owner("A", 1), owner("B", 101)], "owners[1].share", id="the second"),
        pytest.param([owner("A", 60), owner("B", 41.5)], "owners", id="more than all in all"),
        pytest.param(
            [owner("A", 1, owner("B", 1, owner(" ", 1)))],
            "owners[0].owners[0].owners[0].name",
            id="deep inside",
        ),
        pytest.param([{"name": "A", "stake": 1}], "owners[0].stake", id="an unknown field"),
        pytest.param([owner("A", 1, control="yes")], "owners[0].control", id="control in words"),
        pytest.param([{"share": 1}], "owners[0].name", id="no name"),
        pytest.param([owner("A", 0)] * 201, "owners", id="too many"),
        pytest.param(
            [owner("A", 0, *[owner("B", 0)] * 100)] * 2, "owners", id="too many with theirs"
        ),
    ],
)
def test_what_no_owner_can_be_is_refused_by_its_field(client, asked, field):
    answer = ask(client, *asked)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == f"counterparties[0].{field}"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("50", "50", id="a whole number"),
        pytest.param("50.10", "50.10", id="a number to the last digit"),
        pytest.param("33.333333333333", "33.333333333333", id="twelve decimals"),
        pytest.param("5e1", "5E+1", id="a number with an exponent"),
        pytest.param("-0", "0", id="nothing below nothing"),
        pytest.param('"50.10"', "50.10", id="a string"),
        pytest.param('"050"', "50", id="a string with a nought before"),
    ],
)
def test_a_share_is_read_as_it_is_written(client, written: str, shown: str):
    answer = ask_raw(client, written)
    assert answer.status_code == 200, answer.text
    (only,) = answer.json()["results"][0]["ownership"]["owners"]
    assert only["holdings"][0]["share"] == shown


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("1e400", id="past all bounds"),
        pytest.param("1e-400", id="below all bounds"),
        pytest.param("1e999999999999999999999", id="past all exponents"),
        pytest.param("50.0000000000001", id="thirteen decimals"),
        pytest.param("9" * 5_000, id="five thousand digits"),
        pytest.param("50." + "0" * 5_000, id="five thousand decimals"),
        pytest.param("-0.1", id="less than nothing"),
        pytest.param('"5_0"', id="an underscore"),
        pytest.param('"5e1"', id="a string with an exponent"),
        pytest.param('"-0"', id="a string with a sign"),
        pytest.param('" 50"', id="a blank"),
        pytest.param('"50\\n"', id="a line's end"),
        pytest.param('"50."', id="a point at the end"),
        pytest.param('"\u0665\u0660"', id="other digits"),
        pytest.param('"' + "9" * 1_000_000 + '"', id="a megabyte"),
        pytest.param("[50]", id="a list"),
        pytest.param("true", id="a truth"),
    ],
)
def test_what_is_no_share_is_refused_by_its_field_and_in_few_words(client, written: str):
    answer = ask_raw(client, written)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == "counterparties[0].owners[0].share"
    assert len(answer.content) < 1_000


@pytest.mark.parametrize("depth", [11, 500, 4_000, 6_000, 50_000])
def test_owners_nested_too_deeply_are_refused(client, depth):
    nested = '{"name":"A","owners":[' * (depth - 1) + '{"name":"A"}' + "]}" * (depth - 1)
    answer = client.post(
        "/v1/screenings",
        content=f'{{"counterparties":[{{"name":"B","owners":[{nested}]}}]}}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["reason"] in {
        "the most is 10 levels",
        "is nested too deeply",
    }


def test_an_entry_that_names_its_subsidiaries_leaves_a_question(client):
    ministry = owner("Ministry of Defence of the Russian Federation", 10)
    told = screened(client, ministry, lists=["us_bis_el"])["ownership"]["not_known"]
    assert any("also names subsidiaries or units" in each for each in told)
    other = screened(client, owner(HIKVISION, 10), lists=["us_bis_el"])["ownership"]["not_known"]
    assert not any("names subsidiaries" in each for each in other)


def test_a_list_without_a_rule_on_ownership_is_told(client):
    turpan = owner("Camel Group Co., Ltd.", 80)
    result = screened(client, turpan, lists=["us_uflpa"])
    assert (result["outcome"], result["ownership"]["findings"]) == ("owner_hits", [])
    assert any(
        "us_uflpa, for which the register has no ownership rule" in each
        for each in result["ownership"]["not_known"]
    )
    other = screened(client, owner(MELLI, 80), lists=["us_ofac_sdn"])
    assert not any("has no ownership rule" in each for each in other["ownership"]["not_known"])
