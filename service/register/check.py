"""What must hold of the measures beyond their fields' types, each refusal naming its place."""

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from service.model.errors import RegisterRefusedError
from service.model.measure import Attachment, Event, EventKind, LapseEffect, Measure
from service.register.lists import LIST_CODES

Finding = tuple[str, str]
"""A field's place in its measure (`events[2].until`) and what is wrong with it."""

_ANY: frozenset[str] = frozenset(get_args(EventKind))
_SAYS: frozenset[str] = frozenset(kind for kind in _ANY if kind.startswith("announce"))
_PAUSES: frozenset[str] = frozenset({"suspend", "extend_suspension", "stay", "not_enforced"})
_RELIEVES: frozenset[str] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)
_STARTS: frozenset[str] = frozenset(
    {"publish", "take_effect", "list", "is_informed", "renew", "reinstate", "expand"}
)
_NEEDS_END: frozenset[str] = frozenset({"suspend", "extend_suspension", "delay"}) | _RELIEVES

_LAPSES: dict[LapseEffect, frozenset[str]] = {
    "restriction_returns": _PAUSES | _SAYS,
    "restriction_begins": frozenset({"delay"}) | _SAYS,
    "restriction_ends": _STARTS | _SAYS,
    "authorisation_ends": _RELIEVES | _SAYS,
}
"""Which kinds of event may end in which way."""


def check(read: Sequence[tuple[str, Measure]]) -> None:
    """Refuse the first measure that cannot stand, `read` being (file, measure) in file order.

    Raises:
        RegisterRefusedError: naming file, measure, field and reason.
    """
    ids: dict[str, str] = {}
    for file, measure in read:
        for key in (measure.id, *measure.also_known_as):
            if key in ids:
                raise RegisterRefusedError(file, measure.id, "id", f"{key} stands in {ids[key]}")
            ids[key] = file
    for file, measure in read:
        for field, reason in _findings(measure, ids):
            raise RegisterRefusedError(file, measure.id, field, reason)


def _findings(measure: Measure, ids: Iterable[str]) -> Iterator[Finding]:
    if not measure.effect:
        yield "effect", "empty: a measure does something"
    if not measure.attaches_by:
        yield "attaches_by", "empty: something brings a measure into play"
    if "ownership" in measure.attaches_by and "listing" not in measure.attaches_by:
        if measure.attaches and measure.condition is None:
            yield "condition", "missing: it reaches what a listed party owns"
    elif measure.condition is not None:
        yield "condition", "only a measure that attaches by ownership alone has one"
    yield from _of_links(measure)
    yield from _dangling(measure, ids)
    for number, attachment in enumerate(measure.attaches):
        yield from _of_attachment(f"attaches[{number}]", attachment)
    yield from _of_ids(measure)
    for number, event in enumerate(measure.events):
        yield from _of_event(f"events[{number}]", event)


def _of_links(measure: Measure) -> Iterator[Finding]:
    links = {"url": measure.url}
    links |= {f"sources[{number}].url": each.url for number, each in enumerate(measure.sources)}
    links |= {
        f"events[{number}].source.url": each.source.url
        for number, each in enumerate(measure.events)
        if each.source is not None
    }
    for field, link in links.items():
        if link is not None and not link.startswith(("https://", "http://")):
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
    if attachment.only_alone and (
        attachment.programmes or attachment.citations or attachment.entities
    ):
        yield f"{place}.only_alone", "says the list as a whole, and names a part of it"


def _of_ids(measure: Measure) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, event in enumerate(measure.events):
        if event.id in seen:
            yield f"events[{number}].id", f"{event.id} stands twice"
        seen.add(event.id)


def _of_event(place: str, event: Event) -> Iterator[Finding]:
    yield from _of_days(place, event)
    yield from _of_end(place, event)
    if event.slice is not None and not (
        event.slice.part or event.slice.entities or event.slice.countries
    ):
        yield f"{place}.slice", "names no part"
    for field, moment in (
        ("recorded_at", event.recorded_at),
        ("retracted_at", event.retracted_at),
    ):
        if moment is not None and moment.tzinfo is None:
            yield f"{place}.{field}", "a moment needs its offset from UTC"


def _of_days(place: str, event: Event) -> Iterator[Finding]:
    days = (event.announced_on, event.published_on, event.effective_on)
    if event.kind in _SAYS and event.announced_on is None and event.published_on is None:
        yield f"{place}.announced_on", "missing: an announcement has its day"
    if any(days) and event.day_state is not None:
        yield f"{place}.day_state", "says that no day is recorded, beside a day"
    if not any(days) and event.day_state is None:
        yield f"{place}.effective_on", "missing: no day at all, and no day_state saying why"


def _of_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until is None:
        yield from _of_missing_end(place, event)
        return
    if event.until_state in {"none_stated", "not_recorded"}:
        yield f"{place}.until_state", f"{event.until_state} beside an end"
    if event.effective_on is not None and event.until < event.effective_on:
        yield f"{place}.until", "lies before effective_on"
    if event.lapse_effect is None:
        yield f"{place}.lapse_effect", "missing: nothing says what follows the end"
    elif event.kind not in _LAPSES[event.lapse_effect]:
        yield f"{place}.lapse_effect", f"{event.kind} does not end that way"


def _of_missing_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until_state == "stated":
        yield f"{place}.until", "missing: until_state says that it is stated"
    if event.until_bound is not None:
        yield f"{place}.until", "missing: its bound is given"
    if event.kind in _NEEDS_END and event.until_state is None:
        yield f"{place}.until_state", "missing: no end is given, and nothing says why"
