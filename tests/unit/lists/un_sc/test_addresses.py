import pytest

from tests.unit.lists.un_sc.party_files import read_entity


@pytest.mark.parametrize(
    ("note", "addresses"),
    [
        pytest.param(
            "Branch Office 1: i) Chohar Mir Road, Quetta City, Baluchistan Province, Pakistan; "
            "ii) Safi Market, Kandahar City, Kandahar Province, Afghanistan "
            "iii) Shop number 3, Dr. Bano Road, Quetta, Pakistan;",
            [
                (
                    "Chohar Mir Road, Quetta City, Baluchistan Province, Pakistan",
                    "PK",
                    "Branch Office 1",
                ),
                (
                    "Safi Market, Kandahar City, Kandahar Province, Afghanistan",
                    "AF",
                    "Branch Office 1",
                ),
                ("Shop number 3, Dr. Bano Road, Quetta, Pakistan", "PK", "Branch Office 1"),
            ],
            id="TAe.010",
        ),
        pytest.param(
            "Branch Office 14: Dubai, United Arab Emirates",
            [("Dubai, United Arab Emirates", "AE", "Branch Office 14")],
            id="TAe.010: one place",
        ),
        pytest.param(
            "Branch Office 6: Kabul, Afghanistan, Telephone: +93-2, Mobile: +93-7, e-mail: a@b.af",
            [
                (
                    "Kabul, Afghanistan, Telephone: +93-2, Mobile: +93-7, e-mail: a@b.af",
                    "AF",
                    "Branch Office 6",
                )
            ],
            id="TAe.010: telephones behind",
        ),
    ],
)
def test_each_address_that_a_note_counts_stands_by_itself(
    note: str, addresses: list[tuple[str, str, str]]
):
    listing = read_entity(f"<ENTITY_ADDRESS><COUNTRY/><NOTE>{note}</NOTE></ENTITY_ADDRESS>")
    assert [(each.text, each.country, each.note) for each in listing.addresses] == addresses


@pytest.mark.parametrize(
    ("note", "countries"),
    [
        pytest.param(
            "Operates in Lebanon, Syria and the Arabian Peninsula", ["LB", "SY"], id="QDe.144"
        ),
        pytest.param("Operates in Derna and Jebel Akhdar, Libya", ["LY"], id="QDe.145"),
        pytest.param("Support network in Tunisia", ["TN"], id="QDe.146"),
        pytest.param(
            "Reportedly located in Waziristan, Federally Administered Tribal Areas, Pakistan",
            ["PK"],
            id="QDi.320",
        ),
        pytest.param("Located in Yemen since Nov. 2008", ["YE"], id="QDi.003: since when"),
        pytest.param("Active in Southern Somalia as of Nov. 2012.", ["SO"], id="QDi.042"),
        pytest.param("Believed location - Egypt", ["EG"], id="LYi.019"),
        pytest.param(
            "Kavling Angkatan Laut Duren Sawit, Jakarta Timur 13440 Indonesia (at time of "
            "listing); Tel.: 021-86611265 and 021-86611266; Fax.: 021-8620174",
            ["ID"],
            id="QDe.103: a postal code before, much behind",
        ),
        pytest.param("64 Poturmahala, Travnik, Bosnia and Herzegovina", ["BA"], id="QDe.071"),
        pytest.param("Gaza Strip", ["PS"], id="QDe.093"),
        pytest.param("Afghanistan/Pakistan border region", [None], id="QDe.160: two countries"),
        pytest.param("Believed to be in Pakistan or Afghanistan", [None], id="QDi.192: either"),
        pytest.param("Kabul (" * 2000, [None], id="brackets without end"),
        pytest.param("; , . " * 2000 + "x", [None], id="stops without end"),
    ],
)
def test_an_address_in_a_note_has_the_country_it_ends_with(note: str, countries: list[str | None]):
    listing = read_entity(f"<ENTITY_ADDRESS><NOTE>{note}</NOTE></ENTITY_ADDRESS>")
    assert [each.country for each in listing.addresses] == countries
    assert {each.text for each in listing.addresses} == {note.strip("; ")}
    assert listing.countries == tuple(filter(None, countries))
