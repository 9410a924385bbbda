"""The formats of OFAC's own files: the SDN List, and the lists of parties that are not blocked.

Source: https://ofac.treasury.gov/sanctions-list-service
"""

from collections.abc import Sequence
from functools import partial

from service.lists.reading.files import Format, one_file
from service.lists.us_ofac.advanced import is_advanced, read_advanced
from service.lists.us_ofac.classic import is_classic, read_classic
from service.lists.us_ofac.csv import is_sdn_without_names, is_table, read_csv
from service.lists.us_ofac.parties import NON_SDN, SDN
from service.lists.us_ofac.xml import is_delta, is_enhanced, read_delta, read_enhanced

__all__ = ["FORMATS"]


def _formats(source: str, word: str, titles: Sequence[str]) -> tuple[Format, ...]:
    """Return four formats of a source, first the one that a refresh downloads."""
    enhanced, classic, tables, delta = titles
    follows = (f"{word}_enhanced", f"{word}_delta")
    return (
        Format(
            word=f"{word}_enhanced",
            source=source,
            title=enhanced,
            tells=partial(is_enhanced, source=source),
            read=one_file(partial(read_enhanced, source)),
        ),
        Format(
            word=f"{word}_xml",
            source=source,
            title=classic,
            tells=partial(is_classic, source=source),
            read=one_file(partial(read_classic, source)),
        ),
        Format(
            word=f"{word}_csv",
            source=source,
            title=tables,
            tells=partial(is_table, source=source),
            read=partial(read_csv, source),
            several=True,
        ),
        Format(
            word=f"{word}_delta",
            source=source,
            title=delta,
            tells=is_delta,
            read=one_file(partial(read_delta, source, follows)),
        ),
    )


def _advanced(source: str, word: str, title: str) -> Format:
    return Format(
        word=f"{word}_advanced",
        source=source,
        title=title,
        tells=partial(is_advanced, source=source),
        read=one_file(partial(read_advanced, source)),
    )


_ENHANCED, _CLASSIC, *_TABLES_AND_DELTA = _formats(
    SDN,
    "ofac_sdn",
    (
        "SDN_ENHANCED.XML",
        "SDN.XML",
        "SDN.CSV with ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV",
        "delta file (SDN List)",
    ),
)
# Tried before the complete set; by its word an answer knows that it is incomplete.
_PRIMARY_ALONE = Format(
    word="ofac_sdn_csv_alone",
    source=SDN,
    title="SDN.CSV alone, which lacks most aliases",
    tells=is_sdn_without_names,
    read=partial(read_csv, SDN),
    several=True,
)
FORMATS = (
    _ENHANCED,
    _CLASSIC,
    _PRIMARY_ALONE,
    *_TABLES_AND_DELTA,
    _advanced(SDN, "ofac_sdn", "SDN_ADVANCED.XML"),
    *_formats(
        NON_SDN,
        "ofac_cons",
        (
            "CONS_ENHANCED.XML",
            "CONSOLIDATED.XML",
            "CONS_PRIM.CSV with CONS_ALT.CSV, CONS_ADD.CSV and CONS_COMMENTS.CSV",
            "delta file (non-SDN lists)",
        ),
    ),
    _advanced(NON_SDN, "ofac_cons", "CONS_ADVANCED.XML"),
)
"""The formats in which OFAC publishes, of each source first the one that a refresh downloads."""
