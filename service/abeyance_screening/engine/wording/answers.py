"""The first lines of an answer about one name, and which lists and register it rests on.

None of these lines draws a conclusion for the party.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

import msgspec

from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    SOURCE_BY_CODE,
    UNREAD,
    is_fetched,
)
from abeyance_screening.engine.lists.catalogue_types import KnownList
from abeyance_screening.engine.lists.edition import ListState
from abeyance_screening.engine.lists.profile import (
    ADVISORY_LISTS,
    PROFILE,
    REQUIRED_LISTS,
    ListProfile,
)
from abeyance_screening.engine.measures.measure import RegisterMark
from abeyance_screening.engine.measures.place_state import WatchState
from abeyance_screening.engine.measures.register_state import (
    BundleFetch,
    BundleOrigin,
    RegisterState,
)
from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Coverage,
    Hit,
    InputWarning,
    ListAnswer,
    ListCoverage,
    ListNamed,
    NumberSearched,
    ScreeningAnswer,
    SearchAnswer,
    TextAnswer,
)
from abeyance_screening.engine.screening.coverage_line import (
    GRAVEST_FIRST,
    capitalised,
    coverage_line,
    deciding,
    doubts,
    in_state,
    profiles_named,
)
from abeyance_screening.engine.screening.ownership_findings import (
    Holding,
    OwnershipChain,
    OwnershipFinding,
    OwnershipStep,
    Verdict,
)
from abeyance_screening.engine.wording.failures import DownloadFailure, failure_of
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.primitives.days import count, day_in_words, plural
from abeyance_screening.primitives.structs import copy_as

# --- Coverage: the lists in one line, and what to do about those it does not rest on.


# Naming more lists than this would be hard to read; every answer shows all its lists below.
_MOST_NAMED = 5
# As many digits as tell a handful of keys apart.
_SHOWN_OF_KEY = 16
# What only a person can get round, so that no further try helps.
_FOR_A_PERSON: Mapping[DownloadFailure, str] = MappingProxyType(
    {
        "refuses programs": "Its server refuses programs; download",
        "moved": "The file is no longer at its address; download",
    }
)


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can do about a list: in words, and the command to run if there is one."""

    text: str
    command: str | None = None


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
    reason = covered.reason or "" if isinstance(covered, ListCoverage) else ""
    is_kept = isinstance(covered, ListCoverage) and covered.state == "kept"
    if not is_kept and "(tried " not in reason:
        return Remedy(text="Fetch the newest edition:", command=f"abeyance refresh {covered.code}")
    why = _FOR_A_PERSON.get(failure_of(reason))
    if why is None:
        command = f"abeyance doctor {covered.code}"
        return Remedy(text="The last download failed; find out why:", command=command)
    return _loading(covered.code, LIST_BY_CODE[covered.code], why)


def _loading(code: str, known: KnownList | None, why: str = "Download") -> Remedy:
    command = f"abeyance load {code} --file PATH"
    if known is None:
        return Remedy(text="Load the newest file:", command=command)
    if known.of_register:
        return Remedy(text="Use a newer version of Abeyance, or a newer register bundle.")
    home = SOURCE_BY_CODE[known.sources[0]].home_url
    return Remedy(text=f"{why} the file from {home} and load it:", command=command)


def remedies_of(coverage: Coverage) -> tuple[Remedy, ...]:
    """Return what makes an answer complete, each remedy once for all its lists; () if it is.

    A command for more than five lists names none of them, so that it is for all lists. A file is
    loaded into one list at a time: a command for several such lists has LIST in place of one.
    """
    found: dict[Remedy, list[str]] = {}
    for each in deciding(coverage):
        remedy = remedy_of(each)
        if remedy is not None:
            command = remedy.command and f"{remedy.command} ".replace(f" {each.code} ", " LIST ")
            of_all = Remedy(text=remedy.text, command=command and command.strip())
            found.setdefault(of_all, []).append(each.code)
    return tuple(_for_lists(each, codes) for each, codes in found.items())


def _for_lists(remedy: Remedy, codes: Sequence[str]) -> Remedy:
    command = remedy.command
    if command is not None and command.endswith(" LIST"):
        named = codes if len(codes) <= _MOST_NAMED else ()
        command = " ".join((command.removesuffix(" LIST"), *named))
    elif command is not None and len(codes) == 1:
        command = command.replace(" LIST ", f" {codes[0]} ")
    return Remedy(text=remedy.text, command=command)


