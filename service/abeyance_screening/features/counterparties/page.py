"""The pages of watched counterparties: all of them, and one with its hits and decisions."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import batched
from types import MappingProxyType
from typing import cast
from urllib.parse import unquote

import msgspec
from litestar import get, post
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from abeyance_screening.engine.screening.answer import (
    CounterpartyResult,
    Hit,
    ScreeningAnswer,
    listings_of,
)
from abeyance_screening.engine.screening.answer_sentence import law_in_short, pieces_of
from abeyance_screening.engine.screening.coverage_line import doubts
from abeyance_screening.engine.screening.family_answer import FamilyAnswer
from abeyance_screening.engine.tables.counterparties import RowOfTable, UnreadableRow
from abeyance_screening.engine.wording.answers import answer_terms, count_in_words
from abeyance_screening.engine.wording.hits import MeasureText, matched_in_words, measure_text
from abeyance_screening.engine.wording.parties import PartyEffect, next_change, party_effect
from abeyance_screening.engine.wording.shapes import Badge, Scale, plain_badge_of
from abeyance_screening.engine.wording.titles import list_authority, list_title
from abeyance_screening.features.counterparties.api import CounterpartyId, TheCounterparties
from abeyance_screening.features.counterparties.desk import CounterpartyAnswer, CounterpartyDesk
from abeyance_screening.features.counterparties.types import (
    ListedQuery,
    OutcomeIfFresh,
    StoredCounterparty,
    WatchedCounterparty,
    read_watched,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.cards import MeasureRow, PageContext, owned_in_words
from abeyance_screening.platform.pages.decisions import DecisionText, decision_of
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    Given,
    TheDesk,
    link,
    link_below,
    page,
    sent_form,
    text_of,
)
from abeyance_screening.platform.questions.judgement_desk import TheJudgements
from abeyance_screening.platform.questions.table_parties import TheTableParties
from abeyance_screening.platform.stores.judgements import HitJudgement, newest_judgements
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import BadInputError, QuotaExceededError
from abeyance_screening.primitives.fair_scheduler import give_turns

PATH = "/counterparties"
_ROWS, _STORED_AT_ONCE = 25, 1_000
# In the order of the choices; each is an outcome as last told.
_STATES: Mapping[OutcomeIfFresh, str] = MappingProxyType(
    {
        "hits": "Something found",
        "owner_hits": "Found for an owner alone",
        "no_hits": "Nothing found",
        "incomplete": "Cannot say",
    }
)
_EMPTY = MappingProxyType({"id": "", "name": "", "country": ""})
_FIELD_NAMES = MappingProxyType({"id": "Your id", "name": "Name", "countries[0]": "Country"})


# --- All of them.


class CounterpartyRow(msgspec.Struct, frozen=True, kw_only=True):
    """One counterparty, as the first lines of its answer tell it now.

    `badge` is that of the strictest measure, None where none reaches it. With `is_sure` False
    nothing was found, and that says nothing.
    """

    id: str
    name: str
    country: str
    badge: Badge | None
    does: str
    lists: int
    decision: DecisionText
    next: str
    is_sure: bool = True


class RowAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says of the answer about its counterparty."""

    does: str
    badge: Badge | None = None
    lists: int = 0
    next: str = "none on record"
    has_hits: bool = False
    is_sure: bool = True


class TableTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a table that was dropped, in words; `left_out` says why, row by row."""

    text: str
    left_out: tuple[str, ...] = ()


class WatchedListPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of all; `later` leads to those after these, `taken` tells of a table."""

    total: int
    rows: tuple[CounterpartyRow, ...]
    name: str
    state: str
    states: tuple[tuple[str, str], ...]
    later: str | None
    added: Mapping[str, str]
    taken: TableTaken | None


@get(PATH, opt=needs("counterparties", reading="counterparties.listed"), include_in_schema=False)
async def counterparties_page(request: AnyRequest, counterparties: TheCounterparties) -> Template:
    """Show the counterparties of the account, those that were looked for."""
    return await _listed(request.query_params, counterparties, _EMPTY, ())


