from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists import formats
from abeyance_screening.engine.lists.catalogue import SOURCES, lists_of
from abeyance_screening.engine.lists.edition import ParsedEdition, ReadFiles
from abeyance_screening.engine.lists.formats import public_formats, read_files, retired_formats
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
    """A set of OFAC's tables without ALT is read as such, although the complete set's format
    would take it too.
    """
    words = [each.word for each in public_formats() if each.source == "us_ofac_sdn"]
    assert words.index("ofac_sdn_csv_alone") < words.index("ofac_sdn_csv")
    assert [each.title for each in public_formats()] == [
        title for source in SOURCES for title in source.formats
    ]


def test_the_formats_of_the_past_are_those_of_the_folder_retired():
    folder = Path(formats.__file__).parent / "retired"
    read_there = {path.parent.name for path in folder.glob("*/reader.py")}
    assert read_there == {"uk_ofsi", "us_bis_dpl", "us_ofac"}
    assert retired_formats().keys() == {
        *("dpl_txt", "ofsi_csv", "ofsi_xlsx"),
        *("ofac_sdn_csv", "ofac_sdn_csv_alone", "ofac_cons_csv"),
        *("ofac_sdn_advanced", "ofac_cons_advanced"),
    }
