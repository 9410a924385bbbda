"""Which column is which."""

import pytest

from abeyance_screening.engine.tables import map_columns, read_said
from abeyance_screening.engine.tables.columns import ColumnField, field_of, number_of
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
    assert mapped.name == "Company name"
    assert mapped.unread == ("Name",)


def test_two_names_are_asked_about():
    reason = "2 columns could be the name: 'Customer name', 'Supplier name'; say which"
    with pytest.raises(BadInputError, match=reason):
        map_columns(["Customer name", "Supplier name"])


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
