"""The lists that OFAC's files are made of, and how an entry is told to be on which."""

import re
from collections.abc import Sequence

from service.model.errors import RowRefusedError

SDN = "us_ofac_sdn"
NON_SDN = "us_ofac_cons"
SDN_LISTS = frozenset({SDN})
NON_SDN_LISTS = frozenset(
    {"us_ofac_capta", "us_ofac_cmic", "us_ofac_fse"}
    | {"us_ofac_mbs", "us_ofac_plc", "us_ofac_ssi"}
)
LISTS_OF = {SDN: SDN_LISTS, NON_SDN: NON_SDN_LISTS}

# The enhanced and the delta files name the lists; `Consolidated List` is what holds the others.
_BY_NAME = {
    "SDN List": SDN,
    "CAPTA List": "us_ofac_capta",
    "FSE List": "us_ofac_fse",
    "Non-SDN CMIC List": "us_ofac_cmic",
    "Non-SDN Menu-Based Sanctions List": "us_ofac_mbs",
    "Non-SDN Palestinian Legislative Council List": "us_ofac_plc",
    "Sectoral Sanctions Identifications List": "us_ofac_ssi",
}
UMBRELLA = "Consolidated List"

# The other files have only the programmes. These put nobody on the SDN List, so an entry that
# has no other is not of that list.
_NON_SDN_ALONE = {
    "561-Related": "us_ofac_capta",
    "CMIC-EO13959": "us_ofac_cmic",
    "FSE-IR": "us_ofac_fse",
    "FSE-SY": "us_ofac_fse",
    "NS-PLC": "us_ofac_plc",
}
# Sectoral parties are on their list whether or not they were blocked since. The Hong Kong
# Autonomy Act, on the menu-based list since 2026, blocks nobody under its own programme.
_NON_SDN = _NON_SDN_ALONE | {"UKRAINE-EO13662": "us_ofac_ssi", "HKAA": "us_ofac_mbs"}
# Programmes with blocking and lesser measures: which one it is, is told by what is printed beside.
_BY_MEASURE = {
    "RUSSIA-EO14024": (
        (re.compile(r"Listing Date \(EO 14024 Directive (?:1a?|3|4)\)"), "us_ofac_mbs"),
        (re.compile(r"Listing Date \(EO 14024 Directive 2\)"), "us_ofac_capta"),
    ),
    "BURMA-EO14014": ((re.compile(r"Listing Date \(EO 14014 Directive \d\)"), "us_ofac_mbs"),),
    "CAATSA - RUSSIA": ((re.compile("CAATSA Section 235 Information"), "us_ofac_mbs"),),
    "ILLICIT-DRUGS-EO14059": ((re.compile("Executive Order 14059 information"), "us_ofac_mbs"),),
}
# Since 2024 printed of whoever is blocked under that order, whose directives then no longer keep
# him on a list: true of all 87 parties of the enhanced file of January 2025.
_BLOCKED = {"RUSSIA-EO14024": re.compile("section 11 of Executive Order 14024", re.IGNORECASE)}
# Programmes of the SDN List alone, as far as entries of the other lists had them.
_SDN_BESIDE = frozenset({"IRAN-CON-ARMS-EO", "SDGT", "SYRIA", "VENEZUELA-EO13850"})


def list_of_name(where: str, printed: str) -> str | None:
    """Our code of a list by its printed name; None for the umbrella that lists are filed under.

    Raises:
        RowRefusedError: a list we do not know.
    """
    if printed == UMBRELLA:
        return None
    if printed not in _BY_NAME:
        raise RowRefusedError(where, f"unknown list {printed!r}")
    return _BY_NAME[printed]


def non_sdn_lists(where: str, programmes: Sequence[str], printed: str) -> tuple[str, ...]:
    """The non-SDN lists of an entry whose file has only programmes; `printed` is all it says.

    Raises:
        RowRefusedError: a programme not known to stand in this file, or none that puts the entry
            on one of the lists.
    """
    found = dict[str, None]()
    for programme in programmes:
        if programme in _NON_SDN:
            found[_NON_SDN[programme]] = None
        elif programme in _BY_MEASURE:
            found |= dict.fromkeys(_told_by_measure(programme, printed))
        elif programme not in _SDN_BESIDE:
            raise RowRefusedError(
                where, f"programme {programme!r}: no non-SDN list is known of it"
            )
    if not found:
        said = ", ".join(programmes)
        raise RowRefusedError(where, f"programmes {said}: nothing tells a non-SDN list")
    return tuple(found)


def _told_by_measure(programme: str, printed: str) -> list[str]:
    blocked = _BLOCKED.get(programme)
    if blocked is not None and blocked.search(printed):
        return []
    return [code for words, code in _BY_MEASURE[programme] if words.search(printed)]


def check_sdn(where: str, programmes: Sequence[str]) -> None:
    """Refuse an entry of another list in a file of the SDN List.

    Raises:
        RowRefusedError: it has only programmes that put nobody on the SDN List.
    """
    if programmes and all(programme in _NON_SDN_ALONE for programme in programmes):
        said = ", ".join(programmes)
        raise RowRefusedError(where, f"programmes {said}: an entry of the non-SDN lists")


def is_non_sdn(programmes: Sequence[str]) -> bool:
    """Whether a file that begins with an entry of these programmes is that of the non-SDN lists.

    Only for telling formats apart; the reader checks every entry.
    """
    return any(programme in _NON_SDN for programme in programmes)
