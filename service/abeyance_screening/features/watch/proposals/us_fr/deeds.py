"""Find out from its words what a document does to a measure."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from abeyance_screening.engine.measures.measure import EventKind
from abeyance_screening.engine.measures.places import FederalRegisterDocument
from abeyance_screening.features.watch.proposals.us_fr.list_changes import list_changes
from abeyance_screening.features.watch.proposals.us_fr.parties import ORDER
from abeyance_screening.features.watch.proposals.us_fr.printed import AMENDS
from abeyance_screening.features.watch.proposals.us_fr.sentences import (
    Place,
    Sentence,
    sentences_of,
)
from abeyance_screening.features.watch.proposals.us_fr.signs import (
    ASKS,
    CALLS_ITSELF_RULE,
    CHANGES,
    CORRECTS,
    COVERED_BY,
    MOVES_COMMENTS,
    NEW_BY_SUMMARY,
    NEW_BY_TITLE,
    OF_ANOTHER_ACT,
    PROPOSES,
)

_RULE = "Rule"
_TYPES_THAT_ACT = frozenset({_RULE, "Notice", "Presidential Document", None})
_RENEWS = re.compile(r"\border (?:renewing|extending)\b", re.IGNORECASE)


class Deed(msgspec.Struct, frozen=True):
    """One thing that a document does: an event's kind, the words that show it, and their field.

    `quote` is the whole sentence. `list_code` is the list whose entries change, None where none
    do. `is_order` is true for an order that denies a party's export privileges.
    """

    kind: EventKind
    words: str
    place: Place
    quote: str
    list_code: str | None = None
    is_order: bool = False


def deeds_of(document: FederalRegisterDocument) -> tuple[Deed, ...]:
    """Return the deeds of a document, each once.

    A document that only proposes, asks, invites or reports has none: a proposed rule, an
    information collection, a meeting.
    """
    if _does_nothing(document):
        return ()
    order = ORDER.search(document.title)
    if order is not None:
        kind: EventKind = "renew" if _RENEWS.search(order[0]) else "take_effect"
        return (Deed(kind, order[0], "title", document.title, is_order=True),)
    title, *others = sentences_of(document)
    correction = _correction(document, (title, *others))
    if correction is not None:
        # the rest of the title repeats that of the corrected document
        return (correction, *_list_changes(Sentence("title", ""), others))
    deeds = (*_list_changes(title, others), *_changes((title, *others)))
    found = (*deeds, *_new_restriction(document, title, others, deeds))
    return found or tuple(_amendments(document))


def _amendments(document: FederalRegisterDocument) -> Iterator[Deed]:
    """Yield that a rule amends what its first instruction says, where nothing else says more."""
    for instruction in document.instructions[:1]:
        match = AMENDS.search(instruction)
        if match is not None and _may_be_rule(document):
            yield Deed("amend", match[0], "instruction", instruction)


def is_silent(document: FederalRegisterDocument) -> bool:
    """Return whether a document may do something but states too little to know what.

    Denial orders are printed under the title `Bureau of Industry and Security`, without a summary.
    """
    text = document.abstract or document.action or document.dates
    return not text and not _does_nothing(document) and not deeds_of(document)


def _does_nothing(document: FederalRegisterDocument) -> bool:
    if document.type not in _TYPES_THAT_ACT or ASKS.search(document.title):
        return True
    about = f"{document.action or ''} {document.abstract or ''}"
    if MOVES_COMMENTS.search(about):
        return True
    # where the API was not asked for the type, the words must show whether a rule is only proposed
    is_unknown = document.type is None and not CALLS_ITSELF_RULE.search(about)
    return is_unknown and PROPOSES.search(about) is not None


def _correction(document: FederalRegisterDocument, sentences: Iterable[Sentence]) -> Deed | None:
    if document.corrects is not None:
        return Deed("correct", document.number, "title", document.title)
    return _first("correct", CORRECTS, sentences) if _may_be_rule(document) else None


def _may_be_rule(document: FederalRegisterDocument) -> bool:
    return document.type in {_RULE, None}


def _list_changes(title: Sentence, others: Iterable[Sentence]) -> Iterator[Deed]:
    for each in list_changes(title, tuple(others)):
        sentence = each.sentence
        yield Deed(each.change, each.words, sentence.place, sentence.text, each.list_code)


def _changes(sentences: Iterable[Sentence]) -> Iterator[Deed]:
    sentences = tuple(sentences)
    found: set[EventKind] = set()
    for kind, sign in CHANGES.items():
        deed = None if COVERED_BY.get(kind) in found else _first(kind, sign, sentences)
        if deed is not None:
            found.add(kind)
            yield deed


def _new_restriction(
    document: FederalRegisterDocument,
    title: Sentence,
    others: Iterable[Sentence],
    deeds: Iterable[Deed],
) -> Iterator[Deed]:
    """Yield a new restriction, if any; the title of a rule that changes a list proves none."""
    if not _may_be_rule(document) or any(deed.kind in OF_ANOTHER_ACT for deed in deeds):
        return
    titles = () if any(deed.list_code for deed in deeds) else (title,)
    by_title = _first("take_effect", NEW_BY_TITLE, titles)
    deed = by_title or _first("take_effect", NEW_BY_SUMMARY, others)
    if deed is not None:
        yield deed


def _first(kind: EventKind, sign: re.Pattern[str], sentences: Iterable[Sentence]) -> Deed | None:
    for sentence in sentences:
        match = sign.search(sentence.text)
        if match is not None:
            return Deed(kind, match[0].strip(" ;,"), sentence.place, sentence.text)
    return None
