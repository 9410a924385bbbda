import json
from collections.abc import Callable

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.own.ftm import formats
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.ftm.ftm_files import Line, entity, given, lines, parse_deltas, parse_entities

type Sample = Callable[[str], bytes]

BASE = [
    entity("1", "Company", name="A", target=True),
    entity("2", "Company", name="B", target=True),
    entity("s1", "Sanction", entity="1", program="X", target=False),
]


def change(operation: str, line: Line) -> Line:
    return {"op": operation, "entity": line}


def by_id(parsed: ParsedEdition | ParsedDelta) -> dict[str, Listing]:
    assert isinstance(parsed, ParsedEdition)
    return {each.id: each for each in parsed.listings}


def test_an_export_with_its_delta_is_the_next_export(sample: Sample):
    files = given(sample("ftm/entities.delta.json"), sample("ftm/entities.ftm.json"))
    after = parse_entities(sample("ftm/entities_after.ftm.json"), "mine")
    assert by_id(parse_deltas(files, "mine")) == by_id(after)


def test_a_delta_of_additions_and_deletions_stands_alone(sample: Sample):
    delta = parse_deltas(given(sample("ftm/additions.delta.json")), "mine")
    assert isinstance(delta, ParsedDelta)
    assert [each.programmes for each in delta.put] == [("RUSSIA-EO14024",)]
    assert (delta.gone, delta.follows) == (("mine-ofac-15445",), ("ftm_jsonl", "ftm_delta"))


def test_a_delta_alone_does_what_it_does_with_the_export(sample: Sample):
    export, additions = sample("ftm/entities.ftm.json"), sample("ftm/additions.delta.json")
    delta = parse_deltas(given(additions), "mine")
    assert isinstance(delta, ParsedDelta)
    before = by_id(parse_entities(export, "mine"))
    applied = {key: value for key, value in before.items() if key not in delta.gone}
    applied |= {each.id: each for each in delta.put}
    assert applied == by_id(parse_deltas(given(export, additions), "mine"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param([], "the file is empty", id="nothing"),
        pytest.param(
            [change("MOD", BASE[0])], "line 1, 1: the delta changes an entity", id="a party"
        ),
        pytest.param([change("MOD", BASE[2])], "changes an entity", id="a sanction"),
        pytest.param([change("ADD", BASE[2])], "points to '1', which is not in it", id="new link"),
        pytest.param(
            [change("ADD", entity("3", "Company", name="C", addressEntity="a", target=True))],
            "points to 'a', which is not in it",
            id="an address that stood before",
        ),
        pytest.param(
            [change("ADD", entity("3", "Company", name="C"))], "no 'target'", id="no mark"
        ),
        pytest.param([change("ADD", {"id": "3"})], "is missing", id="not whole"),
        pytest.param(
            [change("PUT", BASE[0])], "'PUT' is not one of: ADD, DEL, MOD", id="operation"
        ),
        pytest.param([change("DEL", BASE[0])], "unknown field", id="a deletion with more"),
        pytest.param(
            [change("ADD", BASE[0]), change("DEL", {"id": "1"})],
            "line 2: id '1' is already used in line 1",
            id="an id twice",
        ),
        pytest.param(
            [
                change(
                    "ADD",
                    entity("3", "Company", name="C", parent=[entity("4", "Company", name="D")]),
                )
            ],
            "an entity is inside another one",
            id="nested",
        ),
    ],
)
def test_a_delta_whose_effect_is_not_known_from_it_is_refused(changes: list[Line], reason: str):
    with pytest.raises(AbeyanceError, match=reason):
        parse_deltas(given(lines(*changes)), "mine")


@pytest.mark.parametrize(
    "line",
    [change("ADD", BASE[0]), change("MOD", entity("9", "Company")), change("DEL", {"id": "9"})],
)
def test_a_delta_that_does_not_follow_on_the_export_is_refused(line: Line):
    with pytest.raises(RowRefusedError, match="an earlier delta is missing"):
        parse_deltas(given(lines(*BASE), lines(line)), "mine")


def test_two_deltas_that_touch_one_entity_are_refused():
    first = lines(change("MOD", BASE[0]))
    second = lines(change("DEL", {"id": "1"}))
    with pytest.raises(ListRefusedError, match="two deltas change '1'"):
        parse_deltas(given(lines(*BASE), first, second), "mine")


def test_two_deltas_apart_are_both_applied():
    first = lines(change("DEL", {"id": "1"}))
    second = lines(change("MOD", entity("2", "Company", name="B2", target=True)))
    after = by_id(parse_deltas(given(first, lines(*BASE), second), "mine"))
    assert [each.primary_name for each in after.values()] == ["B2"]


@pytest.mark.parametrize("count", [0, 2])
def test_several_deltas_need_one_export(count: int):
    files = given(*[lines(*BASE)] * count, *[lines(change("DEL", {"id": "1"}))] * 2)
    with pytest.raises(ListRefusedError, match="one export is needed"):
        parse_deltas(files, "mine")


def test_the_second_format_reads_an_export_with_deltas(sample: Sample):
    _, second, _ = formats("mine", lambda _: None)
    files = given(sample("ftm/entities.ftm.json"), sample("ftm/entities.delta.json"))
    assert second.several
    assert second.read(files) == (parse_deltas(files, "mine"),)


_STATES = st.dictionaries(
    st.sampled_from(["1", "2", "3"]),
    st.fixed_dictionaries(
        {"name": st.sampled_from("AB"), "program": st.sampled_from(["", "X", "Y"])}
    ),
    min_size=1,
)


def _export(state: dict[str, dict[str, str]]) -> dict[str, Line]:
    found = dict[str, Line]()
    for key, said in state.items():
        found[key] = entity(key, "Company", name=said["name"], target=True)
        if said["program"]:
            found[f"s{key}"] = entity(
                f"s{key}", "Sanction", entity=key, program=said["program"], target=False
            )
    return found


@given_any(_STATES, _STATES)
def test_applying_a_delta_equals_loading_the_export(
    one: dict[str, dict[str, str]], other: dict[str, dict[str, str]]
):
    before, after = _export(one), _export(other)
    changes = [change("DEL", {"id": key}) for key in before.keys() - after.keys()]
    changes += [change("ADD", after[key]) for key in after.keys() - before.keys()]
    changes += [
        change("MOD", after[key])
        for key in after.keys() & before.keys()
        if json.dumps(after[key]) != json.dumps(before[key])
    ]
    if changes:
        files = given(lines(*before.values()), lines(*changes))
        whole = parse_entities(lines(*after.values()), "mine")
        assert by_id(parse_deltas(files, "mine")) == by_id(whole)
