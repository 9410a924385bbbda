import pytest

from abeyance_screening.engine.lists.un_sc.reader import parse_xml
from abeyance_screening.primitives.errors import RowRefusedError
from tests.unit.lists.un_sc.party_files import PARTY, xml_file


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        pytest.param(
            PARTY + "<COLOUR/>", "ENTITY IRe.999: unknown element 'COLOUR' of ENTITY", id="new"
        ),
        pytest.param(
            PARTY + "<ENTITY_ADDRESS><PLANET>Mars</PLANET></ENTITY_ADDRESS>",
            "ENTITY IRe.999, ENTITY_ADDRESS: unknown element 'PLANET' of ENTITY_ADDRESS",
            id="new inside",
        ),
        pytest.param(
            PARTY + "<TITLE><VALUE>Dr</VALUE><NOTE>x</NOTE></TITLE>",
            "TITLE: unknown element 'NOTE' of TITLE",
            id="new beside a value",
        ),
        pytest.param(
            PARTY.replace("<FIRST_NAME>ACME</FIRST_NAME>", ""),
            "'FIRST_NAME' is missing",
            id="no name",
        ),
        pytest.param(PARTY.replace("ACME", " "), "FIRST_NAME is blank", id="blank name"),
        pytest.param(PARTY.replace("IRe.999", ""), "REFERENCE_NUMBER is blank", id="no reference"),
        pytest.param(PARTY.replace("2010-06-09", "June 2010"), "LISTED_ON: 'June", id="no day"),
        pytest.param(
            PARTY.replace("<LISTED_ON>2010-06-09</LISTED_ON>", ""),
            "'LISTED_ON' is missing",
            id="no element for the day",
        ),
        pytest.param(
            PARTY + "<DATAID>2</DATAID>", "unknown further 'DATAID' of ENTITY '2'", id="twice"
        ),
        pytest.param(PARTY + "stray", "text between the elements", id="stray text"),
        pytest.param(
            PARTY + "<COMMENTS1>see <b>here</b></COMMENTS1>",
            "part of the text of COMMENTS1",
            id="elements in a text",
        ),
        pytest.param(
            PARTY + '<COMMENTS1 lang="fr">x</COMMENTS1>',
            "part of the text of COMMENTS1",
            id="attribute",
        ),
        pytest.param(
            PARTY
            + "<ENTITY_ALIAS><QUALITY>Poor</QUALITY><ALIAS_NAME>A</ALIAS_NAME></ENTITY_ALIAS>",
            "ENTITY_ALIAS: unknown QUALITY of an alias 'Poor'",
            id="unknown quality",
        ),
    ],
)
def test_a_party_that_cannot_be_read_whole_is_refused_by_its_reference(entity: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(entity))


@pytest.mark.parametrize("element", ["<OTHERS/>", "<INDIVIDUALS><ENTITY/></INDIVIDUALS>"])
def test_an_unknown_section_or_party_is_refused(element: str):
    root = f'<CONSOLIDATED_LIST dateGenerated="2026-02-27">{element}</CONSOLIDATED_LIST>'
    with pytest.raises(RowRefusedError, match="unknown element"):
        parse_xml(root.encode())
