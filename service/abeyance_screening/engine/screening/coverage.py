"""Coverage: which lists an answer rests on, of which day, and whether that is enough."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date
from functools import partial

from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    LISTS,
    UNREAD,
    asked_beside,
    is_fetched,
    lists_of,
)
from abeyance_screening.engine.lists.catalogue_types import KnownList
from abeyance_screening.engine.lists.edition import Edition, ListState, LoadAttempt, StoredLists
from abeyance_screening.engine.lists.profile import ADVISORY_LISTS, BY_QUESTION, REQUIRED_LISTS
from abeyance_screening.engine.screening.answer import (
    Coverage,
    EditionCoverage,
    ListAnswer,
    ListCoverage,
    ListNamed,
    ListRole,
)
from abeyance_screening.engine.screening.applicable_versions import EditionsOfDay
from abeyance_screening.primitives.choices import meant_by
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.structs import copy_as

_BEST_FIRST: tuple[ListState, ...] = (
    "fresh",
    "kept",
    "too_old",
    "undated",
    "edition_later",
    "in_part",
    "missing",
)
_BY_HAND = "transcribed by hand from the publisher's list; its own file replaces this copy"


def codes_of(lists: StoredLists) -> tuple[str, ...]:
    """Return every list there is: known ones in the catalogue's order, then users' own by code."""
    own = sorted({edition.list_code for edition in lists.editions} - LIST_BY_CODE.keys())
    return tuple(known.code for known in LISTS) + tuple(own)


def chosen_codes(lists: StoredLists, codes: Sequence[str] | None) -> tuple[str, ...]:
    """Return the lists a question is about, in the order of all lists.

    If the question names none, optional lists are left out until they have been loaded, unless the
    site's profile names them; where the site has chosen a profile, so is every list outside it. A
    list of the profile that is none counts, as missing. A list that may hold parties of a named
    one is searched with it.

    Raises:
        BadInputError: A code belongs to no list, or the question names an empty set of lists.
    """
    every = codes_of(lists)
    loaded = {edition.list_code for edition in lists.editions}
    if codes is None:
        unknown = sorted({*_named(lists)}.difference(every))
        known = (code for code in every if code in loaded or _is_awaited(lists, code))
        return (*known, *unknown)
    if not codes:
        raise BadInputError("lists", "names no list; leave it out to search all of them")
    for position, code in enumerate(codes):
        if code not in every:
            reason = f"no list is called {code!r}{meant_by(code, every)}"
            raise BadInputError(f"lists[{position}]", reason)
    chosen = {*codes, *loaded.intersection(asked_beside(codes))}
    return tuple(code for code in every if code in chosen)


def _named(lists: StoredLists) -> tuple[str, ...]:
    return (*lists.profile.lists, *lists.profile.advisory)


def _is_awaited(lists: StoredLists, code: str) -> bool:
    """Return whether answers count a list as missing for as long as nobody has loaded it.

    An optional list is not missed where nobody named it, even where its download fails: no answer
    rests on it before it has an edition. With a chosen profile, the same holds of every list
    outside it. A list that only holds strays of others is not missed: those others are.
    """
    known = LIST_BY_CODE[code]
    if known.asked_with:
        return False
    is_optional = known.only_if_loaded or lists.profile.is_chosen
    return not is_optional or known.of_register or code in _named(lists)


def required_codes(lists: StoredLists) -> frozenset[str]:
    """Return the lists that the site requires fresh; all that are searched if it requires none.

    Required are those that its profile names; where it has chosen one by name, also the register's
    own list and users' own lists. Where it names none, a list is required by default if the
    installation keeps it fresh by itself: if it has a download address, or its publisher was ever
    asked from here, so that a newer program without the address lets nothing go stale in silence;
    also the register's own list, and users' own lists, which age only if their operator says so.
    An optional list is advisory by default from its first edition on, so that what is required
    does not depend on which downloads have worked so far. A list where parties of a required one
    may be kept is required with it.
    """
    searched, profile = chosen_codes(lists, None), lists.profile
    kept_fresh = _is_at_home if profile.is_chosen else partial(_is_kept_fresh, lists)
    beside = (code for code in searched if code not in profile.advisory and kept_fresh(code))
    chosen = profile.required or (*profile.lists, *beside)
    required = frozenset({*chosen, *asked_beside(chosen)}.intersection(searched))
    return required or frozenset(searched)


def _is_at_home(code: str) -> bool:
    """Whether no publisher is needed for a list: the register's own, and those of a user."""
    return code not in LIST_BY_CODE or LIST_BY_CODE[code].of_register


def _is_kept_fresh(lists: StoredLists, code: str) -> bool:
    if _is_at_home(code):
        return True
    known = LIST_BY_CODE[code]
    if known.only_if_loaded:
        return False
    return is_fetched(code) or not lists.asked.isdisjoint(known.sources)


