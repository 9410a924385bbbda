from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.catalogue import SOURCES, lists_of
from abeyance_screening.engine.lists.edition import ParsedEdition, ReadFiles
from abeyance_screening.engine.lists.formats import public_formats, read_files
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError

type Sample = Callable[[str], bytes]

FILES = (
    ("us_csl", "us_csl/consolidated_2022.csv", "csl_csv"),
    ("us_csl", "us_csl/consolidated_2023.csv", "csl_csv"),
    ("us_csl", "us_csl/consolidated_2026.json", "csl_json"),
    ("un_sc", "un_sc/consolidated_2020.xml", "un_xml"),
    ("un_sc", "un_sc/consolidated_2026.xml", "un_xml"),
    ("own", "own/suppliers.jsonl", "own_jsonl"),
    ("own", "own/suppliers.csv", "own_csv"),
)


def read(source: str, content: bytes, list_code: str | None = None) -> ReadFiles:
    file = GivenFile("a file", content)
    return read_files(list_code or source, (file,), sources=(source,), list_code=list_code)


def whole(found: ReadFiles) -> list[ParsedEdition]:
    return [each for each in found.parsed if isinstance(each, ParsedEdition)]


def code_for(source: str) -> str | None:
    return "suppliers" if source == "own" else None


@pytest.mark.parametrize(("source", "place", "word"), FILES, ids=[place for _, place, _ in FILES])
def test_the_format_is_told_by_content(sample: Sample, source: str, place: str, word: str):
    found = read(source, sample(place), code_for(source))
    assert (found.source, found.format) == (source, word)
    codes = {edition.list_code for edition in found.parsed}
    assert codes <= {"suppliers", *lists_of(source)}


@pytest.mark.parametrize(
    ("source", "place"),
    [file[:2] for file in FILES],
    ids=[place for _, place, _ in FILES],
)
def test_every_listing_has_its_own_id_and_one_primary_first(
    sample: Sample, source: str, place: str
):
    editions = whole(read(source, sample(place), code_for(source)))
    listings = [listing for edition in editions for listing in edition.listings]
    assert len({listing.id for listing in listings}) == len(listings)
    for edition in editions:
        for listing in edition.listings:
            assert listing.list_code == edition.list_code
            assert listing.id.startswith(f"{edition.list_code}-")
            assert [name.kind for name in listing.names].index("primary") == 0
            assert [name.kind for name in listing.names].count("primary") == 1


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\n "])
def test_a_mark_or_blanks_before_json_do_not_hide_it(sample: Sample, mark: bytes):
    content = mark + sample("us_csl/consolidated_2026.json")
    assert read("us_csl", content).format == "csl_json"


@pytest.mark.parametrize(
    ("source", "content", "list_code", "reason"),
    [
        pytest.param(
            "us_csl",
            b"<html>",
            None,
            "a file is an HTML page without a title, .*; expected is one of: cons",
            id="CSL as HTML",
        ),
        pytest.param("own", b"<html>", "mine", "^mine: a file is an HTML page", id="own as HTML"),
        pytest.param(
            "us_csl",
            b"<?xml ?>",
            None,
            r"an XML file of another kind; expected is one of: .*\.json, .*\.csv",
            id="CSL as XML",
        ),
        pytest.param(
            "us_uflpa",
            b"<html><head><title>\n Access  denied</title></head></html>",
            None,
            "^us_uflpa: a file is an HTML page without a title, .* captcha or a notice; expec",
            id="DHS's refusal",
        ),
        pytest.param(
            "us_fcc",
            b"<html><title>UFLPA Entity List</title></html>",
            None,
            "is an HTML page without a title, .*; expected is one of: the page Covered",
            id="DHS as FCC",
        ),
        pytest.param(
            "un_sc",
            b"{}",
            None,
            "is a JSON file; expected is one of: cons",
            id="UN as JSON",
        ),
        pytest.param("moon", b"{}", None, "^moon: no parser is known", id="unknown source"),
        pytest.param("own", b"{}", None, "a list code is given for", id="own without a code"),
        pytest.param("un_sc", b"{}", "mine", "a list code is given for", id="UN with a code"),
    ],
)
def test_a_file_of_another_format_is_refused(
    source: str, content: bytes, list_code: str | None, reason: str
):
    with pytest.raises(ListRefusedError, match=reason):
        read(source, content, list_code)


_STARTS = st.sampled_from(
    [
        b"",
        b"{",
        b'{"results":[',
        b'{"id":"1","name":',
        b"<",
        b"id,name\n",
        b"\xef\xbb\xbf",
        b"\x00",
    ]
)


@given(st.sampled_from(["us_csl", "un_sc", "own"]), _STARTS, st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(source: str, start: bytes, rest: bytes):
    try:
        editions = whole(read(source, start + rest, code_for(source)))
    except AbeyanceError:
        return
    assert all(edition.listings for edition in editions)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_a_damaged_file_is_read_or_refused(
    sample: Sample, file: tuple[str, str, str], data: st.DataObject
):
    source, place, _ = file
    content = bytearray(sample(place)[:6000])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from(
                [b"", b'"', b",", b"\n", b";", b"\xff", b"<", b"{", b"null", b"\\u0000"]
            )
        )
    try:
        editions = whole(read(source, bytes(content), code_for(source)))
    except AbeyanceError:
        return
    assert all(edition.listings for edition in editions)


def test_formats_are_tried_in_the_order_of_the_catalogue():
    assert [each.title for each in public_formats()] == [
        title for source in SOURCES for title in source.formats
    ]


_NO_LONGER_READ = (
    pytest.param(
        "us_ofac_sdn",
        b'36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a',
        r"expected is one of: SDN_ENHANCED\.XML, SDN\.XML, delta file \(SDN List\)$",
        id="SDN.CSV",
    ),
    pytest.param(
        "us_ofac_cons",
        b'<?xml version="1.0"?><Sanctions xmlns="http://www.un.org/sanctions/1.0"></Sanctions>',
        r"expected is one of: CONS_ENHANCED\.XML, CONSOLIDATED\.XML, delta file",
        id="CONS_ADVANCED.XML",
    ),
    pytest.param(
        "us_bis_dpl",
        b"Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\n",
        r"expected is one of: dpl\.csv",
        id="dpl.txt",
    ),
    pytest.param(
        "uk_ofsi",
        b"Last Updated,27/04/2020\r\nName 6,Name 1,Group Type,Alias Type,Group ID\r\n",
        "the list is closed on 28 January 2026, and its files are not read any more; load its "
        r"successor, uk_sl \(UK-Sanctions-List\.xml\)$",
        id="ConList.csv",
    ),
)


@pytest.mark.parametrize(("source", "content", "reason"), _NO_LONGER_READ)
def test_a_file_of_a_format_of_the_past_is_refused_with_what_to_load_instead(
    source: str, content: bytes, reason: str
):
    with pytest.raises(ListRefusedError, match=reason):
        read(source, content, None)
