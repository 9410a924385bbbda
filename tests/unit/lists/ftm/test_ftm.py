from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from abeyance_screening.engine.lists.own.ftm import formats
from abeyance_screening.engine.lists.reading.files import GivenFile
from tests.unit.lists.ftm.ftm_files import Line, entity, facts, lines, parse_entities, read

type Sample = Callable[[str], bytes]


def _lists(said: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in said.items()}


def by_id(content: bytes) -> dict[str, Listing]:
    return {each.id: each for each in parse_entities(content, "mine").listings}


def test_targets_are_listings_and_the_file_says_no_day(sample: Sample):
    edition = parse_entities(sample("ftm/entities.ftm.json"), "mine")
    assert (edition.list_code, edition.published_on) == ("mine", None)
    assert [(each.entry_id, each.entity_type) for each in edition.listings] == [
        ("ofac-34940", "vessel"),
        ("ofac-35064", "person"),
        ("ofac-34036", "organisation"),
        ("ofac-15445", "aircraft"),
        ("ofac-mahan", "organisation"),
        ("ofac-wallet-17a5", None),
        ("ofac-31811", "person"),
    ]


def test_a_party_keeps_everything_printed(sample: Sample):
    assert by_id(sample("ftm/entities.ftm.json"))["mine-ofac-35064"] == Listing(
        id="mine-ofac-35064",
        list_code="mine",
        names=(
            Name(text="Abdella Hussein ABADIGGA", kind="primary"),
            Name(text="ABADIGGA, Abdella Hussein", kind="alias"),
            Name(text="ABADIKA, Abdallah Asid", kind="alias"),
            Name(text="CARLOS, Abdi", kind="alias"),
            Name(text="USSENI, Abdallah", kind="alias"),
            Name(text="ABU HAMZA", kind="weak_alias"),
        ),
        entity_type="person",
        entry_id="ofac-35064",
        addresses=(
            Address(
                text="48 Central Road, New Town, Johannesburg",
                street="48 Central Road",
                city="Johannesburg",
                region="New Town",
                country="ZA",
            ),
        ),
        countries=("ET", "ZA"),
        identifiers=(
            Identifier(kind="Passport", value="T00043812", country="ZA"),
            Identifier(
                kind="Refugee ID Card",
                value="7402016297260",
                country="ZA",
                note="issued 2012; authority: Department of Home Affairs",
            ),
        ),
        programmes=("SDGT",),
        listed_on=date(2022, 3, 1),
        remarks="(Linked To: ISLAMIC STATE OF IRAQ AND THE LEVANT)",
        facts=(
            Fact(kind="schema", value="Person"),
            Fact(kind="first_name", value="Abdella Hussein"),
            Fact(kind="last_name", value="ABADIGGA"),
            Fact(kind="birth_date", value="1974-02-01"),
            Fact(kind="birth_place", value="Jimma, Oromia Regional State, Ethiopia"),
            Fact(kind="birth_country", value="et"),
            Fact(kind="nationality", value="et"),
            Fact(kind="citizenship", value="et"),
            Fact(kind="gender", value="male"),
            Fact(kind="topics", value="sanction"),
            Fact(kind="topics", value="crime.terror"),
            Fact(
                kind="sanction",
                value="authority: Office of Foreign Assets Control; listingDate: 2022-03-01; "
                "program: SDGT; provisions: Block; startDate: 2022-03-01",
            ),
            Fact(kind="dataset", value="us_ofac_sdn"),
        ),
    )


def test_sanctions_join_their_party_wherever_they_stand(sample: Sample):
    listings = by_id(sample("ftm/entities.ftm.json"))
    vessel, fund = listings["mine-ofac-34940"], listings["mine-ofac-34036"]
    assert (vessel.programmes, vessel.listed_on) == (("RUSSIA-EO14024",), date(2022, 2, 22))
    assert vessel.source_url == "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=34940"
    assert fund.programmes == ("US-UKRAINE", "RUSSIA-EO14024")
    assert fund.expires_on == date(2027, 2, 28)


def test_links_are_facts_of_both_their_ends(sample: Sample):
    listings = by_id(sample("ftm/entities.ftm.json"))
    assert facts(listings["mine-ofac-34940"], "ownership") == [
        "owner: PSB LIZING OOO (ofac-psb-lizing); role: Linked To"
    ]
    assert facts(listings["mine-ofac-34036"], "unknown_link") == [
        "object: ofac-34036-parent; role: Linked To; startDate: 2011"
    ]
    assert facts(listings["mine-ofac-15445"], "operator") == ["MAHAN AIR (ofac-mahan)"]


def test_the_order_of_lines_does_not_matter(sample: Sample):
    content = sample("ftm/entities.ftm.json")
    turned = b"\n".join(reversed(content.splitlines()))
    assert by_id(turned) == by_id(content)


def test_the_nested_form_says_the_same(sample: Sample):
    flat = by_id(sample("ftm/entities.ftm.json"))
    nested = by_id(sample("ftm/targets.nested.json"))
    assert nested.keys() == {
        f"mine-ofac-{number}" for number in ("34940", "35064", "15445", "mahan")
    }
    assert all(listing == flat[each] for each, listing in nested.items())


