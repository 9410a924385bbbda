"""What a status word says on each axis, for a measure that has begun and that nobody disputes."""

from collections.abc import Mapping
from types import MappingProxyType

from service.model.status import Evidence, Force, Operation, StatusWord

FORCE: Mapping[StatusWord, Force] = MappingProxyType(
    {
        "not_known": "not_yet",
        "announced": "not_yet",
        "published_not_effective": "not_yet",
        "in_force": "in_force",
        "in_force_eased": "in_force",
        "partly_suspended": "in_force",
        "suspended": "in_force",
        "in_force_not_enforced": "in_force",
        "court_stayed": "in_force",
        "in_force_by_lapse": "in_force",
        "ended": "ended",
        "ended_by_term_unconfirmed": "ended",
        "unknown": "unknown",
        "eased_by_licence": "in_force",
        "authorisation_lapsed_unconfirmed": "ended",
    }
)
"""Of a licence it is the licence's own force."""

OPERATION: Mapping[StatusWord, Operation] = MappingProxyType(
    {
        "suspended": "suspended",
        "in_force_not_enforced": "not_enforced",
        "court_stayed": "court_stayed",
    }
)
"""Every other word is operative; a measure partly suspended operates in its other parts."""

EVIDENCE: Mapping[StatusWord, Evidence] = MappingProxyType(
    {
        "announced": "announced_only",
        "in_force_by_lapse": "by_lapse",
        "ended_by_term_unconfirmed": "by_lapse",
        "authorisation_lapsed_unconfirmed": "by_lapse",
        "unknown": "stale",
        "not_known": "stale",
    }
)
"""Every other word rests on acts somebody read: confirmed, or disputed."""

PLAIN: frozenset[StatusWord] = frozenset({"in_force", "in_force_eased", "eased_by_licence"})
"""Words under which no residual duty is told, for the duty itself applies."""

BY_SILENCE: frozenset[StatusWord] = frozenset(
    {"in_force_by_lapse", "ended_by_term_unconfirmed", "authorisation_lapsed_unconfirmed"}
)
"""Words that rest on nobody having recorded anything further."""


RESTRICTS_MOST_FIRST: tuple[StatusWord, ...] = (
    "in_force",
    "in_force_by_lapse",
    "unknown",
    "in_force_not_enforced",
    "in_force_eased",
    "authorisation_lapsed_unconfirmed",
    "partly_suspended",
    "suspended",
    "court_stayed",
    "published_not_effective",
    "announced",
    "not_known",
    "ended_by_term_unconfirmed",
    "ended",
    "eased_by_licence",
)
"""Every word, by how much it forbids on the day; the unknown is taken to be in force."""


def is_spoken(word: StatusWord) -> bool:
    """Whether somebody said so: neither silence nor a gap in the record is behind the word."""
    return word not in BY_SILENCE and word not in {"unknown", "not_known"}
