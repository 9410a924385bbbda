"""A hit in words: everything there is to say about the hit and its measures, composed once.

That is how its name met, what else agrees, its acts and its licence terms. A page, a print, a
sheet and a terminal lay a `HitText` out and add no fact. This module alone decides under which
measure the licence terms of a listing are shown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import filterfalse
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.lists.listing import (
    STRICTEST_FIRST,
    LicenceRequirement,
    LicenceTerms,
    NameKind,
    PolicyKind,
    ReviewPolicy,
    is_general,
)
from abeyance_screening.engine.measures.law.coming import HitChange, ListingChangeKind
from abeyance_screening.engine.measures.severity import is_licence_list
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import binds
from abeyance_screening.engine.names.match_types import DEFAULT_THRESHOLD, MetBy
from abeyance_screening.engine.screening.answer import Hit, PartyHit, Standing
from abeyance_screening.engine.wording.notes import (
    Note,
    OwnDay,
    fine_print,
    is_of_reading,
    membership,
    notes,
    own_day_of,
    readings_in_words,
)
from abeyance_screening.engine.wording.status import badge, badge_ahead, sentence
from abeyance_screening.engine.wording.titles import list_authority, list_title, measure_title
from abeyance_screening.primitives.days import day_in_words

THROUGH_PARTY = "found through another listing of its party"
"""How a listing was found that the question itself does not meet."""
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

FEDERAL_REGISTER = re.compile(r"\b(\d{2,3}) FR (\d{1,6})\b")
# Volume 1 of the Federal Register is that of 1936.
_YEAR_BEFORE_VOLUME_1 = 1935
# A short citation has at most this many characters.
_LONGEST = 48

NAME_KINDS: Mapping[NameKind, str] = MappingProxyType(
    {
        "primary": "listed name",
        "alias": "alias",
        "weak_alias": "weak alias",
        "former": "former name",
    }
)
MET_BY: Mapping[MetBy, str] = MappingProxyType(
    {
        "same": "the same word",
        "spelling": "a similar spelling",
        "transliteration": "the same word in another script",
        "translation": "a translation of the word",
        "abbreviation": "an abbreviation",
        "synonym": "another word for it",
        "given_name": "another form of the given name",
        "initial": "an initial",
        "acronym": "an acronym",
        "joined": "written together or apart",
        "legal_form": "the same legal form",
    }
)
# The kind of the register's placeholder for programmes that it does not have.
_GAP = "gap"
# The flags that concern the listing and not the measure.
_OF_THE_ENTRY = frozenset({"listing_day_not_recorded", "listed_then_not_known"})
_THE_PARTY = re.compile(r"\bthis (party|body)\b")
ANSWERS: Mapping[PolicyKind, tuple[str, str]] = MappingProxyType(
    {
        "presumption_of_denial": ("the answer is normally no", "Normally refused"),
        "policy_of_denial": ("the answer is no as a policy", "Refused as a policy"),
        "case_by_case": ("each application is decided on its own", "Case by case"),
        "presumption_of_approval": ("the answer is normally yes", "Normally granted"),
        "under_named_section": (
            "the sections that the entry names say how it is answered",
            "As the named sections say",
        ),
    }
)


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """An act as cited, with the address on record that leads to it, or None."""

    text: str
    url: str | None


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
    licences if those terms belong to none of its measures. `read` says after which day no source
    of its measures was read, where that is too long ago: once for all, and not with each.
    `changed` says what changed since the day that the question compares with. `acts` are those
    that the entry cites.
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
    read: str | None
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


def hit_text(hit: Hit | PartyHit, as_of: date) -> HitText:
    """Return a hit in words, for an answer about the day `as_of`.

    A listing that its party brings is one too, though no name of it need resemble the question.
    """
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
        matched=matched_in_words(hit) if isinstance(hit, Hit) else THROUGH_PARTY,
        agreements=tuple(agreements(hit)) if isinstance(hit, Hit) else (),
        unlisted=hit.on_no_list,
        gone=gone_in_words(hit.standing),
        no_measure=_NO_MEASURE if not hit.measures and not is_gone else None,
        licence=printed if licence_list is None and not is_gone else (),
        read=readings_in_words(hit.measures),
        changed=tuple(_changed(hit.changed)) if isinstance(hit, Hit) and hit.changed else (),
        acts=acts_of_entry(listing.citations),
        measures=tuple(
            _about(
                listing.primary_name,
                _text(each, as_of, hit_notes(each, hit), printed if each is licence_list else ()),
            )
            for each in hit.measures
        ),
    )


def measure_text(measure: MeasureOnDay, as_of: date) -> MeasureText:
    """Return a measure in words without any hit, for an answer about the day `as_of`."""
    return _text(measure, as_of, notes(_of_itself(measure)), ())


def question_about(name: str, condition: str) -> str:
    """Return the question of a measure for somebody who looks at the listed party itself.

    `Is your business partner owned 50 % or more … by Hikvision?`: an ownership rule asks about
    another company, never about the party that was searched for.
    """
    words = condition.replace("the counterparty", "your business partner")
    return _THE_PARTY.sub(lambda _: name, words)


def acts_of_measure(measure: MeasureOnDay) -> tuple[Act, ...]:
    """Return the acts that a measure's status rests on, each once, then the measure's own act.

    The newest act comes first; disputed and coming acts follow those already in effect.
    """
    events = (*reversed(measure.rests_on), *measure.disputed, *measure.upcoming)
    acts = (Act(text=each.citation, url=each.url) for each in events if each.citation is not None)
    own = Act(text=measure.citation, url=measure.url)
    return tuple({act.text: act for act in (*acts, own)}.values())


def acts_of_entry(citations: Iterable[str]) -> tuple[Act, ...]:
    """Return the acts that an entry cites, each once; Federal Register acts have a link."""
    cited = (part.strip() for each in citations for part in each.split(";"))
    return tuple(Act(text=each, url=_page_of(each)) for each in dict.fromkeys(cited) if each)


def short_citation(citation: str) -> str:
    """Return the place in the Federal Register if there is one, else the start of the citation."""
    found = FEDERAL_REGISTER.search(citation)
    if found is not None:
        return found[0]
    first = citation.split(";", maxsplit=1)[0].strip()
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST].rsplit(' ', 1)[0]} …"


def years_of(citations: Iterable[str]) -> tuple[int, ...]:
    """Return the years of the Federal Register volumes that are cited, ascending."""
    volumes = (found[1] for each in citations for found in FEDERAL_REGISTER.finditer(each))
    return tuple(sorted({_YEAR_BEFORE_VOLUME_1 + int(volume) for volume in volumes}))


def matched_in_words(hit: Hit) -> str:
    """Return how the name met: `alias “Hikvision”, word for word`, or which words met and how."""
    name = f"{NAME_KINDS[hit.matched.kind]} “{hit.matched.text}”"
    if hit.corroboration.identifiers or hit.explanation.exact:
        return f"{name}, {manner(hit)}"
    if hit.explanation.manner is not None:
        name = f"{name}, {hit.explanation.manner}"
    pairs = ", ".join(
        pair.query if pair.by == "same" else f"{pair.query} = {pair.listed} ({MET_BY[pair.by]})"
        for pair in hit.explanation.pairs
    )
    return f"{name}: {pairs}" if pairs else name


def score_in_words(score: float, *, number_met: bool) -> str:
    """Return how well a hit meets the question: `0.97`, or that a number of it met.

    The score says how well the names meet, which is nothing where a number alone met: it is left
    out then, and follows where the name would be a hit too: `number met, name 0.97`.
    """
    if not number_met:
        return f"{score:.2f}"
    return "number met" if score < DEFAULT_THRESHOLD else f"number met, name {score:.2f}"


def manner(hit: Hit) -> str:
    """Return how well the name met: word for word, by its number, or by what kinds of likeness."""
    if hit.corroboration.identifiers:
        return f"by its number {', '.join(hit.corroboration.identifiers)}"
    if hit.explanation.exact:
        return "word for word"
    ways = dict.fromkeys(MET_BY[pair.by] for pair in hit.explanation.pairs if pair.by != "same")
    return ", ".join(filter(None, (hit.explanation.manner, *ways))) or "word by word"


def agreements(hit: Hit) -> Iterator[str]:
    """Yield what else in the question speaks for or against the hit: `country differs`."""
    met = hit.corroboration
    facts = (
        ("country", met.countries),
        ("type", met.entity_type),
        ("address", met.addresses),
        ("birth date", met.birth_date),
    )
    told = ((what, "nearly agrees" if word == "near" else word) for what, word in facts)
    yield from (f"{what} {word}" for what, word in told if word != "unknown")
    for each in met.identifiers_differ:
        asked, listed = ", ".join(each.asked), ", ".join(each.listed)
        yield f"another {each.kind}: asked {asked}, listed {listed}"


def gone_in_words(standing: Standing) -> str | None:
    """Return when a party left its list and how that is known; None while it is listed."""
    if standing.state == "listed":
        return None
    if standing.left_on is not None:
        return f"No longer listed: taken off on {day_in_words(standing.left_on)}."
    if standing.left_by is not None:
        return f"No longer listed: gone from the edition of {day_in_words(standing.left_by)}."
    return "No longer listed."


def not_known_then(standing: Standing, as_of: date, citations: Iterable[str]) -> str | None:
    """Return that a listing on the day is uncertain, and why; None if it is certain."""
    if standing.known:
        return None
    years = years_of(citations)
    cited = f" The oldest act it cites is of {years[0]}." if years else ""
    return (
        f"Whether it was on the list on {day_in_words(as_of)} is not known: the edition of "
        f"{day_in_words(standing.first_seen_on)} is the first we have, and prints no day for it."
        f"{cited}"
    )


def hit_notes(measure: MeasureOnDay, hit: Hit | PartyHit) -> tuple[Note, ...]:
    """Return the notes of a measure of a hit, with what is known of the entry itself.

    A condition has no notes on the entry: those are with the measure that the party is listed for.
    How old the last reading is stands with the hit.
    """
    if measure.condition is not None:
        return tuple(filterfalse(is_of_reading, notes(without_the_entry(measure))))
    lines = (
        membership(_read_later(hit)) if each.kind == "membership" else each
        for each in filterfalse(is_of_reading, notes(measure))
    )
    return (*_gaps(measure, hit), *lines)


def without_the_entry(measure: MeasureOnDay) -> MeasureOnDay:
    """Return a measure without the flags that concern the listing and not the measure."""
    flags = tuple(each for each in measure.flags if each not in _OF_THE_ENTRY)
    return msgspec.structs.replace(measure, flags=flags)


def licence_in_words(terms: LicenceTerms) -> str:
    """Return what needs a licence and how applications are answered, in one sentence.

    `A licence is needed for all items subject to the EAR, and the answer is normally no.` Terms
    that could not be read for certain count as the strictest, and the sentence says so.
    """
    if terms.unread:
        return (
            "A licence is needed. Its terms could not be read for certain: assume that they cover "
            "all items and that the answer is normally no."
        )
    if terms.requirement is None and not terms.policies:
        return "The list says nothing of a licence."
    needed = f"A licence is needed for {_needed(terms.requirement)}"
    rule = _rule(terms)
    return f"{needed}." if rule is None else f"{needed}, and {ANSWERS[rule.kind][0]}."


def policies_in_words(terms: LicenceTerms) -> tuple[str, ...]:
    """Return the policies for particular items, apart from the general one.

    `Case by case: ECCN 1A004.c.`
    """
    if terms.unread:
        return ()
    rule = _rule(terms)
    return tuple(_policy(each) for each in terms.policies if each != rule)


def _text(
    measure: MeasureOnDay, as_of: date, lines: Iterable[Note], printed: tuple[str, ...]
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
        own_day=own_day_of(measure, as_of),
        licence=printed if binds(measure.status) else (),
        sentence=meaning,
        owed=None if owed is None or owed in meaning else owed,
        notes=fine_print(lines),
        question=measure.condition,
        ahead=_ahead(measure),
        acts=acts_of_measure(measure),
    )


def _about(name: str, text: MeasureText) -> MeasureText:
    if text.question is None:
        return text
    return msgspec.structs.replace(text, question=question_about(name, text.question))


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
    return next(filter(is_licence_list, measures), None)


def _ahead(measure: MeasureOnDay) -> str | None:
    then, becomes = measure.next_change_on, measure.next_change_to
    if then is None or becomes is None:
        return None
    return f"{day_in_words(then)}: {badge_ahead(becomes)}"


def _changed(change: HitChange) -> Iterator[str]:
    """Yield the changes, the listing's first: `Since 1 Oct 2026: its entry has changed`."""
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    yield f"Since {day_in_words(change.since)}: {_LISTING_CHANGES[change.listing]}{fields}."
    for diff in change.measures:
        yield f"{measure_title(diff.measure_id, diff.title)}: {diff.sentence}"