def check_profile(lists: StoredLists) -> None:
    """Check that every list which the site's profile names is a public one or was loaded.

    Raises:
        BadInputError: There is no such list; the field is the setting that names it.
    """
    profile, every = lists.profile, codes_of(lists)
    for setting, codes in ((REQUIRED_LISTS, profile.required), (ADVISORY_LISTS, profile.advisory)):
        for code in codes:
            if code not in every:
                raise BadInputError(setting, _why_no_list(code))


def _why_no_list(code: str) -> str:
    if code in UNREAD:
        return f"{code!r} is a list that this program cannot read yet"
    carried = lists_of(code)
    if carried:
        return f"{code!r} is a source; its lists are {', '.join(carried)}"
    return (
        f"no list is called {code!r}; a list of your own is known once it was loaded with "
        f"`abeyance load {code} --file PATH`"
    )


def coverage_of(
    lists: StoredLists, codes: Iterable[str], days: Days, *, named: bool = False
) -> Coverage:
    """Return the state of these lists for a question about these days.

    All of them are required if the question has `named` lists itself; otherwise those that the
    site requires are. Where it requires none of them, all decide whether the coverage is complete.
    """
    codes = tuple(codes)
    covering = Covering(lists, days)
    required = frozenset(codes) if named else required_codes(lists)
    covered = tuple(
        covering.list_coverage(code, "required" if code in required else "advisory")
        for code in codes
    )
    reasons = reasons_of(lists)
    deciding = [each for each in covered if each.role == "required"] or covered
    return Coverage(
        complete=not reasons and all(each.state == "fresh" for each in deciding),
        lists=covered,
        reasons=reasons,
        not_loaded=not_loaded(lists, {each.code for each in covered}),
        profile=BY_QUESTION if named else lists.profile.name,
    )


def not_loaded(lists: StoredLists, covered: Collection[str]) -> tuple[ListNamed, ...]:
    """Return the known lists that nobody has loaded, in the order of all lists.

    Left out are those that are covered already, as missing, and those that only hold parties of
    others. Lists that the register knows and no source carries yet come last.
    """
    loaded = {edition.list_code for edition in lists.editions} | {*covered}
    known = {**{each.code: each.title for each in LISTS if not each.asked_with}, **UNREAD}
    return tuple(
        ListNamed(code=code, title=title) for code, title in known.items() if code not in loaded
    )


def reasons_of(lists: StoredLists) -> tuple[str, ...]:
    """Return the reasons why no answer can be complete, whatever the lists; usually none."""
    return () if lists.out_of_sight is None else (lists.out_of_sight,)


def lists_on(lists: StoredLists, today: date) -> Iterator[ListAnswer]:
    """Yield every list as it is today, known ones first.

    Those that no question about all lists would search are advisory.
    """
    covering = Covering(lists, Days(as_of=today, known_at=today))
    searched = required_codes(lists)
    for code in codes_of(lists):
        covered = covering.list_coverage(code, "required" if code in searched else "advisory")
        yield ListAnswer(
            coverage=covered,
            editions=covering.of_list(code),
            expected_entries=lists.terms_of(code).expected,
        )


