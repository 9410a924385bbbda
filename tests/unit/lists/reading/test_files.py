import contextlib
import gzip
import io
import random
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.reading.files import GivenFile, is_damaged, unpacked
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError

NOISE = random.Random(1).randbytes(3000)  # noqa: S311 - nothing is kept secret with it
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
WORKBOOK = "au_dfat/Australian_Sanctions_Consolidated_List.xlsx"
_SHEET = "xl/worksheets/sheet1.xml"

type Sample = Callable[[str], bytes]


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "a.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "packed",
    [*(zipped(NOISE, method) for method in METHODS), gzip.compress(NOISE)],
    ids=["stored", "deflate", "bzip2", "lzma", "gzip"],
)
def test_what_is_packed_comes_out_whole(packed: bytes):
    assert unpacked("some_list", GivenFile("a.zip", packed)).content == NOISE


def test_an_archive_that_lacks_bytes_in_its_middle_is_refused():
    packed = zipped(NOISE)
    with pytest.raises(ListRefusedError, match=r"^some_list: a\.zip is packed and damaged: "):
        unpacked("some_list", GivenFile("a.zip", packed[:1000] + packed[1500:]))


@settings(max_examples=300)
@given(st.sampled_from(METHODS), st.data())
def test_any_damage_to_an_archive_is_refused_or_does_no_harm(method: int, data: st.DataObject):
    content = bytearray(zipped(NOISE[:200], method))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=4))
    with contextlib.suppress(AbeyanceError):
        unpacked("some_list", GivenFile("a.zip", bytes(content)))


@given(st.binary(max_size=200), st.sampled_from([b"PK\x03\x04", b"\x1f\x8b", b"\x1f\x8b\x08"]))
def test_any_bytes_behind_the_first_are_refused(rest: bytes, magic: bytes):
    with contextlib.suppress(AbeyanceError):
        unpacked("some_list", GivenFile("a.zip", magic + rest))


def _garbled(content: bytes, name: str) -> bytes:
    """The workbook with other bytes in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo(name).header_offset + 30 + len(name)
    return content[:at] + b"\xff" * 40 + content[at + 40 :]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-200], id="cut"),
        pytest.param(lambda content: content[:900] + content[1400:], id="bytes gone"),
        pytest.param(lambda content: _garbled(content, _SHEET), id="bytes overwritten"),
    ],
)
def test_a_damaged_workbook_is_called_so(sample: Sample, damage: Callable[[bytes], bytes]):
    file = GivenFile("list.xlsx", damage(sample(WORKBOOK)))
    with pytest.raises(ListRefusedError, match=r"(is a damaged|not readable as a) workbook"):
        read_files("au_dfat", [file], sources=("au_dfat",))


def test_a_whole_workbook_of_another_list_is_not_called_damaged(sample: Sample):
    file = GivenFile("list.xlsx", sample(WORKBOOK))
    assert not is_damaged(file)
    with pytest.raises(ListRefusedError, match="is a workbook or another Office file; expected"):
        read_files("un_sc", [file], sources=("un_sc",))


NOTICE = (
    "<html>\n<head>\n<title>Federal Register, Volume 90 Issue 4</title>\n</head>\n<body><pre>\n"
    "[Federal Register Volume 90, Number 4 (Tuesday, January 7, 2025)]\n"
    'From the Federal Register Online via the GPO [<a href="http://www.gpo.gov">www.gpo.gov</a>]\n'
    "\x00A heading\n\n    AT&amp;T &lt;a name&gt;\n</pre></body>\n</html>\n"
)


def test_a_text_of_the_federal_register_is_taken_out_of_its_page():
    opened = unpacked("any", GivenFile("2025-00070.txt", NOTICE.encode()))
    assert opened.content.decode() == (
        "[Federal Register Volume 90, Number 4 (Tuesday, January 7, 2025)]\n"
        "From the Federal Register Online via the GPO [www.gpo.gov]\n"
        "A heading\n\n    AT&T <a name>"
    )


@pytest.mark.parametrize(
    "page",
    [NOTICE[:-30], NOTICE.replace("<pre>", "<p>text</p><pre>"), NOTICE.replace("Online", "today")],
    ids=["cut", "with more than the text", "of another publisher"],
)
def test_any_other_page_stays_a_page(page: str):
    file = GivenFile("page", page.encode())
    assert unpacked("any", file) == file


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_text_in_utf_16_is_read_as_the_same_in_utf_8(encoding: str):
    rows = "Name,City\n北方,Zürich\n"
    given = GivenFile("list.csv", "\ufeff".encode(encoding) + rows.encode(encoding))
    assert unpacked("us_bis_dpl", given) == GivenFile("list.csv", rows.encode())


def test_xml_in_utf_16_stays_since_it_says_itself_what_it_is_in():
    given = GivenFile("list.xml", '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"))
    assert unpacked("un_sc", given) == given


def test_a_text_in_utf_16_that_is_cut_off_is_refused():
    given = GivenFile("list.csv", "Name\n\U0001f600".encode("utf-16")[:-1])
    with pytest.raises(ListRefusedError, match="begins as UTF-16 and is none, or is cut off"):
        unpacked("us_bis_dpl", given)
