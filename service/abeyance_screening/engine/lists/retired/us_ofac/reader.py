"""OFAC's formats of the past: the CSV files without header rows, and the advanced XML.

A refresh takes the enhanced or the classic XML, which OFAC offers beside both. They are kept
because archives hold them: daily copies of `SDN.CSV` go back further than any enhanced file.
"""

from functools import partial

from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.retired.us_ofac.advanced import is_advanced, read_advanced
from abeyance_screening.engine.lists.retired.us_ofac.csv import (
    is_sdn_without_names,
    is_table,
    read_csv,
)
from abeyance_screening.engine.lists.us_ofac.parties import NON_SDN, SDN


def _tables(source: str, word: str, title: str) -> Format:
    return Format(
        word=f"{word}_csv",
        source=source,
        title=title,
        tells=partial(is_table, source=source),
        read=partial(read_csv, source),
        several=True,
    )


def _advanced(source: str, word: str, title: str) -> Format:
    return Format(
        word=f"{word}_advanced",
        source=source,
        title=title,
        tells=partial(is_advanced, source=source),
        read=one_file(partial(read_advanced, source)),
    )


FORMATS = (
    # Tried before the complete set; by its word an answer knows that it is incomplete.
    Format(
        word="ofac_sdn_csv_alone",
        source=SDN,
        title="SDN.CSV alone, which lacks most aliases",
        tells=is_sdn_without_names,
        read=partial(read_csv, SDN),
        several=True,
    ),
    _tables(SDN, "ofac_sdn", "SDN.CSV with ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV"),
    _advanced(SDN, "ofac_sdn", "SDN_ADVANCED.XML"),
    _tables(
        NON_SDN,
        "ofac_cons",
        "CONS_PRIM.CSV with CONS_ALT.CSV, CONS_ADD.CSV and CONS_COMMENTS.CSV",
    ),
    _advanced(NON_SDN, "ofac_cons", "CONS_ADVANCED.XML"),
)
