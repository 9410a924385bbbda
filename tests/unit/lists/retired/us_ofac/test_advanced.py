"""The advanced file: re-made from its own entries, and from those of the enhanced file."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.retired.us_ofac.advanced import is_advanced, read_advanced
from abeyance_screening.engine.lists.retired.us_ofac.csv import read_csv
from abeyance_screening.engine.lists.us_ofac.parties import NON_SDN, SDN
from abeyance_screening.engine.lists.us_ofac.xml import read_enhanced
from tests.unit.lists.retired.us_ofac.advanced_of import advanced_of
from tests.unit.lists.us_ofac.ofac_files import changed

type Sample = Callable[[str], bytes]

FILE = "us_ofac/sdn_advanced_2024.xml"
ENHANCED = [
    pytest.param(SDN, "us_ofac/sdn_enhanced_2025-01-13.xml", id="SDN"),
    pytest.param(SDN, "us_ofac/sdn_enhanced_2025-01-10.xml", id="SDN, before"),
    pytest.param(NON_SDN, "us_ofac/cons_enhanced_2025.xml", id="non-SDN"),
]


def by_number(content: bytes) -> dict[str, Listing]:
    (edition,) = read_advanced(SDN, content)
    return {listing.entry_id or "": listing for listing in edition.listings}


def listings(editions: tuple[ParsedEdition, ...]) -> dict[str, Listing]:
    return {each.id: each for edition in editions for each in edition.listings}


def test_the_day_of_issue_is_that_of_the_edition(sample: Sample):
    (edition,) = read_advanced(SDN, sample(FILE))
    assert (edition.list_code, edition.published_on) == (SDN, date(2024, 2, 23))
    assert [listing.id for listing in edition.listings] == [
        f"us_ofac_sdn-{number}" for number in (36, 36368, 36399, 36407, 41079, 46883)
    ]


def test_a_party_keeps_everything_printed(sample: Sample):
    assert by_number(sample(FILE))["46883"] == Listing(
        id="us_ofac_sdn-46883",
        list_code="us_ofac_sdn",
        names=(
            Name(text="PEARSON, Adam Richard", kind="primary"),
            Name(text="DAVIS, Mason", kind="alias"),
            Name(text="ANSING, Michael", kind="alias"),
        ),
        entity_type="person",
        entry_id="46883",
        addresses=(
            Address(text="British Columbia, Canada", region="British Columbia", country="CA"),
        ),
        countries=("CA",),
        identifiers=(Identifier(kind="Passport", value="QG963705", country="CA"),),
        programmes=("IRAN-HR",),
        citations=("Executive Order 13553 (Iran)",),
        listed_on=date(2024, 1, 29),
        facts=(
            Fact(kind="date_of_birth", value="14 May 1994"),
            Fact(kind="date_of_birth", value="28 Apr 1995"),
            Fact(kind="place_of_birth", value="Canada"),
            Fact(kind="nationality", value="Canada"),
            Fact(kind="gender", value="Male"),
            Fact(kind="additional_sanctions_information", value="Subject to Secondary Sanctions"),
            Fact(kind="sanctions_type", value="Block"),
        ),
        source_url="https://sanctionslist.ofac.treas.gov/Home/SdnList",
        information_url="https://sanctionssearch.ofac.treas.gov/Details.aspx?id=46883",
    )


def test_the_csv_files_say_the_same_of_the_same_entries(sample: Sample):
    names = ("sdn_of_advanced.csv", "alt_of_advanced.csv", "add_of_advanced.csv")
    files = [GivenFile(name, sample(f"us_ofac/{name}")) for name in names]
    csv, advanced = listings(read_csv(SDN, files)), listings(read_advanced(SDN, sample(FILE)))
    assert advanced.keys() == csv.keys()
    for number, listing in advanced.items():
        other = csv[number]
        latin = {(name.text, name.kind) for name in listing.names if name.language is None}
        assert latin == {(name.text, name.kind) for name in other.names}
        for field in ("entity_type", "entry_id", "countries", "programmes", "identifiers"):
            assert getattr(listing, field) == getattr(other, field), (number, field)
        # whom a party is linked to stands in the CSV's remarks; the cut had taken those links
        assert {fact for fact in other.facts if fact.kind != "linked_to"} == {
            fact for fact in listing.facts if fact.kind != "sanctions_type"
        }


def test_names_in_other_scripts_are_aliases_in_their_script(sample: Sample):
    names = by_number(sample(FILE))["36407"].names
    assert names == (
        Name(text="MEDVEDEV, Dmitry Anatolievich", kind="primary"),
        Name(text="МЕДВЕДЕВ, Дмитрий Анатольевич", kind="alias", language="Cyrillic"),
        Name(text="MEDVEDEV, Dmitry", kind="alias"),
    )


@pytest.mark.parametrize(("source", "place"), ENHANCED)
def test_the_enhanced_file_says_the_same_of_the_same_entities(
    sample: Sample, source: str, place: str
):
    """But for the script of an address, and the names of parties that are not in the file."""
    enhanced = listings(read_enhanced(source, sample(place)))
    advanced = listings(read_advanced(source, advanced_of(sample(place))))
    assert advanced.keys() == enhanced.keys()
    for number, listing in advanced.items():
        other = enhanced[number]
        for field in Listing.__struct_fields__:
            if field not in {"addresses", "facts"}:
                assert getattr(listing, field) == getattr(other, field), (number, field)
        assert [each.text for each in listing.addresses] == [each.text for each in other.addresses]
        assert [fact for fact in listing.facts if fact.kind != "linked_to"] == [
            fact for fact in other.facts if fact.kind != "linked_to"
        ]
        assert Counter(fact.kind for fact in listing.facts) == Counter(
            fact.kind for fact in other.facts
        )


@pytest.mark.parametrize(("source", "place"), ENHANCED)
def test_a_file_is_told_by_the_lists_of_its_entries(sample: Sample, source: str, place: str):
    file = GivenFile("a.xml", advanced_of(sample(place)))
    assert {each for each in (SDN, NON_SDN) if is_advanced(file, source=each)} == {source}
    found = read_files(source, (file,), sources=(source,))
    assert found.format == ("ofac_sdn_advanced" if source == SDN else "ofac_cons_advanced")


def test_a_file_in_the_namespace_of_the_sanctions_list_service_is_read(sample: Sample):
    namespace = (
        "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"
    )
    content = sample(FILE).replace(b"http://www.un.org/sanctions/1.0", namespace.encode())
    assert is_advanced(GivenFile("a", content), source=SDN)
    assert read_advanced(SDN, content) == read_advanced(SDN, sample(FILE))


@pytest.mark.parametrize(
    "place",
    [
        "us_ofac/sdn_2025.xml",
        "us_ofac/sdn_enhanced_2025-01-13.xml",
        "us_ofac/delta_2025-01-13.xml",
        "us_ofac/sdn_2021.csv",
        "un_sc/consolidated_2026.xml",
        "ch_seco/whole_list_2026.xml",
    ],
)
def test_other_files_are_not_taken_for_one(sample: Sample, place: str):
    assert not is_advanced(GivenFile("a", sample(place)), source=SDN)
    assert not is_advanced(GivenFile("a", sample(place)), source=NON_SDN)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        pytest.param(
            'AliasTypeID="1400" Primary="false" LowQuality="false"',
            'AliasTypeID="1400" Primary="false" LowQuality="true"',
            Name(text="AERO-CARIBBEAN", kind="weak_alias"),
            id="of low quality",
        ),
        pytest.param(
            'AliasTypeID="1400"',
            'AliasTypeID="1401"',
            Name(text="AERO-CARIBBEAN", kind="former"),
            id="former",
        ),
        pytest.param(
            'AliasTypeID="1400"',
            'AliasTypeID="1402"',
            Name(text="AERO-CARIBBEAN", kind="alias"),
            id="now known as",
        ),
    ],
)
def test_the_type_and_quality_of_an_alias_make_its_kind(
    sample: Sample, old: str, new: str, name: Name
):
    assert by_number(changed(sample(FILE), old, new))["36"].names[1] == name


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        pytest.param([("Last Name", "Amorim"), ("First Name", "Ciro")], "AMORIM, Ciro", id="two"),
        pytest.param(
            [
                ("First Name", "Francisco"),
                ("Matronymic", "Casado"),
                ("Middle Name", "Javier"),
                ("Patronymic", "D'Agostino"),
            ],
            "D'AGOSTINO CASADO, Francisco Javier",
            id="OFAC 26180: in any order",
        ),
        pytest.param([("Last Name", "Nacho")], "NACHO", id="one"),
        pytest.param([("First Name", "Nacho")], "Nacho", id="only a given one"),
        pytest.param([("Nickname", "Sweet Micky")], "Sweet Micky", id="a nickname"),
        pytest.param([("Entity Name", "Bank of Kunlun")], "BANK OF KUNLUN", id="an entity"),
    ],
)
def test_a_name_is_put_together_of_its_parts(
    sample: Sample, parts: list[tuple[str, str]], text: str
):
    entity = sample("us_ofac/sdn_enhanced_2025-01-13.xml").decode()
    printed = "".join(
        f"<namePart><type>{kind}</type><value>{value}</value></namePart>" for kind, value in parts
    )
    first = re.sub(
        "<nameParts>.*?</nameParts>",
        f"<nameParts>{printed}</nameParts>",
        entity,
        count=1,
        flags=re.DOTALL,
    )
    assert first != entity
    (edition,) = read_advanced(SDN, advanced_of(first.encode()))
    assert edition.listings[0].primary_name == text


@pytest.mark.parametrize(
    ("period", "words"),
    [
        pytest.param("<From><Year>1976</Year></From>", "01 Jan 1976", id="a year's first day"),
        pytest.param(
            "<From><Year>1976</Year></From><To><Year>1976</Year></To>", "1976", id="a year"
        ),
        pytest.param(
            "<From><Year>1976</Year><Month>2</Month></From>"
            "<To><Year>1976</Year><Month>2</Month></To>",
            "Feb 1976",
            id="a month",
        ),
    ],
)
def test_days_without_a_month_or_a_day_are_periods(sample: Sample, period: str, words: str):
    content = changed(
        sample(FILE),
        r"(<DatePeriod [^>]*>\s*<Start [^>]*>).*?(</Start>)\s*<End .*?</End>",
        rf"\1{period}\2",
    )
    found = by_number(content)["36368"]
    assert [fact.value for fact in found.facts if fact.kind == "date_of_birth"] == [words]


def test_an_approximate_period_is_circa(sample: Sample):
    content = changed(sample(FILE), 'Start Approximate="false"', 'Start Approximate="true"')
    found = by_number(content)["36368"]
    assert Fact(kind="date_of_birth", value="circa 30 Aug 1976") in found.facts


def test_a_link_to_a_party_that_is_not_in_the_file_keeps_its_number(sample: Sample):
    kind = '<RelationType ID="7">Acting for or on behalf of</RelationType>'
    quality = '<RelationQuality ID="7">High</RelationQuality>'
    link = (
        '<ProfileRelationship ID="1" From-ProfileID="36" To-ProfileID="{}" RelationTypeID="7" '
        'RelationQualityID="7" Former="{}" SanctionsEntryID="36"><Comment /></ProfileRelationship>'
    )
    content = changed(
        sample(FILE), "<RelationTypeValues />", f"<RelationTypeValues>{kind}</RelationTypeValues>"
    )
    content = changed(content, "<RelationQualityValues>", f"<RelationQualityValues>{quality}")
    links = link.format("46883", "false") + link.format("4695", "true")
    content = changed(
        content,
        "<ProfileRelationships />",
        f"<ProfileRelationships>{links}</ProfileRelationships>",
    )
    found = by_number(content)["36"]
    assert [fact.value for fact in found.facts if fact.kind == "linked_to"] == [
        "PEARSON, Adam Richard (Acting for or on behalf of, High)",
        "entry 4695 (Acting for or on behalf of, High, former)",
    ]
