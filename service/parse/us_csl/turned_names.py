"""Names of DDTC's list that trade.gov has turned round together with the aliases in them.

DDTC prints `Akem, Roger (a/k/a Akembuom, Roger)`. Of a name without aliases trade.gov makes
`Roger Akem`; here it parts the whole text at its commas and puts the parts together from the last
to the first: `Roger) Roger (a/k/a Akembuom Akem`.
"""

import re
from collections.abc import Iterable, Sequence

from service.model.listing import Name

_MARK = r"a(?:/k/a|\.\s?k\.\s?a\b\.?):?\s++"
# `Wilson, Cory (a.k.a Jason Cory Wilson)`, which has only one comma, and `Precision Image
# Corporation (a.k.a. Precision Industries, Inc.)`, which trade.gov leaves as it is.
_WHOLE = re.compile(
    rf"(?P<before>[^();\t]+) \({_MARK}(?P<aliases>[^()]+)\)(?P<behind> [^()]+)?",
    re.IGNORECASE,
)
# `Akem, Roger (a/k/a Akembuom, Roger)` and `Nji, Eric Fru<tab>a/k/a Ngi, Eric Fru`.
_SAME_GIVEN = re.compile(
    rf"(?P<given>[^();\t]{{1,300}})(?:\) (?P=given) \(| (?P=given)\t){_MARK}"
    r"(?P<alias>\S+) (?P<family>\S+)",
    re.IGNORECASE,
)
# `Panchernikov, Igor<tab>a/k/a Maru, Mike`
_OTHER_GIVEN = re.compile(
    rf"(?P<other>\w+) (?P<given>\w+)\t{_MARK}(?P<alias>\w+) (?P<family>\w+)", re.IGNORECASE
)
# `Shifrin, Elena; a.k.a Belov, Alexander; a.k.a. Elena Leonidovna Shifrin`
_BETWEEN = re.compile(rf";\s++{_MARK}", re.IGNORECASE)
_COMPANY = re.compile(
    r"[()]|\b(?:inc|co|corp|company|corporation|ltd|limited|llc|gmbh|international|s\.?a)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"(?P<given>[^,]+) (?P<family>[^ ,]+), (?P<behind>Jr\.?|Sr\.?|II|III|IV)")


def turned_back(printed: str) -> tuple[str, tuple[Name, ...]] | None:
    """The name as trade.gov prints one without aliases, and the aliases; None where unsure.

    A family name is taken for one word, which all of those turned so in 2026 are.
    """
    same = _SAME_GIVEN.fullmatch(printed)
    if same is not None:
        given = same["given"]
        return f"{given} {same['family']}", _named([f"{given} {same['alias']}"])
    other = _OTHER_GIVEN.fullmatch(printed)
    if other is not None:
        alias = f"{other['other']} {other['alias']}"
        return f"{other['given']} {other['family']}", _named([alias])
    whole = _WHOLE.fullmatch(printed)
    if whole is not None:
        name = f"{whole['before']}{whole['behind'] or ''}"
        return name, _named(text.strip() for text in whole["aliases"].split(";"))
    pieces = _BETWEEN.split(printed)
    return _row_turned_back(pieces) if len(pieces) > 1 else None


def as_turned(name: str) -> str:
    """`Ramon Andrade, Jr.`, as trade.gov printed it in 2022, as it prints it since."""
    behind = _BEHIND.fullmatch(name)
    return name if behind is None else f"{behind['given']} {behind['behind']} {behind['family']}"


def _row_turned_back(pieces: Sequence[str]) -> tuple[str, tuple[Name, ...]] | None:
    """Each piece but the first is a family name, or the last alias, and the given names before.

    Where one ends and the other begins in the piece that holds the last alias is sure only if it
    has two words, or the party's family name in it.
    """
    if any(_COMPANY.search(piece) for piece in pieces):
        return None
    words = [piece.split() for piece in pieces]
    family = words[-1][-1]
    heads, given = list[str](), [pieces[0]]
    for place in range(1, len(words)):
        parted = _parted(words, place, family)
        if parted is None:
            return None
        heads.append(parted[0])
        given.append(parted[1])
    # from the first alias that DDTC prints on; the last of `given` are the party's own names
    aliases = [f"{own} {alias}" for own, alias in zip(given[-3::-1], heads[:0:-1], strict=True)]
    return f"{given[-2]} {family}", _named([*aliases, heads[0]])


def _parted(words: Sequence[Sequence[str]], place: int, family: str) -> tuple[str, str] | None:
    """The two parts of a piece, None where it is not sure where they part."""
    here, last = words[place], len(words) - 1
    if len(here) < len(("head", "tail")):
        return None
    cut = len(here) - 1 if place == last else 1
    if place == 1 and (place == last or len(here) > len(("head", "tail"))):
        behind_family = [count for count in range(1, len(here)) if here[count - 1] == family]
        if not behind_family:
            return None
        cut = behind_family[-1]
    return " ".join(here[:cut]), " ".join(here[cut:])


def _named(texts: Iterable[str]) -> tuple[Name, ...]:
    return tuple(Name(text=text, kind="alias") for text in texts)
