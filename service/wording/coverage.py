"""Which lists an answer rests on, in one line, and what to do about those it does not rest on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import msgspec

from service.days import count, plural
from service.lists.catalogue import LIST_BY_CODE, SOURCE_BY_CODE, UNREAD, is_fetched
from service.lists.edition import ListProfile, ListState
from service.lists.kinds import KnownList
from service.screening.answer import Coverage, ListCoverage, ListNamed, ListRole
from service.settings import ADVISORY_LISTS, REQUIRED_LISTS
from service.wording.titles import list_title

STATES: Mapping[ListState, str] = MappingProxyType(
    {
        "fresh": "fresh",
        "too_old": "too old",
        "undated": "of unknown age",
        "edition_later": "later than the day asked about",
        "in_part": "in part",
        "kept": "kept: the new file was refused",
        "missing": "missing",
    }
)
# The line stays one line; all lists are in the table behind it.
_MOST_NAMED = 3


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can do about a list: in words, and the command to run if there is one."""

    text: str
    command: str | None = None


def coverage_line(coverage: Coverage, as_of: date, today: date | None, *, found: bool) -> str:
    """Return in a sentence which lists an answer rests on, and which it does not.

    `No listing on 22 required lists, all read today; not covered: SAM Exclusions (never loaded).`
    `today` is the day of the question, None where it is not known; `found` whether there was a
    listing.
    """
    parts = [*coverage.reasons, *_not_fresh(coverage)]
    if not parts:
        searched = _searched(coverage.lists, as_of, today)
        joined = (", and " if found else ", nor on ").join(searched)
        parts = [f"{'Searched: ' if found else 'No listing on '}{joined}"]
    line = "; ".join((*parts, *_beside(coverage)))
    return f"{line[:1].upper()}{line[1:]}."


def of_role(lists: Iterable[ListCoverage], role: ListRole) -> list[ListCoverage]:
    """Return the required lists of an answer, or the advisory ones."""
    return [each for each in lists if each.role == role]


def deciding(coverage: Coverage) -> Sequence[ListCoverage]:
    """Return the lists that decide whether an answer is complete: all where none is required."""
    return of_role(coverage.lists, "required") or coverage.lists


def remedy_of(covered: ListCoverage | ListNamed) -> Remedy | None:
    """Return what an operator can do about a list that is not fresh; None where there is nothing.

    A list that is only named was never loaded.
    """
    is_named = not isinstance(covered, ListCoverage)
    if covered.code in UNREAD or (not is_named and covered.state == "fresh"):
        return None
    if not is_named and covered.state == "edition_later":
        command = f"abeyance load {covered.code} --as-history --file PATH"
        return Remedy(text="Load the editions of that time:", command=command)
    known = LIST_BY_CODE.get(covered.code)
    if known is not None and is_fetched(known.code):
        return _fetching(covered)
    return _loading(covered.code, known)


def _fetching(covered: ListCoverage | ListNamed) -> Remedy:
    is_named = not isinstance(covered, ListCoverage)
    if not is_named and (covered.state == "kept" or "(tried " in (covered.reason or "")):
        command = f"abeyance doctor {covered.code}"
        return Remedy(text="The last download failed; find out why:", command=command)
    return Remedy(text="Fetch the newest edition:", command=f"abeyance refresh {covered.code}")


def _loading(code: str, known: KnownList | None) -> Remedy:
    command = f"abeyance load {code} --file PATH"
    if known is None:
        return Remedy(text="Load the newest file:", command=command)
    if known.of_register:
        return Remedy(text="Use a newer version of Abeyance, or a newer register bundle.")
    home = SOURCE_BY_CODE[known.sources[0]].home_url
    return Remedy(text=f"Download the file from {home} and load it:", command=command)


def remedies_of(coverage: Coverage) -> tuple[Remedy, ...]:
    """Return what makes an answer complete, lists with the same command together; () if it is."""
    found: dict[Remedy, list[str]] = {}
    for each in deciding(coverage):
        remedy = remedy_of(each)
        if remedy is not None and (remedy.command or "").endswith(f" {each.code}"):
            command = (remedy.command or "").removesuffix(f" {each.code}")
            found.setdefault(Remedy(text=remedy.text, command=command), []).append(each.code)
        elif remedy is not None:
            found.setdefault(remedy, [])
    return tuple(
        Remedy(text=each.text, command=" ".join((each.command, *codes)) if each.command else None)
        for each, codes in found.items()
    )


