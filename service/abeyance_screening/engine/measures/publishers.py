"""Where an act's words were read: on a page of the act's own publisher, or in a copy."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from abeyance_screening.engine.measures.measure import Confidence, Event, Measure, Words

ReadFrom = Literal["publisher", "copy"]
"""Where the act's words were read: on a page of its own `publisher`, or in a `copy` (a repository,
a law firm's memo)."""

ReadingGrade = Literal["publisher", "copy", "told", "none"]
"""What a record rests on: the act's words on its `publisher`'s own page, its words in a `copy`,
what others have `told` without the act's words being seen, or no source that was read (`none`)."""

OWN_HOSTS: tuple[frozenset[str], ...] = (
    # the United States: the Federal Register, the Code, and the agencies' own sites
    frozenset(
        {"federalregister.gov", "ecfr.gov", "govinfo.gov", "gpo.gov", "uscode.house.gov"}
        | {"congress.gov", "whitehouse.gov", "supremecourt.gov", "ofac.treasury.gov"}
        | {"home.treasury.gov", "bis.gov", "bis.doc.gov", "state.gov", "dhs.gov", "cbp.gov"}
        | {"fcc.gov", "ustr.gov", "media.defense.gov", "sam.gov"}
    ),
    frozenset({"eur-lex.europa.eu", "data.europa.eu", "ec.europa.eu", "consilium.europa.eu"}),
    # mainland China: the ministries, the congress and the embassies
    frozenset(
        {"mofcom.gov.cn", "mfa.gov.cn", "mot.gov.cn", "npc.gov.cn", "customs.gov.cn"}
        | {"china-embassy.gov.cn"}
    ),
    frozenset({"legislation.gov.uk", "gov.uk"}),
    frozenset({"un.org", "undocs.org"}),
    frozenset({"justice.gc.ca", "international.gc.ca", "science.gc.ca", "canada.ca"}),
    frozenset({"mof.go.jp", "mofa.go.jp", "meti.go.jp", "fsa.go.jp", "e-gov.go.jp"}),
    frozenset({"legislation.gov.au", "dfat.gov.au"}),
    frozenset({"admin.ch"}),
    frozenset({"legislation.govt.nz", "mfat.govt.nz"}),
    frozenset({"overheid.nl", "rijksoverheid.nl", "government.nl"}),
    frozenset({"ejustice.just.fgov.be", "finance.belgium.be"}),
    frozenset({"legifrance.gouv.fr"}),
    frozenset({"e-sbirka.cz"}),
    frozenset({"sejm.gov.pl"}),
    frozenset({"rada.gov.ua"}),
    frozenset({"law.go.kr", "korea.kr", "motie.go.kr"}),
    frozenset({"trade.gov.tw", "mof.gov.tw"}),
    frozenset({"regjeringen.no", "lovdata.no"}),
    frozenset({"dgft.gov.in"}),
    frozenset({"tid.gov.hk", "elegislation.gov.hk"}),
    frozenset({"worldbank.org"}),
)
"""The hosts where the publishers of acts publish them, those of one publisher's side together.

A host stands for those below it (`www.`) as well. What is read on one of a publisher's hosts is
read on its own page, whichever of them the act's address names.
"""

# A host at the beginning of a text or in it; the endings of files are none.
_HOST = re.compile(
    r"(?<![\w./-])(?:https?://)?(?P<host>(?:[a-z0-9-]+\.)+(?!(?:md|txt|html?|shtml|xml|pdf|php)\b)"
    r"[a-z]{2,})(?![\w.-]*@)(?=[/\s,;:)?]|$)"
)


class WordsRead(msgspec.Struct, frozen=True, kw_only=True):
    """Where an act's words were read."""

    read_from: ReadFrom
    host: str | None
    """Host of the page; null where the record names none."""
    copy: str | None
    """The copy as the record describes it; null for a page of the publisher's own."""
    read_on: date | None
    """The day of the reading; null where it is not recorded."""


