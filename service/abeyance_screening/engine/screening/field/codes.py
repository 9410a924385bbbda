"""Text that a machine wrote in a code, or read in the wrong encoding: what it says.

What a text says is a guess where an encoding was lost, so that every reading that may be meant is
returned, to be compared beside the text as it stands.
"""

import base64
import binascii
import email.errors
import email.header
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

import ftfy

# Any text in a code has one of these signs, or a letter beyond ASCII.
_OF_CODES = frozenset(";%\\+=<")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,60}>", re.IGNORECASE)
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PERCENT_U = re.compile(r"%u([0-9A-Fa-f]{4})")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\u\{([0-9a-fA-F]{2,6})\}")
_BYTES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_POINT = re.compile(r"U\+([0-9A-Fa-f]{4,6})\s?")
_LINE_END = re.compile(r"\\[rnt](?![a-z]:)")
_PUNYCODE = re.compile(r"xn--([a-z0-9-]{2,60})", re.IGNORECASE)
_MAIL_WORD = re.compile(r"=\?[\w-]+\?[bqBQ]\?[^?\s]*\?=")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
# No shorter text is read as base64 or hexadecimal digits.
SHORTEST_CODE = 16
_HEX = re.compile(r"(?:0x|\\x)?((?:[0-9a-f]{2} ?){8,})", re.IGNORECASE)
_UTF_7 = re.compile(r"\+([A-Za-z0-9/]{3,}(?:\+[A-Za-z0-9/]*)*)-")
_OCTAL = re.compile(r"(?:\\[0-3][0-7]{2})+")
# Latin letters and digits by the Cyrillic letters that they look like. Written by hand.
_CYRILLIC = str.maketrans(
    "aAbBcCeEHhkKmMnoOpPrtTuxXyY03468W",
    "\u0430\u0410\u044c\u0412\u0441\u0421\u0435\u0415\u041d\u043d\u043a\u041a\u043c\u041c\u043f\u043e"
    "\u041e\u0440\u0420\u0433\u0442\u0422\u0438\u0445\u0425\u0443\u0423\u041e\u0437\u0447\u0431\u0432\u0428",
)
_LETTERS_OF_LOOK = "".join(map(chr, _CYRILLIC))
# No Latin word has such digits for letters (but 4, as in care4you), or two capitals inside.
_LOOKS_CYRILLIC = re.compile(
    rf"(?<!\w)(?=\w*(?:[a-z][36]+[a-z]|(?:[a-z][HTBKMP][a-z]+){{2}}))[{_LETTERS_OF_LOOK}]{{6,}}(?!\w)"
)
# Where one of these is found, a text of plain letters and digits may be in a code.
_OF_DIGITS = re.compile(
    rf"{_LOOKS_CYRILLIC.pattern}|^(?:0x)?(?:[0-9a-fA-F]{{2}} ?){{8,}}$|^[A-Za-z0-9/]{{16,}}$"
    r"|\x04"
)
_LAST_POINT = 0x10FFFF
# A letter beyond ASCII was two bytes or more; of these only a blank without break becomes ASCII.
_MAY_BE_MENDED = re.compile("[^\x00-\x7f]{2}|[\xc2-\xf4] ")
# Of what was read as Latin-1 nearly every letter has a mark; no language has five such in a row.
_MARKED = re.compile("[\u0080-\u00ff]{5}")
# What else a text of one byte a letter may be; of two, what lists print is in Chinese most often.
_ONE_BYTE = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
_MORE_BYTES = ("gb18030", "big5", "euc-kr", "shift_jis")
# Signs among the letters of a word, as where one of these encodings was read as the other.
_OF_CP866 = re.compile("[\u0400-\u045f][\u00a0-\u00bb\u2013-\u203a][\u0400-\u045f\u00a0-\u00bb]")
_OF_CP1251 = re.compile("[\u2550-\u256c\u2580-\u2593][\u0400-\u045f]{3}")
_TURNED_CASE = re.compile(r"(?:\b[\u0430-\u044f][\u0410-\u042f]{3,}\s*)+")
# What a wrong encoding leaves and no reading mends: controls that no text has, question marks in
# the place of letters.
_LOST = re.compile(r"[\x80-\x9f\ufffd]|(?<=[^\W\d_])\?+(?=[^\W\d_])|\?{3,}")


def decoded(printed: str) -> Iterator[str]:
    """Yield what a text says if it is in a code, or was read in another encoding; mostly nothing.

    A code within a code is read too (`%26%231056;`).
    """
    is_plain = printed.isascii() and _OF_CODES.isdisjoint(printed)
    if is_plain and "xn--" not in printed.lower() and _OF_DIGITS.search(printed) is None:
        return
    plain = printed
    for _ in range(3):
        before = plain
        for read in _CODES:
            plain = read(plain)
        if plain == before:
            break
    if plain != printed:
        yield plain
    if not plain.isascii():
        yield from (text for text in dict.fromkeys(_misread(plain)) if text != plain)


def may_be_mended(text: str) -> bool:
    """Return whether a text may be one in UTF-8 that was read in an encoding of single bytes."""
    return _MAY_BE_MENDED.search(text) is not None


def why_lost(printed: str) -> str | None:
    """Return why letters of a text are lost for good, None where none are."""
    if (printed.isascii() and "?" not in printed) or _LOST.search(printed) is None:
        return None
    return "has signs in the place of letters, as where a wrong encoding has lost them"


def _of_entities(text: str) -> str:
    """Read HTML: entities, and tags as spaces between words."""
    text = html.unescape(text) if _ENTITY.search(text) else text
    return _TAG.sub("\n", text) if "<" in text else text


