"""What is read of all lists, and which of them need a person: one count on every face."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from abeyance_screening.engine.lists.bundled import bundled_editions
from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE, is_fetched, lists_of
from abeyance_screening.engine.lists.catalogue_types import KnownList
from abeyance_screening.engine.lists.edition import LoadAttempt, StoredLists
from abeyance_screening.engine.lists.profile import ListProfile, profiles
from abeyance_screening.engine.screening.answer import ListAnswer, ListCoverage
from abeyance_screening.engine.screening.coverage_line import STATES, own_age, register_ends
from abeyance_screening.engine.wording.answers import remedy_of
from abeyance_screening.engine.wording.failures import cause_in_brief
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.primitives.days import count, plural

# A sentence names no more lists than these.
_MOST_NAMED = 5


class ListNeed(msgspec.Struct, frozen=True, kw_only=True):
    """A list that is not read, or not fresh, and what somebody can do about it."""

    code: str
    """Code of the list."""
    title: str
    """Its short title."""
    required: bool
    """Whether no answer is complete without it."""
    required_because: str | None
    """Why the profile requires it; null where no profile does."""
    reason: str
    """What keeps it from being fresh."""
    advice: str | None
    """What to do, in words; null where there is nothing."""
    command: str | None
    """The command that does it; null where there is none."""


class ListsReading(msgspec.Struct, frozen=True, kw_only=True):
    """How many lists are read and fresh, and which need somebody.

    Counted are the lists that are required, that a refresh asks for, or that were ever loaded.
    The register's own list is not, nor are lists that only hold parties of others.
    """

    read: int
    """How many are fresh."""
    total: int
    """How many are counted."""
    needs: tuple[ListNeed, ...]
    """The others, the required ones first."""
    sentence: str
    """The same in words: `32 of 34 lists are read. These two need you: …`. In the last month
    before the register's own list is too old it says also until when answers can be complete."""


def reading_of(
    total: int, needs: Sequence[ListNeed], own_days: int | None, today: date
) -> ListsReading:
    """Return the count of `total` lists, of which these are not fresh, in the order of all.

    `own_days` is the age of the register's own list, None where that is not fresh.
    """
    places = {code: place for place, code in enumerate(LIST_BY_CODE)}

    def order(need: ListNeed) -> tuple[bool, int, str]:
        return not need.required, places.get(need.code, len(places)), need.code

    ordered = tuple(sorted(needs, key=order))
    ends = register_ends(own_days, today)
    return ListsReading(
        read=total - len(ordered),
        total=total,
        needs=ordered,
        sentence=_sentence(total, ordered) + ("" if ends is None else f" Answers are {ends}."),
    )


def reading_stored(lists: Sequence[ListAnswer], stored: StoredLists, today: date) -> ListsReading:
    """Return the count of the lists as they are stored today."""
    counted = [
        each.coverage
        for each in lists
        if is_counted(
            each.coverage.code,
            is_required=each.coverage.role == "required",
            is_loaded=any(edition.edition is not None for edition in each.editions),
        )
    ]
    failed = _last_failures(stored.attempts)
    return reading_of(
        len(counted),
        [_need(each, failed, stored.profile) for each in counted if each.state != "fresh"],
        own_age(each.coverage for each in lists),
        today,
    )


def is_counted(code: str, *, is_required: bool, is_loaded: bool) -> bool:
    """Return whether a list counts among those that are read or need somebody."""
    known = LIST_BY_CODE.get(code)
    if known is None:
        return is_loaded
    if known.of_register or known.asked_with:
        return False
    if _holds_what_may_come(known) and not is_required:
        return is_loaded
    return is_required or is_loaded or is_fetched(code)


def lists_bundled() -> frozenset[str]:
    """Return the codes of the lists of which an edition comes with the program."""
    codes = {code for each in bundled_editions() for code in lists_of(each.source)}
    return frozenset(code for code in codes if not _holds_what_may_come(LIST_BY_CODE[code]))


def _holds_what_may_come(known: KnownList) -> bool:
    """Whether a list is for entries that a publisher may add one day, and empty until then."""
    return known.may_be_empty and known.only_if_loaded


def required_because(code: str, profile: ListProfile) -> str | None:
    """Return why the profiles chosen require a list; None where they do not."""
    if not profile.is_chosen:
        return None
    named = (profiles()[name].get(code) for name in profile.names)
    return next((each for each in named if each is not None), None)


def _sentence(total: int, needs: Sequence[ListNeed]) -> str:
    if not needs:
        return f"All {plural(total, 'list')} are read."
    read = f"{total - len(needs)} of {plural(total, 'list')} are read."
    named = ", ".join(each.title for each in needs[:_MOST_NAMED])
    if len(needs) > _MOST_NAMED:
        named = f"{named} and {count(len(needs) - _MOST_NAMED)} more"
    these = "This one needs" if len(needs) == 1 else f"These {count(len(needs))} need"
    return f"{read} {these} you: {named}."


def _last_failures(attempts: Iterable[LoadAttempt]) -> Mapping[str, str]:
    """Return why the last attempt to load each list failed, where it did."""
    last: dict[str, LoadAttempt] = {}
    for each in sorted(attempts, key=lambda attempt: attempt.at):
        last[each.list_code] = each
    return {
        code: cause_in_brief(each.reason)
        for code, each in last.items()
        if each.outcome in {"refused", "unreachable"}
    }


def _need(covered: ListCoverage, failed: Mapping[str, str], profile: ListProfile) -> ListNeed:
    remedy = remedy_of(covered)
    state = STATES[covered.state]
    reason = failed.get(covered.code) or covered.reason or state
    return ListNeed(
        code=covered.code,
        title=list_title(covered.code),
        required=covered.role == "required",
        required_because=required_because(covered.code, profile),
        reason=reason if reason.startswith(state) else f"{state}: {reason}",
        advice=None if remedy is None else remedy.text,
        command=None if remedy is None else remedy.command,
    )
