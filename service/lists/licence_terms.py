"""Licence terms: reading a printed licence requirement and review policy into structure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

from service.lists.listing import (
    REMEMBERED_TEXTS,
    LicenceRequirement,
    LicenceTerms,
    Listing,
    PolicyKind,
    ReviewPolicy,
    footnotes_of,
)

# A reference as it may follow `See`: signs, sections, paragraphs, footnote marks and the words
# between them, and nothing else. A letter after a number is a misprint: `744.2l(b)`.
SECTIONS = (
    r"(?:[\s§?,]|and\b|of the EAR(?!9)|of this part\b|part\b"
    r"|7\d\d\.\d{1,2}[a-z]?|\((?:[a-z]|\d|[ivx]{2,4})\)|\d(?!\d))+"
)

# --- The terms of one listing.

_ON_WHOM = frozenset({"extends_to", "entry_name"})
# `and any of its subsidiaries`, `including all operating units`; not `a subsidiary of`.
_SUBSIDIARIES = re.compile(
    r"\b(?:any|all|its|their)(?: [\w-]+){0,6}? (?:subsidiar(?:y|ies)|affiliates?|sub-?units?"
    r"|operating units?|branch(?:es)?|subordinate (?:entit(?:y|ies)|institutions?))\b",
    re.IGNORECASE,
)


def read_licence_terms(listing: Listing) -> LicenceTerms | None:
    """Return the licence terms of a listing, None where its list prints none."""
    requirement_text = (listing.licence_requirement or "").strip() or None
    policy_text = (listing.licence_review_policy or "").strip() or None
    printed = [text for text in (requirement_text, policy_text) if text is not None]
    if not printed:
        return None
    requirement, inside = read_requirement(requirement_text or "")
    policies = read_policies(policy_text or "")
    references = (reference for text in printed for reference in references_in(text))
    return LicenceTerms(
        requirement_text=requirement_text,
        policy_text=policy_text,
        requirement=requirement,
        policies=(*inside, *policies),
        footnotes=footnotes_of(listing),
        references=tuple(dict.fromkeys(references)),
        includes_subsidiaries=_includes_subsidiaries(listing),
        unread=(requirement_text is not None and requirement is None)
        or (policy_text is not None and not policies),
    )


def _includes_subsidiaries(listing: Listing) -> bool:
    names = (name.text for name in listing.names)
    facts = (fact.value for fact in listing.facts if fact.kind in _ON_WHOM)
    texts = (listing.licence_requirement, listing.remarks)
    return any(_SUBSIDIARIES.search(text) for text in (*names, *facts, *filter(None, texts)))


# --- What needs a licence: the printed requirement, clause by clause.

_SUPPLEMENT = r"supplement no\. \d+ to part \d+(?: of the EAR)?"
_ITEMS = re.compile(
    r"(?:For )?(?P<items>"
    rf"(?:all|any) items? subject to the EAR listed in {_SUPPLEMENT}"
    rf"|items on the CCL and (?:EAR99 items )?listed in {_SUPPLEMENT}"
    # `subjects` is a misprint.
    r"|(?P<all>all items subjects? to the EAR))",
    re.IGNORECASE,
)
# Words up to the end of the sentence. `U.S. Government` would end the sentence too early, and the
# text is then not understood. The one definition that follows an exception belongs to it.
_REQUIREMENT_WORDS = r"(?:(?!(?-i:\. [A-Z](?!ussia does not include))).)+?"
_END = r"(?=\.? (?-i:\(See|See|This|The) |\.?$)"
_OVERCOME = "This license requirement may be overcome by License Exception"
_EXTEND = "The license requirements under this entry also extend to"
_CLAUSE = re.compile(
    "|".join(
        (
            # `. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR.)`, and a footnote mark
            rf"[.,;]? ?\(? ?See ?{SECTIONS}\.?\)?\.?(?: ?\d(?!\d))?",
            rf" when used in (?P<used_in>projects specified in{SECTIONS})",
            rf",? ?(?:except(?: for)?|apart from)[: -]+(?P<except_for>{_REQUIREMENT_WORDS}){_END}",
            rf",? with (?P<policies>case-by-case basis for {_REQUIREMENT_WORDS}){_END}",
            rf"\.? {_OVERCOME} (?P<overcome_by>{_REQUIREMENT_WORDS})\.?$",
            rf"\.? {_EXTEND} (?P<extends_to>{_REQUIREMENT_WORDS})\.?$",
            r"[ .,;)]",
        )
    ),
    re.IGNORECASE,
)
_Read = tuple[LicenceRequirement | None, tuple[ReviewPolicy, ...]]


@lru_cache(maxsize=REMEMBERED_TEXTS)
def read_requirement(text: str) -> _Read:
    """Return the requirement, and the review policies that a few texts print inside it.

    The result is None and no policies where any of the words is not understood.
    """
    line = " ".join(text.split())
    items = _ITEMS.match(line)
    clauses = None if items is None else _clauses(line, items.end())
    if items is None or clauses is None:
        return None, ()
    policies = read_policies(clauses.pop("policies", ""))
    if count_policies(line) != len(policies):
        return None, ()
    requirement = LicenceRequirement(
        scope="named_items" if items["all"] is None else "all_items",
        items=items["items"],
        **clauses,
    )
    return requirement, policies


def _clauses(line: str, at: int) -> dict[str, str] | None:
    """Return the words of each clause by its name; None where one is unknown or occurs twice."""
    clauses = dict[str, str]()
    while at < len(line):
        clause = _CLAUSE.match(line, at)
        if clause is None or clause.lastgroup in clauses:
            return None
        if clause.lastgroup is not None:
            clauses[clause.lastgroup] = clause[clause.lastgroup].strip()
        at = clause.end()
    return clauses


# --- Review policies: the printed policy, policy by policy.

_POLICY_WORDS: dict[PolicyKind, str] = {
    "presumption_of_denial": "presumption (?:of|for) denial",
    "policy_of_denial": "policy (?:of|for) denial",
    "presumption_of_approval": "presumption (?:of|for) approval",
    # `casa` is a misprint.
    "case_by_case": "cas[ea][- ]by[- ]case",
}
_WORDS = re.compile(
    "|".join(f"(?P<{kind}>{words})" for kind, words in _POLICY_WORDS.items()), re.IGNORECASE
)
# What follows the words of a policy: ` review for items …; and ` before the next policy, and
# ` for items ….` after the last.
_FOLLOWED = re.compile(
    r"(?: review| basis)?"
    r"(?: for (?P<items>.+?)(?:[.;,]+(?: and)?| and)|[.;,]*(?: and)?| except) ?"
)
_LAST = re.compile(r"(?: review| basis)?(?: for (?P<items>.+?))?[.;,]* ?")
# Words on a review that are not understood, and whatever begins another sentence or clause; a
# semicolon may separate ECCNs (`.k to .p; 3B002.c`), and `U.S. Government` is one name.
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
    """Count how often a text has the words of a policy, understood or not."""
    return sum(1 for _ in _WORDS.finditer(text))


@lru_cache(maxsize=REMEMBERED_TEXTS)
def read_policies(text: str) -> tuple[ReviewPolicy, ...]:
    """Return the policies in printed order, none where any of the words is not understood.

    A text that only refers to a section is a policy `under_named_section`; sections named after
    a policy are references and no further policy.
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
        rest = ending.fullmatch(line[word.end() : end])
        if rest is None or _NOT_ITEMS.search(rest["items"] or ""):
            return ()
        kind: PolicyKind = next(kind for kind in _POLICY_WORDS if word[kind])
        policies.append(ReviewPolicy(kind=kind, applies_to=rest["items"]))
    return tuple(policies)


