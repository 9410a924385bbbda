from collections.abc import Callable

import pytest

from abeyance_screening.engine.lists.listing import Address, Identifier, Listing
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_ofac.ofac_files import (
    CONS,
    NAME,
    SDN,
    TYPE,
    enhanced,
    enhanced_file,
    entity,
    values,
)

type Sample = Callable[[str], bytes]
_ALIAS = "<name>{}</name>".format(
    NAME.replace("<isPrimary>true</isPrimary><isLow", "<isPrimary>false</isPrimary>{}<isLow", 1)
)


def _read(
    inside: str = "", *, names: str = f"<name>{NAME}</name>", general: str = TYPE
) -> Listing:
    file = enhanced_file(entity(inside, names=names, general=general))
    (listing,) = enhanced(SDN, file).values()
    return listing


def _feature(inside: str) -> str:
    return (
        "<features><feature><versionId>1</versionId><isPrimary>true</isPrimary>"
        f"{inside}</feature></features>"
    )


def _document(inside: str) -> str:
    return (
        "<identityDocuments><identityDocument><type>Passport</type><name>ACME</name>"
        f"<documentNumber>A1</documentNumber>{inside}</identityDocument></identityDocuments>"
    )


@pytest.mark.parametrize(
    ("alias", "quality", "kind"),
    [
        pytest.param("A.K.A.", "false", "alias", id="good alias"),
        pytest.param("A.K.A.", "true", "weak_alias", id="weak alias"),
        pytest.param("F.K.A.", "true", "former", id="former name, weak"),
        pytest.param("N.K.A.", "false", "alias", id="new name"),
    ],
)
def test_the_kind_of_a_name_is_told_by_type_and_quality(alias: str, quality: str, kind: str):
    second = (
        f"<name><isPrimary>false</isPrimary><aliasType>{alias}</aliasType><isLowQuality>{quality}"
        "</isLowQuality><translations><translation><isPrimary>true</isPrimary><script>Arabic"
        "</script><formattedFullName>B</formattedFullName></translation></translations></name>"
    )
    listing = _read(names=f"{second}<name>{NAME}</name>")
    assert [(name.text, name.kind, name.language) for name in listing.names] == [
        ("ACME", "primary", None),
        ("B", kind, "Arabic"),
    ]


@pytest.mark.parametrize(
    ("inside", "fact"),
    [
        pytest.param(
            "<type>Birthdate</type><value>1962</value>", ("date_of_birth", "1962"), id="printed"
        ),
        pytest.param(
            "<type>VESSEL TYPE</type><value>Tug</value>", ("vessel_type", "Tug"), id="vessel"
        ),
        pytest.param(
            "<type>Website</type><value>a.ru</value><reliability>False</reliability>",
            ("website", "a.ru (false)"),
            id="known to be false",
        ),
        pytest.param(
            "<type>Website</type><value>a.ru</value><comments>Russian</comments>"
            "<reliability>Reported</reliability>",
            ("website", "a.ru Russian"),
            id="a comment",
        ),
        pytest.param(
            "<type>Birthdate</type><valueDate><fromDateBegin>1961-01-01</fromDateBegin>"
            "<fromDateEnd>1961-01-01</fromDateEnd><toDateBegin>1961-12-31</toDateBegin>"
            "<toDateEnd>1961-12-31</toDateEnd><isApproximate>true</isApproximate>"
            "<isDateRange>false</isDateRange></valueDate>",
            ("date_of_birth", "circa 1961"),
            id="only the period",
        ),
    ],
)
def test_a_feature_is_a_fact(inside: str, fact: tuple[str, str]):
    assert [(each.kind, each.value) for each in _read(_feature(inside)).facts] == [fact]


def test_a_feature_may_be_a_number():
    inside = "<type>ISIN</type><value>HK0883013259</value><comments>(HKEX)</comments>"
    assert _read(_feature(inside)).identifiers == (
        Identifier(kind="ISIN", value="HK0883013259", note="(HKEX)"),
    )


def test_a_document_keeps_who_issued_it_and_whether_it_is_valid():
    inside = (
        "<isValid>false</isValid><issuingLocation>New York</issuingLocation>"
        "<issuingAuthority>INN</issuingAuthority><issuingCountry>Russia</issuingCountry>"
    )
    assert _read(_document(inside)).identifiers == (
        Identifier(
            kind="Passport",
            value="A1",
            country="RU",
            note="issued by INN; issued in New York; not valid",
        ),
    )
    other = _document("<isValid>true</isValid>").replace(">ACME<", ">B<")
    assert _read(other).identifiers[0].note == "in the name of B"


