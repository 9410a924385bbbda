"""Which column is which."""

import msgspec
import pytest

from abeyance_screening.engine.tables import map_columns, read_said
from abeyance_screening.engine.tables.headers import ColumnField, field_of, number_of
from abeyance_screening.primitives.errors import BadInputError


@pytest.mark.parametrize(
    ("header", "field"),
    [
        pytest.param("Company name", "name", id="English"),
        pytest.param("legal_name", "name", id="underscore"),
        pytest.param("LegalName", "name", id="camel case"),
        pytest.param("COUNTERPARTY NAME *", "name", id="capitals and a star"),
        pytest.param("Firma", "name", id="German"),
        pytest.param("Raison sociale", "name", id="French"),
        pytest.param("Razón social", "name", id="Spanish, with its accent"),
        pytest.param("Nazwa firmy", "name", id="Polish"),
        pytest.param("Наименование организации", "name", id="Russian"),
        pytest.param("公司名称", "name", id="Chinese"),
        pytest.param("会社名", "name", id="Japanese"),
        pytest.param("회사명", "name", id="Korean"),
        pytest.param("a.k.a.", "alias", id="alias"),
        pytest.param("Länderschlüssel", "country", id="country"),
        pytest.param("Страна", "country", id="country in Russian"),
        pytest.param("LEI", "identifier", id="a number of its own kind"),
        pytest.param("USt-IdNr.", "identifier", id="a German one"),
        pytest.param("统一社会信用代码", "identifier", id="a Chinese one"),
        pytest.param("Kunden-Nr", "id", id="the user's own number"),
        pytest.param("entity_type", "entity_type", id="type"),
        pytest.param("Geburtsdatum", "birth_date", id="date of birth"),
        pytest.param("City", "address", id="a part of an address"),
        pytest.param("Owner 2", "owner", id="a numbered owner"),
        pytest.param("持股比例", "share", id="share in Chinese"),
        pytest.param("Ownership %", "share", id="share with its sign"),
        pytest.param("Favourite colour", None, id="something else"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_column_is_known_by_its_words(header: str, field: ColumnField | None):
    assert field_of(header) == field


def test_a_number_behind_a_word_tells_columns_apart():
    assert (number_of("Owner 2 %"), number_of("Owner")) == ("2", "")


def test_a_name_that_says_whose_it_is_goes_before_a_mere_name():
    mapped = map_columns(["Name", "Company name", "Country"])
    assert (mapped.name, mapped.party) == ("Company name", ("Name",))
    assert mapped.unread == ()


@pytest.mark.parametrize(
    ("columns", "name", "parts", "parties"),
    [
        pytest.param("Company;Name;Country", "Name", "", "Company", id="our own company first"),
        pytest.param("Firma;Kunde;Land", "Kunde", "", "Firma", id="our own company in German"),
        pytest.param(
            "Customer name;Supplier name", "Customer name", "", "Supplier name", id="two"
        ),
        pytest.param("Name 1;Name 2;City", "Name 1", "Name 2", "", id="SAP, two lines"),
        pytest.param("KUNNR;NAME1;NAME2;LAND1", "NAME1", "NAME2", "", id="SAP, fields of KNA1"),
        pytest.param(
            "Customer;Name 1;Name 2;Name 3", "Name 1", "Name 2|Name 3", "Customer", id="SAP, list"
        ),
        pytest.param(
            "Sold-to party;Ship-to;Delivery party",
            "Sold-to party",
            "",
            "Ship-to|Delivery party",
            id="SAP, parties",
        ),
        pytest.param(
            "Name of sold-to party;Name of the ship-to party;Consignee;Notify party;Notify party 2"
            ";Ultimate consignee",
            "Name of sold-to party",
            "",
            "Name of the ship-to party|Consignee|Notify party|Notify party 2|Ultimate consignee",
            id="all parties of a shipment",
        ),
        pytest.param("Name AG;Name WE;Land", "Name AG", "", "Name WE", id="SAP's functions"),
        pytest.param(
            "Kunde;Warenempfänger;Endverwender;Spediteur",
            "Kunde",
            "",
            "Warenempfänger|Endverwender|Spediteur",
            id="German",
        ),
        pytest.param(
            "Client;Destinataire;Utilisateur final;Pays",
            "Client",
            "",
            "Destinataire|Utilisateur final",
            id="French",
        ),
        pytest.param(
            "Cliente;Destinatario;Notificar a;País",
            "Cliente",
            "",
            "Destinatario|Notificar a",
            id="Spanish",
        ),
        pytest.param(
            "Покупатель;Грузополучатель;Конечный пользователь;Страна",
            "Покупатель",
            "",
            "Грузополучатель|Конечный пользователь",
            id="Russian",
        ),
        pytest.param(
            "客户名称;收货人;最终用户;国家", "客户名称", "", "收货人|最终用户", id="Chinese"
        ),
        pytest.param("First name;Last name;Born", "First name", "Last name", "", id="a person"),
        pytest.param(
            "Company;Contact;Contact person", "Company", "", "Contact person", id="contact"
        ),
    ],
)
def test_every_name_is_read_as_a_part_of_one_or_as_another_party(
    columns: str, name: str, parts: str, parties: str
):
    mapped = map_columns(columns.split(";"))
    split = (tuple(filter(None, each.split("|"))) for each in (parts, parties))
    assert (mapped.name, mapped.name_part, mapped.party) == (name, *split)


def test_a_field_with_a_role_is_of_the_party_with_that_role():
    header = "Sold-to;Sold-to country;Ship-to;Ship-to name 2;Ship-to country;Carrier country;City"
    mapped = map_columns(header.split(";"))
    (other,) = mapped.parties
    assert (mapped.country, mapped.address) == (("Sold-to country",), ("City",))
    assert (other.name, other.name_part) == ("Ship-to", ("Ship-to name 2",))
    assert other.country == ("Ship-to country",)
    assert mapped.unread == ("Carrier country",)
    assert map_columns(header.split(";"), mapped.choices()) == msgspec.structs.replace(
        mapped, guessed=()
    )


@pytest.mark.parametrize(
    ("said", "name", "parts", "parties"),
    [
        pytest.param(["party="], "Name 1", ("Name 2",), (), id="no other party"),
        pytest.param(["name_part="], "Name 1", (), ("Name 2", "Ship-to"), id="a party, no part"),
        pytest.param(
            ["name_part=Co"], "Name 1", ("Name 2", "Co"), ("Ship-to",), id="one more part"
        ),
        pytest.param(["party=Co"], "Name 1", ("Name 2",), ("Ship-to", "Co"), id="one more party"),
        pytest.param(["unused=Ship-to"], "Name 1", ("Name 2",), (), id="one left out"),
        pytest.param(["name=Ship-to"], "Ship-to", (), ("Name 1",), id="another counterparty"),
    ],
)
def test_what_is_a_part_and_what_a_party_can_be_said(
    said: list[str], name: str, parts: tuple[str, ...], parties: tuple[str, ...]
):
    mapped = map_columns(["Name 1", "Name 2", "Ship-to", "Co"], map(read_said, said))
    assert (mapped.name, mapped.name_part, mapped.party) == (name, parts, parties)


def test_no_name_is_told_with_what_there_is():
    reason = "no column could be the name; say which, as --map name=…: 'A', 'B'"
    with pytest.raises(BadInputError, match=reason):
        map_columns(["A", "B"])


def test_what_is_said_goes_before_what_is_guessed():
    said = [read_said("name=Trade name"), read_said("country="), read_said("alias=Company name")]
    mapped = map_columns(["Company name", "Trade name", "Country", "ID"], said)
    assert (mapped.name, mapped.alias, mapped.country) == ("Trade name", ("Company name",), ())
    assert mapped.guessed == ("id",)
    assert mapped.unread == ("Country",)


def test_the_case_of_a_column_does_not_matter_where_it_leaves_no_doubt():
    assert map_columns(["COMPANY", "x"], [read_said("name=company")]).name == "COMPANY"
    with pytest.raises(BadInputError, match="no column is called 'X'"):
        map_columns(["NAME", "x (1)"], [read_said("name=X")])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(["name"], "'name' is not FIELD=COLUMN", id="no column"),
        pytest.param(["colour=A"], "'colour=A' is not FIELD=COLUMN", id="no such field"),
        pytest.param(
            ["name=C"], "no column is called 'C'; there are 'A', 'B'", id="no such column"
        ),
        pytest.param(["name=A", "id=A"], "column 'A' is mapped to two fields", id="two things"),
        pytest.param(
            ["name=A", "name=B"],
            "name is mapped to 2 columns; only one is allowed",
            id="two names",
        ),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(said: list[str], reason: str):
    with pytest.raises(BadInputError, match=reason):
        map_columns(["A", "B"], map(read_said, said))


def test_a_share_of_nobody_is_left_aside():
    mapped = map_columns(["Name", "Shares"])
    assert mapped.share == ()
    assert mapped.unread == ("Shares",)
