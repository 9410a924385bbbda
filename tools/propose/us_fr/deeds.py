"""What a document does to a measure, told by its words."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from service.measures.event import EventKind
from service.measures.proposal import FederalRegisterDocument
from tools.propose.us_fr.list_changes import list_changes
from tools.propose.us_fr.parties import ORDER
from tools.propose.us_fr.sentences import Place, Sentence, sentences_of
from tools.propose.us_fr.signs import (
    ASKS,
    CALLS_ITSELF_RULE,
    CHANGES,
    CORRECTS,
    MOVES_COMMENTS,
    NEW_BY_SUMMARY,
    NEW_BY_TITLE,
    OF_ANOTHER_ACT,
    PROPOSES,
    SAID_BY,
)

_RULE = "Rule"
_TYPES_THAT_ACT = frozenset({_RULE, "Notice", "Presidential Document", None})
_RENEWS = re.compile(r"\border (?:renewing|extending)\b", re.IGNORECASE)


class Deed(msgspec.Struct, frozen=True):
    """One thing a document does: an event's kind, the words that say so, where they stand.

    `quote` is the whole sentence. `list_code` is the list whose entries change, where they do;
    `is_order` True: it denies one party's export privileges.
    """

    kind: EventKind
    words: str
    place: Place
    quote: str
    list_code: str | None = None
    is_order: bool = False


def deeds_of(document: FederalRegisterDocument) -> tuple[Deed, ...]:
    """What the document does, each thing once.

    Nothing, where it only proposes, asks, invites or reports: a proposed rule, an information
    collection, a meeting.
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
        # the rest of its title is the corrected document's, and tells what that one did
        return (correction, *_list_changes(Sentence("title", ""), others))
    deeds = (*_list_changes(title, others), *_changes((title, *others)))
    return (*deeds, *_new_restriction(document, title, others, deeds))


def is_silent(document: FederalRegisterDocument) -> bool:
    """Whether the document may act but says too little of itself to tell.

    Denial orders are printed under the title `Bureau of Industry and Security`, without a summary.
    """
    says = document.abstract or document.action or document.dates
    return not says and not _does_nothing(document) and not deeds_of(document)


def _does_nothing(document: FederalRegisterDocument) -> bool:
    if document.type not in _TYPES_THAT_ACT or ASKS.search(document.title):
        return True
    about = f"{document.action or ''} {document.abstract or ''}"
    if MOVES_COMMENTS.search(about):
        return True
    # where the type was not asked for, the words must tell a rule from a proposed one
    is_untold = document.type is None and not CALLS_ITSELF_RULE.search(about)
    return is_untold and PROPOSES.search(about) is not None


def _correction(document: FederalRegisterDocument, sentences: Iterable[Sentence]) -> Deed | None:
    if document.corrects is not None:
        return Deed("correct", document.number, "title", document.title)
    return _first("correct", CORRECTS, sentences) if _may_be_rule(document) else None


def _may_be_rule(document: FederalRegisterDocument) -> bool:
    return document.type in {_RULE, None}


def _list_changes(title: Sentence, others: Iterable[Sentence]) -> Iterator[Deed]:
    for each in list_changes(title, tuple(others)):
        said_in = each.sentence
        yield Deed(each.change, each.words, said_in.place, said_in.text, each.list_code)


def _changes(sentences: Iterable[Sentence]) -> Iterator[Deed]:
    sentences = tuple(sentences)
    found: set[EventKind] = set()
    for kind, sign in CHANGES.items():
        deed = None if SAID_BY.get(kind) in found else _first(kind, sign, sentences)
        if deed is not None:
            found.add(kind)
            yield deed


def _new_restriction(
    document: FederalRegisterDocument,
    title: Sentence,
    others: Iterable[Sentence],
    deeds: Iterable[Deed],
) -> Iterator[Deed]:
    """A restriction nobody has yet; of a rule that changes a list, the title alone proves none."""
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