def _page_of(citation: str) -> str | None:
    found = FEDERAL_REGISTER.fullmatch(citation)
    if found is None:
        return None
    return f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}"


def _read_later(hit: Hit | PartyHit) -> str:
    years = years_of(hit.listing.citations)
    since = f" The oldest act it cites is of {years[0]}." if years else ""
    return (
        f"Not known, for it was read from the edition of "
        f"{day_in_words(hit.standing.first_seen_on)}, which prints no day for it.{since}"
    )


def _gaps(measure: MeasureOnDay, hit: Hit | PartyHit) -> Iterator[Note]:
    """Yield why the register's placeholder measure is attached: unknown codes, an unread entry."""
    if measure.kind != _GAP:
        return
    if hit.listing.unread is not None:
        yield Note(
            kind="unread",
            label="Only the names of this entry could be read",
            text=f"{hit.listing.unread}. Read the entry where its publisher prints it.",
        )
    if hit.unknown_programmes:
        codes = ", ".join(hit.unknown_programmes)
        yield Note(kind="programme", label="Not in the register", text=f"programme {codes}.")


def _needed(needed: LicenceRequirement | None) -> str:
    if needed is None:
        return "what the entry names"
    items = "all items subject to the EAR" if needed.scope == "all_items" else needed.items
    used = "" if needed.used_in is None else f" when used in {needed.used_in}"
    free = "" if needed.except_for is None else f", except {needed.except_for}"
    return f"{items}{used}{free}"


def _rule(terms: LicenceTerms) -> ReviewPolicy | None:
    """Return the policy for everything that no other policy names; of several, the strictest."""
    general = filter(is_general, terms.policies)
    return min(general, key=lambda each: STRICTEST_FIRST.index(each.kind), default=None)


def _policy(policy: ReviewPolicy) -> str:
    answer = ANSWERS[policy.kind][1]
    return f"{answer}." if policy.applies_to is None else f"{answer}: {policy.applies_to}."
