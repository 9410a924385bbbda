"""What OFAC's readers make of lists and codes that they do not know, and of parties they cannot
read, where notes are taken.
"""

from collections.abc import Callable, Mapping

import pytest

from abeyance_screening.engine.lists.edition import ParsedDelta, ParsedEdition, UnknownPart
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.us_ofac.ofac_files import (
    CONS,
    NAME,
    ON_SDN,
    SDN,
    changed,
    delta_file,
    enhanced_file,
    entity,
    given,
    values,
)

type Sample = Callable[[str], bytes]
_NEW = '<sanctionsList datePublished="2026-05-01">Non-SDN New List</sanctionsList>'
_ON_MBS = (
    '<sanctionsList datePublished="2026-05-01">Non-SDN Menu-Based Sanctions List</sanctionsList>'
)
_NEW_PART = UnknownPart(
    what="name of a list", count=1, example="Non-SDN New List", may_hide="kind"
)
_ADD, _REMOVE = ' action="add"', ' action="remove"'
_BROKEN = "<features><feature><value>x</value></feature></features>"


def parsed(source: str, *files: bytes) -> Mapping[str, ParsedEdition | ParsedDelta]:
    return {
        each.list_code: each
        for each in read_files(source, given(*files), sources=(source,)).parsed
    }


def edition(source: str, *files: bytes) -> Mapping[str, ParsedEdition]:
    return {
        code: each
        for code, each in parsed(source, *files).items()
        if isinstance(each, ParsedEdition)
    }


def delta(source: str, *files: bytes) -> Mapping[str, ParsedDelta]:
    return {
        code: each
        for code, each in parsed(source, *files).items()
        if isinstance(each, ParsedDelta)
    }


def listings(source: str, *files: bytes) -> Mapping[str, Listing]:
    return {
        listing.id: listing
        for each in edition(source, *files).values()
        for listing in each.listings
    }


def hidden(each: ParsedEdition | ParsedDelta) -> set[str | None]:
    return {part.may_hide for part in each.read_in_part}


def test_a_party_of_a_list_that_is_not_known_is_on_the_list_of_strays():
    content = enhanced_file(
        entity(number=1, lists=_NEW), entity(number=2, lists=_ON_MBS), source=CONS
    )
    found = edition(CONS, content)
    (stray,) = found["us_ofac_nonsdn"].listings
    assert stray.id == "us_ofac_nonsdn-1"
    assert f"{stray.listed_on}" == "2026-05-01"
    assert values(stray, "unknown_part") == ["name of a list: Non-SDN New List"]
    assert values(stray, "list_not_known") == []
    assert found["us_ofac_nonsdn"].read_in_part == (_NEW_PART,)
    assert found["us_ofac_mbs"].read_in_part == ()


def test_a_party_of_a_known_and_a_new_list_is_on_both_and_counted_on_both():
    found = edition(CONS, enhanced_file(entity(lists=_ON_MBS + _NEW), source=CONS))
    assert set(found) == {"us_ofac_mbs", "us_ofac_nonsdn"}
    assert all(each.read_in_part == (_NEW_PART,) for each in found.values())


@pytest.mark.parametrize("lists", [_NEW, ON_SDN + _NEW], ids=["alone", "further list"])
def test_in_the_sdn_lists_file_it_is_on_the_sdn_list(lists: str):
    (found,) = edition(SDN, enhanced_file(entity(lists=lists))).values()
    assert [each.id for each in found.listings] == ["us_ofac_sdn-1"]
    assert found.read_in_part == (_NEW_PART,)


def test_a_delta_puts_a_party_of_a_new_list_with_the_strays_and_hides_it_from_the_sdn_list():
    content = delta_file(entity(lists=_NEW, attributes=_ADD))
    cons, sdn = delta(CONS, content), delta(SDN, content)
    assert [each.id for each in cons["us_ofac_nonsdn"].put] == ["us_ofac_nonsdn-1"]
    assert cons["us_ofac_nonsdn"].read_in_part == (_NEW_PART,)
    assert cons["us_ofac_mbs"].read_in_part == ()
    assert sdn["us_ofac_sdn"].put == ()
    assert sdn["us_ofac_sdn"].read_in_part == (_NEW_PART,)


def test_a_removal_from_a_new_list_says_that_the_party_may_be_on_another():
    content = delta_file(entity(lists=_NEW, attributes=_REMOVE))
    cons = delta(CONS, content)
    assert cons["us_ofac_nonsdn"].gone == ("us_ofac_nonsdn-1",)
    assert all(hidden(each) == {"kind"} for each in cons.values())
    (sdn,) = delta(SDN, content).values()
    assert (sdn.gone, hidden(sdn)) == ((), {"kind"})


