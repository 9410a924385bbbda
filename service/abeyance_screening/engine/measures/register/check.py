"""Checks of measures and events beyond the types of their fields; each fault names its field.

An easing is checked with the restrictions that it eases: it reaches no further than they do.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import get_args
from urllib.parse import urlsplit

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_CODES
from abeyance_screening.engine.measures.annexes.index import GoodsAnnex, shipped_titles
from abeyance_screening.engine.measures.measure import (
    LICENCE_KINDS,
    AttachesBy,
    Attachment,
    EffectKind,
    Event,
    EventKind,
    LapseEffect,
    Measure,
    Printed,
    Slice,
    Words,
    has_words,
    only_eases,
)
from abeyance_screening.engine.measures.reach import ItemClass, Reach
from abeyance_screening.engine.measures.register.register import (
    EU,
    EU_MEMBERS,
    NOT_IN_REGISTER,
    OWN_LIST,
    PLACES,
    names_part,
)
from abeyance_screening.primitives.errors import RegisterRefusedError

Finding = tuple[str, str]
"""The path of a field in its measure (`events[2].until`), and what is wrong with the field."""

_ANY: frozenset[str] = frozenset(get_args(EventKind))
_SAYS: frozenset[str] = frozenset(kind for kind in _ANY if kind.startswith("announce"))
_PAUSES: frozenset[str] = frozenset({"suspend", "extend_suspension", "stay", "not_enforced"})
_RELIEVES: frozenset[str] = frozenset(
    {"authorise", "extend_authorisation", "replace_authorisation"}
)
_STARTS: frozenset[str] = frozenset(
    {"publish", "take_effect", "list", "is_informed", "renew", "reinstate", "expand"}
)
_LANGUAGE = re.compile("[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_SHA256 = re.compile("[0-9a-f]{64}")
_NEEDS_END: frozenset[str] = frozenset({"suspend", "extend_suspension", "delay"}) | _RELIEVES

_LAPSES: dict[LapseEffect, frozenset[str]] = {
    "restriction_returns": _PAUSES | _SAYS,
    "restriction_begins": frozenset({"delay"}) | _SAYS,
    "restriction_ends": _STARTS | _SAYS,
    "authorisation_ends": _RELIEVES | _SAYS,
}
"""The kinds of event that may have each lapse effect."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""The first and the last day an event may name."""

SHORT, LONG, LONGEST_LINK = 500, 5_000, 2_000
"""The most characters of a name or citation, of a quote or note, and of an address."""

MOST_NAMES, MOST_COUNTRIES = 1_000, 250
"""The most names of one kind, and the most countries, that a part of a measure may consist of."""

# Control characters other than tab and line feed, and lone surrogates.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

WITHOUT_LISTING: frozenset[AttachesBy] = frozenset({"country", "goods", "end_use"})
"""The ways in which a measure applies without any listing."""

WHY_NONE = "reaches: "
"""The prefix of an entry of `unchecked` that says why a measure has no `reaches`."""

UNREAD = "no source was read"
"""The prefix of an entry of `unchecked` that says that nothing was read for a measure."""

# From a chapter of the Harmonised System to a full national tariff line.
_HS = re.compile(r"[0-9]{2,10}")
_GOODS = re.compile(r"[0-9]{2}-[0-9]{2}|[0-9]{2,10}")
_CONTROL_CODE = re.compile(r"[0-9][A-E][0-9]{3}(\.([a-z]|[0-9]{1,3}))*")

_FOOTNOTE = re.compile("[1-9][0-9]?")
# The entries in place of measures that the register does not have; their events need no citation.
_PLACEHOLDERS = frozenset({OWN_LIST, NOT_IN_REGISTER})
US = "US"
_RESTRICTIONS: frozenset[EffectKind] = frozenset(
    {"blocked", "prohibition", "licence_required", "import_ban"}
)
# In percent.
WHOLE = 100


def faults(read: Sequence[tuple[str, Measure]]) -> Iterator[RegisterRefusedError]:
    """Yield every fault of the measures, `read` being (file, measure) in file order.

    Each fault names file, measure, field and reason.
    """
    ids: dict[str, str] = {}
    rules = {measure.id for _, measure in read if measure.owns is not None}
    by_id = {key: each for _, each in read for key in (each.id, *each.also_known_as)}
    for file, measure in read:
        for key in (measure.id, *measure.also_known_as):
            if key in ids:
                yield RegisterRefusedError(file, measure.id, "id", f"{key} is used in {ids[key]}")
            ids.setdefault(key, file)
    for file, measure in read:
        found = (
            *_findings(measure, ids),
            *_of_ownership(measure, rules),
            *easing_findings(measure, by_id),
            *governed_findings(measure, by_id),
        )
        for field, reason in found:
            yield RegisterRefusedError(file, measure.id, field, reason)