async def _listed(
    given: Given,
    counterparties: CounterpartyDesk,
    added: Mapping[str, str],
    faults: tuple[FieldFault, ...],
    taken: TableTaken | None = None,
) -> Template:
    name, state = text_of(given, "name"), text_of(given, "state")
    outcome = cast("OutcomeIfFresh", state) if state in _STATES else None
    after = text_of(given, "after") or None
    store = counterparties.store()
    query = ListedQuery(after=after, part=name or None, outcome=outcome)
    found = await counterparties.listed(query, _ROWS + 1)
    shown = [await store.get(each.id) for each in found[:_ROWS]]
    filters = (("name", name), ("state", state if outcome else ""))
    kept = tuple(each for each in filters if each[1])
    frame = Frame(
        title="Counterparties",
        path=PATH,
        section=PATH,
        now=counterparties.desk.now(),
        query=kept,
        faults=faults,
    )
    content = WatchedListPage(
        total=await store.total(),
        rows=await _rows([each for each in shown if each is not None], counterparties, frame),
        name=name,
        state=state,
        states=tuple(_STATES.items()),
        later=link(PATH, (*kept, ("after", found[_ROWS - 1].id))) if len(found) > _ROWS else None,
        added=added,
        taken=taken,
    )
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    return page("counterparties.html", frame, content, status)


async def _rows(
    stored: Sequence[StoredCounterparty], counterparties: CounterpartyDesk, frame: Frame
) -> tuple[CounterpartyRow, ...]:
    keys = [each.id for each in stored]
    judgements = await newest_judgements(counterparties.pool.pool, counterparties.account, keys)
    by_id: dict[str, list[HitJudgement]] = {key: [] for key in keys}
    for each in judgements:
        by_id[each.counterparty].append(each)
    asking = PageContext.of(counterparties.desk.board, frame)
    return tuple([await _row(each, by_id[each.id], counterparties, asking) for each in stored])


async def _row(
    stored: StoredCounterparty,
    judgements: Sequence[HitJudgement],
    counterparties: CounterpartyDesk,
    asking: PageContext,
) -> CounterpartyRow:
    answer = await counterparties.answer(stored)
    if isinstance(answer, BadInputError):
        told = RowAnswer(does=f"Cannot say: {answer.field} {answer.reason}.", is_sure=False)
    else:
        told = _told(answer, asking)
    return CounterpartyRow(
        id=stored.id,
        name=stored.watched.name,
        country=", ".join(stored.watched.countries),
        badge=told.badge,
        does=told.does,
        lists=told.lists,
        decision=decision_of(judgements, has_hits=told.has_hits, is_sure=told.is_sure),
        next=told.next if told.is_sure else "not known",
        is_sure=told.is_sure,
    )


def _told(answer: ScreeningAnswer, asking: PageContext) -> RowAnswer:
    """Return the first lines of an answer about one counterparty, cut for a row."""
    (result,) = answer.results
    match result.outcome:
        case "no_hits":
            return RowAnswer(does="Nothing found. That is no clearance.")
        case "incomplete":
            part = "Part of it could not be compared."
            why = doubts(answer.coverage) or part
            return RowAnswer(does=f"Cannot say: {why[:1].lower()}{why[1:]}", is_sure=False)
        case "owner_hits":
            listed = "Not listed itself, but an owner may be."
            does = " ".join(filter(None, (listed, _owned(result, asking))))
            return RowAnswer(does=does, has_hits=True)
        case "hits":
            return _of_family(result, asking)


def _of_family(result: CounterpartyResult, asking: PageContext) -> RowAnswer:
    family, coming = result.answer or FamilyAnswer(sentence=""), next_change(_law(result, asking))
    strictest = family.strictest
    return RowAnswer(
        does=law_in_short(family),
        badge=None if strictest is None else plain_badge_of(strictest.status),
        lists=len(family.lists),
        next="none on record" if coming is None else coming[1],
        has_hits=True,
    )


def _law(result: CounterpartyResult, asking: PageContext) -> tuple[MeasureText, ...]:
    """Return the measures on the listings that the name means, as the search shows them."""
    meant = () if result.answer is None else result.answer.parties
    parties = (each for each in result.parties if each.id in meant)
    return tuple(
        measure_text(measure, asking.chosen)
        for each in listings_of(parties, result.hits)
        for measure in each.measures
    )


def _owned(result: CounterpartyResult, asking: PageContext) -> str:
    findings = () if result.ownership is None else result.ownership.findings
    return owned_in_words(asking.row(each.rule) for each in findings if each.verdict == "met")


# --- Adding one.


