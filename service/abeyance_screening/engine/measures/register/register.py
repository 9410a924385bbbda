"""The register in memory: look up a measure by id, and the measures that reach a listing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from abeyance_screening.engine.lists.catalogue import LIST_CODES
from abeyance_screening.engine.lists.listing import (
    Listing,
    citation_forms,
    footnotes_of,
    name_form,
    programme_form,
)
from abeyance_screening.engine.measures.law.per_listing import imposed_on, may_be, may_print
from abeyance_screening.engine.measures.measure import (
    Attachment,
    Measure,
    MeasureReview,
    only_eases,
)
from abeyance_screening.primitives.errors import NotFoundError

# The ids of the entries for a listing of a user's own list, and for one that no measure covers.
OWN_LIST = "own-list"
NOT_IN_REGISTER = "not-in-register"
_Attached = tuple[Measure, Attachment]


class Register:
    """All measures, ordered by id, with an index of what they attach to.

    A register without the entries `own-list` and `not-in-register` raises NotFoundError for a
    listing that needs one of them.
    """

    def __init__(self, measures: Iterable[Measure], reviews: Iterable[MeasureReview] = ()) -> None:
        """Index the measures; `reviews` are in the order in which they were stored.

        Of several of one measure the last counts.
        """
        every = tuple(reviews)
        self.reviews = MappingProxyType({each.measure_id: each for each in every})
        self._every_review = every
        self.measures = tuple(sorted(measures, key=lambda measure: measure.id))
        self._by_id = MappingProxyType(
            {key: each for each in self.measures for key in (each.id, *each.also_known_as)}
        )
        self._reach = _index(self.measures)
        self._listed_by = _days_of_acts(self.measures)

    def get(self, measure_id: str) -> Measure:
        """Return the measure with this id, also where the id is one of its `also_known_as`.

        Raises:
            NotFoundError: No measure has that id.
        """
        measure = self._by_id.get(measure_id)
        if measure is None:
            raise NotFoundError("measure", measure_id)
        return measure

    def has(self, measure_id: str) -> bool:
        """Return whether a measure has this id, or once had it."""
        return measure_id in self._by_id

    def reviews_of(self, measure_id: str) -> tuple[MeasureReview, ...]:
        """Return every review of a measure, the newest first; none is ever taken back."""
        return tuple(
            each for each in reversed(self._every_review) if each.measure_id == measure_id
        )

    def attached_to(self, listing: Listing) -> tuple[Measure, ...]:
        """Return the measures that reach a listing: what binds, what eases, then the conditions.

        Each of these groups is ordered by id. The conditions are the ownership rules that the
        other measures name, and those that attach to the list themselves. The result is never
        empty. A listing of a list outside the catalogue (a user's own) gets `own-list`. A listing
        that prints an unregistered programme, that could not be read, or that no measure binds,
        gets `not-in-register` as well as the other measures that reach it.
        """
        if listing.list_code not in LIST_CODES:
            return (self.get(OWN_LIST),)
        reach = self._reach.get(listing.list_code)
        found = reach.of(listing) if reach else {}
        binds = any(measure.condition is None for measure in found.values())
        unknown = listing.unread is not None or (reach and reach.unknown_programmes(listing))
        if unknown or not binds:
            found[NOT_IN_REGISTER] = self.get(NOT_IN_REGISTER)
        found |= {rule.id: rule for each in found.values() for rule in self._owning(each, listing)}
        return tuple(sorted(found.values(), key=_reading_order))

    def entered_on(self, listing: Listing) -> date | None:
        """Return the day of an entry by the oldest act that it cites, None if that is not known.

        Acts that list parties are events of the kind `list`, and pages of the Federal Register.
        """
        cited = (form for each in listing.citations for form in citation_forms(each))
        oldest = min(filter(None, map(_place_of, cited)), default=None)
        return None if oldest is None else self._listed_by.get(oldest)

    def unknown_programmes(self, listing: Listing) -> tuple[str, ...]:
        """Return the programmes of a listing that are not registered for its list, as printed.

        Empty for a listing of a user's own list, whose programmes are the user's.
        """
        if listing.list_code not in LIST_CODES:
            return ()
        return self._reach.get(listing.list_code, _Reach()).unknown_programmes(listing)

    def _owning(self, measure: Measure, listing: Listing) -> Iterator[Measure]:
        """Yield the rules by which a measure reaches what this party owns."""
        if measure.ownership is None:
            return
        carries = measure.ownership.carries
        if not carries or any(
            effect.kind in carries for effect in imposed_on(measure, listing).effects
        ):
            yield from map(self.get, measure.ownership.by)


def _days_of_acts(measures: Iterable[Measure]) -> Mapping[tuple[int, int], date]:
    """Return the day on which each act took effect that lists parties, by volume and page."""
    days: dict[tuple[int, int], date] = {}
    for event in (event for each in measures for event in each.events):
        counts = event.kind == "list" and event.retracted_at is None
        if counts and event.citation is not None and event.effective_on is not None:
            for place in filter(None, map(_place_of, citation_forms(event.citation))):
                days[place] = min(event.effective_on, days.get(place, event.effective_on))
    return MappingProxyType(days)


def _place_of(form: str) -> tuple[int, int] | None:
    """Return the volume and page of a citation of the Federal Register: `90 FR 4617`."""
    volume, is_cited, page = form.partition(" FR ")
    return (int(volume), int(page)) if is_cited and volume.isdecimal() else None


class _Reach:
    """An index of the attachments to one list, by what they match."""

    def __init__(self) -> None:
        self.whole: list[_Attached] = []
        self.alone: list[_Attached] = []
        self.by_programme: defaultdict[str, list[_Attached]] = defaultdict(list)
        self.by_citation: defaultdict[str, list[_Attached]] = defaultdict(list)
        self.by_entity: defaultdict[str, list[_Attached]] = defaultdict(list)
        self.by_footnote: defaultdict[str, list[_Attached]] = defaultdict(list)

    def add(self, measure: Measure, attachment: Attachment) -> None:
        """Add one attachment under everything it matches."""
        attached = measure, attachment
        for programme in attachment.programmes:
            self.by_programme[programme_form(programme)].append(attached)
        for citation in attachment.citations:
            for form in citation_forms(citation):
                self.by_citation[form].append(attached)
        for entity in attachment.entities:
            self.by_entity[name_form(entity)].append(attached)
        for footnote in attachment.footnotes:
            self.by_footnote[footnote].append(attached)
        if attachment.only_alone:
            self.alone.append(attached)
        elif not names_part(attachment):
            self.whole.append(attached)

    def of(self, listing: Listing) -> dict[str, Measure]:
        """Return the measures that reach a listing, by id."""
        by_programme = _within(self._by_programme(listing), listing)
        others = (
            *self.whole,
            *self._by_citation(listing),
            *self._by_entity(listing),
            *self._by_footnote(listing),
        )
        found = [*by_programme, *_within(others, listing)]
        if not any(each.stands_alone and each.condition is None for each in by_programme):
            found.extend(_within(self.alone, listing))
        return {measure.id: measure for measure in found}

    def unknown_programmes(self, listing: Listing) -> tuple[str, ...]:
        """Return the programmes of the listing by which no measure reaches it."""
        return tuple(
            printed
            for printed in listing.programmes
            if not _within(self._of_programme(printed), listing)
        )

    def _by_programme(self, listing: Listing) -> Iterator[_Attached]:
        for printed in listing.programmes:
            yield from self._of_programme(printed)

    def _of_programme(self, printed: str) -> Sequence[_Attached]:
        return self.by_programme.get(programme_form(printed), ())

    def _by_citation(self, listing: Listing) -> Iterator[_Attached]:
        if self.by_citation:
            for printed in listing.citations:
                for form in citation_forms(printed):
                    yield from self.by_citation.get(form, ())

    def _by_entity(self, listing: Listing) -> Iterator[_Attached]:
        if self.by_entity:
            for name in listing.names:
                yield from self.by_entity.get(name_form(name.text), ())

    def _by_footnote(self, listing: Listing) -> Iterator[_Attached]:
        if self.by_footnote:
            for footnote in footnotes_of(listing):
                yield from self.by_footnote.get(footnote, ())


# Source: ISO 3166-1, the 249 codes of 2026.
_COUNTRIES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM
    DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
    VN VU WF WS YE YT ZA ZM ZW
"""

PLACES = frozenset({*_COUNTRIES.split(), "EU", "XK"})
"""Codes of countries, with `EU` for the European Union as a whole and `XK` for Kosovo."""

EU = "EU"
# Source: Treaty on European Union, art. 52, in force in this form since 1 February 2020.
EU_MEMBERS = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)


def names_part(attachment: Attachment) -> bool:
    """Return whether an attachment names some listings of its list by what they print."""
    return bool(
        attachment.programmes
        or attachment.citations
        or attachment.entities
        or attachment.footnotes
    )


def _index(measures: Iterable[Measure]) -> Mapping[str, _Reach]:
    reach: defaultdict[str, _Reach] = defaultdict(_Reach)
    for measure in measures:
        for attachment in measure.attaches:
            reach[attachment.list_code].add(measure, attachment)
    return MappingProxyType(dict(reach))


def _reading_order(measure: Measure) -> tuple[bool, bool, str]:
    return measure.condition is not None, only_eases(measure), measure.id


def _within(attached: Iterable[_Attached], listing: Listing) -> list[Measure]:
    """Return the measures whose attachment includes the listing's day, facts and type."""
    return [
        measure
        for measure, attachment in attached
        if _keeps(attachment, listing.listed_on)
        and may_print(listing, attachment.printed)
        and may_be(listing, attachment.parties)
    ]


def _keeps(attachment: Attachment, listed_on: date | None) -> bool:
    if listed_on is None:
        return True
    earliest, latest = attachment.listed_from or date.min, attachment.listed_until or date.max
    return earliest <= listed_on <= latest