class Covering:
    """Works out the state of each publication of a list for a question."""

    def __init__(self, lists: StoredLists, days: Days) -> None:
        self._days = days
        self._lists = lists
        self._editions = EditionsOfDay(lists, days.edition_day).by_source
        self._newest = {(each.list_code, each.source): each.id for each in lists.editions}
        self._attempts = {
            (each.list_code, each.source): each
            for each in lists.attempts
            if each.outcome != "unreachable"
        }
        self._unreached = {
            (each.list_code, each.source): each
            for each in lists.attempts
            if each.outcome == "unreachable"
        }
        self._tried = (self._editions, self._attempts, self._unreached)

    def of_list(self, code: str) -> tuple[EditionCoverage, ...]:
        """Return each publication of the list that was loaded or tried, the primary one first.

        If none was, the result is the one to start with, as missing.
        """
        known = LIST_BY_CODE.get(code)
        sources = ("own",) if known is None else known.sources
        tried = [
            source for source in sources if any((code, source) in each for each in self._tried)
        ]
        return tuple(self._of_source(code, source) for source in tried or sources[-1:])

    def list_coverage(self, code: str, role: ListRole) -> ListCoverage:
        """Return the state of the list, which is that of the best of its publications."""
        return _list_coverage(code, self.of_list(code), self._limit(code), role)

    def _of_source(self, code: str, source: str) -> EditionCoverage:
        edition = self._editions.get((code, source))
        known = LIST_BY_CODE.get(code)
        state, reason = self._state(code, source, edition)
        if state == "edition_later" and known is not None:
            state, reason = self._before_its_first(known, source) or (state, reason)
        unread = None if edition is None else edition.parts_unread
        if unread is not None and state != "in_part" and unread not in (reason or ""):
            reason = _joined(reason, unread)
        is_transcribed = edition is not None and edition.is_transcribed
        if is_transcribed:
            reason = _joined(_BY_HAND, reason)
        return EditionCoverage(
            source=source,
            state=state,
            reason=reason,
            edition=None if edition is None else edition.id,
            sha256=None if edition is None else edition.sha256,
            published_on=None if edition is None else edition.published_on,
            confirmed_on=None if edition is None else edition.confirmed_on,
            loaded_at=None if edition is None else edition.loaded_at,
            age_days=None if edition is None else self._age_days(edition),
            entry_count=None if edition is None else edition.entry_count,
            read_in_part=() if edition is None else edition.read_in_part,
            transcribed=is_transcribed,
        )

    def _limit(self, code: str) -> int | None:
        """Return the age in days above which an edition of the list is too old, or None."""
        known = LIST_BY_CODE.get(code)
        return self._lists.terms_of(code).max_age_days if known is None else known.max_age_days

    def _state(
        self, code: str, source: str, edition: Edition | None
    ) -> tuple[ListState, str | None]:
        """Return the gravest reason for doubt that holds, or else fresh."""
        attempt = self._attempts.get((code, source))
        failed = _failure(attempt, self._unreached.get((code, source)))
        if edition is None:
            return "missing", _joined("no edition of this list was ever loaded", failed)
        is_newest = edition.id == self._newest[code, source]
        if attempt is not None and attempt.outcome == "refused" and is_newest:
            return "kept", f"the last file offered was refused: {attempt.reason}"
        lacks = _lacks(edition)
        if lacks is not None:
            return "in_part", lacks
        state, reason = self._state_by_day(edition, self._limit(code))
        if state == "fresh":
            is_read = attempt is not None and attempt.outcome in {"loaded", "unchanged"}
            return state, attempt.reason if attempt and is_read and is_newest else None
        return state, _joined(reason, failed if is_newest else None)

    def _before_its_first(
        self, known: KnownList, source: str
    ) -> tuple[ListState, str | None] | None:
        """Return the state of a list without an edition: that of a list searched with it."""
        for code in known.asked_with:
            edition = self._editions.get((code, source))
            if edition is not None and edition.known_on <= self._days.edition_day:
                lacks = _lacks(edition)
                if lacks is not None:
                    return "in_part", lacks
                state, reason = self._state_by_day(edition, known.max_age_days)
                return state, reason or None
        return None

    def _state_by_day(self, edition: Edition, limit: int | None) -> tuple[ListState, str]:
        """Return the state by age; a user's own list needs no day and ages only with a limit."""
        day = self._days.edition_day
        age = self._age_days(edition)
        if edition.is_patched and limit is not None:
            return "undated", "made from a delta; an earlier delta may be missing"
        if age is None and limit is not None:
            return "undated", "the day on which this edition was published is not known"
        if edition.known_on > day and not _is_of_register(edition.list_code):
            return "edition_later", (
                f"read from the edition of {edition.known_on}; parties that were on the list on "
                f"{day} and left it since are not in it, and some in it may have come since"
            )
        if limit is not None and age is not None and age > limit:
            return "too_old", (
                f"last known to be the newest {age} days before the day asked about, "
                f"the limit is {limit}"
            )
        return "fresh", ""

    def _age_days(self, edition: Edition) -> int | None:
        seen = edition.seen_on
        if seen is None:
            return None
        as_of = self._days.as_of
        # An edition that is later than the day asked about has no age on that day.
        return max(0, (as_of - max(min(seen, as_of), edition.known_on)).days)


def _is_of_register(code: str) -> bool:
    """Whether a list is the register's own.

    It keeps every party that a measure ever named, each with its first day, so that a later
    edition speaks for an earlier day too.
    """
    return code in LIST_BY_CODE and LIST_BY_CODE[code].of_register


def _lacks(edition: Edition) -> str | None:
    """Return what a question could miss in the edition, accepted or not; None if nothing."""
    known = LIST_BY_CODE.get(edition.list_code)
    if edition.entry_count == 0 and (known is None or not known.may_be_empty):
        return "the edition has no entry"
    return _joined(edition.lacks, edition.hides)


def _list_coverage(
    code: str, sources: Sequence[EditionCoverage], max_age_days: int | None, role: ListRole
) -> ListCoverage:
    known = LIST_BY_CODE.get(code)
    best = min(sources, key=lambda each: _BEST_FIRST.index(each.state))
    if sources[0].state == "kept":
        # A copy does not make up for a newer file of the authority's own that cannot be read.
        best = sources[0]
    doubtful = [each for each in sources if each.state in {"kept", "in_part"}]
    reasons = [f"{each.source}: {each.reason}" for each in doubtful]
    others = None if best in doubtful else "; ".join(reasons)
    return copy_as(
        ListCoverage,
        best,
        code=code,
        title=code if known is None else known.title,
        reason=_joined(best.reason, others),
        max_age_days=max_age_days,
        role=role,
    )


def _failure(attempt: LoadAttempt | None, unreached: LoadAttempt | None) -> str | None:
    """Return the last attempt in words, if it failed."""
    tries = [each for each in (attempt, unreached) if each is not None]
    last = max(tries, key=lambda each: each.at, default=None)
    if last is None or last.outcome not in {"refused", "unreachable"}:
        return None
    return f"{last.reason} (tried {last.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def _joined(*reasons: str | None) -> str | None:
    return "; ".join(filter(None, reasons)) or None
