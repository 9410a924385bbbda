"""The lists that OFAC's files are made of, and how an entry is told to be on which."""

import itertools
import re
from collections.abc import Iterable, Sequence

from service.model.errors import RowRefusedError

SDN = "us_ofac_sdn"
NON_SDN = "us_ofac_cons"
# An entry of the non-SDN file whose own list nothing in the file says. It is kept on a list of its
# own, which is searched by default and whenever one of the six is asked for (`asked_with` in the
# catalogue): so no name is lost, none is said to be on a list it may not be on, and the six do not
# seem to shrink when the code is known one day and its parties move to where they belong.
UNKNOWN_LIST = "us_ofac_nonsdn"
SDN_LISTS = frozenset({SDN})
NON_SDN_LISTS = frozenset(
    {"us_ofac_capta", "us_ofac_cmic", "us_ofac_fse"}
    | {"us_ofac_mbs", "us_ofac_plc", "us_ofac_ssi", UNKNOWN_LIST}
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
    # From May to August 2021 all 14 parties blocked "except importation of goods" (FAQ 895).
    "PEESA": ((re.compile("PEESA Information:"), "us_ofac_mbs"),),
}
# Since 2024 printed of whoever is blocked under that order, whose directives then no longer keep
# him on a list: true of all 87 parties of the enhanced file of January 2025.
_BLOCKED = {"RUSSIA-EO14024": re.compile("section 11 of Executive Order 14024", re.IGNORECASE)}
# Programmes that the files of 2021 to 2026 have on the SDN List and on no other: beside one of the
# above they say that the party was blocked as well. A code that stands nowhere here is not known.
_SDN_CODES = (
    "BALKANS|BALKANS-EO14033|BELARUS|BELARUS-EO14038|BPI-RUSSIA-EO14024|BURUNDI|CAATSA - IRAN|"
    "CAR|CUBA|CUBA-EO14404|CYBER2|CYBER3|CYBER4|DARFUR|DPRK|DPRK-NKSPEA|DPRK2|DPRK3|DPRK4|"
    "DRCONGO|ELECTION-EO13848|ETHIOPIA-EO14046|FTO|GLOMAG|HIFPAA|HK-EO13936|HOSTAGES-EO14078|"
    "HRIT-IR|HRIT-SY|ICC-EO14203|IFCA|IFSR|ILLICIT-DRUGS-EO|IRAN|IRAN-CON-ARMS-EO|IRAN-EO13846|"
    "IRAN-EO13871|IRAN-EO13876|IRAN-EO13902|IRAN-HR|IRAN-TRA|IRAQ2|IRAQ3|IRGC|ISA|LEBANON|"
    "LIBYA2|LIBYA3|MAGNIT|MALI-EO13882|NICARAGUA|NICARAGUA-NHRAA|NPWMD|PAARSSR-EO13894|PAIPA|"
    "PEESA-EO14039|RUSSIA-EO14065|SDGT|SDNT|SDNTK|SOMALIA|SOUTH SUDAN|SSIDES|SUDAN-EO14098|"
    "SYRIA|SYRIA-CAESAR|SYRIA-EO13894|TCO|UHRPA|UKRAINE-EO13660|UKRAINE-EO13661|"
    "UKRAINE-EO13685|VENEZUELA|VENEZUELA-EO13850|VENEZUELA-EO13884|WEST-BANK-EO14115|YEMEN|"
    "ZIMBABWE"
)
SDN_ALONE = frozenset(_SDN_CODES.split("|"))
# So many entries show whose file it is: all of a file of the non-SDN lists, 460 at most so far.
_MOST_ENTRIES = 1_000


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


def non_sdn_lists(programmes: Sequence[str], printed: str) -> tuple[str, ...]:
    """The non-SDN lists of an entry whose file has only programmes; `printed` is all it says.

    A code that nobody knows may put the entry on any of the lists, also on one more than those
    that its other codes tell: then `UNKNOWN_LIST` is among them. It is the only one where nothing
    tells a list, be the codes known or not.
    """
    found = dict[str, None]()
    for programme in programmes:
        if programme in _NON_SDN:
            found[_NON_SDN[programme]] = None
        elif programme in _BY_MEASURE:
            found |= dict.fromkeys(_told_by_measure(programme, printed))
        elif programme not in SDN_ALONE:
            found[UNKNOWN_LIST] = None
    return tuple(found) or (UNKNOWN_LIST,)


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


def source_of(entries: Iterable[Sequence[str]]) -> str | None:
    """Whose file it is by the programmes of its first entries; None where they speak for neither.

    One entry alone may be of a new programme, and an SDN entry may have a code of the other
    lists beside its own: the more part counts. Only for telling formats apart.
    """
    votes = 0
    for programmes in itertools.islice(entries, _MOST_ENTRIES):
        if not _NON_SDN.keys().isdisjoint(programmes):
            votes += 1
        elif not SDN_ALONE.isdisjoint(programmes):
            votes -= 1
    if votes == 0:
        return None
    return NON_SDN if votes > 0 else SDN
