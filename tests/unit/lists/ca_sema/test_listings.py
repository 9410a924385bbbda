from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Identifier, Listing, Name
from tests.unit.lists.ca_sema.record_files import ACME, BERG, read, read_record, values

type Sample = Callable[[str], bytes]
JVCFOR = (
    "Justice for Victims of Corrupt Foreign Officials Regulations (JVCFOR) / Règlement relatif à "
    "la justice pour les victimes de dirigeants étrangers corrompus (RJVDEC)"
)


@pytest.fixture(scope="module")
def of_2022(sample: Sample) -> dict[str, Listing]:
    return read(sample("ca_sema/sema_lmes_2022.xml"))


@pytest.fixture(scope="module")
def of_2026(sample: Sample) -> dict[str, Listing]:
    return read(sample("ca_sema/sema_lmes_2026.xml"))


def test_a_person_is_read_whole(of_2026: dict[str, Listing]):
    akimov = of_2026["Andrey Igorevich AKIMOV"]
    assert akimov.names[1:] == (Name(text="Andrei", kind="weak_alias"),)
    assert akimov.entity_type == "person"
    assert akimov.programmes == ("Russia / Russie",)
    assert akimov.citations == ("Russia / Russie, Schedule 1, Part 1, item 94",)
    assert akimov.listed_on == date(2019, 3, 15)
    assert akimov.countries == ()
    assert {fact.kind: fact.value for fact in akimov.facts} == {
        "date_of_birth": "1953-09-22",
        "regulation": "Russia / Russie",
        "schedule": "1, Part 1",
        "item": "94",
        "aliases_as_printed": "Andrei",
    }


def test_an_organisation_is_read_with_its_aliases(of_2026: dict[str, Listing]):
    bank = of_2026["Aktsionerny Bank Russian Federation"]
    assert bank.entity_type == "organisation"
    assert bank.names[1:] == (Name(text="Bank Rossiya", kind="alias"),)


def test_a_ship_has_its_number_type_and_year(of_2026: dict[str, Listing]):
    maria = of_2026["M/V Maria"]
    assert maria.entity_type == "vessel"
    assert maria.identifiers == (Identifier(kind="IMO number", value="8517839"),)
    assert values(maria, "vessel_type") == ["General Cargo | Cargo classique"]
    assert values(maria, "build_date") == ["1986"]
    assert values(maria, "date_of_birth") == []


def test_an_entity_with_the_type_of_a_ship_is_one_without_a_number():
    assert read_record(ACME + "<Title>Oil Tanker</Title>").entity_type == "vessel"


def test_a_person_keeps_the_title(of_2022: dict[str, Listing]):
    aslan = of_2022["Aous Aslan"]
    assert (aslan.entity_type, values(aslan, "title")) == ("person", ["General/général"])


@pytest.mark.parametrize(
    ("country", "programme"),
    [
        pytest.param("Belarus / Bélarus", "Belarus / Bélarus", id="as the register has it"),
        pytest.param("Belarus", "Belarus / Bélarus", id="in English alone"),
        pytest.param("China / Chine", "China/Chine", id="spaced later"),
        pytest.param("Myanmar (Burma) / Myanmar (Birmanie)", "Burma / Birmanie", id="renamed"),
        pytest.param("Venezuela ", "Venezuela", id="a blank behind"),
        pytest.param(JVCFOR.replace("/ R", "/ \xa0R"), JVCFOR, id="a hard blank inside"),
        pytest.param("Haiti / Haïti", "Haiti / Haïti", id="a newer one as printed"),
    ],
)
def test_the_programme_is_the_regulation_in_the_words_of_the_register(
    country: str, programme: str
):
    listing = read_record(f"<Country>{country}</Country><Entity>Acme</Entity>")
    assert listing.programmes == (programme,)
    assert values(listing, "regulation") == [" ".join(country.split())]


@pytest.mark.parametrize(
    ("inside", "citations"),
    [
        pytest.param(
            "<Schedule>2</Schedule><Item>3</Item>", ("Iran, Schedule 2, item 3",), id="both"
        ),
        pytest.param("<Schedule>N/A</Schedule><Item>3</Item>", ("Iran, item 3",), id="N/A"),
        pytest.param("", (), id="neither"),
    ],
)
def test_the_place_in_the_regulation_is_cited(inside: str, citations: tuple[str, ...]):
    assert read_record(ACME + inside).citations == citations


@pytest.mark.parametrize(
    ("entity", "names"),
    [
        pytest.param(
            "Iranian Army/Armée iranienne", ["Iranian Army", "Armée iranienne"], id="French"
        ),
        pytest.param(
            "Physics Research Centre/Centre de recherche en physique",
            ["Physics Research Centre", "Centre de recherche en physique"],
            id="a word of both languages",
        ),
        pytest.param(
            "Victory/Pobeda Political Bloc", ["Victory/Pobeda Political Bloc"], id="one name"
        ),
        pytest.param(
            "MEC Steel Mills (Hmaw Bi/Pyi/Ywama)",
            ["MEC Steel Mills (Hmaw Bi/Pyi/Ywama)"],
            id="places in brackets",
        ),
        pytest.param(
            "Novaya Neftenaya Kompaniya (New Oil Company)",
            [
                "Novaya Neftenaya Kompaniya (New Oil Company)",
                "Novaya Neftenaya Kompaniya",
                "New Oil Company",
            ],
            id="translated in brackets",
        ),
        pytest.param(
            "Sin Min (King Elephants) Factory (Kyaukse)",
            ["Sin Min (King Elephants) Factory (Kyaukse)"],
            id="two brackets",
        ),
        pytest.param("Soap Factory (Paung)", ["Soap Factory (Paung)"], id="a place"),
        pytest.param(
            "Machine Industries (MI Group)", ["Machine Industries (MI Group)"], id="two words"
        ),
        pytest.param(
            "Myanma Economic Corporation (MEC)",
            ["Myanma Economic Corporation (MEC)", "Myanma Economic Corporation", "MEC"],
            id="a short name",
        ),
        pytest.param("Technodinamica Holding, JSC", ["Technodinamica Holding, JSC"], id="comma"),
        pytest.param("M/V Maria", ["M/V Maria"], id="a ship"),
        pytest.param(
            "Beta Co (Also known as: Gamma Trading Co)",
            ["Beta Co (a.k.a. Gamma Trading Co)", "Beta Co", "Gamma Trading Co"],
            id="also known as",
        ),
    ],
)
def test_names_inside_the_name_of_an_entity_are_taken_apart(entity: str, names: list[str]):
    listing = read_record(f"<Country>Iran</Country><Entity>{entity}</Entity>")
    assert [name.text for name in listing.names] == names


