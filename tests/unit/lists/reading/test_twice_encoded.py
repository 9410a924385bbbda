from collections.abc import Callable
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.jp_mof import reader as jp_mof
from abeyance_screening.engine.lists.reading.texts import read_text, refuse_encoded_twice
from abeyance_screening.engine.lists.un_sc import reader as un_sc
from abeyance_screening.engine.lists.us_uflpa import reader as us_uflpa
from abeyance_screening.primitives.errors import ListRefusedError
from tests.cases import for_each

FIXTURES = Path(__file__).parents[3] / "fixtures"
TEXTS = sorted(
    path.relative_to(FIXTURES).as_posix()
    for ending in ("csv", "txt", "xml", "json", "jsonl", "html")
    for path in FIXTURES.glob(f"*/*.{ending}")
)
NAME = 'Cañón, "Zürich" / Сбербанк / 华为 / دمشق…'

type Sample = Callable[[str], bytes]


def again(content: bytes, encoding: str) -> bytes:
    """The file as somebody sees it who takes it for another encoding, saved as UTF-8."""
    if encoding == "latin-1":
        return content.decode("latin-1").encode()
    # what Windows-1252 lacks is passed on, as browsers do
    letters = (
        bytes([byte]).decode(encoding) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else chr(byte)
        for byte in content
    )
    return "".join(letters).encode()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    ("parse", "place"),
    [
        pytest.param(un_sc.parse_xml, "un_sc/consolidated_2026.xml", id="UN, XML"),
        pytest.param(jp_mof.parse_csv, "jp_mof/shisantouketsu.csv", id="MOF, CSV"),
        pytest.param(us_uflpa.parse_html, "us_uflpa/2026-07-24_uflpa-entity-list.html", id="DHS"),
    ],
)
def test_a_list_encoded_twice_is_refused(
    sample: Sample, parse: Callable[[bytes], object], place: str, encoding: str
):
    with pytest.raises(ListRefusedError, match=r"encoded twice, .* occurs in it"):
        parse(again(sample(place), encoding))


@for_each("place", {each: each for each in TEXTS})
def test_no_file_of_a_publisher_is_taken_for_encoded_twice(sample: Sample, place: str):
    refuse_encoded_twice("some_list", sample(place))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_letters_of_every_script_are_known_again(encoding: str):
    refuse_encoded_twice("some_list", NAME.encode())
    with pytest.raises(ListRefusedError, match=r"^some_list: the file is UTF-8 encoded twice"):
        refuse_encoded_twice("some_list", again(NAME.encode(), encoding))


def test_a_mark_encoded_twice_is_enough():
    content = again(b"\xef\xbb\xbfName_and_Address\n", "cp1252")
    for mark in (b"", b"\xef\xbb\xbf"):
        with pytest.raises(ListRefusedError, match="twice, 'ï»¿' occurs in it; UTF-8"):
            read_text("some_list", mark + content)


def test_a_slip_in_one_name_does_not_stop_a_list():
    refuse_encoded_twice("some_list", ("Señor Ã±, " + "é" * 20).encode())
