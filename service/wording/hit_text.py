"""A hit in words: everything that is said of it and of the measures behind it, composed once.

A page, a print, a sheet and a terminal lay a `HitText` out and add no fact of their own. Where a
listing's own licence terms are told, under which measure, is decided here and nowhere else.
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

_NO_MEASURE = "No measure behind this listing is in the register yet: treat it as restricted."
_LISTING_CHANGES: Mapping[ListingChangeKind, str] = MappingProxyType(
    {
        "listed": "it came onto the list",
        "left": "it left the list",
        "changed": "its entry is printed otherwise",
        "same": "its entry is the same",
        "unknown": "whether its entry is the same is not known, for no edition of then is here",
    }
)


class MeasureText(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on its day in words.

    `title` is what a desk calls it, `title_on_record` its act's own title where that is another
    one. `licence` is what the listing prints on licences, where this is the measure that it is
    printed for: a sentence, then the policies beside it. `owed` is a duty that the status leaves
    behind and `sentence` does not name. `question` is what a reader must answer for the measure
    to reach the party. `ahead` is the next change on record: `28 Nov 2026: In force`.
    `measure` is what the words are of, for whoever draws or counts.
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

    @property
    def titles(self) -> str:
        """Both titles, where there is room: `Affiliates Rule (50%) — Expansion of …`."""
        return " — ".join(filter(None, (self.title, self.title_on_record)))

    @property
    def lines(self) -> tuple[Note, ...]:
        """What stands below the sentence: the duty still owed, then the notes."""
        if self.owed is None:
            return self.notes
        return (Note(kind="owed", label="Still owed", text=self.owed), *self.notes)


class HitText(msgspec.Struct, frozen=True, kw_only=True):
    """A hit in words.

    `matched` says how the name met, `agreements` what else of the question speaks for or against
    it. `gone` is told of a party that left its list, `no_measure` of one that stands there without
    any measure, None otherwise. `licence` is what the listing prints on licences where no measure
    behind it is the one that it is printed for. `changed` is what became of it since the day that
    the question names. `direct` are the measures that reach it by themselves, `conditions` those
    that turn on a question.
    """

    name: str
    listing_id: str
    entry_id: str | None
    list_code: str
    list_title: str
    authority: str
    matched: str
    agreements: tuple[str, ...]
    gone: str | None
    no_measure: str | None
    licence: tuple[str, ...]
    changed: tuple[str, ...]
    measures: tuple[MeasureText, ...]

    @property
    def agreements_in_sentences(self) -> tuple[str, ...]:
        """`Country differs.` for `country differs`."""
        return tuple(f"{each[:1].upper()}{each[1:]}." for each in self.agreements)

    @property
    def history(self) -> str:
        """A party that has left its list, in a line: who, from which list, and when."""
        return " ".join(filter(None, (f"{self.name}, {self.list_title}.", self.gone)))

    @property
    def direct(self) -> tuple[MeasureText, ...]:
        """The measures that reach the party by themselves, in their order."""
        return tuple(each for each in self.measures if each.question is None)

    @property
    def conditions(self) -> tuple[MeasureText, ...]:
        """The measures that reach it only if a question is answered with yes."""
        return tuple(each for each in self.measures if each.question is not None)


def hit_text(hit: Hit, asked: date) -> HitText:
    """Return a hit in words, in an answer about the day `asked`."""
    listing, is_gone = hit.listing, hit.standing.state == "left"
    home = _printed_for(hit.measures)
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
        gone=gone_in_words(hit.standing),
        no_measure=_NO_MEASURE if not hit.measures and not is_gone else None,
        licence=printed if home is None and not is_gone else (),
        changed=() if hit.changed is None else tuple(_changed(hit.changed)),
        measures=tuple(
            _text(each, asked, hit_notes(each, hit), printed if each is home else ())
            for each in hit.measures
        ),
    )


def measure_text(measure: MeasureOnDay, asked: date) -> MeasureText:
    """Return a measure in words that is told of no hit, in an answer about the day `asked`."""
    return _text(measure, asked, notes(_of_itself(measure)), ())


def _text(
    measure: MeasureOnDay, asked: date, told: Iterable[Note], printed: tuple[str, ...]
) -> MeasureText:
    of_itself = _of_itself(measure)
    title, said = measure_title(measure.id, measure.title), sentence(of_itself)
    owed = measure.residual_obligation
    return MeasureText(
        measure=of_itself,
        title=title,
        title_on_record=None if title == measure.title else measure.title,
        authority=f"{measure.jurisdiction} · {measure.authority}",
        badge=badge(of_itself),
        own_day=own_day_of(measure, asked),
        licence=printed if measure.status in BITES else (),
        sentence=said,
        owed=None if owed is None or owed in said else owed,
        notes=fine_print(told),
        question=measure.condition,
        ahead=_ahead(measure),
    )


def _terms(terms: LicenceTerms) -> tuple[str, ...]:
    return (licence_in_words(terms), *policies_in_words(terms))


def _of_itself(measure: MeasureOnDay) -> MeasureOnDay:
    """The measure; of a condition without what its listing lacks, which the rule does not."""
    return measure if measure.condition is None else without_the_entry(measure)


def _printed_for(measures: Iterable[MeasureOnDay]) -> MeasureOnDay | None:
    """The measure whose licence terms an entry prints: the list's own, not a rule beside it.

    The columns of Supplement No. 4 to 15 CFR Part 744 say what needs a licence under 744.11; what
    the foreign-direct-product rules reach stands in 734.9, and what an addition to the list asks
    for is what the list then prints. Of several such lists it is the first.
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
    """`Since 1 Oct 2026: its entry is printed otherwise (remarks).`, then measure by measure."""
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    yield f"Since {day_in_words(change.since)}: {_LISTING_CHANGES[change.listing]}{fields}."
    for diff in change.measures:
        yield f"{measure_title(diff.measure_id, diff.title)}: {diff.sentence}"
