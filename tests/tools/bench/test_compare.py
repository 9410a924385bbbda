"""`abeyance compare`: each line is printed with all its fields and its score."""

import json

import pytest
from click.testing import CliRunner, Result

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import score
from abeyance_screening.primitives.errors import RowRefusedError


def compare(*lines: str) -> Result:
    return CliRunner().invoke(abeyance, ["compare", "-"], input="\n".join(lines))


def test_a_line_comes_back_whole_with_its_score():
    line = (
        '{"id": 12345678901234567890, "query": "Hikvison", "candidate": "Hikvision", "x": [1.50]}'
    )
    result = compare(line, "", line)
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first == second
    assert '"id":12345678901234567890' in first
    assert "[1.50]" in first
    expected = score(normalise("Hikvison"), normalise("Hikvision"))
    assert json.loads(first)["score"] == expected
    assert result.stderr.startswith("2 lines, ")


def test_a_score_that_was_there_is_replaced():
    result = compare('{"query": "Hikvision", "candidate": "Hikvision", "score": 0.1}')
    assert json.loads(result.stdout)["score"] == 1.0


def test_a_person_and_a_firm_need_more_in_common_and_countries_change_nothing():
    bare = {"query": "Darika Golla", "candidate": "DARIKA"}
    person, firm = {"query_type": "person"}, {"candidate_type": "organisation"}
    lines = [json.dumps(bare | each) for each in ({}, person, person | firm)]
    plain, stated, other = map(json.loads, compare(*lines).stdout.splitlines())
    assert plain["score"] == stated["score"] > other["score"]
    bare = {"query": "Hikvison", "candidate": "Hikvision"}
    stated = {
        "query_type": "organisation",
        "candidate_type": "vessel",
        "query_country": "cn",
        "candidate_country": "Germany",
    }
    plain, full = compare(json.dumps(bare), json.dumps(bare | stated)).stdout.splitlines()
    assert json.loads(plain)["score"] == json.loads(full)["score"]
    assert stated.items() <= json.loads(full).items()


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ('{"candidate": "Hikvision"}', "line 2: .*`query`"),
        ('{"query": "Hikvision", "candidate": 4}', r"line 2: .*\$\.candidate"),
        ('{"query": "a", "candidate": "b", "query_type": "ship"}', r"line 2: .*\$\.query_type"),
        (
            '{"query": "a", "candidate": "b", "candidate_country": "Atlantis"}',
            r"line 2: unknown country 'Atlantis' - at `\$\.candidate_country`",
        ),
        ("[1]", "line 2: must be an object"),
        ("{", "line 2: "),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_field(line: str, stated: str):
    result = compare('{"query": "Hikvision", "candidate": "Hikvision"}', line)
    assert isinstance(result.exception, RowRefusedError)
    with pytest.raises(RowRefusedError, match=stated):
        raise result.exception
