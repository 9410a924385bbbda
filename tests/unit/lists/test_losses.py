"""What counts as a loss of names, numbers or a whole type of entries, and what does not."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ListedNames
from abeyance_screening.engine.lists.guards import EntryCounts, Losses, losses
from abeyance_screening.engine.lists.listing import EntityType, Name, NameKind

KINDS: tuple[NameKind, ...] = ("alias", "weak_alias", "former")
type Entries = dict[str, ListedNames]
type Further = tuple[str, NameKind]


def listed(
    *further: Further, entity_type: EntityType = "organisation", numbers: int = 0
) -> ListedNames:
    names = (
        Name(text="Acme", kind="primary"),
        *(Name(text=text, kind=kind) for text, kind in further),
    )
    return ListedNames(entity_type=entity_type, names=names, number_count=numbers)


def entries(count: int, *further: Further, begin: int = 0, **more) -> Entries:
    return {str(begin + each): listed(*further, **more) for each in range(count)}


def found(before: Entries, after: Entries, *, count_numbers: bool = True) -> list[str]:
    return list(losses(before, after, 0.24, count_numbers=count_numbers))


ALIAS: Further = ("Acme Works", "alias")
WEAK: Further = ("AW", "weak_alias")
HAN: Further = ("安美公司", "alias")


@pytest.mark.parametrize(
    ("gone", "is_lost"),
    [pytest.param(12, False, id="12 of 100"), pytest.param(13, True, id="13 of 100")],
)
def test_names_may_go_up_to_a_share_of_those_that_were(gone: int, is_lost: bool):
    before = entries(100, ALIAS)
    assert bool(found(before, before | entries(gone))) == is_lost


@pytest.mark.parametrize(
    ("gone", "is_lost"),
    [pytest.param(5, False, id="few"), pytest.param(6, True, id="more than few")],
)
def test_a_few_names_may_all_go(gone: int, is_lost: bool):
    before = entries(gone, ALIAS)
    assert bool(found(before, entries(gone))) == is_lost


def test_new_entries_hide_no_loss():
    after = entries(20) | entries(500, ALIAS, WEAK, begin=20)
    (said, *_) = found(entries(20, ALIAS), after)
    assert said.startswith(
        "suddenly fewer names: the entries that are on it still had 20 further names and have "
        "lost 20 of them; at most 12% may go at once"
    )


def test_new_entries_without_aliases_are_no_loss():
    before = entries(50, ALIAS)
    assert found(before, before | entries(500, begin=50)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_of_names_that_is_gone_is_told(kind: NameKind):
    other: NameKind = "former" if kind == "alias" else "alias"
    both: list[Further] = [(f"{ALIAS[0]} {each}", other) for each in range(9)]
    before, after = entries(40, *both, ("Else", kind)), entries(40, *both)
    words = {"alias": "aliases", "weak_alias": "weak aliases", "former": "former names"}
    assert any(f"had 40 {words[kind]} and have lost 40" in each for each in found(before, after))


def test_a_name_that_is_called_by_another_kind_is_not_lost():
    assert found(entries(40, ALIAS, WEAK), entries(40, ALIAS, ("AW", "alias"))) == []


def test_names_in_one_script_that_are_gone_are_told():
    before, after = entries(40, ALIAS, HAN), entries(40, ALIAS, ("Anmei Gongsi", "alias"))
    (said,) = found(before, after)
    assert "had 40 names in Han letters and have lost 40" in said


def test_how_letters_are_set_is_no_script():
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "ACME")
    before = entries(40, (wide, "alias"), ("Al K\u02bbas", "alias"))
    assert found(before, entries(40, ("ACME", "alias"), ("Al Kas", "alias"))) == []


def test_numbers_count_between_editions_of_one_format_only():
    before, after = entries(40, numbers=2), entries(40)
    (said,) = found(before, after)
    assert said.startswith("suddenly fewer numbers: ")
    assert "had 80 numbers and have lost 80" in said
    assert found(before, after, count_numbers=False) == []


def test_names_that_are_gone_with_the_ids_of_their_entries_are_told():
    (said,) = found(entries(40, ALIAS), entries(40, begin=100))
    assert said.startswith("suddenly fewer names: 0 further names on 40 entries")


def test_a_list_that_loses_entries_loses_their_names_too():
    assert found(entries(100, ALIAS), entries(60, ALIAS)) == []


@pytest.mark.parametrize(
    ("left", "is_lost"),
    [pytest.param(38, False, id="24 % of them"), pytest.param(37, True, id="more")],
)
def test_a_type_of_entries_that_is_gone_is_told(left: int, is_lost: bool):
    firms = entries(1_000)
    before = firms | entries(50, begin=2_000, entity_type="vessel")
    said = found(before, firms | entries(left, begin=2_000, entity_type="vessel"))
    assert said == (
        [f"suddenly fewer entries of type vessel: {left} after 50; at most 24% may go at once"]
        if is_lost
        else []
    )


def test_an_entry_that_is_said_to_be_of_another_type_is_not_lost():
    assert found(entries(50, entity_type="vessel"), entries(50)) == []


NAMES = st.lists(st.tuples(st.text(min_size=1, max_size=4), st.sampled_from(KINDS)), max_size=5)
LISTED = st.dictionaries(st.text(max_size=3), NAMES.map(lambda names: listed(*names)), max_size=30)


@given(LISTED, LISTED)
def test_more_of_everything_is_never_a_loss(before: Entries, more: Entries):
    richer = {
        key: msgspec.structs.replace(each, names=(*each.names, *listed(ALIAS).names[1:]))
        for key, each in before.items()
    }
    assert found(before, richer | {f"new {key}": each for key, each in more.items()}) == []


@given(LISTED)
def test_all_further_names_gone_is_a_loss_if_they_were_more_than_few(before: Entries):
    bare = {
        key: msgspec.structs.replace(each, names=each.names[:1]) for key, each in before.items()
    }
    total = sum(len(each.names) - 1 for each in before.values())
    assert bool(found(before, bare)) == (total > 5)


SOME_LISTED = st.builds(
    lambda further, entity_type, numbers: listed(
        *further, entity_type=entity_type, numbers=numbers
    ),
    st.lists(st.sampled_from([ALIAS, WEAK, HAN]), max_size=3),
    st.sampled_from(["person", "organisation"]),
    st.integers(0, 2),
)
MANY = st.dictionaries(st.sampled_from([str(each) for each in range(60)]), SOME_LISTED)


@given(MANY, MANY, st.integers(0, 300))
def test_what_stays_as_it_is_turns_no_loss_into_one(before: Entries, after: Entries, same: int):
    differing = Losses()
    for key in before.keys() | after.keys():
        differing.add(before.get(key), after.get(key))
    counts = EntryCounts(before=len(before) + same, after=len(after) + same)
    stays = entries(same, ALIAS, begin=1_000)
    if not any(differing.in_words(counts, 0.24, count_numbers=True)):
        assert not found(before | stays, after | stays)
    for each in stays.values():
        differing.add(each, each)
    said = list(differing.in_words(counts, 0.24, count_numbers=True))
    assert said == found(before | stays, after | stays)