def profile_in_words(profile: ListProfile) -> str:
    """Return in sentences which lists a site requires, and which setting says so."""
    role = (
        "An answer without hits is complete only with every required list fresh. Advisory lists "
        "are searched too, and their hits are hits; their age makes no answer incomplete, and "
        "each answer names it."
    )
    is_setting = profile.chosen_in == "settings"
    if profile.required:
        who = f"{REQUIRED_LISTS} names" if is_setting else "was chosen list by list"
        return f"Required is what {who}; all other lists are advisory. {role}"
    if profile.is_chosen:
        chosen = profiles_named(profile.names)
        verb = "name" if len(profile.names) > 1 else "names"
        where = f"of {PROFILE} {verb}" if is_setting else f"{verb}, as chosen here"
        return (
            f"Required is what {chosen} {where}, with lists of your own; all other lists are "
            f"advisory. {role}"
        )
    default = "every list that this installation keeps fresh by itself, and lists of your own"
    if profile.advisory:
        return f"Required is {default}, but for those that {ADVISORY_LISTS} names. {role}"
    settings = f"{PROFILE}, {REQUIRED_LISTS} and {ADVISORY_LISTS}"
    return f"Required is {default}; a choice here, or {settings}, changes that. {role}"


# --- Answers: the first lines, why one is incomplete, and what owners mean for it.

_VERDICT: Mapping[Verdict, str] = MappingProxyType(
    {
        "met": "The rule reaches it through its owners.",
        "open": "The rule may reach it through its owners: a share is not stated.",
        "not_met": "By what was stated, the rule does not reach it.",
    }
)
_MOST_CHAINS = 5


class AnswerTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a question that the first lines of its answer need.

    `today` is the day (UTC) on which it was asked, None where that is not known.
    """

    as_of: date
    known_at: date
    threshold: float
    coverage: Coverage
    today: date | None = None


def answer_terms(answer: ScreeningAnswer | TextAnswer) -> AnswerTerms:
    """Return what the first lines of an answer need; one about a text names no day of asking."""
    is_dated = isinstance(answer, ScreeningAnswer)
    return copy_as(
        AnswerTerms, answer, today=answer.asked_at.astimezone(UTC).date() if is_dated else None
    )


class WarningText(msgspec.Struct, frozen=True, kw_only=True):
    """A warning in words: `lead` says what it means for the answer, `text` what is wrong."""

    lead: str
    text: str


def shares_in_words(holdings: Iterable[Holding]) -> str:
    """Return how much an owner holds in each place of the question: `50 %, share not stated`."""
    return ", ".join(
        "share not stated" if each.share is None else f"{each.share} %" for each in holdings
    )


def verdict_in_words(finding: OwnershipFinding) -> str:
    """Return in a sentence whether an ownership rule reaches the counterparty."""
    return _VERDICT[finding.verdict]


def sum_in_words(finding: OwnershipFinding) -> str:
    """Return in a sentence what listed owners hold and what the rule requires."""
    most = finding.sum_at_most
    up_to = "" if most is None or most == finding.sum else f", up to {most} %"
    at_least = finding.bound == "at_least"
    needed = f"{finding.needed} % or more" if at_least else f"more than {finding.needed} %"
    together = "together" if finding.aggregate else "by one of them alone"
    return (
        f"Listed owners hold {finding.sum} %{up_to}; the rule requires {needed}, held {together}."
    )


def chains_in_words(finding: OwnershipFinding) -> tuple[str, ...]:
    """Return the best chains from a listed owner, at most five: `Rostec holds 60 % of Acme`."""
    return tuple(map(_chain, finding.chains[:_MOST_CHAINS]))


def why_incomplete(coverage: Coverage, as_of: date) -> tuple[str, ...]:
    """Return why an answer is incomplete, one sentence for each reason; none if complete."""
    return (
        *(f"{capitalised(each)}." for each in coverage.reasons),
        *_reasons(deciding(coverage), as_of),
    )


def headline(result: CounterpartyResult | SearchAnswer, answered: Collection[str] = ()) -> str:
    """Return the answer in a few words: `3 listings, 2 open questions`.

    It counts and draws no conclusion. An open question is a condition that a reader must answer;
    each counts once. `answered` holds the ids of the measures whose condition has been answered
    already.
    """
    match result.outcome:
        case "hits":
            questions = set(open_questions(result.hits)).difference(answered)
            asked = f", {plural(len(questions), 'open question')}" if questions else ""
            return f"{plural(result.total, 'listing')}{asked}"
        case "owner_hits":
            return "not listed itself, but an owner may be"
        case "no_hits":
            return "no listing found"
        case "incomplete":
            return "cannot say"


def count_in_words(result: CounterpartyResult | SearchAnswer, terms: AnswerTerms) -> str:
    """Return what was found on the day, and how far an empty answer can be relied on.

    A sentence follows for each number of the question; see `numbers_in_words`.
    """
    numbers = numbers_in_words(result.numbers, terms.coverage.lists)
    return " ".join((_count_in_words(result, terms), *numbers))


def _count_in_words(result: CounterpartyResult | SearchAnswer, terms: AnswerTerms) -> str:
    day = f"on {day_in_words(terms.as_of)}"
    if terms.known_at != terms.as_of:
        day += f", as known on {day_in_words(terms.known_at)}"
    match result.outcome:
        case "hits":
            shown = len(result.hits)
            cut = f" Shown: the best {shown}." if 0 < shown < result.total else ""
            return f"{plural(result.total, 'listing')} may be meant, {day}.{cut}"
        case "owner_hits":
            return f"No listing found {day}, but an owner may be listed."
        case "no_hits":
            line = coverage_line(terms.coverage, terms.as_of, terms.today, found=False)
            return (
                f"{capitalised(day)}: {line[:1].lower()}{line[1:]} Searched down to score "
                f"{terms.threshold:.2f}. "
                "This is no clearance: rules that name no company still need their answers."
            )
        case "incomplete":
            hidden = (warning_text(each).text for each in result.warnings if each.may_hide)
            why = " ".join(filter(None, (doubts(terms.coverage), *hidden)))
            return f"Cannot say {day}. {why} No listing was found in what was searched."


def numbers_in_words(
    numbers: Iterable[NumberSearched], lists: Sequence[ListCoverage]
) -> tuple[str, ...]:
    """Return for each number of a question which of these lists print numbers of its kind.

    `IMO 9116412: 2 of the 30 lists searched print numbers of this kind (UK Sanctions List, UN
    Consolidated List). The editions loaded of the others have none: search for the name as well.`
    """
    searched = sum(each.state != "missing" for each in lists)
    return tuple(_number_in_words(each, searched) for each in numbers)


def _number_in_words(number: NumberSearched, searched: int) -> str:
    title = " ".join(filter(None, (number.kind, number.value)))
    of_kind = "" if number.kind is None else " of this kind"
    if not number.lists:
        no_list = f"{title}: no list searched prints numbers{of_kind}"
        return f"{no_list}, so it could meet none; search for the name as well."
    printing = f"{len(number.lists)} of the {plural(searched, 'list')} searched"
    verb = "prints" if len(number.lists) == 1 else "print"
    told = f"{title}: {printing} {verb} numbers{of_kind} ({_some(list(number.lists))})."
    if len(number.lists) == searched:
        return told
    return f"{told} The editions loaded of the others have none: search for the name as well."


def warning_text(warning: InputWarning) -> WarningText:
    """Return a warning in words: `Likely a slip.` and `name: is one letter, …`."""
    lead = "A listed party may be missed." if warning.may_hide else "Likely a slip."
    return WarningText(lead=lead, text=f"{warning.field}: {warning.reason}.")


def open_questions(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the ids of the measures whose condition a reader must answer, each once.

    They come in the order of the hits.
    """
    asked = (
        measure.id for hit in hits for measure in hit.measures if measure.condition is not None
    )
    return tuple(dict.fromkeys(asked))


