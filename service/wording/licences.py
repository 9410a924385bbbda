"""What a list prints on licences for one party, in short sentences."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from service.model.licence import LicenceRequirement, LicenceTerms, PolicyKind, ReviewPolicy

_POLICIES: Mapping[PolicyKind, str] = MappingProxyType(
    {
        "presumption_of_denial": "the answer is normally no",
        "policy_of_denial": "the answer is no",
        "case_by_case": "each application is looked at by itself",
        "presumption_of_approval": "the answer is normally yes",
        "under_named_section": "how it is answered stands in the sections named",
    }
)
# The words of a list may run over half a page; the whole text is for whoever opens the entry.
_LONGEST = 90


def licence_in_words(terms: LicenceTerms) -> str:
    """What needs a licence and how it is answered, in one sentence.

    Terms that could not be read for certain count as the strictest, and it is said.
    """
    if terms.unread:
        return (
            "A licence is needed. The list's words could not be read for certain: take it for all "
            "items, and the answer for no."
        )
    parts = [*_requirement(terms.requirement), *_policies(terms.policies)]
    return f"{'; '.join(parts)}." if parts else "The list says nothing of a licence."


def _requirement(needed: LicenceRequirement | None) -> Iterator[str]:
    if needed is None:
        return
    items = "all items subject to the EAR" if needed.scope == "all_items" else _short(needed.items)
    used = "" if needed.used_in is None else f" when used in {_short(needed.used_in)}"
    free = "" if needed.except_for is None else f", except {_short(needed.except_for)}"
    yield f"A licence is needed for {items}{used}{free}"


def _policies(policies: tuple[ReviewPolicy, ...]) -> Iterator[str]:
    for policy in policies:
        said = _POLICIES[policy.kind]
        yield said if policy.applies_to is None else f"for {_short(policy.applies_to)} {said}"


def _short(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
