"""What an entry says of licences, in a sentence and in small print."""

from collections.abc import Mapping
from types import MappingProxyType

from service.model.licence import LicenceTerms, PolicyKind, ReviewPolicy

_POLICY: Mapping[PolicyKind, str] = MappingProxyType(
    {
        "presumption_of_denial": "normally refused",
        "policy_of_denial": "refused as a policy",
        "case_by_case": "case by case",
        "presumption_of_approval": "normally granted",
        "under_named_section": "as the sections say that it names",
    }
)
_ANSWER: Mapping[PolicyKind, str] = MappingProxyType(
    {
        "presumption_of_denial": "the answer is normally no",
        "policy_of_denial": "the answer is no as a policy",
        "case_by_case": "each application is looked at by itself",
        "presumption_of_approval": "the answer is normally yes",
        "under_named_section": "it is reviewed under the sections that the entry names",
    }
)


def licence_sentence(terms: LicenceTerms) -> str:
    """`A licence is needed for every item subject to the EAR, and the answer is normally no.`."""
    if terms.unread:
        return (
            "A licence is needed. Its terms could not be read for certain: take them as for all "
            "items, and the answer as normally no."
        )
    needed = f"A licence is needed for {_items(terms)}"
    rule = _rule(terms)
    return f"{needed}." if rule is None else f"{needed}, and {_ANSWER[rule.kind]}."


def licence_notes(terms: LicenceTerms) -> tuple[str, ...]:
    """The policies beside the general one, and the entry's own words of what cannot be read."""
    rule = _rule(terms)
    others = [each for each in terms.policies if each != rule and each.applies_to is not None]
    return tuple(f"{_POLICY[each.kind].capitalize()}: {each.applies_to}." for each in others)


def _items(terms: LicenceTerms) -> str:
    requirement = terms.requirement
    if requirement is None:
        return "what the entry names"
    if requirement.scope == "all_items":
        return "every item subject to the EAR"
    return requirement.items


def _rule(terms: LicenceTerms) -> ReviewPolicy | None:
    """The policy for whatever no other names; of several, the hardest in the order of the enum."""
    general = [
        each
        for each in terms.policies
        if each.applies_to is None or each.applies_to.startswith("all ")
    ]
    return min(general, key=lambda each: tuple(_POLICY).index(each.kind), default=None)