def test_an_unread_removal_removes_nothing_and_says_so():
    content = delta_file(
        entity(_BROKEN, number=1, attributes=_REMOVE),
        entity(number=2, attributes=_REMOVE),
        entity("<colour>red</colour>", number=3, attributes=_REMOVE),
    )
    (found,) = delta(SDN, content).values()
    assert found.gone == ("us_ofac_sdn-2", "us_ofac_sdn-3")
    (part,) = found.read_in_part
    assert part.what == "removal that could not be read, so that the entry stays"
    assert (part.count, part.may_hide) == (1, "status")
    assert part.example.startswith("entry 1, ")


def test_a_delta_of_many_unread_removals_is_refused():
    several = (entity(_BROKEN, number=each, attributes=_REMOVE) for each in range(4))
    with pytest.raises(ListRefusedError, match="4 removals cannot be read: entry 0"):
        delta(SDN, delta_file(*several))


def test_an_unread_addition_is_kept_by_its_names_on_its_lists_alone():
    both = ON_SDN + _ON_MBS
    content = delta_file(
        entity(_BROKEN, number=1, lists=both, attributes=_ADD),
        entity(number=2, lists=both, attributes=_ADD),
        entity(number=3, lists=both, attributes=_ADD),
    )
    for source, code in ((SDN, "us_ofac_sdn"), (CONS, "us_ofac_mbs")):
        changes = delta(source, content)
        assert [each.id for each in changes[code].put] == [f"{code}-{n}" for n in (1, 2, 3)]
        assert [bool(each.unread) for each in changes[code].put] == [True, False, False]
        assert changes[code].put[0].primary_name == "ACME"
        assert [code for code, each in changes.items() if each.put] == [code]


def test_an_unknown_action_puts_a_whole_party_and_removes_none():
    (found,) = delta(SDN, delta_file(entity(attributes=' action="retire"'))).values()
    assert ([each.id for each in found.put], found.gone) == (["us_ofac_sdn-1"], ())
    (part,) = found.read_in_part
    assert (part.what, part.example, part.may_hide) == ("action", "retire", "status")


def test_an_unknown_action_on_a_part_of_a_party_refuses_the_delta():
    content = delta_file(
        entity(number=1, attributes=_ADD), '<entity id="7" action="retire"><names/></entity>'
    )
    with pytest.raises(ListRefusedError, match=r"changed in part \(7\)"):
        delta(SDN, content)


@pytest.mark.parametrize(
    ("source", "file", "found", "put", "number"),
    [
        pytest.param(
            CONS,
            "cons_enhanced_2025.xml",
            "(<entityType[^>]*>)Entity<",
            r"\1<",
            "us_ofac_capta-15268",
            id="enhanced",
        ),
        pytest.param(
            CONS, "consolidated_2021.xml", "<sdnType>Individual<", "<sdnType><", "us_ofac_plc-9639"
        ),
    ],
)
def test_a_party_that_cannot_be_read_has_its_id_its_names_and_the_link_to_its_entry(
    sample: Sample, source: str, file: str, found: str, put: str, number: str
):
    content = sample(f"us_ofac/{file}")
    whole, after = listings(source, content), listings(source, changed(content, found, put))
    assert after.keys() == whole.keys()
    assert [key for key, each in after.items() if each.unread] == [number]
    unread, read = after[number], whole[number]
    assert {each.text for each in unread.names} >= {each.text for each in read.names}
    assert unread.primary_name == read.primary_name
    assert (unread.entry_id, unread.information_url) == (read.entry_id, read.information_url)


def test_a_party_on_two_lists_that_cannot_be_read_is_on_both(sample: Sample):
    content = changed(sample("us_ofac/cons_enhanced_short_2025.xml"), "2022-02-24", "")
    found = listings(CONS, content)
    assert {"us_ofac_mbs-17014", "us_ofac_ssi-17014"} <= found.keys()


def test_an_unread_party_may_be_the_only_one_of_its_list():
    content = enhanced_file(
        entity(_BROKEN, number=1, lists=_NEW), entity(number=2, lists=_ON_MBS), source=CONS
    )
    assert [bool(each.unread) for each in listings(CONS, content).values()] == [False, True]


def test_a_name_that_is_not_said_to_be_primary_costs_no_measure():
    names = f"<name>{NAME}</name>".replace("true", "perhaps", 1)
    (found,) = listings(SDN, enhanced_file(entity(names=names))).values()
    assert (found.primary_name, found.unread) == ("ACME", None)
    assert values(found, "unknown_part") == [
        "isPrimary: perhaps",
        "kind of a name that is not the primary one: blank",
        "number of primary names: 0",
    ]


def test_a_file_of_the_other_source_is_refused(sample: Sample):
    content = changed(sample("us_ofac/cons_enhanced_2025.xml"), "Consolidated List<", "SDN List<")
    with pytest.raises(ListRefusedError, match="records cannot be read"):
        listings(SDN, content)