@pytest.mark.parametrize(
    ("aliases", "names"),
    [
        pytest.param("A Co; B Co", ["A Co", "B Co"], id="semicolon"),
        pytest.param("IAMI, HESA, Iran Aircraft", ["IAMI", "HESA", "Iran Aircraft"], id="commas"),
        pytest.param("A Holdings, Ltd., A Limited", ["A Holdings, Ltd.", "A Limited"], id="form"),
        pytest.param("Ремсервис, ФГУП", ["Ремсервис, ФГУП"], id="form in other letters"),
        pytest.param(
            "Министерство образования, науки и молодежи",
            ["Министерство образования, науки и молодежи"],
            id="a comma inside one name",
        ),
        pytest.param("Sazman-e Basij, the Basij", ["Sazman-e Basij", "the Basij"], id="article"),
        pytest.param("Army Fund (Land, Sea)", ["Army Fund (Land, Sea)"], id="comma in brackets"),
        pytest.param("Московский институт or МФТИ", ["Московский институт", "МФТИ"], id="or"),
        pytest.param("Завод Волна and МПИ-Волна", ["Завод Волна", "МПИ-Волна"], id="and"),
        pytest.param("Development and Trade Bank", ["Development and Trade Bank"], id="own and"),
        pytest.param("Иван Лепа / Іван Лепа", ["Иван Лепа", "Іван Лепа"], id="stroke"),
        pytest.param("GORT/ORTAS", ["GORT/ORTAS"], id="stroke inside one name"),
        pytest.param(
            "Army Fund, AF/Fonds de l'armée, FA",
            ["Army Fund", "AF", "Fonds de l'armée", "FA"],
            id="French behind English",
        ),
        pytest.param("(Иван Лепа / Іван Лепа", ["Иван Лепа", "Іван Лепа"], id="open bracket"),
        pytest.param("Первый банк\n Второй банк", ["Первый банк", "Второй банк"], id="line break"),
        pytest.param(
            "Boreskov Institute\nof Catalysis", ["Boreskov Institute of Catalysis"], id="wrapped"
        ),
        pytest.param(
            "Beta Co (a.k.a. Gamma Co)",
            ["Beta Co (a.k.a. Gamma Co)", "Beta Co", "Gamma Co"],
            id="a.k.a.",
        ),
        pytest.param("also known as Beta Co", ["Beta Co"], id="also known as"),
        pytest.param("Beta Co,", ["Beta Co"], id="a comma behind"),
        pytest.param(" ; ", [], id="nothing"),
    ],
)
def test_aliases_are_parted_by_what_parts_them(aliases: str, names: list[str]):
    listing = read_record(f"{ACME}<Aliases>{aliases}</Aliases>")
    assert [name.text for name in listing.names[1:]] == names
    assert {name.kind for name in listing.names[1:]} <= {"alias"}


def test_a_language_before_an_alias_is_its_language():
    listing = read_record(
        f"{BERG}<Aliases>Ivan BERG, Belarusian: Іван БЕРГ, (Russian: Иван БЕРГ)</Aliases>"
    )
    assert listing.names[1:] == (
        Name(text="Ivan BERG", kind="alias"),
        Name(text="Іван БЕРГ", kind="alias", language="Belarusian"),
        Name(text="Иван БЕРГ", kind="alias", language="Russian"),
    )


def test_one_word_alone_is_a_weak_alias_of_a_person():
    listing = read_record(f"{BERG}<Aliases>Aleksei, Oleksii BERH, BERHA</Aliases>")
    assert [(name.text, name.kind) for name in listing.names[1:]] == [
        ("Aleksei", "weak_alias"),
        ("Oleksii BERH", "alias"),
        ("BERHA", "weak_alias"),
    ]


def test_a_surname_in_brackets_makes_a_second_name(of_2022: dict[str, Listing]):
    dikiy = of_2022["Aleksey Aleksandrovich DIKIY"]
    assert dikiy.names[1] == Name(text="Aleksey Aleksandrovich DIKY", kind="alias")


def test_a_person_may_have_one_name_alone(of_2022: dict[str, Listing]):
    assert of_2022["Thaung"].entity_type == "person"


def test_the_revolutionary_guard_is_known_by_all_its_names(of_2022: dict[str, Listing]):
    guard = of_2022["Islamic Revolutionary Guard Corps"]
    texts = {name.text for name in guard.names}
    assert {
        "Corps des Gardiens de la Révolution islamique",
        "IRGC",
        "Iranian Revolutionary Guards",
        "CGRI",
        "l'Armée des Gardiens de la Révolution islamique",
    } <= texts
