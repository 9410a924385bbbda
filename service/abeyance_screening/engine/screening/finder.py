"""Find the entries that a counterparty may be, by its names and by its numbers, on one day."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date

from abeyance_screening.engine.names.form import is_name, names_nobody, normalise
from abeyance_screening.engine.names.form.rereadings import (
    NEAR,
    read_again,
    slipped_word,
    with_letter_right,
    with_letters_right,
)
from abeyance_screening.engine.names.form.slips import digits_as_letters
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import score
from abeyance_screening.engine.names.match_types import Match
from abeyance_screening.engine.screening.answer import InputWarning
from abeyance_screening.engine.screening.applicable_versions import (
    ApplicableVersions,
    EditionsOfDay,
    EntryMatch,
    applies,
    speaking,
)
from abeyance_screening.engine.screening.field.further_names import (
    FurtherName,
    Within,
    further_names,
    score_of_part,
)
from abeyance_screening.engine.screening.field.parts import NamePart, marked_names, read_field
from abeyance_screening.engine.screening.identifiers import Number
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.name_variants import (
    fields_of,
    names_among_numbers,
    own_script_forms,
    question_forms,
    question_names,
    question_numbers,
    warning_of,
)
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.screening.text.passage import Passage
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.fair_scheduler import give_turns

# Numbers of listings that are looked at in one turn.
_NUMBERS_IN_TURN = 200
# Sets of kinds (there are some 30) and days of which it is remembered which lists print them.
_MOST_KINDS = 128
_CALLED_SO = (
    "says too little to tell a party by; lists print it as a further name of {told}: give more of "
    "the name"
)
_BEGUN = "may be cut: {count} begin with these letters, such as {told}; give the whole name"
_SURNAME = (
    "is one word, and a part of the names of listed persons, such as {told}: give the whole name"
)
# A word of more than these shares a name with a listed person too little to be met by it.
_PERSONS, _LEAST_OF_SURNAME, _NEAR_SURNAME = frozenset({None, "person"}), 0.6, 0.25
_MOST_CALLED = 3
# So many names are read before the first is looked up: between two searches a reading takes two to
# three times as long, since the caches of the processor hold the index then.
READ_AHEAD = 64
# A single word among others is the name of a company alone, if it is long and nearly the same.
_COMPANIES = frozenset({None, "organisation"})
_RARE_ALONE, _SHORTEST_ALONE, _SAME_ALONE = 0.9, 6, 0.97


def _few(names: Iterable[str]) -> str:
    """Name the first of some names, and count the others."""
    first, more = [*names][:_MOST_CALLED], len([*names]) - _MOST_CALLED
    return "; ".join(first) + (f"; {more:,} more" if more > 0 else "")


def _add_better(found: dict[int, EntryMatch], met: dict[int, EntryMatch]) -> None:
    """Add to the matches those that are new, or better than what is there."""
    for place, match in met.items():
        if place not in found or found[place].score < match.score:
            found[place] = match


class Finder:
    """Looks counterparties up among the entries as they are on one day.

    Between two names, and between two numbers, other work gets its turn.

    `numbers` are those of the lists searched, as the index counts them; None means all. `known`
    holds the versions already known to apply on that day, by position.
    """

    def __init__(
        self,
        index: ListingIndex,
        editions: EditionsOfDay,
        as_of: date,
        numbers: frozenset[int] | None,
        known: dict[int, ApplicableVersions | None],
    ) -> None:
        self.index = index
        self._editions = editions
        self._as_of = as_of
        self.numbers = numbers
        self._known = known
        self._ahead: dict[str, Iterable[FurtherName]] = {}

    async def read_ahead(self, counterparties: Iterable[Counterparty]) -> None:
        """Read names that will be asked for next, see `READ_AHEAD`."""
        for each in counterparties:
            await give_turns()
            _ = question_forms(each.name, each.entity_type)
            self._ahead[each.name] = further_names(each.name, self.index.names)

    async def by_name(
        self, counterparty: Counterparty, threshold: float
    ) -> tuple[dict[int, EntryMatch], tuple[InputWarning, ...]]:
        """Return how each entry with a name at or over the threshold was found, and warnings.

        The entries are by their positions. Only names in their prints of the day count. The
        warnings are of what was read otherwise than it is printed, or was not counted.
        """
        found: dict[int, EntryMatch] = {}
        doubts = dict[InputWarning, None]()
        for field, printed in fields_of(counterparty):
            await self._take_field(found, counterparty, (field, printed, doubts), threshold)
        for address in counterparty.addresses:
            for part in marked_names(address):
                await give_turns()
                self._take_name(found, counterparty, part, threshold)
        if not found:
            await self._take_otherwise(found, counterparty, threshold)
            doubts |= dict.fromkeys(self._too_short(counterparty))
        # last, so that a name among the numbers keeps no other from being read otherwise
        for field, printed in names_among_numbers(counterparty):
            await self._take_field(found, counterparty, (field, printed, doubts), threshold)
        return found, tuple(doubts)

    async def _take_field(
        self,
        found: dict[int, EntryMatch],
        counterparty: Counterparty,
        told: tuple[str, str, dict[InputWarning, None]],
        threshold: float,
    ) -> None:
        """Add the entries that the text of a field meets, and to the doubts what is to be told."""
        field, printed, doubts = told
        await give_turns()
        form, *_ = question_forms(printed, counterparty.entity_type)
        if called := self._called_so(form, threshold):
            doubts[InputWarning(field=field, reason=called, may_hide=True)] = None
        self._take_name(found, counterparty, NamePart(printed), threshold)
        if lettered := digits_as_letters(printed, self.index.names.has_word):
            self._take(found, lettered, threshold)
        ahead = self._ahead.pop(printed, None)
        for each in further_names(printed, self.index.names) if ahead is None else ahead:
            await give_turns()
            is_other = self._take_beside(found, counterparty, (printed, each), threshold)
            if is_other and each.doubt is not None:
                doubts[warning_of(field, each.doubt)] = None
        await self._take_unspaced(found, printed, threshold)

    def _too_short(self, counterparty: Counterparty) -> Iterator[InputWarning]:
        """Yield what listed names a name that met none is the beginning, or the surname, of."""
        for field, printed in fields_of(counterparty):
            form, *_ = question_forms(printed, counterparty.entity_type)
            begun = self.index.names.begun(form)
            if names := dict.fromkeys(self.index.name(each).text for each in begun):
                reason = _BEGUN.format(count=plural(len(names), "listed name"), told=_few(names))
                yield InputWarning(field=field, reason=reason, may_hide=True)
            elif people := self._surname_of(form):
                reason = _SURNAME.format(told=_few(people))
                yield InputWarning(field=field, reason=reason, may_hide=True)

    def _surname_of(self, form: ComparisonForm) -> dict[str, None]:
        """Return the listed persons whose names begin or end with a single word."""
        if len(form.words) != 1 or form.legal_forms or form.entity_type not in _PERSONS:
            return {}
        (word,), found = form.words, dict[str, None]()
        if word.is_trade_word or word.weight < _LEAST_OF_SURNAME:
            return {}
        for match in self.index.names.matches(form, lists=self.numbers, threshold=_NEAR_SURNAME):
            words = self.index.names.form(match.name).words
            if word.text in {words[0].text, words[-1].text} and self.versions(match.listing):
                entry = self.index.entry(match.listing)
                if entry.entity_type == "person":
                    found[entry.names[0].text] = None
        return found

    def _called_so(self, form: ComparisonForm, threshold: float) -> str | None:
        """Return that lists call parties by what names nobody, which is all of a name, or None.

        By such a name a party is met only where its list calls it so first.
        """
        if not names_nobody(form):
            return None
        met = self.index.names.matches(form, lists=self.numbers, threshold=threshold)
        entries = [self.index.entry(each.listing) for each in met if self.versions(each.listing)]
        names = dict.fromkeys(entry.names[0].text for entry in entries)
        if not names:
            return None
        return _CALLED_SO.format(told=_few(names))

    async def _take_otherwise(
        self, matches: dict[int, EntryMatch], counterparty: Counterparty, threshold: float
    ) -> None:
        """Add the entries that a name meets which met none as written, see `read_again`."""
        has_word = self.index.names.has_word
        for printed in (counterparty.name, *counterparty.aliases):
            for form in (*read_again(printed, has_word), *self._with_letter_right(printed)):
                await give_turns()
                self._take(matches, form, threshold)

    def _with_letter_right(self, printed: str) -> Iterator[ComparisonForm]:
        """Yield a name of one word as each listed word of which it has one letter wrong."""
        form = slipped_word(printed, self.index.names.has_word)
        if form is not None:
            near = self.index.names.matches(form, lists=self.numbers, threshold=NEAR)
            listed = (self.index.names.form(match.name) for match in near)
            read = (with_letter_right(form, each) for each in listed)
            printed_so = with_letters_right(form, self.index.names.has_letters)
            every = (*(each for each in read if each is not None), *printed_so)
            yield from {each.joined: each for each in every}.values()

    def _take_beside(
        self,
        found: dict[int, EntryMatch],
        asked: Counterparty,
        further: tuple[str, FurtherName],
        threshold: float,
    ) -> bool:
        """Add the entries of what stands beside a name in a field; return whether others met.

        What only a doubt tells of is not added.
        """
        (field, each), met = further, dict[int, EntryMatch]()
        if each.part is not None:
            part = Within(field, is_certain=not each.part.least)
            self._take_name(met, asked, each.part, threshold, part)
        if each.form is not None:
            part, least = Within(field, is_certain=False), max(threshold, each.least)
            self._take(met, each.form, least, is_whole=each.is_sure, within=part)
        others = {place: met[place] for place in met.keys() - found.keys()}
        if each.is_sure:
            _add_better(found, met)
        return bool(others)

    async def _take_unspaced(
        self, found: dict[int, EntryMatch], printed: str, threshold: float
    ) -> None:
        """Add the entries that sentences without blanks name."""
        for run in read_field(printed).unspaced:
            for passage in await asyncio.to_thread(self._passages, run):
                await give_turns()
                least = max(threshold, passage.least)
                form, part = normalise(passage.printed), Within(printed, is_certain=False)
                self._take(found, form, least, is_whole=True, within=part)

    def _passages(self, run: str) -> list[Passage]:
        return list(self.index.texts.passages(run))

    def _take_name(
        self,
        matches: dict[int, EntryMatch],
        counterparty: Counterparty,
        part: NamePart,
        threshold: float,
        within: Within | None = None,
    ) -> None:
        """Add the entries with a name that a name of the question meets, or a part of a field."""
        least = max(threshold, part.least)
        for name, numbers in question_names(part.text, counterparty.entity_type):
            forms = question_forms(name, counterparty.entity_type)
            if not name.isascii():
                heard = self.index.names.heard
                forms += tuple(own_script_forms(name, counterparty.entity_type, heard))
            for form in forms:
                self._take(matches, form, least, numbers, is_whole=part.is_whole, within=within)

    def _take(
        self,
        matches: dict[int, EntryMatch],
        form: ComparisonForm,
        threshold: float,
        set_aside: tuple[str, ...] = (),
        *,
        is_whole: bool = False,
        within: Within | None = None,
    ) -> None:
        """Add the entries with a name that the form meets, unless another form meets it better.

        A form that is a part of a field must be a name, and is worth what a part is. Where it must
        be all of a listed name (`is_whole`), a single word is that of a company alone.
        """
        is_word = is_whole and len(form.words) == 1
        if is_word:
            if form.words[0].weight < _RARE_ALONE or len(form.joined) < _SHORTEST_ALONE:
                return
            threshold = max(threshold, _SAME_ALONE)
        if within is not None and not is_name(form):
            return
        query = form if within is None else within.part(form)
        for match in self.index.names.matches(form, lists=self.numbers, threshold=threshold):
            told = match.score if query is form else score_of_part(match.score, query)
            known = matches.get(match.listing)
            if known is not None and known.score >= told:
                continue
            versions = self._naming(match, form, is_word=is_word)
            if versions is not None:
                matches[match.listing] = EntryMatch(told, query, match.name, versions, set_aside)

    def _naming(
        self, match: Match, form: ComparisonForm, *, is_word: bool
    ) -> ApplicableVersions | None:
        """Return the versions of an entry that print the name that met, or None if none may.

        What names nobody is the name of a party only where its list calls it so first.
        """
        if is_word and self.index.entry(match.listing).entity_type not in _COMPANIES:
            return None
        versions, name = self.versions(match.listing), self.index.name(match.name)
        if name.kind != "primary" and names_nobody(form):
            return None
        is_printed = versions is not None and applies(name.versions, versions.places)
        return versions if is_printed else None

    async def by_identifier(self, counterparty: Counterparty) -> dict[int, EntryMatch]:
        """Return how each entry with a number of the question was found, whatever its names.

        A number within the question's name counts like any other.
        """
        found: dict[int, EntryMatch] = {}
        asked = question_numbers(counterparty)
        *_, (bare, numbers) = question_names(counterparty.name, counterparty.entity_type)
        form = normalise(bare) if asked else None
        for number in asked:
            await give_turns()
            for position, versions in self.with_number(number):
                if form is not None:
                    listed = normalise(self.index.entry(position).primary_name(versions.places[0]))
                    likeness = score(form, listed)
                    found[position] = EntryMatch(likeness, form, None, versions, numbers)
        return found

    def with_number(self, number: Number) -> Iterator[tuple[int, ApplicableVersions]]:
        """Yield the searched entries that have a number on the day."""
        for position, printed_by in self.index.by_number(number):
            versions = self.versions(position)
            if versions is None or not self.is_searched(position):
                continue
            if applies(printed_by, versions.places):
                yield position, versions

    async def lists_printing(self, kinds: frozenset[str]) -> frozenset[str]:
        """Return the lists that print a number of one of these kinds on the day; of any for `ANY`.

        It is worked out once for an index, from what the listings print.
        """
        known, key = self.index.printing, (self._editions, kinds)
        if key not in known:
            codes = self.index.columns.list_codes
            found = frozenset([code for code in codes if await self._prints(code, kinds)])
            if len(known) >= _MOST_KINDS:
                known.clear()
            known[key] = found
        return known[key]

    async def _prints(self, code: str, kinds: frozenset[str]) -> bool:
        for done, (position, printed) in enumerate(self.index.columns.numbers_in(code)):
            if done % _NUMBERS_IN_TURN == 0:
                await give_turns()
            if kinds and not kinds & printed.number.kinds:
                continue
            versions = self.versions(position)
            if versions is not None and applies(printed.versions, versions.places):
                return True
        return False

    def versions(self, position: int) -> ApplicableVersions | None:
        """Return the versions of an entry that apply on the day; None if it was added later."""
        if position not in self._known:
            entry = self.index.entry(position)
            self._known[position] = speaking(entry, self._editions, self._as_of)
        return self._known[position]

    def is_searched(self, position: int) -> bool:
        """Return whether the list of an entry is among those searched."""
        code = self.index.entry(position).list_code
        return self.numbers is None or bool(self.index.list_numbers((code,)) & self.numbers)
