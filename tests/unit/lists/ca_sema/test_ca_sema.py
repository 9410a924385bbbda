import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.ca_sema.reader import FORMATS, parse_xml
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.ca_sema.record_files import ACME, BERG, read, xml_file

type Sample = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("place", "count"),
    [
        pytest.param("ca_sema/sema_lmes_2022.xml", 22, id="2022"),
        pytest.param("ca_sema/sema_lmes_2025.xml", 4, id="2025"),
        pytest.param("ca_sema/sema_lmes_2026.xml", 8, id="2026"),
    ],
)
def test_a_file_of_each_layout_is_one_edition_without_a_day(
    sample: Sample, place: str, count: int
):
    (edition,) = parse_xml(sample(place))
    assert (edition.list_code, edition.published_on) == ("ca_sema", None)
    assert len({listing.id for listing in edition.listings}) == count


def test_a_party_keeps_its_id_from_layout_to_layout(sample: Sample):
    ids = {
        read(sample(f"ca_sema/sema_lmes_{year}.xml"))["Khazalbek Bakhtibekovich Atabekov"].id
        for year in (2022, 2025, 2026)
    }
    assert len(ids) == 1


def test_an_id_does_not_depend_on_the_item_nor_on_how_a_regulation_is_spelled_today():
    (first,) = read(xml_file("<Country>Burma / Birmanie</Country><Entity>A</Entity>")).values()
    (later,) = read(
        xml_file(
            "<Country>Myanmar (Burma) / Myanmar (Birmanie)</Country><Entity> A </Entity>"
            "<Item>7</Item>"
        )
    ).values()
    assert first.id == later.id


def test_one_name_under_two_regulations_has_two_ids_and_under_one_they_are_numbered(
    sample: Sample,
):
    (edition,) = parse_xml(sample("ca_sema/sema_lmes_2022.xml"))
    ids = {
        name: [each.id for each in edition.listings if each.primary_name == name]
        for name in ("Nicolás MADURO MOROS", "Sergey Ivanovich MENYAILO")
    }
    first, second = ids["Nicolás MADURO MOROS"]
    assert not second.startswith(first)
    first, second = sorted(ids["Sergey Ivanovich MENYAILO"])
    assert second == f"{first}-2"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"<CONSOLIDATED_LIST/>", "the XML is a 'CONSOLIDATED_LIST'", id="UN list"),
        pytest.param(xml_file(), "the file has no entries", id="no entries"),
        pytest.param(xml_file(ACME)[:-11], "not well-formed XML at line 1", id="cut"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]><data-set/>', "declares a document type", id="entities"
        ),
        pytest.param("<data-set>é".encode("latin-1"), "not well-formed XML", id="not UTF-8"),
    ],
)
def test_a_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^ca_sema: .*{reason}"):
        parse_xml(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            xml_file(ACME, ACME + "<Colour>red</Colour>"), "record 2: .*'Colour'", id="new"
        ),
        pytest.param(xml_file("<Entity>A</Entity>"), "record 1: Country is missing", id="country"),
        pytest.param(xml_file("<Country>Iran</Country>"), "record 1: has no name", id="no name"),
        pytest.param(
            xml_file(BERG + "<Entity>Acme</Entity>"), "names both a person and an", id="two names"
        ),
        pytest.param(
            xml_file(ACME + "<EntityOrShip>Acme</EntityOrShip>"),
            "further 'Entity' under another name",
            id="two layouts",
        ),
        pytest.param(
            xml_file(ACME + "<Item>1</Item><Item>2</Item>"), "further 'Item'", id="twice"
        ),
        pytest.param(
            xml_file(ACME + "<Aliases>A</Aliases><Aliases>B</Aliases>"),
            "further 'Aliases'",
            id="as",
        ),
        pytest.param(xml_file(ACME + "stray"), "text between the elements", id="stray text"),
        pytest.param(
            xml_file(ACME + "<Item><b>1</b></Item>"), "part of the text of Item", id="nested"
        ),
        pytest.param(
            xml_file(ACME + "<DateOfListing>March 2022</DateOfListing>"),
            "record 1: DateOfListing: 'March 2022' is not a day",
            id="day",
        ),
        pytest.param(
            b"<data-set colour='red'><record/></data-set>", "data-set: .*'colour'", id="attribute"
        ),
        pytest.param(b"<data-set><entry/></data-set>", "unknown element 'entry'", id="no record"),
    ],
)
def test_a_record_that_cannot_be_read_whole_is_refused_by_its_number(content: bytes, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(content)


@pytest.mark.parametrize(
    ("content", "is_told"),
    [
        pytest.param(xml_file(ACME), True, id="whole"),
        pytest.param(b"<data-set><rec", True, id="cut"),
        pytest.param(b"<export/>", False, id="EU list"),
        pytest.param(b"Country,LastName", False, id="CSV"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_the_format_is_told_by_its_root(content: bytes, is_told: bool):
    (form,) = FORMATS
    assert form.tells(GivenFile("x", content)) is is_told


def test_the_format_reads_one_file(sample: Sample):
    (form,) = FORMATS
    content = sample("ca_sema/sema_lmes_2026.xml")
    assert form.read((GivenFile("x", content),)) == parse_xml(content)
    assert (form.word, form.source, form.several) == ("ca_xml", "ca_sema", False)


@pytest.mark.parametrize(
    "every", [pytest.param(11, id="some cuts"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample, every: int):
    content = sample("ca_sema/sema_lmes_2026.xml")
    whole, end = read(content), content.rindex(b">")
    for length in (*range(0, end - every, every), *range(end - every, len(content) + 1)):
        if length <= end:
            with pytest.raises(AbeyanceError):
                parse_xml(content[:length])
        else:
            assert read(content[:length]) == whole


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_knowingly(sample: Sample, data: st.DataObject):
    content = sample("ca_sema/sema_lmes_2022.xml")
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    damaged = content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]
    with contextlib.suppress(AbeyanceError):
        parse_xml(damaged)