# --- Sections of 15 CFR that a printed text refers to.

_REFERENCE = re.compile(
    r"(?<![\d.])(?P<section>7[3-7]\d\.\d{1,2})(?P<paragraph>(?: ?\((?:[a-z]|\d|[ivx]{2,4})\))*)"
    r"(?:,? and (?:\((?P<also>[a-z])\)|(?P<also_bare>[a-z])\.?$))?"
    r"|supplement no\. (?P<supplement>\d+) to part (?P<part>7\d\d)\b",
    re.IGNORECASE,
)
_L_FOR_ONE = re.compile(r"(?<=\d)l(?=\()")
_BARE_PARAGRAPH = re.compile(r"(?<=\d\.\d\d)([a-z])\b")


@lru_cache(maxsize=REMEMBERED_TEXTS)
def references_in(text: str) -> tuple[str, ...]:
    """Return the sections and supplements that a text names, each once, in order of appearance.

    They have the forms `15 CFR 744.21(e)` and `Supplement No. 7 to 15 CFR 746`; the second of
    `§ 740.11(b)(2) and (e)` is written in full.
    """
    line = _L_FOR_ONE.sub("1", " ".join(text.split()))
    return tuple(dict.fromkeys(_references(_BARE_PARAGRAPH.sub(r"(\1)", line))))


def _references(line: str) -> Iterator[str]:
    for found in _REFERENCE.finditer(line):
        if found["section"] is None:
            yield f"Supplement No. {found['supplement']} to 15 CFR {found['part']}"
            continue
        yield f"15 CFR {found['section']}{found['paragraph'].replace(' ', '')}"
        if also := found["also"] or found["also_bare"]:
            yield f"15 CFR {found['section']}({also})"
