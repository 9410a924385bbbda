"""Read documents of the Federal Register: what its API prints, and what each document does.

Which measure a document means is for `features.watch.proposals.drafts` to find out.
"""

from abeyance_screening.features.watch.proposals.us_fr.days import (
    EffectiveDay,
    StatedTerm,
    effective_day,
    term_of,
)
from abeyance_screening.features.watch.proposals.us_fr.deeds import Deed, deeds_of, is_silent
from abeyance_screening.features.watch.proposals.us_fr.documents import (
    DocumentPage,
    acts_in,
    read_documents,
    read_page,
)
from abeyance_screening.features.watch.proposals.us_fr.parties import parties_of

__all__ = [
    "Deed",
    "DocumentPage",
    "EffectiveDay",
    "StatedTerm",
    "acts_in",
    "deeds_of",
    "effective_day",
    "is_silent",
    "parties_of",
    "read_documents",
    "read_page",
    "term_of",
]
