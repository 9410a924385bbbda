"""A listing: one entry of one list as its publisher printed it, and its licence terms, read."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

import msgspec

EntityType = Literal["person", "organisation", "vessel", "aircraft"]
NameKind = Literal["primary", "alias", "weak_alias", "former"]


class Name(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One printed name.

    `text` is as printed, trimmed; `kind` says how sure the publisher is of the name; `language`
    is the language or script that the publisher gives, else None.
    """

    text: str
    kind: NameKind
    language: str | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One address; `text` is the whole address on one line, the other fields its parts.

    `country` is an ISO 3166-1 alpha-2 code where the printed country could be read as one;
    `text` always contains the printed words.
    """

    text: str
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    note: str | None = None


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A number or code that somebody issued: `kind` and `value` as printed, `country` alpha-2."""

    kind: str
    value: str
    country: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    note: str | None = None


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Anything else printed on an entry: `kind` is our snake_case word, `value` as printed.

    For example `date_of_birth`, `place_of_birth`, `nationality`, `title`, `vessel_type`.
    """

    kind: str
    value: str


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One entry of one list.

    `id` is ours and stays the same from edition to edition: `<list_code>-<key>`, where the key is
    the publisher's lasting number, or a digest of the primary name where there is none.
    `entry_id` is the publisher's own id as printed, if any. `names` holds exactly one primary
    name, first. `countries` are ISO alpha-2 codes in order of appearance, without repeats.
    `listed_on` is the day the entry took effect, `expires_on` the last day of its own term
    (as of a denial order), `delisted_on` the day its publisher removed it; each is None where the
    publisher does not say. `unread` is the reason why no more than its names could be read, None
    for a listing that was read whole; what an unread one means is unknown.
    """

    id: str
    list_code: str
    names: tuple[Name, ...]
    entity_type: EntityType | None = None
    entry_id: str | None = None
    addresses: tuple[Address, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    programmes: tuple[str, ...] = ()
    licence_requirement: str | None = None
    licence_review_policy: str | None = None
    citations: tuple[str, ...] = ()
    listed_on: date | None = None
    expires_on: date | None = None
    delisted_on: date | None = None
    remarks: str | None = None
    facts: tuple[Fact, ...] = ()
    source_url: str | None = None
    information_url: str | None = None
    unread: str | None = None

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
PolicyKind = Literal[
    "presumption_of_denial",
    "policy_of_denial",
    "case_by_case",
    "presumption_of_approval",
    "under_named_section",
]

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
    """What needs a licence, in the printed words.

    `scope` is `all_items` for all items subject to the EAR, `named_items` for only those that
    `items` names. With `used_in`, the requirement holds only for items used there. What
    `except_for` names needs no licence under this entry. `overcome_by` is the licence exception
    that may be used. `extends_to` says where else the requirement holds.
    """

    scope: RequirementScope
    items: str
    used_in: str | None = None
    except_for: str | None = None
    overcome_by: str | None = None
    extends_to: str | None = None


class ReviewPolicy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a licence application is reviewed.

    `applies_to` names the items or uses in printed words; None means everything that needs a
    licence and is named by no other policy. The kind `under_named_section` means that the entry
    states no policy and refers to the sections among the references.
    """

    kind: PolicyKind
    applies_to: str | None = None


class LicenceTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a list prints on licences for one party, in words and in structure.

    `requirement_text` and `policy_text` are as printed, None where nothing is printed. A text is
    read whole or not at all: `unread` True means that one of the two could not be read with
    certainty, so that `requirement` is None, or nothing of `policy_text` is among the policies.
    Treat such terms as a licence requirement for all items under a presumption of denial, and
    show the text.

    `policies` are in printed order; empty with `unread` False means that none is printed.
    `footnotes` are numbers of the list's own footnotes, ascending, among them those of the
    foreign-direct-product rules (see `footnotes_in`). `references` are sections of the
    regulations, such as `15 CFR 744.11`, in order of appearance. `includes_subsidiaries` is True
    where the entry itself says that it extends to subsidiaries, units or affiliates that it does
    not name.
    """

    requirement_text: str | None
    policy_text: str | None
    requirement: LicenceRequirement | None
    policies: tuple[ReviewPolicy, ...]
    footnotes: tuple[str, ...]
    references: tuple[str, ...]
    includes_subsidiaries: bool
    unread: bool


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
