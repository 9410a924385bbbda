"""The short name that a publisher prints in closing brackets behind a name."""

import re
from collections.abc import Iterator

from service.parse.countries import country_code

# Words in closing brackets that are legal forms or places, never a name of the party. An unknown
# one adds a name: `PJSC` would be found by everybody.
_FORMS = (
    "AB AD AG AO AOOT AOZT APS AS BHD BV BVBA CJSC CO CORP CV DAO DD DMCC DOO DWC EHF EIRL EOOD "
    "EPE EST EURL FGUP FSUE FZC FZCO FZE FZ-LLC FZLLC GIE GMBH GUP IKE INC JSC KFT KG KGAA LDA "
    "LIMITED LLC LLP LP LTD LTDA NAO NPAO NV NYRT OAO OAOO OD ODO OHG OJSC OOD OOO OU OY OYJ PAO "
    "PJS PJSC PLC PLLC PRIVATE PSC PT PTE PTY PUE PUP PVT QFC QSC RUE RUP SA SAC SAE SAK SAL SAOC "
    "SAOG SARL SAS SCA SDN SE SIA SL SNC SP SPA SPC SPRL SRL SRO TBK TOO UAB UE UP VOF WLL ZAO ZAT"
)
_PLACES = "CN DPRK EU HK HKSAR IR KSA OFFSHORE PRC ROC ROK RU UAE UK US USA USSR"
_NO_NAMES = frozenset({*_FORMS.split(), *_PLACES.split(), "NGO"})
# What is said of the name before the brackets.
_REMARKS = frozenset({"BIRTH NAME", "MAIDEN NAME", "THIRD"})
# `SMIC`, `NPO NIIP-NZIK`, `TsNIIMash`, `CETC 13`: words of at least two capitals, or numbers.
_SHORT_WORD = r"(?:[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*|\d+)"
_SHORT_NAME = re.compile(rf"{_SHORT_WORD}(?:[ -]{_SHORT_WORD}){{0,2}}")
_SHORT_NAME_LENGTH = 16
# In a name all of capitals (OFAC, UN) capitals tell nothing, so there a short name must be one
# word whose letters stand in the name in that order, from its first letter on.
_LETTERS = range(3, 9)
# Two letters mean too many things to be a name that one is found by.
_WEAK_LENGTH = 2
# Behind these the parent is named: `20th Research Institute of China Electronic …`.
_PARENT = re.compile(
    r", | (?:of|under) (?:the )?|^\d+(?:st|nd|rd|th)? (?:Research )?Institute,? ", re.IGNORECASE
)
_SMALL_WORDS = frozenset({"a", "and", "at", "for", "in", "of", "on", "the", "under"})
# A word from its first letter on; what stands behind an apostrophe belongs to it.
_WORD = re.compile(r"[^\W\d_][\w'.\u2019]*")


def is_weak(text: str) -> bool:
    """Whether a short name is too short to be searched by: `IA`, but not two Han letters."""
    return len(text) <= _WEAK_LENGTH and text.isascii()


def is_country(text: str) -> bool:
    """Whether a text is a country's name; one of two letters is as often an abbreviation."""
    return len(text) > _WEAK_LENGTH and country_code(text) is not None


def is_remark(inside: str) -> bool:
    """Whether brackets say something of the name before them: `Encep NURJAMAN (BIRTH NAME)`."""
    return inside in _REMARKS


def is_short_name(inside: str, name: str) -> bool:
    """Whether brackets hold a short name: an abbreviation, or the name's first words."""
    if len(inside) > _SHORT_NAME_LENGTH or inside.upper().replace(".", "") in _NO_NAMES:
        return False
    if is_beginning(inside, name) or is_country(inside):
        return is_beginning(inside, name)
    if name.isupper():
        return len(inside) in _LETTERS and inside[0] == name[0] and _stands_in(inside, name)
    return _SHORT_NAME.fullmatch(inside) is not None


def is_beginning(inside: str, name: str) -> bool:
    """Whether a short name is nothing but the name's first words."""
    return name.casefold().startswith(f"{inside.casefold()} ")


def is_of_parent(inside: str, name: str) -> bool:
    """Whether a short name abbreviates the party's parent, named at the end of the name.

    `Russian Academy of Sciences (RAS)` behind a comma, or `of China Electronic Technology Group
    Corp (CETC)`. Where it fits the whole name as well (`Beijing Institute of Business (BIB)`), the
    better fit wins, and the party itself where both fit alike.
    """
    letters = "".join(letter for letter in inside.casefold() if letter.isalpha())
    whole = _fit(letters, name)
    parents = (name[mark.end() :] for mark in _PARENT.finditer(name))
    return max((_fit(letters, parent) for parent in parents), default=0) > whole


def _fit(letters: str, words: str) -> int:
    """2 for just the words' first letters, 1 for some of them from the first on, 0 for neither."""
    initials = "".join(_initials(words))
    if not letters or letters[:1] != initials[:1]:
        return 0
    if letters == initials:
        return 2
    return int(_stands_in(letters, initials))


def _initials(words: str) -> Iterator[str]:
    for word in _WORD.finditer(words):
        folded = word[0].casefold()
        if folded not in _SMALL_WORDS:
            yield folded[0]


def _stands_in(inside: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in inside)