@post(
    PATH,
    opt=needs("counterparties", change="counterparty.put"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def add_counterparty(
    request: AnyRequest, counterparties: TheCounterparties
) -> Template | Redirect:
    """Watch a counterparty that was typed into the form, and show it."""
    given = await sent_form(request)
    added = {name: text_of(given, name).strip() for name in ("id", "name", "country")}
    try:
        key, watched = _typed(added)
        await counterparties.put(key, watched, None)
    except (BadInputError, QuotaExceededError) as error:
        return await _listed(request.query_params, counterparties, added, (_fault(error),))
    return Redirect(link_below(PATH, key), status_code=HTTP_303_SEE_OTHER)


@post(
    PATH + "/new", opt=needs("counterparties"), include_in_schema=False, status_code=HTTPStatus.OK
)
async def new_counterparty(request: AnyRequest, counterparties: TheCounterparties) -> Template:
    """Show the form that adds a counterparty, with what another page knows of it."""
    given = await sent_form(request)
    added = {name: text_of(given, name).strip() for name in ("id", "name", "country")}
    return await _listed(request.query_params, counterparties, added, ())


def _typed(added: Mapping[str, str]) -> tuple[str, WatchedCounterparty]:
    """Return what was typed, by its id.

    Raises:
        BadInputError: The id cannot be one.
    """
    key, country = check_typed(added["id"]), added["country"].upper()
    if not added["name"]:
        raise BadInputError("name", "is missing")
    countries = (country,) if country else ()
    return key, WatchedCounterparty(name=added["name"], countries=countries)


_LONGEST_ID = 200


def check_typed(typed: str) -> str:
    """Return an id that was typed.

    Raises:
        BadInputError: It is empty or too long.
    """
    if not 0 < len(typed) <= _LONGEST_ID:
        raise BadInputError("id", f"is not 1 to {_LONGEST_ID} characters")
    return typed


def _fault(error: BadInputError | QuotaExceededError) -> FieldFault:
    if isinstance(error, QuotaExceededError):
        return FieldFault(field="id", text="The account watches as many as it may.")
    name = _FIELD_NAMES.get(error.field, error.field)
    return FieldFault(field=error.field, text=f"{name} {error.reason}.")


# --- Adding those of a table.


@post(
    PATH + "/table",
    opt=needs("counterparties", change="counterparty.put"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def add_table(
    request: AnyRequest, counterparties: TheCounterparties, table_parties: TheTableParties
) -> Template:
    """Watch the counterparties of a table, and say which rows were left out and why."""
    try:
        rows = await table_parties(request)
        taken = await _taken(rows, counterparties)
    except BadInputError as error:
        fault = FieldFault(field="file", text=f"Not taken: {error.reason}.")
        return await _listed(request.query_params, counterparties, _EMPTY, (fault,))
    return await _listed(request.query_params, counterparties, _EMPTY, (), taken)


async def _taken(rows: Sequence[RowOfTable], counterparties: CounterpartyDesk) -> TableTaken:
    """Store the counterparties of rows, the last of each id, to be screened soon."""
    watched, left_out, changed = dict[str, WatchedCounterparty](), list[str](), 0
    for row in rows:
        await give_turns()
        try:
            key, given = _in_row(row)
            accepted, _ = counterparties.accepted(key, given)
            await counterparties.check_id(key)
            watched[key] = accepted
        except BadInputError as error:
            field = _FIELD_NAMES.get(error.field, error.field)
            left_out.append(f"Row {row.number}: {f'{field} {error.reason}'.strip()}")
    text = ""
    for some in batched(watched.values(), _STORED_AT_ONCE, strict=False):
        try:
            changed += await counterparties.put_all(some)
        except QuotaExceededError:
            text = " The account watches as many as it may, so the rest was not taken."
            break
    text = f"{plural(len(rows), 'row')}: {changed} new or changed, {len(left_out)} left out.{text}"
    return TableTaken(text=text, left_out=tuple(left_out))


def _in_row(row: RowOfTable) -> tuple[str, WatchedCounterparty]:
    """Return the counterparty of a row, by its id.

    Raises:
        BadInputError: It cannot be read, or has no id.
    """
    if isinstance(row, UnreadableRow):
        raise BadInputError("", row.reason)
    watched = read_watched(msgspec.json.encode(row.counterparty))
    return check_typed(row.counterparty.id or ""), watched


# --- One of them.

# What is said once a decision is made, by its state, and once somebody had a second look at it.
_DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "holds": "Decided.",
        "waiting": "Sent. It counts once somebody else approves it.",
        "approved": "Approved. It holds from now on.",
        "refused": "Refused. What held before still does.",
    }
)


class HitShown(msgspec.Struct, frozen=True, kw_only=True):
    """A hit with its measures, how it was met, and what was decided about it."""

    listing_id: str
    name: str
    title: str
    authority: str
    matched: str
    rows: tuple[MeasureRow, ...]
    decision: DecisionText
    is_judged: bool


class WatchedPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one; `found` is how many hits there are, and how far that can be relied on.

    `said` is what came of a decision that was just made; empty if none was. `me` is under which
    name the reader decides.
    """

    id: str
    me: str
    said: str
    name: str
    country: str
    found: str
    effect: PartyEffect | None
    hits: tuple[HitShown, ...]
    scale: Scale
    revision: int


@get(
    PATH + "/{counterparty_id:str}",
    opt=needs("counterparties", reading="counterparty.read", about="counterparty_id"),
    include_in_schema=False,
)
async def counterparty_page(
    request: AnyRequest,
    counterparty_id: CounterpartyId,
    desk: TheDesk,
    counterparties: TheCounterparties,
    judgements: TheJudgements,
) -> Template:
    """Show a counterparty with its answer as it is now, and a decision beside each hit."""
    stored = await counterparties.get(counterparty_id)
    answer = await counterparties.shown(stored)
    frame = Frame(
        title=stored.watched.name,
        path=link_below(PATH, stored.id),
        section=PATH,
        now=counterparties.desk.now(),
    )
    said = _DECIDED.get(text_of(request.query_params, "decided"), "")
    content = _content(answer, PageContext.of(desk.board, frame), said, judgements.by.name)
    return page("counterparty.html", frame, content)


@post(
    PATH + "/delete",
    opt=needs("delete", change="counterparty.deleted", also="counterparties"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def delete_page(request: AnyRequest, counterparties: TheCounterparties) -> Redirect:
    """Delete a counterparty in the revision that was shown, and lead to the others."""
    given = await sent_form(request)
    revision = text_of(given, "revision")
    if not revision.isascii() or not revision.isdigit() or len(revision) > _DIGITS:
        raise BadInputError("revision", "is no number of a revision")
    await counterparties.delete(id_of(given), int(revision))
    return Redirect(PATH, status_code=HTTP_303_SEE_OTHER)


_DIGITS = 18


def id_of(given: Given) -> str:
    """Return the id that a form is about: `of`, or as it was typed into `id`.

    `of` is encoded as in an address, because browsers change the ends of lines in what they send.
    """
    return unquote(text_of(given, "of")) or text_of(given, "id")


def _content(answer: CounterpartyAnswer, asking: PageContext, said: str, me: str) -> WatchedPage:
    (result,) = answer.answer.results
    hits = tuple(_hit(each, answer.judgements, asking) for each in result.hits)
    rows = [row for each in hits for row in each.rows]
    return WatchedPage(
        id=answer.id,
        me=me,
        said=said,
        name=answer.counterparty.name,
        country=", ".join(answer.counterparty.countries),
        found=count_in_words(result, answer_terms(answer.answer)),
        effect=_effect(result, asking),
        hits=hits,
        scale=asking.scale(rows),
        revision=answer.revision,
    )


def _effect(result: CounterpartyResult, asking: PageContext) -> PartyEffect | None:
    """Return what the law does to whom the name means, in the words of the search."""
    if result.answer is None or not result.hits:
        return None
    told, aside = pieces_of(result.answer), party_effect(_law(result, asking), asking.chosen).aside
    rest = " ".join(filter(None, (told.others, aside, _owned(result, asking))))
    return PartyEffect(lead=told.law, rest=rest, aside=aside)


def _hit(hit: Hit, judgements: Iterable[HitJudgement], asking: PageContext) -> HitShown:
    listing = hit.listing
    prints = (listing, *(copy.listing for copy in hit.copies))
    about = [each for each in judgements if each.listing == listing.id and each.owner is None]
    return HitShown(
        listing_id=listing.id,
        name=listing.primary_name,
        title=list_title(listing.list_code),
        authority=list_authority(listing.list_code),
        matched=matched_in_words(hit),
        rows=tuple(asking.row(each, prints) for each in hit.measures),
        decision=decision_of(about, has_hits=True),
        is_judged=bool(about),
    )


PAGES = (
    counterparties_page,
    add_counterparty,
    new_counterparty,
    add_table,
    counterparty_page,
    delete_page,
)
