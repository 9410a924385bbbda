"""What the body of an act says: what it does, to which measures, and from when until when.

Each finding keeps the words that say so, and where in the act they stand. Only forms that the
publishers use are read (the enacting terms of the Official Journal, MOFCOM's announcements, OFAC's
recent actions, gov.uk's notices); what the body does not say by one is left to a person.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from abeyance_screening.engine.measures.measure import EventKind, Measure, UntilBound
from abeyance_screening.engine.measures.places import Place, acts_named, meant
from abeyance_screening.features.watch.proposals.titles import MOST_MEANT, deed_in
from abeyance_screening.features.watch.proposals.us_fr.sentences import SENTENCE_END


class Said(msgspec.Struct, frozen=True):
    """One sentence of an act, and where it stands: `Article 2`, `item 一`, `paragraph 3`."""

    where: str
    words: str


class BodyReading(msgspec.Struct, frozen=True, kw_only=True):
    """What the body of an act says, each with the sentence that says so; None where none does.

    `measures` are those that it names, of which `deed` names each if `is_deeds_own`.
    """

    kind: EventKind | None = None
    deed: Said | None = None
    measures: tuple[str, ...] = ()
    is_deeds_own: bool = False
    effective_on: date | None = None
    starts: Said | None = None
    until: date | None = None
    until_bound: UntilBound | None = None
    ends: Said | None = None


NOTHING = BodyReading()


# --- Its sentences, of the part that enacts.

_ENACTS = re.compile(r"\bHAVE? ADOPTED THIS\b|\bHAS ADOPTED THIS\b")
_SIGNED = re.compile(r"^Done at [A-Z]")
_ARTICLE = re.compile(r"^Article \d+[a-z]{0,2}$")
_ITEM = re.compile(r"^([一二三四五六七八九十]+)、")
_CHINESE_END = re.compile(r"(?<=[。\uff1b])")
_MORE_NUMBERS = re.compile(r"(\d{4})年第?\d{1,3}号((?:(?:、|和|及|\uff0c)第?\d{1,3}号)+)")


def _sentences(body: str) -> Iterator[Said]:
    """Yield the sentences of the enacting part, each with its place."""
    lines = body.split("\n")
    start = next((n + 1 for n, line in enumerate(lines) if _ENACTS.search(line)), 0)
    article: str | None = None
    for number, line in enumerate(lines[start:], start=start + 1):
        if start and _SIGNED.match(line):
            return
        if _ARTICLE.match(line):
            article = line
            continue
        item = _ITEM.match(line)
        where = f"item {item[1]}" if item else article or f"paragraph {number}"
        for part in _CHINESE_END.split(line):
            yield from (Said(where, text.strip()) for text in SENTENCE_END.split(part) if text)


def _every_number(text: str) -> str:
    """Write out numbers that share a year: `2025年第55号、56号` names No. 56 of 2025 too."""

    def whole(match: re.Match[str]) -> str:
        more = (each[0] for each in re.finditer(r"\d{1,3}(?=号)", match[2]))
        return match[0] + "".join(f"\uff0c{match[1]}年第{each}号" for each in more)

    return _MORE_NUMBERS.sub(whole, text)


# --- Its days.

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = rf"(?:(?P<us>(?:{_MONTHS}) \d{{1,2}}, \d{{4}})|(?P<uk>\d{{1,2}} (?:{_MONTHS}) \d{{4}}))"
_CN_DAY = r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"
_STARTS = (
    re.compile(
        rf"(?i)\b(?:appl(?:y|ies) from|with effect from|effective(?: on| as of| from)?|"
        rf"(?:c[ao]mes?|brought|enters?|entered) into force on|introduced on) {_DAY}"
    ),
    re.compile(rf"自{_CN_DAY}(?:\d{{1,2}}时\d{{1,2}}分)?起"),
)
_STARTS_NEXT_DAY = re.compile(r"(?i)into force on the day following that of its publication")
_STARTS_AT_ONCE = re.compile(
    r"(?i)into force on the (?:date|day) of its publication|自公布之日起|自发布之日起|即日起"
)
_ENDS = (
    re.compile(
        rf"(?i)\b(?P<word>through|until|expires?(?: on| at)?)"
        rf"(?P<hour> (?:12:01|11:59) [ap]\.?m\.?,?"
        rf"(?: eastern (?:standard|daylight) time)?,?(?: on)?)? {_DAY}"
    ),
    re.compile(rf"至{_CN_DAY}(?P<word>)(?P<hour>)"),
)
_NEXT_DAY = timedelta(days=1)


def _day(match: re.Match[str]) -> date | None:
    found = match.groupdict()
    try:
        if found.get("y"):
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
        if found["us"]:
            return datetime.strptime(found["us"], "%B %d, %Y").date()  # noqa: DTZ007 - a day alone
        return datetime.strptime(found["uk"], "%d %B %Y").date()  # noqa: DTZ007 - a day alone
    except ValueError:
        return None


def _start(text: str, published_on: date | None) -> date | None:
    for pattern in _STARTS:
        match = pattern.search(text)
        if match is not None:
            return _day(match)
    if published_on is not None and _STARTS_NEXT_DAY.search(text):
        return published_on + _NEXT_DAY
    return published_on if _STARTS_AT_ONCE.search(text) else None


def _end(text: str) -> tuple[date | None, UntilBound | None]:
    """Return the last day that a sentence states, and whether it is included."""
    for pattern in _ENDS:
        match = pattern.search(text)
        if match is None:
            continue
        if "12:01 a" in (match["hour"] or "").casefold():
            # one minute of that day is none
            return _day(match), "exclusive"
        is_included = match["word"].casefold() == "through"
        return _day(match), "inclusive" if is_included else "unknown"
    return None, None


# --- Its measures.

_GENERAL_LICENCE = re.compile(r"\bGeneral Licen[cs]es?(?: No\.?)? (\d{1,3})[A-Z]?\b")
_REGULATIONS = re.compile(
    r"\b(?:The |the )?([A-Z][\w' -]*(?: \([\w' -]+\))*?) "
    r"(?:\(Amendment\) )?(?:\(No\. ?\d+\) )?Regulations \d{4}"
)


def _named(place: Place, text: str, measures: Sequence[Measure]) -> tuple[str, ...]:
    """Return the measures of a place that a text names: by their acts, licences or regulations."""
    found = dict.fromkeys(meant(place, _every_number(text), measures))
    licences = {match[1] for match in _GENERAL_LICENCE.finditer(text)}
    regulations = {match[1] for match in _REGULATIONS.finditer(text) if "(" in match[1]}
    decided = [each for each in measures if each.authority in place.decides]
    acts = frozenset(
        act
        for each in decided
        for name in regulations
        if f"{name} Regulations" in " ; ".join((each.citation, each.title, *each.legal_basis))
        for act in acts_named(each.citation)
    )
    for each in decided:
        is_licence = each.title.split()[0] in text and any(
            re.search(rf"\bGL {number}[A-Z]?\b", each.title) for number in licences
        )
        if is_licence or not acts.isdisjoint(acts_named(each.citation)):
            found[each.id] = None
    return tuple(found) if len(found) <= MOST_MEANT else ()


def read_body(
    place: Place, body: str, published_on: date | None, measures: Sequence[Measure]
) -> BodyReading:
    """Return what the text of an act says, a paragraph a line.

    The first sentence that does something counts, and of the days the first ones that are stated.
    A day that is told by the day of publication needs `published_on`.
    """
    said = tuple(_sentences(body))
    kind, deed, own = _deed(said, lambda words: _named(place, words, measures))
    starts = next((each for each in said if _start(each.words, published_on)), None)
    ends = next((each for each in said if _end(each.words)[0]), None)
    until, bound = (None, None) if ends is None else _end(ends.words)
    return BodyReading(
        kind=kind,
        deed=deed,
        measures=own or _named(place, " ".join(each.words for each in said), measures),
        is_deeds_own=bool(own),
        effective_on=None if starts is None else _start(starts.words, published_on),
        starts=starts,
        until=until,
        until_bound=bound,
        ends=ends,
    )


def _deed(
    said: Iterable[Said], names: Callable[[str], tuple[str, ...]]
) -> tuple[EventKind | None, Said | None, tuple[str, ...]]:
    """Return what the act does, the sentence that says so, and the measures it `names`.

    The first sentence that does something says what; of those that do the same, the first one
    that names a measure counts, for a headline often does not.
    """
    first, first_kind = None, None
    for each in said:
        kind, _ = deed_in(each.words)
        if kind is None or first_kind not in {None, kind}:
            continue
        if measures := names(each.words):
            return kind, each, measures
        if first is None:
            first, first_kind = each, kind
    return first_kind, first, ()
