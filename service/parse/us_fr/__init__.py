"""The Federal Register: its documents, as its API prints them, and what they do.

Reading says what is printed; which measure is meant is for `flow` to find out.
"""

from service.parse.us_fr.acts import acts_in
from service.parse.us_fr.days import EffectiveDay, Term, effective_day, term_of
from service.parse.us_fr.deeds import Deed, deeds_of, is_silent
from service.parse.us_fr.documents import Page, read_documents, read_page
from service.parse.us_fr.parties import parties_of

__all__ = [
    "Deed",
    "EffectiveDay",
    "Page",
    "Term",
    "acts_in",
    "deeds_of",
    "effective_day",
    "is_silent",
    "parties_of",
    "read_documents",
    "read_page",
    "term_of",
]