def _some(codes: list[str]) -> str:
    """Return the titles, or the first few of many with the number of the others."""
    titles = [list_title(code) for code in codes]
    more = len(titles) - _MOST_NAMED
    if more <= 0:
        return ", ".join(titles)
    return f"{', '.join(titles[:_MOST_NAMED])} and {count(more)} more"


def _reasons(lists: Sequence[ListCoverage], as_of: date) -> Iterator[str]:
    for state in GRAVEST_FIRST:
        of_it = in_state(lists, state)
        if of_it:
            yield from _reasons_for(state, of_it, as_of)


def _reasons_for(state: ListState, lists: Sequence[ListCoverage], as_of: date) -> list[str]:
    """Return in sentences why these lists, all in one state, cannot be relied on."""
    named = _named([each.code for each in lists])
    match state:
        case "fresh":
            why: list[str] = []
        case "too_old":
            why = [_too_old(lists, as_of)]
        case "undated":
            why = [f"The day of publication of {named} is not known."]
        case "edition_later":
            read = (
                f"{plural(len(lists), 'list was', 'lists were')} read from an edition later than"
            )
            why = [f"{read} {day_in_words(as_of)}: parties that left it before are not seen."]
        case "in_part":
            why = [
                f"{list_title(each.code)} was searched in part: {each.reason}." for each in lists
            ]
        case "kept":
            why = [f"A newer file of {named} was refused; the edition before it was searched."]
        case "missing":
            why = [f"{named} {'was' if len(lists) == 1 else 'were'} never loaded."]
    return why


def _too_old(old: Sequence[ListCoverage], as_of: date) -> str:
    youngest = min(old, key=lambda each: each.age_days or 0)
    which = "it was" if len(old) == 1 else "the newest of them was"
    return (
        f"{plural(len(old), 'list is', 'lists are')} too old: {which} last confirmed "
        f"{plural(youngest.age_days or 0, 'day')} before {day_in_words(as_of)} (limit "
        f"{plural(youngest.max_age_days or 0, 'day')}); later listings are not seen."
    )


