import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.ch_seco.reader import FORMATS, parse_xml
from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.ch_seco.target_files import (
    ACME,
    PLACE,
    PROGRAMME,
    SET,
    change,
    entity,
    identity,
    name,
    part,
    read,
    target,
    xml_file,
)

type Sample = Callable[[str], bytes]


def test_a_file_is_one_edition_of_the_day_it_names(sample: Sample):
    (edition,) = parse_xml(sample("ch_seco/whole_list_2026.xml"))
    assert (edition.list_code, edition.published_on) == ("ch_seco", date(2026, 8, 27))
    assert [listing.id for listing in edition.listings] == [
        "ch_seco-5142",
        "ch_seco-46130",
        "ch_seco-34461",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"<export/>", "the XML is a 'export'", id="EU list"),
        pytest.param(
            xml_file(entity()).replace(b"whole-list", b"delta-list"),
            "list-type is 'delta-list'; the 'whole-list' is expected",
            id="another kind of list",
        ),
        pytest.param(b"<swiss-sanctions-list/>", "list-type is None", id="no kind of list"),
        pytest.param(xml_file(), "the file has no entries", id="no entries"),
        pytest.param(xml_file(entity())[:-23], "not well-formed XML at line 1", id="cut"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]><swiss-sanctions-list/>',
            "document type",
            id="entities",
        ),
    ],
)
def test_a_file_that_is_not_the_whole_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^ch_seco: .*{reason}"):
        parse_xml(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(xml_file(entity(), root=""), "'date' is missing", id="no date"),
        pytest.param(
            xml_file(entity(), root='date="27.8.2026"'),
            "date: '27.8.2026' is not a day",
            id="date",
        ),
        pytest.param(
            xml_file(entity(), root='date="2026-08-27" colour="red"'), "'colour'", id="root"
        ),
        pytest.param(xml_file(entity(), "<colour/>"), "unknown element 'colour'", id="element"),
        pytest.param(xml_file(entity(), entity()), "target 100: is in the file twice", id="2x"),
    ],
)
def test_a_file_with_unknown_or_missing_parts_is_refused_by_their_name(
    content: bytes, reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(content)


@pytest.mark.parametrize(
    ("programme", "reason"),
    [
        pytest.param(
            PROGRAMME.replace("eng", "fre"),
            "'program-key', none in English but 'Weissrussland, Belarus'",
            id="no English",
        ),
        pytest.param(
            PROGRAMME.replace("sanctions-set", "set"), "'sanctions-set' is missing", id="no set"
        ),
        pytest.param(
            PROGRAMME.replace("<origin>", "<x/><origin>"), "unknown element 'x'", id="new"
        ),
        pytest.param(
            PROGRAMME.replace('"12"', '"13"'),
            "sanctions-set 12 is not in the file",
            id="other set",
        ),
    ],
)
def test_a_programme_that_cannot_be_read_is_refused(programme: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(entity(), programme=programme))


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        pytest.param("", "address: unknown place that is not in the file '77'", id="none"),
        pytest.param(
            PLACE.replace("area>", "region>"), "place 77: unknown element 'region'", id="new"
        ),
        pytest.param(PLACE.replace(' ssid="77"', ""), "'ssid' is missing", id="no number"),
    ],
)
def test_a_place_that_is_missing_or_cannot_be_read_is_refused(place: str, reason: str):
    printed = target(f"<entity>{identity(ACME + '<address place-id="77"/>')}</entity>")
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(printed, place=place))


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param(entity().replace(' ssid="100"', ""), "'ssid' is missing", id="no number"),
        pytest.param(entity(before=""), "'sanctions-set-id' is missing", id="no set"),
        pytest.param(target(""), "neither an individual nor an entity nor an object", id="none"),
        pytest.param(
            entity(after="<entity/>" + entity()), "unknown element 'target'", id="nested"
        ),
        pytest.param(
            target(f"<entity>{identity()}</entity><individual>{identity()}</individual>"),
            "is two subjects",
            id="two subjects",
        ),
        pytest.param(
            target(f'<object object-type="balloon">{identity()}</object>'),
            "unknown word in 'object-type' 'balloon'",
            id="unknown object",
        ),
        pytest.param(target("<entity>x</entity>"), "has no name|holds text", id="no identity"),
        pytest.param(target(f"<entity>{identity('')}</entity>"), "has no name", id="no name"),
        pytest.param(
            target(f"<entity>{identity(name(part('A'), kind='nickname'))}</entity>"),
            "unknown word in 'name-type' 'nickname'",
            id="name type",
        ),
        pytest.param(
            target(f"<entity>{identity(name(part('A'), quality='fair'))}</entity>"),
            "unknown word in 'quality' 'fair'",
            id="quality",
        ),
        pytest.param(
            target(f"<entity>{identity(name(part('A', 'clan-name')))}</entity>"),
            "unknown word in 'name-part-type' 'clan-name'",
            id="part of a name",
        ),
        pytest.param(
            entity().replace('order="1"', 'order="first"'),
            "unknown number in 'order' 'first'",
            id="order",
        ),
        pytest.param(
            entity().replace('main="true"', 'main="yes"'),
            "unknown word in 'main' 'yes'",
            id="main",
        ),
        pytest.param(
            target(f"<entity>{identity(ACME + '<day-month-year year="MCM"/>')}</entity>"),
            "unknown number in 'year' 'MCM'",
            id="year",
        ),
        pytest.param(
            target(f"<entity>{identity(ACME + '<address quality="fair"/>')}</entity>"),
            "unknown word in 'quality' 'fair'",
            id="quality of an address",
        ),
        pytest.param(
            entity(after=change("renewed", "2026-01-01")),
            "unknown word in 'modification-type' 'renewed'",
            id="change",
        ),
        pytest.param(
            entity(after=change("listed", "1.1.2026")), "effective-date: '1.1.2026'", id="day"
        ),
        pytest.param(
            entity(after=change("listed", "2026-01-01", "<moved/>")), "'moved'", id="in a change"
        ),
        pytest.param(entity("<colour>red</colour>"), "unknown element 'colour'", id="new"),
        pytest.param(entity(before=SET + "<colour/>"), "target 100: .*'colour'", id="new beside"),
    ],
)
def test_a_target_that_cannot_be_read_whole_is_refused_by_its_number(printed: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(printed))


