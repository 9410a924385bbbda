"""One printed party: its Chinese name, its Latin one in brackets, and what is behind them."""

import re

import msgspec

from service.model.errors import RowRefusedError

_NAMES = re.compile(
    r"(?P<zh>(?:[^()\s]++|\s++(?!\())++)\s*+"
    r"\((?P<en>[^()]*+(?:\([^()]*+\)[^()]*+)*+)\)\s*+(?P<behind>.*)"
)
_LONGEST = 500
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SEX = re.compile(r"[男女]")
_BRANCHES = re.compile(r"及其?(?:下属|分支)\S*")
# `哈德逊研究所所长约翰·瓦特斯`: an office before the name of a person.
_OFFICE = re.compile(
    r"(?P<office>.*(?:主席|所长|主任|总裁|总监|董事|经理|顾问|议员|创始人|首席[行执]政?[官行]官?))"
    r"(?P<name>[^·]{1,8}·.{1,20})"
)
# What stands before a name in a sentence.
_ADJUNCT = re.compile(r"参与.{1,24}?的(?:美国|加拿大|日本)?(?=\S)")
_OF_PARENT = re.compile(r"(?=[^A-Za-z]*+[A-Z])[^A-Za-z]*?(?<!\d)(?P<count>\d++)家[^A-Za-z]*+")


class PrintedParty(msgspec.Struct, frozen=True):
    """The names of a party, and what its line says besides."""

    zh: str | None
    en: str | None
    description: str | None = None
    note: str | None = None
    is_person: bool = False


def read_party(where: str, printed: str) -> PrintedParty:
    """The party of one numbered line.

    Raises:
        RowRefusedError: the line names several parties or none, or goes on in an unknown way.
    """
    text = printed.strip().rstrip("。;, ")
    if len(text) > _LONGEST or text.count("(") != text.count(")"):
        raise RowRefusedError(where, f"not one party: {printed[:80]!r}")
    match = _NAMES.fullmatch(text)
    if match is None:
        name, _, behind = text.partition(",")
        if _LATIN.search(name):
            name, behind = text, ""
        zh, en = (name.strip(), None) if _HAN.search(name) else (None, name.strip())
    else:
        zh, en, behind = match["zh"].strip(), match["en"].strip(), match["behind"]
    if not (zh or en) or "包括" in text or "(" in behind:
        raise RowRefusedError(where, f"not one party: {printed[:80]!r}")
    if en is not None and not _LATIN.search(en):
        raise RowRefusedError(where, f"brackets without a Latin name: {printed[:80]!r}")
    return _with_rest(where, PrintedParty(zh, en), behind.strip(" ,"))


def in_sentence(where: str, sentence: str, title: str) -> tuple[list[PrintedParty], int | None]:
    """The parties of `A(A Inc.)、B(B Inc.)和C`, and their number where the sentence tells it.

    A mark that parts names may belong to one: `波音防务、空间与安全集团(Boeing Defense, Space &
    Security)` is one name because the title prints it so.
    """
    text = _ADJUNCT.sub("", sentence.strip(), count=1) if sentence.startswith("参与") else sentence
    parent = _OF_PARENT.match(text)
    count = None if parent is None else int(parent["count"])
    if parent is not None:
        text = text[parent.end() :]
    parts = re.split(r"、|(?<=\))(?:和|以及|及)|(?:和|以及|及)(?=[A-Z])", text.strip())
    chunks = list[str]()
    for part in parts:
        joined = f"{chunks[-1]}、{part.partition('(')[0]}" if chunks else ""
        if joined and "(" not in chunks[-1] and joined.strip() in title:
            chunks[-1] = f"{chunks[-1]}、{part}"
        else:
            chunks.append(part)
    return [read_party(where, chunk) for chunk in chunks if chunk.strip()], count


def _with_rest(where: str, party: PrintedParty, behind: str) -> PrintedParty:
    if not behind:
        return party
    if _SEX.match(behind):
        office = _OFFICE.fullmatch(party.zh or "")
        if office is not None:
            party = PrintedParty(office["name"], party.en)
            behind = f"{behind},{office['office']}"
        return msgspec.structs.replace(party, description=behind, is_person=True)
    if _BRANCHES.fullmatch(behind):
        return msgspec.structs.replace(party, note=behind)
    raise RowRefusedError(where, f"unknown words behind the name: {behind[:60]!r}")
