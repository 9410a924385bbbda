"""Web addresses in names: what one names, without what all of them share.

`www` and the end of a domain (`.com`, `.co.uk`) say nothing of who it is; as words they would meet
those of every other address.
"""

import re

# Ends of domains that companies register under anywhere; a country's own end has two letters.
_GENERIC = frozenset({"com", "net", "org", "info", "biz", "gov", "edu"})
_UNDER_COUNTRY = _GENERIC | {"co", "ac", "or", "ne", "go", "gob", "gouv"}
_COUNTRY_END = 2
_DOMAIN = r"([\w-]+(?:\.[\w-]+)*+)(?::\d+)?+(?:[/?#]\S*+)?+"
_MARKED = re.compile(rf"(?<![\w.@-])(?:https?://(?:www\d?\.)?|www\d?\.){_DOMAIN}", re.IGNORECASE)
_WHOLE = re.compile(rf"\s*+{_DOMAIN}\s*+", re.IGNORECASE)
# Of a whole name without `www`: an abbreviation has shorter parts (S.A., a.s.).
_SHORTEST_LABEL = 3


def spell_out_addresses(printed: str) -> str:
    """The name with each address marked by `www` or `http` as the words of its domain.

    `WWW.CUBA-SHOP.NET` → `CUBA-SHOP`; the path behind a domain goes with its end.
    """
    if "www" not in (lower := printed.lower()) and "http" not in lower:
        return printed
    return _MARKED.sub(lambda found: " ".join(_labels(found[1])), printed)


def domain_labels(printed: str) -> tuple[str, ...]:
    """The words of the domain that a name is, with or without `www`; none for any other name.

    A name without `www` is one only where it has a known end: `dahuatech.com`, `mail.ru`.
    """
    marked = _MARKED.fullmatch(printed.strip())
    if marked is not None:
        return _labels(marked[1])
    whole = _WHOLE.fullmatch(printed)
    if whole is None or not whole[1].isascii():
        return ()
    *labels, end = whole[1].lower().split(".")
    known = end in _GENERIC or (len(end) == _COUNTRY_END and end.isalpha())
    if not labels or not known or len(labels[-1]) < _SHORTEST_LABEL:
        return ()
    return _labels(whole[1])


def _labels(domain: str) -> tuple[str, ...]:
    """The labels of a domain before its end, in their order; of one label that label."""
    labels = domain.split(".")
    end = labels[-1].lower()
    if len(labels) > 1:
        labels.pop()
    if len(labels) > 1 and len(end) == _COUNTRY_END and labels[-1].lower() in _UNDER_COUNTRY:
        labels.pop()
    return tuple(labels)
