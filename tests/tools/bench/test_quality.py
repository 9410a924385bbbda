"""`abeyance bench quality` on small real lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.primitives.errors import BadInputError, ListRefusedError

FIXTURES = Path("tests/fixtures")
LISTED = ("--listed", f"{FIXTURES}/us_ofac/consolidated_2022.xml")
ORDINARY = ("--ordinary", f"{FIXTURES}/bench/gleif.csv")
PAIRS = f"{FIXTURES}/bench/pairs.jsonl"


def bench(*arguments: str) -> Result:
    return CliRunner().invoke(abeyance, ["bench", "quality", *arguments], env={"COLUMNS": "200"})


def trials_of(*arguments: str) -> dict[str, Any]:
    result = bench(*LISTED, *ORDINARY, "--json", *arguments)
    assert result.exit_code == 0, result.output
    return {trial["figures"]["trial"]: trial for trial in json.loads(result.stdout)["trials"]}


def test_every_trial_has_a_level_for_each_alert_rate_and_the_default():
    other = ("--other", f"{FIXTURES}/jp_meti_eul/list_2025.xlsx")
    trials = trials_of(*other, "--asked", PAIRS)
    assert list(trials) == ["aliases", "Han", "cut after 35", "cut after 30", "pairs"]
    for trial in trials.values():
        names = [level["name"] for level in trial["figures"]["levels"]]
        assert names == ["0.5% alerts", "1.0% alerts", "5.0% alerts", "default"]
        for level, rate in zip(trial["figures"]["levels"], (0.005, 0.01, 0.05), strict=False):
            assert level["alert_rate"] <= rate
            found = level["recall"]["all"]
            assert 0 <= found["low"] <= found["value"] <= found["high"] <= 1
        assert trial["figures"]["ordinary"] == 240


def test_a_pair_of_the_file_is_found_after_its_query_was_taken_out():
    asked = trials_of("--asked", PAIRS, "--trial", "pairs")["pairs"]["figures"]
    assert asked["slices"]["all"]["questions"] == 3
    assert asked["slices"]["script: Cyrillic"]["questions"] == 1
    assert asked["levels"][3]["recall"]["script: Latin"]["value"] > 0.5


def test_other_lists_are_asked_by_number(tmp_path: Path):
    own = {
        "id": "1",
        "name": "Rosselkhoz Bank (Russian Agricultural)",
        "entity_type": "organisation",
        "identifiers": [{"kind": "OGRN", "value": "1027700342890"}],
    }
    (tmp_path / "own.jsonl").write_text(json.dumps(own))
    trials = trials_of("--other", str(tmp_path / "own.jsonl"))
    assert trials["other lists"]["figures"]["slices"]["all"]["questions"] == 1


def test_the_alerts_of_a_crowd_are_counted_by_country(tmp_path: Path):
    crowd = tmp_path / "crowd.csv"
    rows = [
        "name,country",
        # a fragment of the listed "Russian Agricultural Bank", and that bank itself
        "Russian Agricultural,RU",
        "Russian Agricultural Bank,RU",
        "Öz Kardeşler Sanayi,TR",
        "Anadolu Cam,TR",
    ]
    crowd.write_text("\n".join(rows), encoding="utf-8")
    result = bench(*LISTED, "--crowd", str(crowd), "--trial", "cut after 35", "--json")
    assert result.exit_code == 0, result.output
    trial = json.loads(result.stdout)["trials"][0]
    assert [
        (each["country"], each["names"], each["listed"], each["alerts"])
        for each in trial["countries"]
    ] == [("RU", 1, 1, 1), ("TR", 2, 0, 0)]
    assert trial["figures"]["ordinary"] == 3


def test_a_crowd_without_countries_is_refused():
    result = bench(*LISTED, "--crowd", f"{FIXTURES}/bench/gleif.csv")
    assert isinstance(result.exception, ListRefusedError)
    assert "is not CSV with the columns 'name' and 'country'" in str(result.exception)


def test_recall_is_given_where_one_in_a_hundred_of_the_crowd_alerts():
    crowd = ("--crowd", f"{FIXTURES}/bench/crowd.csv")
    aliases = trials_of("--trial", "aliases", *crowd)["aliases"]
    levels = {level["name"]: level for level in aliases["figures"]["levels"]}
    assert list(levels)[-2:] == ["1.0% of crowd", "default"]
    assert aliases["figures"]["ordinary"] == 240
    assert levels["1.0% of crowd"]["recall"]["all"]["value"] > 0.5
    assert {each["country"]: each["names"] for each in aliases["countries"]}["VN"] == 25
    shown = bench(*LISTED, *crowd, "--trial", "aliases").stdout
    assert "Crowd, country" in shown


def test_peers_stand_beside_our_own_figures():
    trial = trials_of("--trial", "aliases", "--limit", "3", "--peers", "WRatio,jaro_winkler")
    peers = trial["aliases"]["peers"]
    assert [each["engine"] for each in peers[1:]] == ["WRatio", "jaro_winkler"]
    assert all(each["pairs_a_second"] > 0 for each in peers)
    assert all(each["slices"]["all"]["questions"] == 3 for each in peers)


def test_a_half_and_its_other_half_are_the_whole():
    counts = [
        trials_of("--trial", "aliases", *half)["aliases"]["figures"]["slices"]["all"]["questions"]
        for half in ((), ("--half", "0"), ("--half", "1"))
    ]
    assert counts[0] == counts[1] + counts[2]


def test_tables_are_for_people(tmp_path: Path):
    near = tmp_path / "near.jsonl"
    near.write_text('{"query": "Russian Agricultural Machines", "match": false}')
    result = bench(
        *(*LISTED, *ORDINARY, "--ordinary", str(near)),
        *("--worst", "2", "--peers", "WRatio", "--pairs", PAIRS),
    )
    assert result.exit_code == 0, result.output
    for text in ("right entity first", "Ordinary, highest", "which favours them", "legal-form"):
        assert text in result.stdout


def test_pairs_alone_need_no_list():
    rows = json.loads(bench("--pairs", PAIRS, "--json").stdout)["pairs"]
    whole = rows[0]
    assert (whole["category"], whole["matches"], whole["others"]) == ("all", 4, 2)
    near = next(row for row in rows if row["category"] == "near")
    assert near["recall"] is None
    assert near["auc"] is None


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (LISTED, "give --listed and --ordinary or --crowd, or --pairs"),
        ((*LISTED, *ORDINARY, "--peers", "nothing"), "'nothing' is not one of: logic-v2"),
        (("--kinds", "ship", "--pairs", PAIRS), "'ship' is not one of"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], text: str):
    result = bench(*arguments)
    assert result.exit_code == 2
    assert text in result.output


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--listed", "nowhere.csv", *ORDINARY), "'nowhere.csv' is not a file, a folder"),
        ((*LISTED, *ORDINARY, "--trial", "Thai"), "'Thai' is not one of: aliases"),
    ],
)
def test_what_is_not_there_is_refused(arguments: tuple[str, ...], text: str):
    result = bench(*arguments)
    assert isinstance(result.exception, BadInputError)
    assert text in str(result.exception)
