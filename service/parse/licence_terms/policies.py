"""How an application is reviewed: the printed policy, policy by policy."""

import re
from functools import lru_cache
from itertools import zip_longest

from service.model.licence import REMEMBERED_TEXTS, PolicyKind, ReviewPolicy
from service.parse.licence_terms.references import SECTIONS, references_in

_SAID: dict[PolicyKind, str] = {
    "presumption_of_denial": "presumption (?:of|for) denial",
    "policy_of_denial": "policy (?:of|for) denial",
    "presumption_of_approval": "presumption (?:of|for) approval",
    # `casa`: a slip
    "case_by_case": "cas[ea][- ]by[- ]case",
}
_WORDS = re.compile(
    "|".join(f"(?P<{kind}>{words})" for kind, words in _SAID.items()), re.IGNORECASE
)
# What stands behind a policy's words: ` review for items …; and ` before the next policy, and
# ` for items ….` behind the last.
_FOLLOWED = re.compile(
    r"(?: review| basis)?"
    r"(?: for (?P<items>.+?)(?:[.;,]+(?: and)?| and)|[.;,]*(?: and)?| except) ?"
)
_LAST = re.compile(r"(?: review| basis)?(?: for (?P<items>.+?))?[.;,]* ?")
# Words that speak of a review in a way not understood, and whatever opens a further sentence or
# clause; a semicolon may part ECCNs (`.k to .p; 3B002.c`), and `U.S. Government` is one name.
_NOT_ITEMS = re.compile(
    r"\b(?:will|shall|unless|review\w*|polic\w+|presum\w+|approv\w+|den(?:y|ied|ial))\b"
    r"|(?-i:(?<!\b[A-Z])\. [A-Z(])|;(?! ?\d[A-E]\d{3}\b)|\b(?:and|or|except)$",
    re.IGNORECASE,
)
# `Policy of denial for all items apart from food, which will be reviewed on a case-by-case basis`
_APART = re.compile(
    r"(?<= apart from )(?P<items>.+?), which will be reviewed on a "
    r"(?P<policy>case-by[- ]case basis)",
    re.IGNORECASE,
)
_SEE = re.compile(rf"[.,;]? ?\b(?-i:See) {SECTIONS}\.?$", re.IGNORECASE)
_SECTION_ALONE = re.compile(
    r"(?:See|The license application procedure and license review policy for entities "
    rf"specified in supplement no\. \d+ to part \d+ is specified in) {SECTIONS}\.?",
    re.IGNORECASE,
)


def count_policies(text: str) -> int:
    """How often a text has the words of a policy, understood or not."""
    return sum(1 for _ in _WORDS.finditer(text))


@lru_cache(maxsize=REMEMBERED_TEXTS)
def read_policies(text: str) -> tuple[ReviewPolicy, ...]:
    """The policies in printed order; none where any of the words is not understood.

    A text that only refers to a section is a policy `under_named_section`; sections named behind
    a policy are references beside it.
    """
    line = " ".join(text.split())
    if _SECTION_ALONE.fullmatch(line) and references_in(line):
        return (ReviewPolicy(kind="under_named_section"),)
    stated = _APART.sub(r"\g<items>; \g<policy> for \g<items>", _SEE.sub("", line))
    policies = _stated(stated)
    for_the_rest = [policy for policy in policies if policy.applies_to is None]
    return () if len(for_the_rest) > 1 else policies


def _stated(line: str) -> tuple[ReviewPolicy, ...]:
    words = list(_WORDS.finditer(line))
    if not words or words[0].start() > 0:
        return ()
    policies = list[ReviewPolicy]()
    for word, following in zip_longest(words, words[1:]):
        ending, end = (_LAST, None) if following is None else (_FOLLOWED, following.start())
        behind = ending.fullmatch(line[word.end() : end])
        if behind is None or _NOT_ITEMS.search(behind["items"] or ""):
            return ()
        kind: PolicyKind = next(kind for kind in _SAID if word[kind])
        policies.append(ReviewPolicy(kind=kind, applies_to=behind["items"]))
    return tuple(policies)
