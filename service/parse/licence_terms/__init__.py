"""Licence terms: printed requirements and review policies, read into their parts.

The texts are those of the US export-control lists, 15 CFR 744, Supplements No. 4 and No. 7.
"""

import re

from service.model.licence import LicenceTerms, footnotes_of
from service.model.listing import Listing
from service.parse.licence_terms.policies import read_policies
from service.parse.licence_terms.references import references_in
from service.parse.licence_terms.requirement import read_requirement

__all__ = ["read_licence_terms"]

_ON_WHOM = frozenset({"extends_to", "entry_name"})
# `and any of its subsidiaries`, `including all operating units`; not `a subsidiary of`.
_SUBSIDIARIES = re.compile(
    r"\b(?:any|all|its|their)(?: [\w-]+){0,6}? (?:subsidiar(?:y|ies)|affiliates?|sub-?units?"
    r"|operating units?|branch(?:es)?|subordinate (?:entit(?:y|ies)|institutions?))\b",
    re.IGNORECASE,
)


def read_licence_terms(listing: Listing) -> LicenceTerms | None:
    """The licence terms of a listing; None where its list prints nothing of the kind."""
    requirement_text = (listing.licence_requirement or "").strip() or None
    policy_text = (listing.licence_review_policy or "").strip() or None
    printed = [text for text in (requirement_text, policy_text) if text is not None]
    if not printed:
        return None
    requirement, beside = read_requirement(requirement_text or "")
    policies = read_policies(policy_text or "")
    references = (reference for text in printed for reference in references_in(text))
    return LicenceTerms(
        requirement_text=requirement_text,
        policy_text=policy_text,
        requirement=requirement,
        policies=(*beside, *policies),
        footnotes=footnotes_of(listing),
        references=tuple(dict.fromkeys(references)),
        includes_subsidiaries=_includes_subsidiaries(listing),
        unread=(requirement_text is not None and requirement is None)
        or (policy_text is not None and not policies),
    )


def _includes_subsidiaries(listing: Listing) -> bool:
    names = (name.text for name in listing.names)
    facts = (fact.value for fact in listing.facts if fact.kind in _ON_WHOM)
    said = (listing.licence_requirement, listing.remarks)
    return any(_SUBSIDIARIES.search(text) for text in (*names, *facts, *filter(None, said)))
