from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Address, Identifier, Name
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_ofac.classic import linked_to, read_classic
from abeyance_screening.engine.lists.us_ofac.parties import OfacDetail
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_ofac.ofac_files import CONS, SDN, classic, classic_file, values

type Sample = Callable[[str], bytes]


def test_a_consolidated_file_is_an_edition_for_each_list(sample: Sample):
    editions = read_classic(CONS, sample("us_ofac/consolidated_2022.xml"))
    assert {each.published_on for each in editions} == {date(2022, 3, 24)}
    assert {
        each.list_code: sorted(listing.entry_id or "" for listing in each.listings)
        for each in editions
    } == {
        "us_ofac_capta": ["15268", "18669"],
        "us_ofac_cmic": ["30924"],
        "us_ofac_fse": ["17526", "26182"],
        "us_ofac_mbs": ["17014", "27016", "31693"],
        "us_ofac_plc": ["9640", "9659"],
        "us_ofac_ssi": ["17014", "18273", "18669"],
    }


def test_a_name_is_printed_last_name_first(sample: Sample):
    person = classic(CONS, sample("us_ofac/consolidated_2022.xml"))["us_ofac_plc-9640"]
    assert [name.text for name in person.names] == [
        "ABU TEIR, Mohammed",
        "ABU TAIR, Mohammed Mahmud",
        "ABOU TAYR, Mohammad Mahmoud",
    ]


def test_a_region_counts_to_its_country_where_it_has_one(sample: Sample):
    found = classic(CONS, sample("us_ofac/consolidated_2022.xml"))
    assert found["us_ofac_plc-9659"].addresses[0].country == "PS"


def test_an_sdn_file_of_the_new_service_is_read(sample: Sample):
    found = classic(SDN, sample("us_ofac/sdn_2025.xml"))
    person = found["us_ofac_sdn-9567"]
    assert person.names == (
        Name(text="BEDOYA VELEZ, Jose Ignacio", kind="primary"),
        Name(text="NACHO BEDOYA", kind="weak_alias"),
    )
    assert person.identifiers[1] == Identifier(
        kind="Passport",
        value="16351225",
        country="CO",
        issued_on=date(2004, 3, 26),
        expires_on=date(2014, 3, 26),
    )
    assert values(person, "place_of_birth") == [
        "Tulua, Valle, Colombia",
        "Armenia, Quindio, Colombia",
    ]
    assert person.countries == ("CO",)
    vessel = found["us_ofac_sdn-4243"]
    assert vessel.names[1] == Name(text="ANA I", kind="former")
    assert values(vessel, "vessel_owner") == ["Sand & Swan Navigation Co. Ltd."]
    assert found["us_ofac_sdn-15657"].countries == ("CN", "KP")


def test_an_address_has_its_parts():
    inside = (
        "<addressList><address><uid>1</uid><address1>1 Main St</address1><address3>Floor 2"
        "</address3><city>Karamay</city><stateOrProvince>Xinjiang</stateOrProvince><postalCode>8"
        "</postalCode><country>China</country></address><address><uid>2</uid></address>"
        "</addressList>"
    )
    (listing,) = classic(SDN, classic_file(inside)).values()
    assert listing.addresses == (
        Address(
            text="1 Main St, Floor 2, Karamay, Xinjiang, 8, China",
            street="1 Main St, Floor 2",
            city="Karamay",
            region="Xinjiang",
            postal_code="8",
            country="CN",
        ),
    )


def test_a_document_without_a_number_is_a_fact():
    inside = "<idList><id><idType>Passport</idType><idCountry>Cuba</idCountry></id></idList>"
    (listing,) = classic(SDN, classic_file(inside)).values()
    assert values(listing, "passport") == ["Cuba"]
    assert listing.identifiers == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "HTML", id="HTML"),
        pytest.param(
            classic_file(count=2), "Record_Count gives 2 entries, but the file has 1", id="count"
        ),
        pytest.param(classic_file(day="2020-01-02"), "Publish_Date: '2020-01-02'", id="ISO day"),
        pytest.param(classic_file(day="13/01/2020"), "Publish_Date: '13/01/2020'", id="month 13"),
        pytest.param(b"<sdnList/>", "publshInformation is missing", id="nothing in it"),
        pytest.param(classic_file()[:-9], "not well-formed XML", id="cut"),
        pytest.param(b"<other/>", "the XML is a 'other', not a 'sdnList'", id="another file"),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY b 'c'>]><sdnList/>", "document type or entities", id="entities"
        ),
        pytest.param(
            b"<sdnList><publshInformation><Publish_Date>01/02/2020</Publish_Date><Record_Count>0"
            b"</Record_Count></publshInformation></sdnList>",
            "the file has no entries",
            id="no entries",
        ),
    ],
)
def test_a_file_that_is_not_the_list_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_ofac_sdn: .*{reason}"):
        classic(SDN, content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            classic_file("<colour>red</colour>"), "unknown element 'colour'", id="element"
        ),
        pytest.param(
            classic_file(
                "<akaList><aka><type>a.k.a.</type><category>odd</category></aka></akaList>"
            ),
            "unknown category of a name 'odd'",
            id="category",
        ),
        pytest.param(
            classic_file("<akaList><aka><type>x</type><category>weak</category></aka></akaList>"),
            "unknown kind of name 'x'",
            id="type of alias",
        ),
        pytest.param(
            classic_file(
                "<akaList><aka><type>a.k.a.</type><category>weak</category></aka></akaList>"
            ),
            "lastName and firstName are missing",
            id="no name",
        ),
        pytest.param(
            classic_file().replace(b">Entity<", b">Tank<"), "kind of party 'Tank'", id="type"
        ),
        pytest.param(classic_file(programme="NS-PLC"), "an entry of the non-SDN lists", id="list"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_by_its_number(content: bytes, reason: str):
    with pytest.raises(RowRefusedError, match=f"^entry 1.*: .*{reason}"):
        classic(SDN, content)


def test_a_consolidated_file_is_no_sdn_file_and_the_other_way_round(sample: Sample):
    with pytest.raises(RowRefusedError, match="an entry of the non-SDN lists"):
        classic(SDN, sample("us_ofac/consolidated_2022.xml"))
    file = GivenFile("sdn.xml", sample("us_ofac/sdn_2025.xml"))
    with pytest.raises(ListRefusedError, match=r"sdn.xml is .*; expected is one of: CONS_"):
        read_files(CONS, (file,), sources=(CONS,))


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("us_ofac/sdn_2025.xml")
    whole, end = classic(SDN, content), content.rindex(b">")
    for length in (*range(0, end, 53), end):
        with pytest.raises(AbeyanceError):
            classic(SDN, content[:length])
    assert classic(SDN, content[: end + 1]) == whole


def test_links_stand_in_brackets_in_a_remark():
    remark = "All offices worldwide; (Linked To: ROSTEC)"
    assert list(linked_to(remark)) == [OfacDetail(kind="Linked To:", value="ROSTEC")]
