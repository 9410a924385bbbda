"""What the reader of the advanced file refuses: files that are not whole, and what is unknown."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.retired.us_ofac.advanced import is_advanced, read_advanced
from abeyance_screening.engine.lists.us_ofac.parties import NON_SDN, SDN
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_ofac.ofac_files import changed

type Sample = Callable[[str], bytes]

FILE = "us_ofac/sdn_advanced_2024.xml"


def test_a_file_cut_before_its_entries_may_be_of_either_source(sample: Sample):
    content = sample(FILE).partition(b"<SanctionsEntries>")[0]
    assert all(is_advanced(GivenFile("a", content), source=each) for each in (SDN, NON_SDN))
    with pytest.raises(ListRefusedError, match="not well-formed XML"):
        read_advanced(SDN, content)


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        pytest.param(
            r'<SanctionsEntry ID="36407".*?</SanctionsEntry>',
            r"not whole: it has 1 parties without a sanctions entry \(36407\)",
            id="an entry",
        ),
        pytest.param(
            r'<DistinctParty FixedRef="36">.*?</DistinctParty>',
            r"1 sanctions entries of parties that are not in it \(36\)",
            id="a party",
        ),
        pytest.param(
            r"<DistinctParty .*</DistinctParty>",
            r"6 sanctions entries .* and 6 documents of parties that are not in it",
            id="all parties",
        ),
        pytest.param(
            r"<SanctionsEntries>.*</SanctionsEntries>",
            "6 parties without a sanctions entry",
            id="all entries",
        ),
        pytest.param(r"<DateOfIssue.*?</DateOfIssue>", "DateOfIssue is missing", id="the day"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(sample: Sample, gone: str, reason: str):
    """As the cut of 2024-02-23 is, which is well-formed."""
    with pytest.raises(ListRefusedError, match=f"^us_ofac_sdn: .*{reason}"):
        read_advanced(SDN, changed(sample(FILE), gone, ""))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            r'<Location ID="54684">.*?</Location>',
            "",
            "^entry 36407.*location 54684 is not in the file: it is not whole",
            id="a place gone",
        ),
        pytest.param(
            'AliasTypeID="1400"',
            'AliasTypeID="7"',
            "unknown number of AliasType '7'",
            id="alias type",
        ),
        pytest.param(
            'LowQuality="false"', 'LowQuality="no"', "unknown LowQuality 'no'", id="quality"
        ),
        pytest.param('ListID="1550"', 'ListID="9"', "unknown number of List '9'", id="list"),
        pytest.param(
            ">SDN List<", ">BIS List<", "unknown name of a list 'BIS List'", id="list's name"
        ),
        pytest.param(">Created<", ">Delisted<", "unknown kind of event 'Delisted'", id="event"),
        pytest.param(
            "<Comment>CUBA</Comment>", "", "the programme has no code", id="programme's code"
        ),
        pytest.param(">Vessel Name<", ">Ship Name<", "unknown part of a name 'Ship", id="part"),
        pytest.param(">Lady Leila<", "> <", "the Vessel Name is blank", id="a blank name"),
        pytest.param(
            'Primary="true" LowQuality',
            'Primary="false" LowQuality',
            "unknown kind of name",
            id="no primary",
        ),
        pytest.param(
            ">Entity</PartyType>", ">Horse</PartyType>", "unknown kind of party", id="type"
        ),
        pytest.param("<Year>1976", "<Year>19x6", "Year: '19x6' is no number", id="a year"),
        pytest.param("<Month>8<", "<Month>13<", "no calendar has 1976-13-30", id="a month"),
        pytest.param(
            "<VersionDetail ",
            "<Colour /><VersionDetail ",
            "unknown element 'Colour'",
            id="element",
        ),
        pytest.param(
            "<Locations>", "<Planets /><Locations>", "unknown element 'Planets'", id="section"
        ),
        pytest.param(
            '<Feature ID="',
            '<Feature Colour="red" ID="',
            "unknown attribute 'Colour'",
            id="attribute",
        ),
        pytest.param(
            r'(<DistinctParty FixedRef="36">.*?</DistinctParty>)',
            r"\1\1",
            "occurs twice",
            id="twice",
        ),
        pytest.param(
            "<SanctionsEntryLinks />",
            "<SanctionsEntryLinks><X ID='1'/></SanctionsEntryLinks>",
            "unknown element 'X'",
            id="a link",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_its_place(
    sample: Sample, old: str, new: str, reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        read_advanced(SDN, changed(sample(FILE), old, new))


def test_a_party_of_another_list_is_refused(sample: Sample):
    with pytest.raises(RowRefusedError, match="is on none of the lists of this file"):
        read_advanced(NON_SDN, sample(FILE))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(sample(FILE))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b'"', b"<", b">", b"0", b"\xff", b" "])
        )
    with contextlib.suppress(AbeyanceError):
        assert read_advanced(SDN, bytes(content))
