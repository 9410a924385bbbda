"""A listing: one entry of one list as its publisher printed it, and its licence terms, read."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from typing import Literal, get_args

import msgspec

EntityType = Literal["person", "organisation", "vessel", "aircraft"]
"""The type of party: `person`, `organisation`, `vessel` or `aircraft`; null if not stated."""
NameKind = Literal["primary", "alias", "weak_alias", "former"]
"""How sure the publisher is of the name: `primary`, `alias`, `weak_alias`, or `former` for one no
longer used."""
CodeOfList = str
"""Code of the list, such as `us_bis_el`; `GET /v1/lists` has all of them."""
IdOfListing = str
"""Our id of the listing, the same from edition to edition: `<list_code>-<key>`."""


class Name(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One printed name."""

    text: str
    """The name as printed, trimmed."""
    kind: NameKind
    language: str | None = None
    """Language or script of the name, as the publisher gives it; null if it gives none."""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One address, whole and in parts; parts that are not printed apart are left out."""

    text: str
    """The whole address on one line; it always has the printed words."""
    street: str | None = None
    """Street and number."""
    city: str | None = None
    """Town or city."""
    region: str | None = None
    """Province, state or district."""
    postal_code: str | None = None
    """Postal code."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code, if the printed country could be read as one."""
    note: str | None = None
    """What the publisher says of the address."""


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A number or code that somebody issued."""

    kind: str
    """What it is, as printed: `Passport number`, `INN`."""
    value: str
    """The number or code, as printed."""
    country: str | None = None
    """Who issued it: ISO 3166-1 alpha-2, if the publisher says so."""
    issued_on: date | None = None
    """Day of issue, if printed."""
    expires_on: date | None = None
    """Last day of validity, if printed."""
    note: str | None = None
    """What the publisher says of it."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Anything else printed on an entry."""

    kind: str
    """What it is, in our snake_case word: `date_of_birth`, `place_of_birth`, `title`,
    `vessel_type`."""
    value: str
    """The fact, as printed."""


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One entry of one list, as its publisher prints it; what it does not print is left out."""

    id: str
    """Our id, the same from edition to edition: `<list_code>-<key>`, where the key is the
    publisher's lasting number, or a digest of the primary name where there is none."""
    list_code: CodeOfList
    names: tuple[Name, ...]
    """The names, exactly one of them primary, which is the first."""
    entity_type: EntityType | None = None
    entry_id: str | None = None
    """The publisher's own id of the entry, as printed."""
    addresses: tuple[Address, ...] = ()
    """The addresses, in the order printed."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 codes in order of appearance, each once."""
    identifiers: tuple[Identifier, ...] = ()
    """Numbers and codes that somebody issued to the party."""
    programmes: tuple[str, ...] = ()
    """Codes of the programmes under which the list has the entry, as printed."""
    licence_requirement: str | None = None
    """What needs a licence, as printed; `licence` of an answer has it taken apart."""
    licence_review_policy: str | None = None
    """How applications are reviewed, as printed."""
    citations: tuple[str, ...] = ()
    """The acts that the entry cites, as printed."""
    listed_on: date | None = None
    """The day the entry took effect."""
    expires_on: date | None = None
    """Last day of the entry's own term, as of a denial order."""
    delisted_on: date | None = None
    """The day its publisher states that it removed it."""
    remarks: str | None = None
    """The publisher's remarks, as printed."""
    facts: tuple[Fact, ...] = ()
    """Anything else that is printed on the entry."""
    source_url: str | None = None
    """Address of the list, or of the entry on it."""
    information_url: str | None = None
    """Address where the publisher says more of the entry."""
    unread: str | None = None
    """Why no more than its names could be read, so that what it means is unknown; left out for an
    entry that was read whole."""

    @property
    def primary_name(self) -> str:
        """The primary name as printed."""
        return self.names[0].text


# --- Printed codes, citations and names in forms that can be compared.

