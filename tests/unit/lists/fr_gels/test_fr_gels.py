from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.fr_gels.reader import parse_json
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.reading.countries import country_code_in
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of

FILE = "fr_gels/registre.json"


@pytest.fixture
def register(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("fr_gels", content)


def by_number(edition: ParsedEdition) -> dict[str | None, Listing]:
    return {each.entry_id: each for each in edition.listings}


def test_the_register_has_its_day_and_its_numbers(register: bytes):
    (edition,) = parse_json(register)
    assert edition.published_on == date(2026, 7, 11)
    assert [each.id for each in edition.listings] == [
        f"fr_gels-{number}" for number in (1021, 2044, 3007, 4100, 5001)
    ]


def test_a_person_has_given_names_before_the_name(register: bytes):
    person = by_number(read(register))["1021"]
    assert person.primary_name == "Arkady Romanovich ROTENBERG"
    assert person.names[1].text == "Аркадий Романович РОТЕНБЕРГ"
    assert person.entity_type == "person"
    assert Fact(kind="date_of_birth", value="1951-12-15") in person.facts
    assert (
        Fact(kind="place_of_birth", value="Leningrad (Saint-Pétersbourg), Russie") in person.facts
    )


def test_a_company_has_its_aliases_address_and_legal_basis(register: bytes):
    company = by_number(read(register))["2044"]
    assert [each.text for each in company.names] == [
        "Almaz-Antey Corporation",
        "Almaz-Antey Corp",
        "Almaz-Antey Defense Corporation",
    ]
    assert company.countries == ("RU",)
    assert company.addresses[0].text == "41 ul.Vereiskaya, Moscou 121471, Russie"
    assert company.citations[0].startswith("Règlement (UE) 269/2014")


def test_a_ship_has_its_number_and_a_un_party_its_reference(register: bytes):
    found = by_number(read(register))
    ship = found["4100"]
    assert ship.entity_type == "vessel"
    assert [(each.kind, each.value) for each in ship.identifiers] == [("IMO number", "8712362")]
    komid = found["3007"]
    assert [each.value for each in komid.identifiers] == ["KPe.001"]
    assert komid.countries == ("KP",)


def test_a_value_may_stand_without_a_list(register: bytes):
    assert by_number(read(register))["5001"].countries == ("FR",)


@pytest.mark.parametrize("printed", ["11/07/2026 12:00:00", "2026-07-11 12:00:00"])
def test_the_day_is_read_in_either_form(register: bytes, printed: str):
    content = register.replace(b"2026-07-11T12:00:00", printed.encode())
    assert read(content).published_on == date(2026, 7, 11)


def test_a_field_that_is_not_known_is_kept_and_may_hide_a_name(register: bytes):
    content = register.replace(b'"ALIAS"', b'"NOM_DE_GUERRE"', 1)
    edition = read(content)
    (part,) = edition.read_in_part
    assert (part.what, part.may_hide) == ("TypeChamp 'NOM_DE_GUERRE'", "name")


def test_a_broken_group_costs_its_own_entry_alone(register: bytes):
    content = register.replace(b'"Valeur": {', b'"Valeur": "x", "Other": {')
    edition = read(content)
    broken = by_number(edition)["5001"]
    assert broken.primary_name == "Centre Zahra France"
    assert broken.unread is not None
    assert len(edition.listings) == 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b'{"Publications": {"PublicationDetail": []}}', "DatePublication", id="day"),
        pytest.param(
            b'{"Publications": {"DatePublication": "2026-07-11", "PublicationDetail": []}}',
            "no entries",
            id="empty",
        ),
        pytest.param(b'{"Publications": 1, "PublicationDetail": 1}', "Expected", id="other JSON"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_register_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        _ = read(content)


def test_countries_are_read_in_french_and_in_english():
    printed = ("Russie", "Biélorussie", "Corée du Nord", "Belarus", "Utopie")
    assert [country_code_in("fr", each) for each in printed] == ["RU", "BY", "KP", "BY", None]
