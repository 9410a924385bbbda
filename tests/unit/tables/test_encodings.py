"""In which encoding a file is read, and when it is asked for."""

import codecs

import pytest

from abeyance_screening.engine.tables.files import read_text
from abeyance_screening.primitives.errors import BadInputError

CHINESE = "公司名称,国家\n华为技术有限公司,中国\n杭州海康威视数字技术股份有限公司,中国\n"
CYRILLIC = "".join(map(chr, range(0x430, 0x450)))
RUSSIAN = f"Наименование;Страна\n«{CYRILLIC}»;Россия\n"
GREEK = "".join(map(chr, range(0x3B1, 0x3C2)))
GERMAN = "Firma;Land\nMüller & Söhne GmbH;Österreich\n"


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        pytest.param(GERMAN.encode(), GERMAN, "UTF-8", id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + GERMAN.encode(), GERMAN, "UTF-8", id="utf-8 with a mark"),
        pytest.param(GERMAN.encode("utf-16"), GERMAN, "UTF-16", id="utf-16 with a mark"),
        pytest.param(GERMAN.encode("utf-16-le"), GERMAN, "UTF-16", id="utf-16, little end first"),
        pytest.param(GERMAN.encode("utf-16-be"), GERMAN, "UTF-16", id="utf-16, big end first"),
        pytest.param(RUSSIAN.encode("cp1251"), RUSSIAN, "cp1251", id="Russian"),
        pytest.param(CHINESE.encode("gb18030"), CHINESE, "gb18030", id="Chinese"),
        pytest.param(GERMAN.encode("cp1252"), GERMAN, "cp1252", id="letters the same in all"),
        pytest.param(b"plain\n", "plain\n", "UTF-8", id="ascii"),
    ],
)
def test_what_leaves_no_doubt_is_read(content: bytes, text: str, encoding: str):
    read = read_text(content, None)
    assert (read.text, read.encoding) == (text, encoding)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Nom\nHermès\n".encode("cp1252"), id="French or Czech"),
        pytest.param("Název\nŠkoda Plzeň\n".encode("cp1250"), id="Czech"),
        pytest.param("Firma\nSpółka Łódź\n".encode("cp1250"), id="Polish"),
        pytest.param("Unvan\nGüneş\n".encode("cp1254"), id="Turkish"),
        pytest.param("会社名\n株式会社\n".encode("shift_jis"), id="Japanese"),
        pytest.param("Köhler\n".encode("cp850"), id="German of DOS"),
        pytest.param("Köhler\n".encode("mac-roman"), id="German of old Macs"),
        pytest.param(f"Name\n{CYRILLIC}\n".encode("cp866"), id="Russian of DOS"),
        pytest.param(f"Name\n{CYRILLIC}\n".encode("koi8-r"), id="Russian of Unix"),
        pytest.param(f"Name\n{CYRILLIC}\n".encode("cp1251"), id="Russian without a known word"),
        pytest.param(f"Name\n{GREEK}\n".encode("cp1253"), id="Greek"),
        pytest.param("회사명\n삼성전자\n".encode("cp949"), id="Korean"),
    ],
)
def test_what_could_be_read_in_two_ways_is_asked_for(content: bytes):
    with pytest.raises(
        BadInputError, match="is not UTF-8, and more than one encoding is possible"
    ):
        read_text(content, None)


def test_the_question_shows_how_it_would_read():
    with pytest.raises(BadInputError, match=r"line 3 has 'Hermès;FR' in cp1252, 'Hermčs;FR' in"):
        read_text("Nom;Pays\nAcme;FR\nHermès;FR\n".encode("cp1252"), None)


def test_an_encoding_that_is_named_is_used():
    assert read_text("Hermès".encode("cp1252"), "cp1252").text == "Hermès"
    assert read_text(codecs.BOM_UTF8 + b"Acme", "utf-8").text == "Acme"


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        pytest.param(b"a", "klingon", "'klingon' is no known encoding", id="unknown"),
        pytest.param(b"a", "hex", "'hex' is no encoding of text", id="no encoding of text"),
        pytest.param(b"a\nb\xff", "utf-8", "line 2 cannot be read as utf-8", id="a wrong one"),
        pytest.param(b"\x00\x00\x01\x00", None, "it is no text", id="no text"),
    ],
)
def test_a_wrong_encoding_is_refused(content: bytes, encoding: str | None, reason: str):
    with pytest.raises(BadInputError, match=reason):
        read_text(content, encoding)
