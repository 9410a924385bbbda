"""The acts of the Federal Register that a text names: by page, by document, by rulemaking."""

import re

from service.parse.citations import read_citations

_PAGE = re.compile(r"\d{2,3} FR \d{2,6}")
_DOCUMENT = re.compile(r"(?<![\w-])(?:[CR]\d-)?(?:19|20)\d{2}-\d{5}(?![\w-])")
_RULEMAKING = re.compile(r"(?<![\w-])\d{4}-[A-Z]{2}\d{2}(?![\w-])")


def acts_in(text: str) -> tuple[str, ...]:
    """The acts named, each once: `90 FR 50857`, `2025-19846` and `0694-AK11`, in this order.

    Pages come in the spelling of `read_citations`, documents and rulemakings as printed.
    """
    pages = (act for act in read_citations(text) if _PAGE.fullmatch(act))
    numbers = (*_DOCUMENT.findall(text), *_RULEMAKING.findall(text))
    return tuple(dict.fromkeys((*pages, *numbers)))
