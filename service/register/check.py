"""What must hold of the measures beyond their fields' types, each refusal naming its place."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from service.model.errors import RegisterRefusedError
from service.model.measure import Attachment, Measure
from service.register.event_rules import Finding, event_findings, is_link
from service.register.lists import LIST_CODES
from service.register.reach_rules import reach_findings
from service.register.register import NOT_IN_REGISTER, OWN_LIST, names_part

_FOOTNOTE = re.compile("[1-9][0-9]?")
# what stands for measures that the register does not have
_OWN = frozenset({OWN_LIST, NOT_IN_REGISTER})
# percent
WHOLE = 100


def faults(read: Sequence[tuple[str, Measure]]) -> Iterator[RegisterRefusedError]:
    """Everything that cannot stand, `read` being (file, measure) in file order.

    Each fault names file, measure, field and reason.
    """
    ids: dict[str, str] = {}
    rules = {measure.id for _, measure in read if measure.owns is not None}
    for file, measure in read:
        for key in (measure.id, *measure.also_known_as):
            if key in ids:
                yield RegisterRefusedError(file, measure.id, "id", f"{key} stands in {ids[key]}")
            ids.setdefault(key, file)
    for file, measure in read:
        for field, reason in (*_findings(measure, ids), *_of_ownership(measure, rules)):
            yield RegisterRefusedError(file, measure.id, field, reason)


def _findings(measure: Measure, ids: Iterable[str]) -> Iterator[Finding]:
    if not measure.effect:
        yield "effect", "empty: a measure does something"
    if not measure.attaches_by:
        yield "attaches_by", "empty: something brings a measure into play"
    yield from reach_findings(measure)
    yield from _of_links(measure)
    yield from _dangling(measure, ids)
    for number, attachment in enumerate(measure.attaches):
        yield from _of_attachment(f"attaches[{number}]", attachment)
    yield from _of_ids(measure)
    for number, event in enumerate(measure.events):
        yield from event_findings(f"events[{number}].", event)


def _of_ownership(measure: Measure, rules: Collection[str]) -> Iterator[Finding]:
    is_rule = "ownership" in measure.attaches_by and "listing" not in measure.attaches_by
    if is_rule and measure.condition is None:
        yield "condition", "missing: it reaches what a listed party owns"
    if is_rule and measure.owns is None:
        yield "owns", "missing: nothing says how much must be owned"
    if not is_rule and measure.condition is not None:
        yield "condition", "only a measure that attaches by ownership alone has one"
    if not is_rule and measure.owns is not None:
        yield "owns", "only a measure that attaches by ownership alone sets a test"
    if measure.owns is not None and not 0 < measure.owns.share <= WHOLE:
        yield "owns.share", "a share is more than 0 and at most 100 percent"
    for rule in () if measure.ownership is None else measure.ownership.by:
        if rule not in rules:
            yield "ownership.by", f"{rule} is no ownership rule"


def _of_links(measure: Measure) -> Iterator[Finding]:
    links = {"url": measure.url}
    links |= {f"sources[{number}].url": each.url for number, each in enumerate(measure.sources)}
    for field, link in links.items():
        if link is not None and not is_link(link):
            yield field, f"{link!r} is no web address"


def _dangling(measure: Measure, ids: Iterable[str]) -> Iterator[Finding]:
    named: dict[str, tuple[str | None, ...]] = {
        "eases": measure.eases,
        "see": (measure.see,),
        "also_triggers": measure.also_triggers,
        "implements": (measure.implements,),
        "conflicts_with": measure.conflicts_with,
        "predecessor": (measure.predecessor,),
        "successor": (measure.successor,),
    }
    for field, targets in named.items():
        for target in targets:
            if target is not None and (target not in ids or target == measure.id):
                yield field, f"{target} is no other measure"


def _of_attachment(place: str, attachment: Attachment) -> Iterator[Finding]:
    if attachment.list_code not in LIST_CODES:
        yield f"{place}.list_code", f"{attachment.list_code} is no list we know"
    listed_from, listed_until = attachment.listed_from, attachment.listed_until
    if listed_from is not None and listed_until is not None and listed_until < listed_from:
        yield f"{place}.listed_until", "lies before listed_from"
    if attachment.only_alone and (names_part(attachment) or listed_from or listed_until):
        yield f"{place}.only_alone", "says the list as a whole, and names a part of it"
    for footnote in attachment.footnotes:
        if _FOOTNOTE.fullmatch(footnote) is None:
            yield f"{place}.footnotes", f"{footnote!r} is no number of a footnote"


def _of_ids(measure: Measure) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, event in enumerate(measure.events):
        if event.id in seen:
            yield f"events[{number}].id", f"{event.id} stands twice"
        seen.add(event.id)
    for number, event in enumerate(measure.events):
        if event.citation is None and event.day_state is None and measure.id not in _OWN:
            yield (
                f"events[{number}].citation",
                f"missing: nothing says where {event.id} comes from",
            )
        if event.retracted_at is not None and not event.retracted_because:
            yield f"events[{number}].retracted_because", "missing: a retraction says why"
    retracted = {event.id for event in measure.events if event.retracted_at is not None}
    for number, event in enumerate(measure.events):
        if event.replaces is not None and event.replaces not in retracted:
            yield f"events[{number}].replaces", f"{event.replaces} is no retracted event"
