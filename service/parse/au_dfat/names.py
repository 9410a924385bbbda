"""Names as DFAT prints them, with what stands in brackets behind a former one."""

import re
from collections.abc import Iterable, Iterator

from service.model.errors import RowRefusedError
from service.model.listing import Name, NameKind
from service.parse.printed_names import collect_names, is_latin, tidy

_TYPES = frozenset({"Primary Name", "Alias", "Original Script"})
_STRENGTHS: dict[str, NameKind] = {"Strong": "alias", "Weak": "weak_alias", "": "alias"}
_SCRIPT = "original script"
# `Yassin Sywal (formerly listed as)`, `Merai Zoghbai (previously listed as, in Arabic: …)`.
_FORMER_BEHIND = re.compile(
    r"(?!(?<=\s)\s)\s*+\((?:previously|formerly) listed as"
    r"(?:[.,]\s*+in (?P<language>[A-Za-z]++):\s*+(?P<text>(?:[^\s)]++|\)(?!$)|\s++(?!\)$))*+))?"
    r"\s*+\)$",
    re.IGNORECASE,
)
_FORMER_BEFORE = re.compile(r"^(?:formerly|previously) known as:?\s+", re.IGNORECASE)
# `ኤርሚኣስ ግርማይ (Tigrinya)`: a name in another script with its language behind it.
_LANGUAGE_BEHIND = re.compile(r"(?P<text>.*\S)\s*\((?P<language>[A-Z][a-z]+)\)")


def check_kind(where: str, name_type: str, strength: str) -> None:
    """Refuse a name type or an alias strength that the list never had.

    Raises:
        RowRefusedError: either is unknown.
    """
    if name_type not in _TYPES:
        raise RowRefusedError(where, f"unknown Name Type {name_type!r}")
    if strength not in _STRENGTHS:
        raise RowRefusedError(where, f"unknown Alias Strength {strength!r}")


def names_of(printed: Iterable[tuple[str, str, str]]) -> tuple[Name, ...]:
    """The names of one subject, given as text, type and strength; the primary first.

    Where none is typed as the primary name, the first one is; a second one is an alias.
    """
    rows = list(printed)
    primary = next((row for row in rows if row[1] == "Primary Name"), rows[0])
    first, *behind = _named(primary[0], "alias", None)
    others = [name for row in rows if row is not primary for name in _typed(*row)]
    return collect_names(first.text, [*behind, *others])


def _typed(text: str, name_type: str, strength: str) -> Iterator[Name]:
    yield from _named(
        text, _STRENGTHS[strength], _SCRIPT if name_type == _SCRIPT.title() else None
    )


def _named(printed: str, kind: NameKind, language: str | None) -> Iterator[Name]:
    text = " ".join(tidy(printed.replace("\xa0", " ")).split()).strip(" ;,")
    bare = _FORMER_BEFORE.sub("", text)
    former = _FORMER_BEHIND.search(bare)
    if former is not None:
        bare = bare[: former.start()]
    kind = "former" if bare != text else kind
    spoken = _LANGUAGE_BEHIND.fullmatch(bare)
    if spoken is not None and not is_latin(spoken["text"]):
        bare, language = spoken["text"], spoken["language"]
    yield Name(text=bare, kind=kind, language=language)
    if former is not None and former["text"]:
        yield Name(text=former["text"], kind="former", language=former["language"])