def _of_percent(text: str) -> str:
    """Read the percent escapes of addresses; a plus sign beside them is a blank."""
    text = _PERCENT_U.sub(lambda found: chr(int(found[1], 16)), text)
    if _PERCENT.search(text) is None:
        return text
    read = _PERCENT.sub(lambda found: _text_of(unquote_to_bytes(found[0])), text)
    return read.replace("+", " ")


def _of_escapes(text: str) -> str:
    """Read the escapes of programs: code points, bytes and ends of lines."""
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _letter(found[1] or found[2] or found[3]), text)
        text = _OCTAL.sub(lambda found: _text_of(_of_octal(found[0])), text)
        text = _BYTES.sub(lambda found: _text_of(bytes.fromhex(found[0].replace("\\x", ""))), text)
        text = _LINE_END.sub("\n", text)
    return _POINT.sub(lambda found: _letter(found[1]), text) if "U+" in text else text


def _of_punycode(text: str) -> str:
    """Read the labels of domains in other scripts."""
    return _PUNYCODE.sub(_read_punycode, text) if "xn--" in text.lower() else text


def _of_mail(text: str) -> str:
    """Read the encoded words of mail headers."""
    return _MAIL_WORD.sub(_read_mail_word, text) if "=?" in text else text


def _of_base64(text: str) -> str:
    """Read a field that is nothing but base64 of a text."""
    if _BASE64.fullmatch(text) is None:
        return text
    try:
        read = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
    return read if _is_text(read) else text


def _of_hex(text: str) -> str:
    """Read a field that is nothing but the bytes of a text in hexadecimal digits."""
    digits = _HEX.fullmatch(text)
    if digits is None:
        return text
    try:
        read = bytes.fromhex(digits[1]).decode()
    except (ValueError, UnicodeDecodeError):
        return text
    return read if _is_text(read) else text


def _of_utf_7(text: str) -> str:
    """Read the runs of UTF-7, in which letters beyond ASCII stand between `+` and `-`."""
    return _UTF_7.sub(_read_utf_7, text) if "+" in text else text


def _of_two_bytes(text: str) -> str:
    """Read a Cyrillic text of two bytes a letter that was read as one: every other is U+0004."""
    if "\x04" not in text:
        return text
    try:
        read = text.encode("latin-1").decode("utf-16-be")
    except UnicodeError:
        return text
    return read if _is_text(read) else text


def _of_look(text: str) -> str:
    """Read words that look Cyrillic and are no Latin words: `Poco6opoHekcnopT`."""
    return _LOOKS_CYRILLIC.sub(lambda found: found[0].translate(_CYRILLIC).lower(), text)


_CODES: tuple[Callable[[str], str], ...] = (
    _of_entities,
    _of_percent,
    _of_escapes,
    _of_punycode,
    _of_mail,
    _of_base64,
    _of_hex,
    _of_utf_7,
    _of_two_bytes,
    _of_look,
)


def _letter(digits: str) -> str:
    point = int(digits, 16)
    return chr(point) if point <= _LAST_POINT else ""


def _text_of(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1251", errors="replace")


def _of_octal(escaped: str) -> bytes:
    return bytes(int(each, 8) for each in escaped.split("\\")[1:])


def _read_utf_7(found: re.Match[str]) -> str:
    try:
        read = found[0].encode().decode("utf-7")
    except UnicodeDecodeError:
        return found[0]
    return read if _is_text(read) and not read.isascii() else found[0]


def _read_punycode(found: re.Match[str]) -> str:
    try:
        return found[1].encode().decode("punycode")
    except UnicodeError:
        return found[0]


def _read_mail_word(found: re.Match[str]) -> str:
    try:
        return str(email.header.make_header(email.header.decode_header(found[0])))
    except (email.errors.HeaderParseError, LookupError, UnicodeDecodeError):
        return found[0]


# --- Encodings that were taken for others.


def _misread(text: str) -> Iterator[str]:
    """Yield what a text may be whose encoding was taken for another."""
    if may_be_mended(text) and _is_text(mended := ftfy.fix_encoding(text)):
        yield mended
    if _TURNED_CASE.fullmatch(text):
        yield from _as("cp1251", text, ("koi8-r",))
    if _OF_CP866.search(text) is not None:
        yield from _as("cp1251", text, ("cp866",))
    if _OF_CP1251.search(text) is not None:
        yield from _as("cp866", text, ("cp1251",))
    if _MARKED.search(text) is not None:
        for taken_for in ("latin-1", "cp1252"):
            yield from _as(taken_for, text, (*_ONE_BYTE, *_MORE_BYTES))


def _as(taken_for: str, text: str, encodings: tuple[str, ...]) -> Iterator[str]:
    try:
        data = text.encode(taken_for)
    except UnicodeEncodeError:
        return
    for encoding in encodings:
        try:
            read = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(read) and (encoding in _ONE_BYTE or _is_east_asian(read)):
            yield read


def _is_text(text: str) -> bool:
    """Return whether a text has letters, and nothing that no text has."""
    kinds = {unicodedata.category(each) for each in text if not each.isspace()}
    return kinds.isdisjoint({"Cc", "Cn", "Co", "Cs"}) and any(map(str.isalpha, text))


def _is_east_asian(text: str) -> bool:
    """Return whether all letters are those that Chinese, Korean and Japanese names have."""
    return all(
        "\u3040" <= each <= "\u30ff"
        or "\u4e00" <= each <= "\u9fff"
        or "\uac00" <= each <= "\ud7a3"
        for each in text
        if each.isalpha() and not each.isascii()
    )
