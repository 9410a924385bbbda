"""A hit in words: everything there is to say about the hit and its measures, composed once.

A page, a print, a sheet and a terminal lay a `HitText` out and add no fact. This module alone
decides under which measure the licence terms of a listing are shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from service.days import day_in_words
from service.lists.listing import LicenceTerms
from service.measures.coming_model import HitChange, ListingChangeKind
from service.measures.on_day import MeasureOnDay
from service.measures.status import BITES
from service.screening.answer import Hit
from service.wording.hits import (
    Act,
    acts_of_entry,
    acts_of_measure,
    agreements,
    gone_in_words,
    hit_notes,
    licence_in_words,
    matched_in_words,
    policies_in_words,
    without_the_entry,
)
from service.wording.notes import Note, OwnDay, fine_print, notes, own_day_of
from service.wording.status import badge, plain_badge, sentence
from service.wording.titles import list_authority, list_title, measure_title

_NO_MEASURE = "The register has no measure for this listing yet: treat it as restricted."
_LISTING_CHANGES: Mapping[ListingChangeKind, str] = MappingProxyType(
    {
        "listed": "it came onto the list",
        "left": "it left the list",
        "changed": "its entry has changed",
        "same": "its entry is the same",
        "unknown": "whether its entry has changed is not known: no edition from then is at hand",
    }
)


class MeasureText(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on its day in words.

    `title` is the short title, `title_on_record` the official title of the act where the two
    differ. `licence` holds what the listing prints on licences, if this is the measure those terms
    belong to: a sentence, then the more specific policies. `owed` is a duty that the status leaves
    in place and that `sentence` does not name. `question` is what a reader must answer with yes
    for the measure to reach the party. `ahead` is the next change on record: `28 Nov 2026: In
    force`. `acts` are those that the status rests on, the newest first, and the measure's own act
    last. `measure` is the measure itself, for callers that draw or count.
    """

    measure: MeasureOnDay
    title: str
    title_on_record: str | None
    authority: str
    badge: str
    own_day: OwnDay | None
    licence: tuple[str, ...]
    sentence: str
    owed: str | None
    notes: tuple[Note, ...]
    question: str | None
    ahead: str | None
    acts: tuple[Act, ...]

    @property
    def titles(self) -> str:
        """Both titles in one line: `Affiliates Rule (50%) — Expansion of …`."""
        return " — ".join(filter(None, (self.title, self.title_on_record)))

    @property
    def lines(self) -> tuple[Note, ...]:
        """What follows the sentence: the duty that is still owed, then the notes."""
        if self.owed is None:
            return self.notes
        return (Note(kind="owed", label="Still owed", text=self.owed), *self.notes)


class HitText(msgspec.Struct, frozen=True, kw_only=True):
    """A hit in words.

    `matched` says how the name met, `agreements` what else in the question speaks for or against
    the hit. `unlisted` says, of a party that a measure names and no published list has, that this
    is so and why it is here. `gone` says when a party left its list, `no_measure` that a listed
    party has no measure; all three are None otherwise. `licence` holds what the listing prints on
    licences if those terms belong to none of its measures. `changed` says what changed since the
    day that the question compares with. `acts` are those that the entry cites. `direct` are the
    measures that apply without a question, `conditions` those that depend on one.
    """

    name: str
    listing_id: str
    entry_id: str | None
    list_code: str
    list_title: str
    authority: str
    matched: str
    agreements: tuple[str, ...]
    unlisted: str | None
    gone: str | None
    no_measure: str | None
    licence: tuple[str, ...]
    changed: tuple[str, ...]
    acts: tuple[Act, ...]
    measures: tuple[MeasureText, ...]

    @property
    def agreements_in_sentences(self) -> tuple[str, ...]:
        """The agreements as sentences: `Country differs.` for `country differs`."""
        return tuple(f"{each[:1].upper()}{each[1:]}." for each in self.agreements)

    @property
    def history(self) -> str:
        """A party that has left its list, in one line: who, from which list, and when."""
        return " ".join(filter(None, (f"{self.name}, {self.list_title}.", self.gone)))

    @property
    def direct(self) -> tuple[MeasureText, ...]:
        """The measures that apply without a question, in their order."""
        return tuple(each for each in self.measures if each.question is None)

    @property
    def conditions(self) -> tuple[MeasureText, ...]:
        """The measures that apply only if a question is answered with yes, in their order."""
        return tuple(each for each in self.measures if each.question is not None)


