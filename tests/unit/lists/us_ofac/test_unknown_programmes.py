"""A programme code that nobody knows costs no entry, in any form and in any place of a file."""

import re
from collections.abc import Callable, Sequence

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Fact, Listing
from tests.unit.lists.us_ofac.ofac_files import (
    CONS,
    DELTA_NS,
    SDN,
    by_id,
    delta,
    delta_file,
    enhanced,
    enhanced_file,
    entity,
    given,
)

type Sample = Callable[[str], bytes]
_NEW = "ZZZ-EO14999"
_XML, _TAG = re.compile(rb"(<program>)[^<]*"), re.compile(rb"(<sanctionsProgram(?: [^>]*)?>)[^<]*")
_UMBRELLA = '<sanctionsList datePublished="2021-05-21">Consolidated List</sanctionsList>'
_ON_MBS = _UMBRELLA + (
    '<sanctionsList datePublished="2021-05-21">Non-SDN Menu-Based Sanctions List</sanctionsList>'
)
_NOT_SAID = Fact(
    kind="list_not_known",
    value="which one of OFAC's non-SDN lists it is on, the file does not say",
)


def with_new_code(content: bytes, place: re.Pattern[bytes], number: int) -> bytes:
    """The file with a new code in the place of the one that stands in that one of its places."""
    found = list(place.finditer(content))[number]
    return content[: found.end(1)] + _NEW.encode() + content[found.end() :]


def loaded(source: str, contents: Sequence[bytes]) -> dict[str, Listing]:
    read = read_files(source, given(*contents), sources=(source,))
    return by_id([each for each in read.parsed if isinstance(each, ParsedEdition)])


def parties(found: dict[str, Listing]) -> dict[str | None, set[str]]:
    """The names by the number of the party."""
    return {each.entry_id: {name.text for name in each.names} for each in found.values()}


@pytest.mark.parametrize("number", [0, 4, -1], ids=["the first", "a middle one", "the last"])
@pytest.mark.parametrize(
    ("source", "names", "place", "list_code"),
    [
        pytest.param(
            CONS, ("consolidated_2022.xml",), _XML, "us_ofac_nonsdn", id="CONSOLIDATED.XML"
        ),
        pytest.param(CONS, ("cons_enhanced_2025.xml",), _TAG, None, id="CONS_ENHANCED.XML"),
        pytest.param(
            SDN, ("sdn_enhanced_2025-01-10.xml",), _TAG, "us_ofac_sdn", id="SDN_ENHANCED.XML"
        ),
    ],
)
def test_a_new_code_loses_no_party_and_no_name(
    sample: Sample,
    source: str,
    names: tuple[str, ...],
    place: re.Pattern[bytes],
    list_code: str | None,
    number: int,
):
    first, *others = (sample(f"us_ofac/{name}") for name in names)
    before = loaded(source, (first, *others))
    after = loaded(source, (with_new_code(first, place, number), *others))
    assert parties(after) == parties(before)
    marked = [each for each in after.values() if _NEW in each.programmes]
    assert marked
    if list_code is None:
        assert {each.id for each in marked} <= before.keys(), "the file names the list itself"
    else:
        assert list_code in {each.list_code for each in marked}


def test_sdn_xml_with_a_new_code_first_is_sdn_xml(sample: Sample):
    content = with_new_code(sample("us_ofac/sdn_2025.xml"), _XML, 0)
    assert loaded(SDN, (content,))["us_ofac_sdn-36"].programmes == (_NEW,)


def test_an_entry_of_a_new_code_alone_says_that_its_list_is_not_known(sample: Sample):
    first = with_new_code(sample("us_ofac/consolidated_2022.xml"), _XML, 0)
    found = loaded(CONS, (first,))
    assert found["us_ofac_nonsdn-9640"].facts[-1] == _NOT_SAID
    assert found["us_ofac_nonsdn-9640"].programmes == (_NEW,)
    told = [each for each in found.values() if each.list_code != "us_ofac_nonsdn"]
    assert not any(_NOT_SAID in each.facts for each in told)
    assert "us_ofac_plc-9640" not in found


def test_an_entry_of_a_known_and_a_new_code_is_on_its_list_and_perhaps_on_another(sample: Sample):
    content = sample("us_ofac/consolidated_2022.xml").replace(
        b"<program>SDGT</program>", f"<program>{_NEW}</program>".encode()
    )
    found = loaded(CONS, (content,))
    assert set(found["us_ofac_plc-9659"].programmes) == {"NS-PLC", _NEW}
    (doubt,) = [e for e in found["us_ofac_nonsdn-9659"].facts if e.kind == "list_not_known"]
    assert doubt.value.startswith("which further one of OFAC's non-SDN lists")
    assert "list_not_known" not in {each.kind for each in found["us_ofac_plc-9659"].facts}


def test_peesa_of_2021_is_on_the_menu_based_list(sample: Sample):
    found = loaded(CONS, (sample("us_ofac/consolidated_2021.xml"),))
    assert sorted(found) == [
        "us_ofac_cmic-30924",
        "us_ofac_mbs-31914",
        "us_ofac_mbs-31920",
        "us_ofac_plc-9639",
    ]
    fund = found["us_ofac_mbs-31914"]
    assert fund.primary_name == "SAMARA HEAT AND ENERGY PROPERTY FUND"
    assert "STIF JSC" in {name.text for name in fund.names}


def test_the_umbrella_alone_says_that_the_list_is_not_known():
    found = enhanced(CONS, enhanced_file(entity(lists=_UMBRELLA), source=CONS))
    assert list(found) == ["us_ofac_nonsdn-1"]
    assert found["us_ofac_nonsdn-1"].facts == (_NOT_SAID,)
    assert f"{found['us_ofac_nonsdn-1'].listed_on}" == "2021-05-21"


def test_an_sdn_of_the_umbrella_is_on_both():
    both = '<sanctionsList datePublished="2020-01-02">SDN List</sanctionsList>' + _UMBRELLA
    content = enhanced_file(entity(lists=both), source=CONS)
    assert list(enhanced(CONS, content)) == ["us_ofac_nonsdn-1"]
    assert list(enhanced(SDN, enhanced_file(entity(lists=both)))) == ["us_ofac_sdn-1"]


def test_a_delta_with_a_new_code_changes_the_list_it_names():
    code = f"<sanctionsPrograms><sanctionsProgram>{_NEW}</sanctionsProgram></sanctionsPrograms>"
    content = delta_file(
        entity(code, number=1, lists=_ON_MBS, attributes=' action="add"'),
        entity(code, number=2, lists=_UMBRELLA, attributes=' action="add"'),
        entity(code, number=3, lists=_UMBRELLA, attributes=' action="remove"'),
    )
    assert DELTA_NS.encode() in content
    changes = delta(CONS, content)
    assert [each.id for each in changes["us_ofac_mbs"].put] == ["us_ofac_mbs-1"]
    assert [each.id for each in changes["us_ofac_nonsdn"].put] == ["us_ofac_nonsdn-2"]
    assert changes["us_ofac_nonsdn"].gone == ("us_ofac_nonsdn-3",)
    assert "us_ofac_nonsdn" not in delta(CONS, delta_file())
