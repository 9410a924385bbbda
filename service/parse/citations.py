"""Federal Register notices, run together in one string, taken apart into single acts."""

import re

# Volume and first page. Seen spellings: `65 FR 42664`, `68 F.R. 38290`, `81.F.R. 22576`,
# `80 F.R 61358`, `80FR 69852`, `88 F.R.2603`, `84 fr 40241`, `86 FR. 66277`,
# `76 FR no. 242 pg. 78146`, `89 F.R. NOTICD 87329`. What follows a page may not be a slash:
# in `72 F.R. 1/30/07` the page is missing and the numbers are a day.
_ACT = re.compile(
    r"(?<!\d)(\d{2,3})\s*+(?:\.\s*+)?F\s*+(?:\.\s*+)?R\b\s*+(?:\.\s*+)?"
    r"(?:NOTICD?E?\s++|no\.?\s*+\d++\s*+pg\.?\s*+)?"
    r"(\d{2,6})(?![\d/])",
    re.IGNORECASE,
)


def read_citations(printed: str | None) -> tuple[str, ...]:
    """The acts cited, each as `65 FR 42664`, in printed order and without repeats.

    One spelling for all lists, because measures are joined to listings by these words. The days
    behind the acts are left out here; the whole print is kept as a fact of the listing. Where no
    act with volume and page can be read (`Vol. 86, No. 71, 04/15/2021`), the print is the one
    citation. A fragment beside whole acts (`88 FR` with its page still to come) is no citation.
    """
    text = " ".join((printed or "").split()).rstrip(";, ")
    acts = tuple(dict.fromkeys(f"{act[1]} FR {act[2]}" for act in _ACT.finditer(text)))
    if acts or not text:
        return acts
    return (text,)