def hit_text(hit: Hit, asked: date) -> HitText:
    """Return a hit in words, for an answer about the day `asked`."""
    listing, is_gone = hit.listing, hit.standing.state == "left"
    licence_list = _printed_for(hit.measures)
    printed = () if hit.licence is None else _terms(hit.licence)
    return HitText(
        name=listing.primary_name,
        listing_id=listing.id,
        entry_id=listing.entry_id,
        list_code=listing.list_code,
        list_title=list_title(listing.list_code),
        authority=list_authority(listing.list_code),
        matched=matched_in_words(hit),
        agreements=tuple(agreements(hit)),
        unlisted=hit.on_no_list,
        gone=gone_in_words(hit.standing),
        no_measure=_NO_MEASURE if not hit.measures and not is_gone else None,
        licence=printed if licence_list is None and not is_gone else (),
        changed=() if hit.changed is None else tuple(_changed(hit.changed)),
        acts=acts_of_entry(listing.citations),
        measures=tuple(
            _text(each, asked, hit_notes(each, hit), printed if each is licence_list else ())
            for each in hit.measures
        ),
    )


def measure_text(measure: MeasureOnDay, asked: date) -> MeasureText:
    """Return a measure in words without any hit, for an answer about the day `asked`."""
    return _text(measure, asked, notes(_of_itself(measure)), ())


def _text(
    measure: MeasureOnDay, asked: date, lines: Iterable[Note], printed: tuple[str, ...]
) -> MeasureText:
    of_itself = _of_itself(measure)
    title, meaning = measure_title(measure.id, measure.title), sentence(of_itself)
    owed = measure.residual_obligation
    return MeasureText(
        measure=of_itself,
        title=title,
        title_on_record=None if title == measure.title else measure.title,
        authority=f"{measure.jurisdiction} · {measure.authority}",
        badge=badge(of_itself),
        own_day=own_day_of(measure, asked),
        licence=printed if measure.status in BITES else (),
        sentence=meaning,
        owed=None if owed is None or owed in meaning else owed,
        notes=fine_print(lines),
        question=measure.condition,
        ahead=_ahead(measure),
        acts=acts_of_measure(measure),
    )


def _terms(terms: LicenceTerms) -> tuple[str, ...]:
    return (licence_in_words(terms), *policies_in_words(terms))


def _of_itself(measure: MeasureOnDay) -> MeasureOnDay:
    """Return the measure; if it is a condition, without the flags of its listing."""
    return measure if measure.condition is None else without_the_entry(measure)


def _printed_for(measures: Iterable[MeasureOnDay]) -> MeasureOnDay | None:
    """Return the measure that the licence terms of an entry belong to: the list's own.

    The columns of Supplement No. 4 to 15 CFR Part 744 say what needs a licence under 744.11; what
    the foreign-direct-product rules reach is set out in 734.9, and an addition to the list
    requires what the list then prints. Of several such lists the first counts.
    """
    return next((each for each in measures if _is_licence_list(each)), None)


def _is_licence_list(measure: MeasureOnDay) -> bool:
    return (
        measure.condition is None
        and measure.kind == "list"
        and any(effect.kind == "licence_required" for effect in measure.effect)
    )


def _ahead(measure: MeasureOnDay) -> str | None:
    then, becomes = measure.next_change_on, measure.next_change_to
    if then is None or becomes is None:
        return None
    return f"{day_in_words(then)}: {plain_badge(becomes)}"


def _changed(change: HitChange) -> Iterator[str]:
    """Yield what changed: first the listing, then each measure.

    `Since 1 Oct 2026: its entry has changed (remarks).`
    """
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    yield f"Since {day_in_words(change.since)}: {_LISTING_CHANGES[change.listing]}{fields}."
    for diff in change.measures:
        yield f"{measure_title(diff.measure_id, diff.title)}: {diff.sentence}"
