"""Licence terms: what a list prints on licences for one party, taken apart."""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from service.model.listing import Listing

RequirementScope = Literal["all_items", "named_items"]
PolicyKind = Literal[
    "presumption_of_denial",
    "policy_of_denial",
    "case_by_case",
    "presumption_of_approval",
    "under_named_section",
]

# Beyond any number of texts that lists have printed: 196 in all editions seen.
REMEMBERED_TEXTS = 4096

# The paragraphs on foreign-produced items that hold for the entries of one footnote alone.
# 736.2(b)(3)(vi) is where that of footnote 1 stood until 2022-02-03.
_FOOTNOTE_OF_SECTION = {
    "736.2(b)(3)(vi)": "1",
    "734.9(e)(1)": "1",
    "734.9(g)": "3",
    "734.9(e)(2)": "4",
    "734.9(e)(3)": "5",
}
# A raised number becomes part of the run of words: `734.9(g),3 746.8`, `734.9(e)1 and 744.11`,
# `of the EAR)4.`, `of the EAR2`. `EAR99` is a class of items and no footnote.
_MARK = re.compile(
    r"734\.9\([a-z]\)(?:\(\d\))?,? ?(?P<behind_section>\d)(?!\d)"
    r"|\bEAR ?\) ?(?P<behind_bracket>\d)(?![\w])"
    r"|\bEAR ?(?P<at_end>\d)\W*$"
    r"|\bfootnote (?P<in_words>\d{1,2})\b",
    re.IGNORECASE,
)


class LicenceRequirement(msgspec.Struct, frozen=True, kw_only=True):
    """What needs a licence. Words are as printed.

    `scope` is `all_items` for all items subject to the EAR, `named_items` for those alone that
    `items` names. `used_in`: only when used there. `except_for` needs no licence under this entry.
    `overcome_by` is the licence exception that may be used, `extends_to` where else it holds.
    """

    scope: RequirementScope
    items: str
    used_in: str | None = None
    except_for: str | None = None
    overcome_by: str | None = None
    extends_to: str | None = None


class ReviewPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How an application is reviewed.

    `applies_to` are the items or uses in printed words; None means whatever needs a licence and
    is named by no other policy. `under_named_section`: the entry states no policy and refers to
    the sections among the references.
    """

    kind: PolicyKind
    applies_to: str | None = None


class LicenceTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a list prints on licences for one party, in words and in structure.

    `requirement_text` and `policy_text` are as printed, None where nothing is. A text is read
    whole or not at all: `unread` True means that one of them could not be read for certain, so
    that `requirement` is None, or nothing of `policy_text` is among the policies. Take that as a
    licence for all items under a presumption of denial, and show the text.

    `policies` stand in printed order; empty and not unread means that none is printed.
    `footnotes` are numbers of the list's own footnotes, ascending, among them those of the
    foreign-direct-product rules (see `footnotes_in`). `references` are sections of the
    regulations, `15 CFR 744.11`, in order of appearance. `includes_subsidiaries` is True where
    the entry itself says that it extends to subsidiaries, units or affiliates it does not name.
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
    """The footnotes a printed text refers to, ascending, each once.

    A footnote counts that is marked by its number, or by the section on foreign-produced items
    that holds for its entries alone: 15 CFR 734.9(e)(1) for 1, (g) for 3, (e)(2) for 4, (e)(3)
    for 5. Some prints have lost the mark, and the section says the same.
    """
    line = " ".join(text.split())
    marked = {mark[mark.lastgroup or 0] for mark in _MARK.finditer(line)}
    named = {number for section, number in _FOOTNOTE_OF_SECTION.items() if section in line}
    return tuple(sorted(marked | named, key=int))


def footnotes_of(listing: Listing) -> tuple[str, ...]:
    """The footnotes a listing refers to anywhere, ascending, each once."""
    terms = (listing.licence_requirement, listing.licence_review_policy, listing.remarks)
    texts = [text for text in (*terms, *listing.citations) if text is not None]
    # `3: For this entity, …`, where the list's own authority is read
    marks = [fact.value.partition(":")[0] for fact in listing.facts if fact.kind == "footnote"]
    found = {number for text in texts for number in footnotes_in(text)}
    return tuple(sorted(found.union(filter(str.isdecimal, marks)), key=int))
