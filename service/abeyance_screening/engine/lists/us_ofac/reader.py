"""The formats of OFAC's own files: the SDN List, and the lists of parties that are not blocked.

Each format has a module of its own.

Source: https://ofac.treasury.gov/sanctions-list-service
"""

from collections.abc import Sequence
from functools import partial

from abeyance_screening.engine.lists.reading.files import Format, one_file
from abeyance_screening.engine.lists.us_ofac.classic import is_classic, read_classic
from abeyance_screening.engine.lists.us_ofac.parties import NON_SDN, SDN
from abeyance_screening.engine.lists.us_ofac.xml import (
    is_delta,
    is_enhanced,
    read_delta,
    read_enhanced,
)


def _formats(source: str, word: str, titles: Sequence[str]) -> tuple[Format, ...]:
    """Return the formats of a source, first the one that a refresh downloads."""
    enhanced, classic, delta = titles
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
            word=f"{word}_delta",
            source=source,
            title=delta,
            tells=is_delta,
            read=one_file(partial(read_delta, source, follows)),
        ),
    )


FORMATS = (
    *_formats(SDN, "ofac_sdn", ("SDN_ENHANCED.XML", "SDN.XML", "delta file (SDN List)")),
    *_formats(
        NON_SDN,
        "ofac_cons",
        ("CONS_ENHANCED.XML", "CONSOLIDATED.XML", "delta file (non-SDN lists)"),
    ),
)
"""The formats in which OFAC publishes, of each source first the one that a refresh downloads."""