def reading_of(words: Words) -> WordsRead:
    """Return where an act's words were read.

    They were read on the publisher's own page if the record of the reading is its address, or
    begins with it. A reading that the record describes in any other way counts as one of a copy.
    """
    if words.read_in is None:
        return _at(words.url, words.url, words.read_on)
    text = " ".join(words.read_in.split())
    if _HOST.match(text) is not None:
        return _at(text, words.url, words.read_on)
    found = [match["host"] for match in _HOST.finditer(text)]
    copies = [host for host in found if publisher_of(host) is None]
    return WordsRead(
        read_from="copy", host=next(iter(copies), None), copy=text, read_on=words.read_on
    )


def reading_of_event(event: Event) -> WordsRead | None:
    """Return where the words of an event's act were read; None where they were not read.

    An operator's event quotes its act, and its source is where the operator read it.
    """
    if event.words is not None:
        return reading_of(event.words)
    if event.quote is None or event.source is None or event.confidence != "verified_primary":
        return None
    return _at(event.source.url, event.source.url, None)


def reading_of_measure(measure: Measure) -> WordsRead | None:
    """Return where a measure's words were read; without any, those of its events, a copy first."""
    if measure.words is not None:
        return reading_of(measure.words)
    readings = [reading_of_event(each) for each in measure.events if each.retracted_at is None]
    found = [each for each in readings if each is not None]
    return min(found, key=lambda each: each.read_from == "publisher", default=None)


def reading_grade(confidence: Confidence, reading: WordsRead | None) -> ReadingGrade:
    """Return what a record rests on that is known so and was read there.

    The words of an act whose place of reading is not recorded count as those of a copy.
    """
    match confidence:
        case "verified_primary":
            return "copy" if reading is None else reading.read_from
        case "verified_secondary" | "disputed":
            return "told"
        case "general_knowledge":
            return "none"


def told_by(measure: Measure) -> tuple[str, ...]:
    """Return who told of an act whose words nobody has seen: hosts of the pages that were read.

    Hosts of others come first; a page of the act's own publisher tells of it too. The acts'
    addresses that the events cite count where the record names no page.
    """
    pages = [each.url for each in measure.sources] or [
        each.source.url
        for each in measure.events
        if each.source is not None and each.retracted_at is None
    ]
    return hosts_of(pages)


def hosts_of(pages: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts of addresses, each once; those of no act's publisher come first."""
    hosts = [(urlsplit(each).hostname or "").removeprefix("www.") for each in pages]
    named = dict.fromkeys(each for each in hosts if each)
    return tuple(sorted(named, key=lambda each: publisher_of(each) is not None))


class GradeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many measures rest on what; each counts once."""

    publisher: int
    """The act's own words, read on a page of its publisher."""
    copy: int
    """The act's own words, read in a copy of it."""
    told: int
    """What others say of the act, whose words nobody has seen."""
    none: int
    """No source that was read."""


def reading_grades(measures: Iterable[Measure]) -> GradeCounts:
    """Return how many of these measures rest on what."""
    found = Counter(reading_grade(each.confidence, reading_of_measure(each)) for each in measures)
    return GradeCounts(
        publisher=found["publisher"], copy=found["copy"], told=found["told"], none=found["none"]
    )


# The register has some hundred hosts, of which each answer about a listing asks again and again.
@lru_cache(maxsize=1024)
def publisher_of(host: str) -> frozenset[str] | None:
    """Return the hosts of the publisher whose own host this is, None where it is nobody's."""
    for hosts in OWN_HOSTS:
        if any(host == own or host.endswith(f".{own}") for own in hosts):
            return hosts
    return None


def _at(text: str, address: str, read_on: date | None) -> WordsRead:
    """Return the reading of a page whose address begins the text."""
    match = _HOST.match(text)
    host = None if match is None else match["host"].removeprefix("www.")
    publisher = publisher_of((urlsplit(address).hostname or "").lower())
    if host is not None and publisher is not None and publisher_of(host) == publisher:
        return WordsRead(read_from="publisher", host=host, copy=None, read_on=read_on)
    return WordsRead(read_from="copy", host=host, copy=text, read_on=read_on)
