"""What a list prints on licences for one party: a sentence, and the policies beside it."""

from collections.abc import Mapping
from types import MappingProxyType

from service.model.licence import LicenceRequirement, LicenceTerms, PolicyKind, ReviewPolicy

# The hardest comes first.
_ANSWERS: Mapping[PolicyKind, tuple[str, str]] = MappingProxyType(
    {
        "presumption_of_denial": ("the answer is normally no", "Normally refused"),
        "policy_of_denial": ("the answer is no as a policy", "Refused as a policy"),
        "case_by_case": ("each application is looked at by itself", "Case by case"),
        "presumption_of_approval": ("the answer is normally yes", "Normally granted"),
        "under_named_section": (
            "how it is answered stands in the sections that the entry names",
            "As the sections say that it names",
        ),
    }
)


def licence_in_words(terms: LicenceTerms) -> str:
    """What needs a licence and how it is answered, in one sentence.

    `A licence is needed for all items subject to the EAR, and the answer is normally no.` Terms
    that could not be read for certain count as the strictest, and it is said.
    """
    if terms.unread:
        return (
            "A licence is needed. Its terms could not be read for certain: take them as for all "
            "items, and the answer as normally no."
        )
    if terms.requirement is None and not terms.policies:
        return "The list says nothing of a licence."
    needed = f"A licence is needed for {_needed(terms.requirement)}"
    rule = _rule(terms)
    return f"{needed}." if rule is None else f"{needed}, and {_ANSWERS[rule.kind][0]}."


def policies_in_words(terms: LicenceTerms) -> tuple[str, ...]:
    """The policies beside the general one: `Case by case: ECCN 1A004.c.`."""
    if terms.unread:
        return ()
    rule = _rule(terms)
    return tuple(_policy(each) for each in terms.policies if each != rule)


def _needed(needed: LicenceRequirement | None) -> str:
    if needed is None:
        return "what the entry names"
    items = "all items subject to the EAR" if needed.scope == "all_items" else needed.items
    used = "" if needed.used_in is None else f" when used in {needed.used_in}"
    free = "" if needed.except_for is None else f", except {needed.except_for}"
    return f"{items}{used}{free}"


def _policy(policy: ReviewPolicy) -> str:
    told = _ANSWERS[policy.kind][1]
    return f"{told}." if policy.applies_to is None else f"{told}: {policy.applies_to}."


def _rule(terms: LicenceTerms) -> ReviewPolicy | None:
    """The policy for whatever no other names; of several, the hardest."""
    general = [
        each
        for each in terms.policies
        if each.applies_to is None or each.applies_to.startswith("all ")
    ]
    return min(general, key=lambda each: tuple(_ANSWERS).index(each.kind), default=None)