_FEDERAL_REGISTER = re.compile(
    r"\b(?P<volume>\d{1,3})\s*F\.?\s?R\.?\s*(?P<page>\d{1,6})\b", re.IGNORECASE
)


def programme_form(printed: str) -> str:
    """Return a programme code with each run of white space as one space; case is kept."""
    return " ".join(printed.split())


def name_form(printed: str) -> str:
    """Return a name case-folded, with each run of white space as one space; punctuation stays."""
    return " ".join(printed.split()).casefold()


def citation_forms(printed: str) -> frozenset[str]:
    """Return the acts that one printed citation names.

    Federal Register pages come out as `90 FR 4617`, however they are punctuated, dated or joined
    (`90 F.R. 4617 1/16/25; 87 FR 34136`). Any other citation comes out whole, by `name_form`.
    """
    found = _FEDERAL_REGISTER.finditer(printed)
    pages = frozenset(f"{match['volume']} FR {match['page']}" for match in found)
    return pages or frozenset({name_form(printed)})


# --- Licence terms: what a list prints on licences for one party, in structured form.

RequirementScope = Literal["all_items", "named_items"]
"""`all_items` for all items subject to the EAR, `named_items` for only those that `items` names.
"""
PolicyKind = Literal[
    "presumption_of_denial",
    "policy_of_denial",
    "case_by_case",
    "presumption_of_approval",
    "under_named_section",
]
"""`presumption_of_denial`, `policy_of_denial`, `case_by_case`, `presumption_of_approval`, or
`under_named_section`: the entry states no policy and refers to sections among the references."""

STRICTEST_FIRST: tuple[PolicyKind, ...] = get_args(PolicyKind)
"""Every kind of policy, the strictest first."""
DENIALS: frozenset[PolicyKind] = frozenset({"presumption_of_denial", "policy_of_denial"})
"""The policies by which an application is normally refused."""

# The size of the caches of texts read. All editions seen print 196 different texts.
REMEMBERED_TEXTS = 4096

# The paragraphs on foreign-produced items that hold for the entries of one footnote alone.
# The paragraph of footnote 1 was 736.2(b)(3)(vi) until 2022-02-03.
_FOOTNOTE_OF_SECTION = {
    "736.2(b)(3)(vi)": "1",
    "734.9(e)(1)": "1",
    "734.9(g)": "3",
    "734.9(e)(2)": "4",
    "734.9(e)(3)": "5",
}
# A superscript number loses its position: `734.9(g),3 746.8`, `734.9(e)1 and 744.11`,
# `of the EAR)4.`, `of the EAR2`. `EAR99` is a class of items and no footnote.
_MARK = re.compile(
    r"734\.9\([a-z]\)(?:\(\d\))?,? ?(?P<after_section>\d)(?!\d)"
    r"|\bEAR ?\) ?(?P<after_bracket>\d)(?![\w])"
    r"|\bEAR ?(?P<at_end>\d)\W*$"
    r"|\bfootnote (?P<in_words>\d{1,2})\b",
    re.IGNORECASE,
)


class LicenceRequirement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What needs a licence, in the printed words."""

    scope: RequirementScope
    items: str
    """The items that need a licence."""
    used_in: str | None = None
    """Where the items must be used for the requirement to hold; null for anywhere."""
    except_for: str | None = None
    """What needs no licence under this entry; null for no exception."""
    overcome_by: str | None = None
    """The licence exception that may be used; null for none."""
    extends_to: str | None = None
    """Where else the requirement holds; null for nowhere."""


class ReviewPolicy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a licence application is reviewed."""

    kind: PolicyKind
    applies_to: str | None = None
    """The items or uses, in printed words; null for everything that needs a licence and that no
    other policy names."""


class LicenceTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a list prints on licences for one party, in words and in structure.

    A text is read whole or not at all.
    """

    requirement_text: str | None
    """What needs a licence, as printed; null if nothing is."""
    policy_text: str | None
    """How applications are reviewed, as printed; null if nothing is."""
    requirement: LicenceRequirement | None
    """The same taken apart; null if nothing is printed, or it could not be read with certainty."""
    policies: tuple[ReviewPolicy, ...]
    """The policies in printed order; empty with `unread` false means that none is printed."""
    footnotes: tuple[str, ...]
    """Numbers of the list's own footnotes, ascending, among them those of the
    foreign-direct-product rules."""
    references: tuple[str, ...]
    """Sections of the regulations, such as `15 CFR 744.11`, in order of appearance."""
    includes_subsidiaries: bool
    """True if the entry itself extends to subsidiaries, units or affiliates that it does not name.
    """
    unread: bool
    """True if one of the two texts could not be read with certainty: treat that as a requirement
    for all items under a presumption of denial, and show the text."""


@lru_cache(maxsize=REMEMBERED_TEXTS)
def footnotes_in(text: str) -> tuple[str, ...]:
    """Return the numbers of the footnotes that a printed text refers to, ascending, each once.

    A footnote is recognised by its number, or by the section on foreign-produced items that
    holds for its entries alone: 15 CFR 734.9(e)(1) for 1, (g) for 3, (e)(2) for 4, (e)(3) for 5.
    Some prints have lost the number, and the section means the same.
    """
    line = " ".join(text.split())
    marked = {mark[mark.lastgroup or 0] for mark in _MARK.finditer(line)}
    named = {number for section, number in _FOOTNOTE_OF_SECTION.items() if section in line}
    return tuple(sorted(marked | named, key=int))


def footnotes_of(listing: Listing) -> tuple[str, ...]:
    """Return the numbers of all footnotes that a listing refers to, ascending, each once."""
    terms = (listing.licence_requirement, listing.licence_review_policy, listing.remarks)
    texts = [text for text in (*terms, *listing.citations) if text is not None]
    # `3: For this entity, …`, as the reader of the list's own authority writes it
    marks = [fact.value.partition(":")[0] for fact in listing.facts if fact.kind == "footnote"]
    found = {number for text in texts for number in footnotes_in(text)}
    return tuple(sorted(found.union(filter(str.isdecimal, marks)), key=int))


# --- Licence terms, read from the texts that a listing prints.

# A reference as it may follow `See`: signs, sections, paragraphs, footnote marks and the words
# between them, and nothing else. A letter after a number is a misprint: `744.2l(b)`.
SECTIONS = (
    r"(?:[\s§?,]|and\b|of the EAR(?!9)|of this part\b|part\b"
    r"|7\d\d\.\d{1,2}[a-z]?|\((?:[a-z]|\d|[ivx]{2,4})\)|\d(?!\d))+"
)

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


def policy_of(terms: LicenceTerms | None) -> PolicyKind | None:
    """Return how an entry reviews applications for all that no other policy of it names.

    Of several such policies it is the strictest, and where every policy is for named items the
    strictest of these. Of a text that could not be read for certain, it is the strictest that the
    text names; None where it names none, or where there is no text.
    """
    if terms is None:
        return None
    policies = tuple(filter(is_general, terms.policies)) or terms.policies
    texts = (terms.policy_text, terms.requirement_text) if terms.unread else ()
    kinds = {each.kind for each in policies}.union(*map(_kinds_named, filter(None, texts)))
    return next((each for each in STRICTEST_FIRST if each in kinds), None)


def is_general(policy: ReviewPolicy) -> bool:
    """Return whether a policy is for everything that no other policy names."""
    return policy.applies_to is None or policy.applies_to.startswith("all ")


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


def _kinds_named(text: str) -> frozenset[PolicyKind]:
    """Return the kinds of the policies that a text names, understood or not."""
    found = list(_WORDS.finditer(" ".join(text.split())))
    return frozenset(kind for kind in _POLICY_WORDS if any(word[kind] for word in found))


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