def test_of_a_nested_file_without_the_mark_only_the_outer_parties_are_listed():
    owner = entity("2", "Company", name="B")
    link = {**entity("3", "Ownership", asset="1"), "id": "3"}
    link["properties"] = {"asset": ["1"], "owner": [owner]}
    listed = read(
        {**entity("1", "Vessel"), "properties": {"name": ["A"], "ownershipAsset": [link]}},
        entity("4", "Person", name="C"),
    )
    assert [each.primary_name for each in listed] == ["A", "C"]
    assert facts(listed[0], "ownership") == ["owner: B (2)"]


def test_a_file_without_the_mark_lists_every_party():
    listings = read(
        entity("1", "Company", name="A"),
        entity("2", "Position", name="Minister"),
        entity("3", "LegalEntity", name="B"),
        entity("4", "Address", full="5 Street"),
    )
    assert [(each.primary_name, each.entity_type) for each in listings] == [
        ("A", "organisation"),
        ("B", None),
    ]


def test_a_name_that_is_no_caption_is_an_alias_and_stands_once():
    (listing,) = read(
        {**entity("1", "Person", name=["A", "B"], alias=["B", " A "]), "caption": "B"}
    )
    assert [(name.text, name.kind) for name in listing.names] == [("B", "primary"), ("A", "alias")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("alias", "alias"),
        ("weakAlias", "weak_alias"),
        ("abbreviation", "weak_alias"),
        ("previousName", "former"),
    ],
)
def test_a_property_of_names_tells_their_kind(name: str, kind: str):
    line = entity("1", "Company", name="Sun Company")
    properties = {"name": ["Sun Company"], name: ["SC"]}
    (listing,) = read({**line, "properties": properties})
    assert [(each.text, each.kind) for each in listing.names[1:]] == [("SC", kind)]


@pytest.mark.parametrize(
    ("code", "country"),
    [("ru", "RU"), ("gb-sct", "GB"), ("ua-cri", "UA"), ("xk", "XK"), ("suhh", None), ("eu", None)],
)
def test_a_country_code_is_a_country_or_a_fact(code: str, country: str | None):
    (listing,) = read(entity("1", "Company", name="A", country=code))
    assert listing.countries == (() if country is None else (country,))
    assert facts(listing, "country") == ([code] if country is None else [])


@pytest.mark.parametrize(
    ("sanctions", "listed_on", "expires_on"),
    [
        pytest.param([{"startDate": "2022"}], None, None, id="a year is no day"),
        pytest.param(
            [{"listingDate": "2022-01-02", "startDate": "2022-01-05"}],
            date(2022, 1, 5),
            None,
            id="the day of effect before that of listing",
        ),
        pytest.param(
            [{"startDate": "2022-01-05", "endDate": "2023-01-05"}, {"startDate": "2021-01-05"}],
            date(2021, 1, 5),
            None,
            id="one without an end",
        ),
        pytest.param(
            [{"endDate": "2023-01-05"}, {"endDate": "2024-01-05"}],
            None,
            date(2024, 1, 5),
            id="the last end",
        ),
    ],
)
def test_days_come_from_sanctions(
    sanctions: list[dict[str, str]], listed_on: date | None, expires_on: date | None
):
    said: list[Line] = [
        {"id": f"s{no}", "schema": "Sanction", "properties": {"entity": ["1"]} | _lists(each)}
        for no, each in enumerate(sanctions)
    ]
    (listing,) = read(entity("1", "Company", name="A"), *said)
    assert (listing.listed_on, listing.expires_on) == (listed_on, expires_on)


def test_addresses_stand_once_and_lose_nothing():
    (listing,) = read(
        entity(
            "1", "Company", name="A", address=["5 Street", "6 Street"], addressEntity=["a", "b"]
        ),
        entity("a", "Address", full="5 Street", postOfficeBox="77", remarks="c/o B", country="fr"),
        entity("b", "Address", street="7 Street", city="Paris"),
    )
    assert listing.addresses == (
        Address(text="5 Street", country="FR", note="post_office_box: 77; c/o B"),
        Address(text="7 Street, Paris", street="7 Street", city="Paris"),
        Address(text="6 Street"),
    )
    (other,) = read(entity("1", "Company", name="A", addressEntity="gone"))
    assert facts(other, "address_entity") == ["gone"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        pytest.param(lines(entity("1", "Company")), {"ftm_jsonl", "ftm_delta"}, id="entities"),
        pytest.param(b'{"op": "DEL", "entity": {"id": "1"}}', {"ftm_delta"}, id="delta"),
        pytest.param(b'{"id": "1", "name": "A"}', set[str](), id="an own list"),
        pytest.param(b"id,name\n", set[str](), id="CSV"),
        pytest.param(b"", set[str](), id="empty"),
    ],
)
def test_a_line_is_told_by_its_keys(head: bytes, words: set[str]):
    file = GivenFile("a", head)
    assert {each.word for each in formats("mine", lambda _: None) if each.tells(file)} == words


def test_the_first_format_reads_one_export(sample: Sample):
    first, *_ = formats("mine", lambda _: None)
    (edition,) = first.read((GivenFile("a", sample("ftm/entities.ftm.json")),))
    assert edition == parse_entities(sample("ftm/entities.ftm.json"), "mine")