def event_findings(place: str, event: Event) -> Iterator[Finding]:
    """Yield what is wrong with an event by itself; `place` (`events[2].`) prefixes each path."""
    yield from _of_texts(place, event)
    yield from _of_days(place, event)
    yield from _of_moments(place, event)
    yield from _of_end(place, event)
    yield from _of_words(place, event)
    if event.slice is not None:
        yield from _of_slice(f"{place}slice", event.slice)


def text_findings(field: str, text: str | None, longest: int) -> Iterator[Finding]:
    """Yield what is wrong with an optional text: too long, blank, or with a control character.

    `longest` is the most characters allowed.
    """
    if text is None:
        return
    if len(text) > longest:
        yield field, f"has {len(text):,} characters; at most {longest:,} are allowed"
    elif _CONTROL.search(text):
        yield field, "holds a control character"
    elif not any(each.isprintable() and not each.isspace() for each in text):
        yield field, "is blank"


def is_link(text: str) -> bool:
    """Return whether a text is a complete http or https address, printable and without spaces."""
    if len(text) > LONGEST_LINK or " " in text or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname)


def is_whole(part: Slice) -> bool:
    """Return whether a slice has nothing but a note, and so is the whole measure."""
    return msgspec.structs.replace(part, note=None) == Slice()


def reach_findings(measure: Measure) -> Iterator[Finding]:
    """Yield what is wrong with a measure's `reaches`, or with the lack of any."""
    by_listing_only = WITHOUT_LISTING.isdisjoint(measure.attaches_by)
    if measure.reaches and by_listing_only:
        yield "reaches", "only a measure that attaches by country, goods or end_use has any"
    if not (measure.reaches or by_listing_only or _says_why(measure)):
        yield "reaches", f"missing; give it, or an entry of unchecked: {WHY_NONE!r} and the reason"
    for number, reach in enumerate(measure.reaches):
        yield from _of_reach(f"reaches[{number}]", reach)
        yield from _of_annexes(f"reaches[{number}].annexes", reach, measure)