def profile_in_words(profile: ListProfile) -> str:
    """Return in sentences which lists a site requires, and which setting says so."""
    role = (
        "An answer without hits is complete only with every required list fresh. Advisory lists "
        "are searched too, and their hits are hits; their age makes no answer incomplete, and "
        "each answer names it."
    )
    if profile.required:
        return f"Required is what {REQUIRED_LISTS} names; all other lists are advisory. {role}"
    default = "every list that this installation keeps fresh by itself, and lists of your own"
    if profile.advisory:
        return f"Required is {default}, but for those that {ADVISORY_LISTS} names. {role}"
    return f"Required is {default}; {REQUIRED_LISTS} and {ADVISORY_LISTS} change that. {role}"


def _not_fresh(coverage: Coverage) -> Iterator[str]:
    required = deciding(coverage)
    doubtful = [each for each in required if each.state != "fresh"]
    if doubtful:
        yield (
            f"{len(doubtful)} of {plural(len(required), 'required list')} cannot be relied "
            f"on: {_some([_with_state(each) for each in doubtful])}"
        )


def _searched(lists: Sequence[ListCoverage], as_of: date, today: date | None) -> Iterator[str]:
    """Yield the required lists of publishers, those of the user's own, and fresh advisory ones."""
    required = of_role(lists, "required")
    known = [each for each in required if each.code in LIST_BY_CODE]
    # The register's own list comes with the program and is not read from a publisher.
    published = [each for each in known if not LIST_BY_CODE[each.code].of_register]
    if published:
        yield f"{plural(len(published), 'required list')}, {_ages(published, as_of, today)}"
    elif known:
        yield "the register's own list"
    if len(known) < len(required):
        yield f"{plural(len(required) - len(known), 'list')} of your own"
    fresh = [each for each in of_role(lists, "advisory") if each.state == "fresh"]
    if fresh:
        yield plural(len(fresh), "advisory list")


def _ages(lists: Sequence[ListCoverage], as_of: date, today: date | None) -> str:
    oldest = max(each.age_days or 0 for each in lists)
    on = "" if as_of == today else " on that day"
    if oldest:
        return f"{'' if len(lists) == 1 else 'the oldest '}{plural(oldest, 'day')} old{on}"
    return f"{'' if len(lists) == 1 else 'all '}{'read today' if not on else f'current{on}'}"


def _beside(coverage: Coverage) -> Iterator[str]:
    """Yield the advisory lists that are not fresh, and what was not searched at all."""
    advisory = of_role(coverage.lists, "advisory")
    doubtful = [each for each in advisory if each.state not in {"fresh", "missing"}]
    if doubtful:
        yield f"searched, but not relied on: {_some([_with_state(each) for each in doubtful], 2)}"
    missing = [list_title(each.code) for each in advisory if each.state == "missing"]
    missing += [named_title(each) for each in coverage.not_loaded if not _holds_strays(each.code)]
    if missing:
        yield f"not covered: {_some(missing, 2)}"


def _holds_strays(code: str) -> bool:
    """Whether a list has an edition only while its source prints entries of unknown lists."""
    known = LIST_BY_CODE.get(code)
    return known is not None and known.only_if_loaded and known.may_be_empty


def named_title(named: ListNamed) -> str:
    """Return the short title of a list; that of the answer where there is none."""
    known = list_title(named.code)
    return named.title if known == named.code else known


def _with_state(covered: ListCoverage) -> str:
    state = "newer file refused" if covered.state == "kept" else STATES[covered.state]
    return f"{list_title(covered.code)} ({state})"


def _some(texts: Sequence[str], most: int = _MOST_NAMED) -> str:
    more = len(texts) - most
    if more <= 1:
        return ", ".join(texts)
    return f"{', '.join(texts[:most])} and {count(more)} more"