@pytest.mark.parametrize(
    ("content", "is_told"),
    [
        pytest.param(xml_file(entity()), True, id="whole"),
        pytest.param(b'<?xml version="1.0"?>\n<swiss-sanctions-list li', True, id="cut"),
        pytest.param(b"<export/>", False, id="EU list"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_the_format_is_told_by_its_root(content: bytes, is_told: bool):
    (form,) = FORMATS
    assert form.tells(GivenFile("x", content)) is is_told


def test_the_format_reads_one_file(sample: Sample):
    (form,) = FORMATS
    content = sample("ch_seco/whole_list_2026.xml")
    assert form.read((GivenFile("x", content),)) == parse_xml(content)
    assert (form.word, form.source, form.several) == ("ch_xml", "ch_seco", False)


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("ch_seco/whole_list_2026.xml")
    whole, end = read(content), content.rindex(b">")
    for length in (*range(0, end, 11), *range(end - 40, len(content) + 1)):
        if length <= end:
            with pytest.raises(AbeyanceError):
                parse_xml(content[:length])
        else:
            assert read(content[:length]) == whole


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_knowingly(sample: Sample, data: st.DataObject):
    content = sample("ch_seco/whole_list_2026.xml")
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    damaged = content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]
    with contextlib.suppress(AbeyanceError):
        parse_xml(damaged)


def noted(content: bytes) -> ParsedEdition:
    (edition,) = read_files("ch_seco", (GivenFile("a", content),), sources=("ch_seco",)).parsed
    assert isinstance(edition, ParsedEdition)
    return edition


@pytest.mark.parametrize(
    "change_of",
    [
        pytest.param(('<sanctions-set ssid="34422"', "<sanctions-set"), id="a set without number"),
        pytest.param(('ssid="34422" lang="eng"', 'ssid="1" lang="eng"'), id="another set"),
        pytest.param((">34422<", ">99<"), id="a set that is not in the file"),
        pytest.param(('<program-key lang="eng">North Korea</program-key>', ""), id="no key"),
        pytest.param(('<target ssid="34461">', '<target ssid="46130">'), id="a number twice"),
    ],
)
def test_a_set_or_programme_that_cannot_be_read_costs_the_targets_that_need_it(
    sample: Sample, change_of: tuple[str, str]
):
    whole = parse_xml(sample("ch_seco/whole_list_2026.xml"))[0].listings
    content = sample("ch_seco/whole_list_2026.xml").decode()
    assert change_of[0] in content
    *others, last = noted(content.replace(*change_of).encode()).listings
    assert others == list(whole[:2])
    assert last.unread is not None
    assert [name.text for name in last.names] == ["Hui Chon", "Hwang Gum San 2"]
    assert last.entity_type in {"vessel", None}


def test_a_place_that_is_missing_costs_the_address_alone(sample: Sample):
    content = sample("ch_seco/whole_list_2026.xml").replace(b'<place ssid="29492">', b"<place>")
    edition = noted(content)
    first = edition.listings[0]
    assert first.unread is None
    assert first.addresses[0].street == "President's Sports Club, ul. Starovilenskaya, 4"
    assert [(part.what, part.count) for part in edition.read_in_part] == [
        ("place that cannot be read", 1),
        ("place that is not in the file", 1),
    ]


@pytest.mark.parametrize("newest", ["renewed", "listed"])
def test_an_unknown_kind_of_change_takes_no_target_off_the_list(newest: str):
    printed = change(newest, "2026-03-01") + change("de-listed", "2026-01-01")
    edition = noted(xml_file(entity(after=printed + change("listed", "2020-01-01"))))
    assert edition.listings[0].delisted_on is None
    hidden = [part.may_hide for part in edition.read_in_part]
    assert hidden == (["status"] if newest == "renewed" else [])


def test_an_unknown_element_inside_a_name_may_hide_a_name(sample: Sample):
    content = sample("ch_seco/whole_list_2026.xml").decode()
    edition = noted(content.replace("<value>Hui Chon</value>", "<v>Hui Chon</v>").encode())
    (part,) = (each for each in edition.read_in_part if each.what == "element 'v' of name-part")
    assert (part.example, part.may_hide) == ("Hui Chon", "name")


def test_a_programme_without_a_key_in_english_keeps_one_in_another_language():
    programme = PROGRAMME.replace('<program-key lang="eng">Belarus</program-key>', "")
    edition = noted(xml_file(entity(), programme=programme))
    assert edition.listings[0].programmes == ("Weissrussland",)
    assert edition.read_in_part