def test_title_remarks_and_a_bare_country_are_kept():
    general = (
        "<identityId>7</identityId><entityType>Individual</entityType><title>Minister</title>"
        "<remarks>HAMAS - Hebron</remarks>"
    )
    inside = "<addresses><address><country>Cuba</country></address></addresses>"
    listing = _read(inside, general=general)
    assert listing.entity_type == "person"
    assert (listing.remarks, values(listing, "title")) == ("HAMAS - Hebron", ["Minister"])
    assert listing.addresses == (Address(text="Cuba", country="CU"),)


def test_an_address_in_another_script_says_which():
    inside = (
        "<addresses><address><country>Russia</country><translations><translation><isPrimary>false"
        "</isPrimary><script>Cyrillic</script><addressParts><addressPart><type>CITY</type><value>"
        "Москва</value></addressPart></addressParts></translation></translations></address>"
        "</addresses>"
    )
    assert _read(inside).addresses == (
        Address(text="Москва, Russia", city="Москва", country="RU", note="Cyrillic"),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(enhanced_file(), "the file has no entries", id="no entries"),
        pytest.param(enhanced_file(entity())[:-20], "not well-formed XML", id="cut"),
        pytest.param(
            enhanced_file(entity(), day="today"), "dataAsOf: 'today' is not a time", id="day"
        ),
        pytest.param(
            enhanced_file(entity(), source=CONS),
            "the file holds the 'Consolidated List', not the 'SDN List'",
            id="the other source",
        ),
        pytest.param(b"<sanctionsData/>", "publicationInfo is missing", id="nothing in it"),
    ],
)
def test_a_file_that_is_not_the_list_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_ofac_sdn: .*{reason}"):
        enhanced(SDN, content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(entity("<colour>red</colour>"), "unknown element 'colour'", id="element"),
        pytest.param(
            entity(attributes=' colour="red"'), "unknown attribute 'colour'", id="attribute"
        ),
        pytest.param(
            entity("<features><feature><type a='b'>X</type></feature></features>"),
            "part of the text of type",
            id="attribute of a word",
        ),
        pytest.param(
            entity(lists="<sanctionsList>New List</sanctionsList>"),
            "unknown name of a list 'New",
            id="list",
        ),
        pytest.param(
            entity(lists="<sanctionsList>CAPTA List</sanctionsList>"),
            "is on none of the lists of this file",
            id="a list of the other source",
        ),
        pytest.param(
            entity(general="<entityType>Tank</entityType>"), "kind of party 'Tank'", id="type"
        ),
        pytest.param(entity(general=""), "generalInfo is missing", id="no type"),
        pytest.param(entity(names=""), "0 primary names; one is expected", id="no name"),
        pytest.param(
            entity(names=f"<name>{NAME}</name>" * 2),
            "unknown number of primary names '2'",
            id="two names",
        ),
        pytest.param(
            entity(names=f"<name>{NAME}</name>{_ALIAS.format('')}"),
            "unknown kind of a name that is not the primary one 'blank'",
            id="alias without a type",
        ),
        pytest.param(
            entity(names=f"<name>{NAME}</name>".replace("true", "yes", 1)),
            "unknown isPrimary 'yes'",
            id="no boolean",
        ),
        pytest.param(
            entity(_feature("<type>Website</type><value>a</value><reliability>Odd</reliability>")),
            "unknown reliability 'Odd'",
            id="reliability",
        ),
        pytest.param(
            entity(_feature("<type>Website</type>")),
            "unknown feature without a value 'Website'",
            id="value",
        ),
        pytest.param(
            entity(
                "<addresses><address><translations><translation><isPrimary>true</isPrimary>"
                "<addressParts><addressPart><type>PLANET</type><value>Mars</value></addressPart>"
                "</addressParts></translation></translations></address></addresses>"
            ),
            "unknown part of an address 'PLANET'",
            id="part of an address",
        ),
        pytest.param(entity() + entity(), "occurs twice in the file", id="twice"),
    ],
)
def test_an_entity_that_cannot_be_read_is_refused_by_its_number(content: str, reason: str):
    with pytest.raises(RowRefusedError, match=f"^entry 1.*: .*{reason}"):
        enhanced(SDN, enhanced_file(content))


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("us_ofac/sdn_enhanced_2025-01-13.xml")
    whole, end = enhanced(SDN, content), content.rindex(b">")
    for length in (*range(0, end, 311), end):
        with pytest.raises(AbeyanceError):
            enhanced(SDN, content[:length])
    assert enhanced(SDN, content[: end + 1]) == whole