def easing_findings(measure: Measure, by_id: Mapping[str, Measure]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the pair of an easing and the restrictions that it eases.

    Each finding is a field's place and the reason. `by_id` has every measure of the register by
    each of its ids. An easing names the measures that it eases, and whatever goods, places and
    uses it reaches, one of these reaches too: shown alone, an easing reads as a permission of
    something that nobody restricts.
    """
    if not only_eases(measure):
        return
    if not measure.eases:
        yield "eases", "missing: an easing names the restriction that it eases"
        return
    bases = [by_id[each] for each in measure.eases if each in by_id]
    for base in bases:
        if only_eases(base):
            yield "eases", f"{base.id} restricts nothing"
    wide = [reach for base in bases if not only_eases(base) for reach in base.reaches]
    for number, reach in enumerate(measure.reaches):
        for items in reach.items or (None,):
            if not any(_covers(base, reach, items) for base in wide):
                named = "any item" if items is None else items.name
                yield f"reaches[{number}]", f"{named}: wider than what it eases"


def governed_findings(measure: Measure, by_id: Mapping[str, Measure]) -> Iterator[Finding]:
    """Yield what a measure imposes by itself although an entry of another list governs it.

    OFAC prints every code of a party with each of its entries, so a code on one list may belong to
    the party's entry on another one. What such a code imposes follows from that entry alone: it
    has no effect of its own, and does not account for the entry that only repeats it. `by_id` has
    every measure of the register by each of its ids.
    """
    governing = None if measure.see is None else by_id.get(measure.see)
    if governing is None:
        return
    lists = {each.list_code for each in measure.attaches}
    if not lists or not lists.isdisjoint(each.list_code for each in governing.attaches):
        return
    follows = f"follows from the entry that {governing.id} reaches, on another list"
    if any(each.kind != "none" for each in measure.effect):
        yield "effect", f"must be none: what it imposes {follows}"
    if measure.stands_alone:
        yield "stands_alone", f"must be false: its effect {follows}"
    if measure.ownership is not None and measure.ownership.by:
        yield "ownership.by", f"must be empty: what a party owns {follows}"


def _findings(measure: Measure, ids: Iterable[str]) -> Iterator[Finding]:
    if not measure.effect:
        yield "effect", "empty: say what the measure does"
    if not measure.attaches_by:
        yield "attaches_by", "empty: say what makes the measure apply"
    yield from reach_findings(measure)
    yield from _of_lapses(measure)
    yield from _of_sureness(measure)
    yield from _of_links(measure)
    yield from _dangling(measure, ids)
    yield from _of_effects(measure)
    for number, attachment in enumerate(measure.attaches):
        yield from _of_attachment(f"attaches[{number}]", attachment)
    yield from _of_ids(measure)
    yield from _of_owners(measure)
    for number, event in enumerate(measure.events):
        yield from event_findings(f"events[{number}].", event)


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
        yield f"{place}.list_code", f"{attachment.list_code} is no known list"
    listed_from, listed_until = attachment.listed_from, attachment.listed_until
    if listed_from is not None and listed_until is not None and listed_until < listed_from:
        yield f"{place}.listed_until", "lies before listed_from"
    narrowed = listed_from or listed_until or attachment.printed or attachment.parties
    if attachment.only_alone and (names_part(attachment) or narrowed):
        yield f"{place}.only_alone", "is for the list as a whole, but the entry names a part of it"
    for footnote in attachment.footnotes:
        if _FOOTNOTE.fullmatch(footnote) is None:
            yield f"{place}.footnotes", f"{footnote!r} is no number of a footnote (1 to 99)"
    if attachment.printed is not None:
        yield from _of_printed(f"{place}.printed", attachment.printed)


def _of_effects(measure: Measure) -> Iterator[Finding]:
    """Yield what is wrong with effects that only some entries have."""
    for number, effect in enumerate(measure.effect):
        place = f"effect[{number}]"
        if effect.printed is not None:
            yield from _of_printed(f"{place}.printed", effect.printed)
        if (effect.printed is not None or effect.parties) and not measure.attaches:
            yield place, "is imposed on some entries only, but the measure attaches to none"
    if measure.plain is None and any(each.printed is not None for each in measure.effect):
        yield "plain", "missing: say what an entry without printed effects may be subject to"
    eases = any(each.kind == "easing" for each in measure.effect)
    if measure.plain is None and eases and measure.kind not in LICENCE_KINDS:
        yield "plain", "missing: say what is still required beside an easing that is no licence"


def _of_printed(place: str, printed: Printed) -> Iterator[Finding]:
    yield from text_findings(f"{place}.kind", printed.kind, SHORT)
    if not printed.values:
        yield f"{place}.values", "empty: say which printed values count"
    for value in printed.values:
        yield from text_findings(f"{place}.values", value, SHORT)


def _of_ids(measure: Measure) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, event in enumerate(measure.events):
        if event.id in seen:
            yield f"events[{number}].id", f"{event.id} is used twice"
        seen.add(event.id)
    for number, event in enumerate(measure.events):
        if event.citation is None and event.day_state is None and measure.id not in _PLACEHOLDERS:
            yield (
                f"events[{number}].citation",
                f"missing: name the act that {event.id} rests on",
            )
        if event.retracted_at is not None and not event.retracted_because:
            yield f"events[{number}].retracted_because", "missing: say why the event was retracted"
    retracted = {event.id for event in measure.events if event.retracted_at is not None}
    for number, event in enumerate(measure.events):
        if event.replaces is not None and event.replaces not in retracted:
            yield f"events[{number}].replaces", f"{event.replaces} is no retracted event"


def _of_lapses(measure: Measure) -> Iterator[Finding]:
    """Yield the lapses of a permission that would bring a restriction: it has none, it ends."""
    if not only_eases(measure):
        return
    for number, event in enumerate(measure.events):
        if event.retracted_at is None and event.lapse_effect not in {None, "authorisation_ends"}:
            yield (
                f"events[{number}].lapse_effect",
                f"{event.lapse_effect}, and the measure restricts nothing: a permission ends",
            )


def _of_sureness(measure: Measure) -> Iterator[Finding]:
    """Yield what is `verified_primary` without the act's words, and what nobody read."""
    unread = any(each.startswith(UNREAD) for each in measure.unchecked)
    if measure.checked_until is None and not unread and measure.id not in _PLACEHOLDERS:
        yield (
            "checked_until",
            f"missing: give the newest day of a source read, or an entry of unchecked: {UNREAD!r}",
        )
    for number, event in enumerate(measure.events):
        if event.confidence == "verified_primary" and event.words is None:
            yield (
                f"events[{number}].words",
                "missing: a verified_primary event has its act's words",
            )
    if measure.words is not None:
        yield from words_findings("words.", measure.words)
    if measure.confidence == "verified_primary" and not has_words(measure):
        yield "confidence", "verified_primary, and neither it nor an event has the act's words"


def _of_owners(measure: Measure) -> Iterator[Finding]:
    """Yield what is wrong with the owners stated: whom they own the measure has to name."""
    attached = (each for attachment in measure.attaches for each in attachment.entities)
    named = {*attached, *(() if measure.targets is None else measure.targets.entities)}
    for number, stated in enumerate(measure.owners):
        place = f"owners[{number}]."
        if stated.owned not in named:
            yield f"{place}owned", "is no party that the measure names"
        if stated.share is not None and not 0 < stated.share <= WHOLE:
            yield f"{place}share", "must be more than 0 and at most 100 percent"
        if not is_link(stated.source.url):
            yield f"{place}source.url", "is no web address"
        for field, text in (("owner", stated.owner), ("quote", stated.quote)):
            yield from text_findings(f"{place}{field}", text, LONG)


def _of_ownership(measure: Measure, rules: Collection[str]) -> Iterator[Finding]:
    is_rule = "ownership" in measure.attaches_by and "listing" not in measure.attaches_by
    if is_rule and measure.condition is None:
        yield "condition", "missing: a measure that attaches by ownership alone needs one"
    if is_rule and measure.owns is None:
        yield "owns", "missing: say how much must be owned"
    if not is_rule and measure.condition is not None:
        yield "condition", "only a measure that attaches by ownership alone has one"
    if not is_rule and measure.owns is not None:
        yield "owns", "only a measure that attaches by ownership alone has one"
    if measure.owns is not None and not 0 < measure.owns.share <= WHOLE:
        yield "owns.share", "must be more than 0 and at most 100 percent"
    for rule in () if measure.ownership is None else measure.ownership.by:
        if rule not in rules:
            yield "ownership.by", f"{rule} is no ownership rule"


def _of_texts(place: str, event: Event) -> Iterator[Finding]:
    texts = {
        "effective_time": (event.effective_time, SHORT),
        "citation": (event.citation, SHORT),
        "formality": (event.formality, SHORT),
        "replaces": (event.replaces, SHORT),
        "quote": (event.quote, LONG),
        "note": (event.note, LONG),
        "retracted_because": (event.retracted_because, LONG),
    }
    for field, (text, longest) in texts.items():
        yield from text_findings(f"{place}{field}", text, longest)
    if event.source is not None:
        yield from text_findings(f"{place}source.published", event.source.published, SHORT)
        if not is_link(event.source.url):
            yield f"{place}source.url", "is no web address"


def _of_days(place: str, event: Event) -> Iterator[Finding]:
    days = {
        "announced_on": event.announced_on,
        "published_on": event.published_on,
        "effective_on": event.effective_on,
    }
    yield from _out_of_range(place, {**days, "until": event.until})
    has_day = any(days.values())
    if event.kind in _SAYS and event.announced_on is None and event.published_on is None:
        yield f"{place}announced_on", "missing: an announcement needs its day"
    if has_day and event.day_state is not None:
        yield f"{place}day_state", "says that no day is recorded, but a day is given"
    if not has_day and event.day_state is None:
        yield f"{place}effective_on", "missing: no day at all, and no day_state that says why"


def _out_of_range(place: str, days: Mapping[str, date | None]) -> Iterator[Finding]:
    for field, day in days.items():
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield f"{place}{field}", f"lies outside {FIRST_DAY} to {LAST_DAY}"


def _of_moments(place: str, event: Event) -> Iterator[Finding]:
    moments = {"recorded_at": event.recorded_at, "retracted_at": event.retracted_at}
    given = {field: moment for field, moment in moments.items() if moment is not None}
    yield from _out_of_range(place, {field: moment.date() for field, moment in given.items()})
    for field, moment in given.items():
        if moment.tzinfo is None:
            yield f"{place}{field}", "needs an offset from UTC"


def _of_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until is None:
        yield from _of_missing_end(place, event)
        return
    if event.until_state in {"none_stated", "not_recorded"}:
        yield f"{place}until_state", f"is {event.until_state}, but an end is given"
    if event.effective_on is not None and event.until < event.effective_on:
        yield f"{place}until", "lies before effective_on"
    if event.lapse_effect is None:
        yield f"{place}lapse_effect", "missing: nothing says what follows the end"
    elif event.kind not in _LAPSES[event.lapse_effect]:
        yield f"{place}lapse_effect", f"{event.kind} does not end that way"


def _of_missing_end(place: str, event: Event) -> Iterator[Finding]:
    if event.until_state == "stated":
        yield f"{place}until", "missing: until_state says that it is stated"
    if event.until_bound is not None:
        yield f"{place}until", "missing: until_bound is given"
    if event.kind in _NEEDS_END and event.until_state is None:
        yield f"{place}until_state", "missing: no end is given, and nothing says why"


def _of_words(place: str, event: Event) -> Iterator[Finding]:
    if event.words is not None:
        yield from words_findings(f"{place}words.", event.words)
    elif event.confidence == "verified_primary" and event.quote is None:
        yield f"{place}quote", "missing: what is verified_primary has the act's words"
    elif event.confidence == "verified_primary" and event.source is None:
        yield f"{place}source", "missing: what is verified_primary says where it was read"


def words_findings(place: str, words: Words) -> Iterator[Finding]:
    """Yield what is wrong with an act's words; `place` is put before each field's name."""
    yield from text_findings(f"{place}quote", words.quote, LONG)
    yield from text_findings(f"{place}translation", words.translation, LONG)
    yield from text_findings(f"{place}read_in", words.read_in, LONGEST_LINK)
    if not is_link(words.url):
        yield f"{place}url", "is no web address"
    if _LANGUAGE.fullmatch(words.language) is None:
        yield f"{place}language", f"{words.language!r} is no language tag (en, zh-Hans)"
    elif not words.language.startswith("en") and words.translation is None:
        yield f"{place}translation", "missing: the quote is not in English"
    if _SHA256.fullmatch(words.sha256) is None:
        yield f"{place}sha256", "is no SHA-256, 64 digits from 0 to f"
    elif words.digest_of == "quote" and words.sha256 != sha256_of(words.quote):
        yield f"{place}sha256", f"is not that of the quote, {sha256_of(words.quote)}"
    if not FIRST_DAY <= words.read_on <= LAST_DAY:
        yield f"{place}read_on", f"lies outside {FIRST_DAY} to {LAST_DAY}"


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _of_slice(place: str, part: Slice) -> Iterator[Finding]:
    if is_whole(part):
        yield place, "names no part"
    yield from text_findings(f"{place}.part", part.part, SHORT)
    yield from text_findings(f"{place}.note", part.note, LONG)
    names = {
        "entities": (part.entities, MOST_NAMES),
        "countries": (part.countries, MOST_COUNTRIES),
        "programmes": (part.programmes, MOST_NAMES),
        "citations": (part.citations, MOST_NAMES),
        "footnotes": (part.footnotes, MOST_NAMES),
    }
    for field, (printed, most) in names.items():
        yield from _of_names(f"{place}.{field}", printed, most)
    for number, code in enumerate(part.countries):
        if code not in PLACES:
            yield f"{place}.countries[{number}]", "is no country code"
    days = {"listed_from": part.listed_from, "listed_until": part.listed_until}
    yield from _out_of_range(f"{place}.", days)
    if part.listed_from and part.listed_until and part.listed_until < part.listed_from:
        yield f"{place}.listed_until", "lies before listed_from"


def _of_names(place: str, names: tuple[str, ...], most: int) -> Iterator[Finding]:
    if len(names) > most:
        yield place, f"has {len(names):,} entries; at most {most:,} are allowed"
    for number, name in enumerate(names):
        yield from text_findings(f"{place}[{number}]", name, SHORT)


def _says_why(measure: Measure) -> bool:
    return any(each.startswith(WHY_NONE) for each in measure.unchecked)


def _of_reach(place: str, reach: Reach) -> Iterator[Finding]:
    if reach == Reach():
        yield place, "empty: it would reach everything"
    if reach.items and reach.items_of is not None:
        yield f"{place}.items_of", "is given as well as items; keep one of them"
    yield from _of_places(f"{place}.origin", reach.origin, reach.origin_except)
    yield from _of_places(f"{place}.destination", reach.destination, reach.destination_except)
    for code in reach.exporter:
        if code not in PLACES:
            yield f"{place}.exporter", f"{code} is no country code"
    for code in reach.goods:
        if _GOODS.fullmatch(code) is None:
            yield f"{place}.goods", f"{code!r} is no HS code, nor a range of chapters (84-90)"
    for number, items in enumerate(reach.items):
        yield from _of_class(f"{place}.items[{number}]", items)


def _of_annexes(field: str, reach: Reach, measure: Measure) -> Iterator[Finding]:
    """Yield the annexes that are not there, and those of which no ban may be made."""
    annexes: Mapping[str, GoodsAnnex] = shipped_titles() if reach.annexes else {}
    bans = not _RESTRICTIONS.isdisjoint(each.kind for each in measure.effect)
    for annex_id in reach.annexes:
        if annex_id not in annexes:
            yield field, f"{annex_id} is no annex"
        elif bans and annexes[annex_id].role != "ban":
            yield field, f"{annex_id} lists no goods that are banned ({annexes[annex_id].role})"


def _of_places(field: str, named: tuple[str, ...], excepted: tuple[str, ...]) -> Iterator[Finding]:
    if named and excepted:
        yield (
            f"{field}_except",
            f"is given as well as {field.rpartition('.')[2]}; keep one of them",
        )
    for suffix, codes in (("", named), ("_except", excepted)):
        for code in codes:
            if code not in PLACES:
                yield f"{field}{suffix}", f"{code} is no country code"


def _of_class(place: str, items: ItemClass) -> Iterator[Finding]:
    if not (items.words or items.symbols or items.hs or items.control_codes):
        yield place, "has no word, symbol or code, so no item could match it"
    for called in (*items.words, *items.symbols):
        if not any(map(str.isalnum, called)):
            yield place, f"{called!r} is no word"
    for code in items.hs:
        if _HS.fullmatch(code) is None:
            yield f"{place}.hs", f"{code!r} is no HS code; it has two to ten digits"
    for code in items.control_codes:
        if _CONTROL_CODE.fullmatch(code) is None:
            yield (
                f"{place}.control_codes",
                f"{code!r} is no entry of a control list, such as 3A090.a.1",
            )


def _covers(base: Reach, reach: Reach, items: ItemClass | None) -> bool:
    """Return whether a base is met, or asked about, wherever a class of a reach is met."""
    return (
        _covers_items(base, items)
        and (not base.goods or (bool(reach.goods) and {*reach.goods} <= {*base.goods}))
        and (not base.us_rules or reach.us_rules or reach.origin == (US,))
        and (not base.exporter or _covers_places(base.exporter, (), reach.exporter, ()))
        and _covers_places(base.origin, base.origin_except, reach.origin, reach.origin_except)
        and _covers_places(
            base.destination,
            base.destination_except,
            reach.destination,
            reach.destination_except,
        )
        and (not base.end_use or (bool(reach.end_use) and {*reach.end_use} <= {*base.end_use}))
    )


def _covers_items(base: Reach, items: ItemClass | None) -> bool:
    if not base.items:
        return True
    if items is None:
        return False
    words = {each.casefold() for known in base.items for each in (*known.words, *known.symbols)}
    hs = tuple(each for known in base.items for each in known.hs)
    codes = tuple(each for known in base.items for each in known.control_codes)
    return (
        all(each.casefold() in words for each in (*items.words, *items.symbols))
        and all(each.startswith(hs) for each in items.hs)
        and all(each.startswith(codes) for each in items.control_codes)
    )


def _covers_places(
    base: tuple[str, ...],
    base_except: tuple[str, ...],
    named: tuple[str, ...],
    excepted: tuple[str, ...],
) -> bool:
    if base:
        return bool(named) and _members(named) <= _members(base)
    if not base_except:
        return True
    if named:
        return _members(named).isdisjoint(_members(base_except))
    return _members(base_except) <= _members(excepted)


def _members(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(
        member for code in codes for member in (EU_MEMBERS if code == EU else (code,))
    )