def _named(codes: list[str]) -> str:
    """Return the titles in a sentence: `EU Sanctions List and Swiss Sanctions List`."""
    titles = [list_title(code) for code in codes]
    if len(titles) > _MOST_NAMED:
        return _some(codes)
    return " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))


def _chain(chain: OwnershipChain) -> str:
    return "; ".join(map(_step, chain.steps))


def _step(step: OwnershipStep) -> str:
    share = "a share not stated" if step.share is None else f"{step.share} %"
    return f"{step.owner.name} holds {share} of {step.owned.name}"


# --- The register that answers come from, and how it is kept true.


def register_in_words(state: RegisterState) -> tuple[str, ...]:
    """Write which register is in force, what became of the last bundle, and what waits to be read.

    One sentence or two each; what there is nothing to say of is left out.
    """
    source = "this program"
    if state.made_at is not None:
        source = f"a signed bundle of {_moment(state.made_at)}"
    digest = f"its digest begins with {state.digest[:12]}"
    which = f"Revision {state.revision:,}, from {source}; {digest}."
    return (
        which,
        *_origin_in_words(state.bundle),
        *_bundle_in_words(state.last_fetch),
        *_watch_in_words(state.watch),
    )


def register_told(mark: RegisterMark | None) -> str:
    """Write which register of measures a page rests on; empty before it was read."""
    if mark is None:
        return ""
    origin = "as it came with this program"
    if mark.made_at is not None:
        origin = f"from the {bundle_in_words(mark.made_at)}"
    return f"Register of measures: revision {mark.revision:,}, {origin}."


def bundle_in_words(made_at: datetime) -> str:
    """Write from which bundle something comes: `signed bundle of 29 Nov 2026`."""
    return f"signed bundle of {day_in_words(made_at.astimezone(UTC).date())}"


def _origin_in_words(bundle: BundleOrigin | None) -> Iterator[str]:
    """Yield who keeps and signed the last bundle, and what they say that it changed."""
    if bundle is None:
        return
    keys = ", ".join(each[:_SHOWN_OF_KEY] for each in bundle.signed_by)
    keeper = f"made by {bundle.keeper}, " if bundle.keeper else ""
    lists = ", ".join(dict.fromkeys(each.partition(" ")[0] for each in bundle.editions))
    carries = f"; it carries {lists}" if lists else ""
    made = f"The last {bundle_in_words(bundle.made_at)} was {keeper}signed by {keys}"
    yield f"{made}{carries}."
    if bundle.changes:
        more = len(bundle.changes) - _MOST_NAMED
        rest = f"; and {count(more)} more" if more > 0 else ""
        yield f"It changed: {'; '.join(bundle.changes[:_MOST_NAMED])}{rest}."


def _bundle_in_words(last: BundleFetch | None) -> Iterator[str]:
    if last is not None and last.outcome == "unreachable":
        yield f"The last bundle could not be fetched on {_moment(last.tried_at)}: {last.reason}."
    if last is not None and last.refused_at is not None:
        because = last.refused_because
        yield f"The last bundle that was refused came on {_moment(last.refused_at)}: {because}."


def _watch_in_words(watch: WatchState) -> Iterator[str]:
    if watch.looked_at is None:
        yield f"The {watch.places} places where acts appear were never looked at from here."
        return
    failing = ""
    if watch.failing:
        named = ", ".join(watch.failing[:_MOST_NAMED])
        more = len(watch.failing) - _MOST_NAMED
        failing = f"; {named}{f' and {count(more)} more' if more > 0 else ''} could not be read"
    yield (
        f"The places where acts appear were last looked at on {_moment(watch.looked_at)}{failing}."
    )
    unread = plural(watch.unread, "new document")
    unconfirmed = f"{watch.unconfirmed} of {plural(watch.places, 'place')}"
    yield f"{unread} to be read; {unconfirmed} to be confirmed."


def _moment(at: datetime) -> str:
    there = at.astimezone(UTC)
    return f"{day_in_words(there.date())}, {there:%H:%M} UTC"


def lists_in_words(lists: Iterable[ListAnswer]) -> str:
    """Write how many lists are loaded: `25 of 27 lists are loaded; 2 of them are not fresh, …`."""
    states = [each.coverage.state for each in lists]
    loaded = len(states) - states.count("missing")
    if not loaded:
        return "Nothing can be searched yet: no list has been loaded. Run “abeyance load”."
    words = f"{loaded} of {plural(len(states), 'list')} are loaded"
    old = loaded - states.count("fresh")
    if not old:
        return f"{words}."
    return f"{words}; {old} of them are not fresh, and each answer says so."
