"""What a trial takes out of its index and asks for."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.bench.other_trials import (
    Pair,
    ask_other_lists,
    ask_pairs,
    ask_script,
    scripts_beside_latin,
)
from abeyance_screening.bench.parties import Party
from abeyance_screening.bench.plain_folding import scripts_in, spelling
from abeyance_screening.bench.trials import Trial, hold_out_aliases
from tests.tools.bench.listed import HUAWEI, HUAWEI_UK, KUNLUN, LISTED, joined, party

WORDS = st.sampled_from(
    ["Huawei", "Rostec", "Kunlun", "Bank", "Trading", "Hangzhou", "Karamay", "Pump", "Nordlicht"]
)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
PARTIES = st.lists(st.lists(NAMES, min_size=1, max_size=6), min_size=1, max_size=8)


def indexed(trial: Trial) -> set[tuple[int, str]]:
    return {(name.entity, spelling(name.printed)) for name in trial.names}


def asked(trial: Trial) -> set[str]:
    return {query.printed for query in trial.queries}


def aliases_of(parties: Sequence[Party]) -> Trial:
    return hold_out_aliases(joined(*parties), range(len(parties)))


@given(PARTIES)
def test_what_is_asked_is_not_in_the_index_and_every_entity_keeps_a_name(
    printed: list[list[str]],
):
    parties = [party(f"own-{place}", *names) for place, names in enumerate(printed)]
    trial = aliases_of(parties)
    there = indexed(trial)
    assert all((query.entity, spelling(query.printed)) not in there for query in trial.queries)
    assert {entity for entity, _ in there} == set(joined(*parties).entities)


def test_a_name_is_held_out_of_all_lists_that_print_it():
    names = [f"Nordlicht Pumps {number}" for number in range(40)]
    trial = aliases_of((party("own-1", *names), party("other-1", *names[::-1])))
    assert 4 <= len(trial.queries) <= 16
    assert all(query.entity == 0 for query in trial.queries)
    assert len(trial.names) == 2 * (40 - len(trial.queries))


def test_the_same_names_make_the_same_trial_in_any_order():
    names = [f"Nordlicht Pumps {number}" for number in range(40)]
    there, back = aliases_of([party("own-1", *names)]), aliases_of([party("own-1", *names[::-1])])
    assert asked(there) == asked(back)


def test_only_what_is_asked_for_is_asked():
    names = [f"Nikolai Nordlicht {number}" for number in range(40)]
    person = party("own-1", *names, entity_type="person")
    assert hold_out_aliases(joined(person), [0]).queries == ()
    assert hold_out_aliases(joined(person, asked=["person"]), [0]).queries != ()


def test_other_lists_are_asked_for_what_only_they_print_of_a_party_with_the_same_number():
    vtb = party("ofac-1", "VTB Bank PJSC", numbers=["7702070139"])
    uk = party("uk-1", "VTB BANK, PJSC", "Vneshtorgbank", numbers=["7702070139"])
    namesake = party("uk-2", "Bank of Kunlun Co Ltd", "Kunlun Bank")
    of = joined(vtb, KUNLUN, uk, namesake)
    by_number = ask_other_lists(of, [0, 1], [2, 3])
    assert asked(by_number) == {"Vneshtorgbank"}
    assert {name.printed for name in by_number.names} == {
        "VTB Bank PJSC",
        "Bank of Kunlun Co Ltd",
        "Karamay City Commercial Bank Co Ltd.",
    }
    assert asked(ask_other_lists(of, [0, 1], [2, 3], by_name=True)) == {
        "Vneshtorgbank",
        "Kunlun Bank",
    }


def test_an_older_edition_lends_its_number_and_is_not_asked():
    now = party("ofac-1", "VTB Bank PJSC")
    older = party("ofac-1", "VTB Bank OAO", numbers=["7702070139"])
    uk = party("uk-1", "Vneshtorgbank", numbers=["7702070139"])
    assert asked(ask_other_lists(joined(now, older, uk), [0], [1, 2])) == {"Vneshtorgbank"}
    assert asked(ask_other_lists(joined(now, uk), [0], [1])) == set()


def test_all_names_of_a_script_are_asked_and_none_stays_in_the_index():
    mixed = party("jp-1", "Green Pine Associated Corporation (青松連合)", "Green Pine", "青松連合")
    han_only = party("cn-1", "朝鮮鉱業開発貿易会社")
    of = joined(*LISTED, mixed, han_only)
    assert scripts_beside_latin(of) == ["Cyrillic", "Han"]
    trial = ask_script(of, "Han")
    assert asked(trial) == {"海康威视", "青松連合"}
    left = [name.printed for name in trial.names if "Han" in scripts_in(name.printed)]
    assert left == ["朝鮮鉱業開発貿易会社"]
    assert asked(ask_script(of, "Cyrillic")) == {"Ростех"}


def test_pairs_ask_for_their_queries_and_add_candidates_that_no_list_has():
    pairs = [
        Pair("Shenzhen Huawei Technologies", "Huawei Technologies LLC", True, "", None),
        Pair("Nordlicht Pumps", "Nordlicht Pumpen GmbH", True, "", "organisation"),
        Pair("Nordlicht Shipping", "Nordlicht Pumpen GmbH", False, "", "organisation"),
        Pair("Nikolai Nord", "Nikolai Nordlicht", True, "", "person"),
        Pair("HUAWEI", "Huawei", True, "", "organisation"),
    ]
    trial = ask_pairs(joined(HUAWEI, KUNLUN, HUAWEI_UK), [0, 1], "given", pairs)
    assert asked(trial) == {"Shenzhen Huawei Technologies", "Nordlicht Pumps", "HUAWEI"}
    there = {name.printed for name in trial.names}
    assert "Shenzhen Huawei Technologies" not in there
    assert {"Huawei", "Nordlicht Pumpen GmbH"} <= there
    assert "Huawei Tech" not in there, "what is not listed is not indexed"
    entities = {query.printed: query.entity for query in trial.queries}
    assert entities["Shenzhen Huawei Technologies"] == entities["HUAWEI"] == 0
    assert entities["Nordlicht Pumps"] == 3


@pytest.mark.parametrize("place", range(4))
def test_a_half_depends_on_the_first_name_alone(place: int):
    assert joined(*LISTED).half(place) == joined(LISTED[place]).half(0)
