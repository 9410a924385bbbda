"""The pages of watched counterparties: all of them, and one with its hits and decisions."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import batched
from types import MappingProxyType
from typing import cast

import msgspec
from litestar import get, post
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer import Hit
from abeyance_screening.engine.screening.watched.standing import (
    StandingAnswer,
    StandingHit,
    StandingMeasure,
)
from abeyance_screening.engine.tables.counterparties import RowOfTable, UnreadableRow
from abeyance_screening.engine.wording.answers import answer_terms, count_in_words
from abeyance_screening.engine.wording.hits import matched_in_words, measure_text
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
from abeyance_screening.platform.pages.cards import MeasureRow, PageContext
from abeyance_screening.platform.pages.decisions import DecisionText, decision_of
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    Given,
    TheDesk,
    link,
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
    """One counterparty; `badge` is that of the strictest measure, None where none reaches it."""

    id: str
    name: str
    country: str
    badge: Badge | None
    does: str
    lists: int
    decision: DecisionText
    next: str


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
    found = await store.listed(query, _ROWS + 1)
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
    return tuple(_row(each, by_id[each.id], asking) for each in stored)


def _row(
    stored: StoredCounterparty, judgements: Sequence[HitJudgement], asking: PageContext
) -> CounterpartyRow:
    standing = stored.standing or StandingAnswer(is_sure=True)
    texts = [
        measure_text(_as_told(each, asking), asking.chosen) for each in _measures(standing.hits)
    ]
    strictest = min((each.measure for each in texts), key=severity, default=None)
    coming = next_change(texts)
    does = _nothing(stored)
    if texts:
        does = _in_short(party_effect(texts, asking.chosen))
    elif standing.hits:
        does = "Listed; the register has no measure for it"
    return CounterpartyRow(
        id=stored.id,
        name=stored.watched.name,
        country=", ".join(stored.watched.countries),
        badge=None if strictest is None else plain_badge_of(strictest.status),
        does=does,
        lists=len({each.list_code for each in standing.hits}),
        decision=decision_of(judgements, has_hits=bool(standing.hits)),
        next="none on record" if coming is None else coming[1],
    )


def _nothing(stored: StoredCounterparty) -> str:
    if stored.standing is None:
        return "Waits to be screened"
    if not stored.standing.is_sure:
        return "Cannot say: something in it may hide a listed party"
    return "Nothing found. That is no clearance."


def _measures(hits: Iterable[StandingHit]) -> Iterable[StandingMeasure]:
    return (measure for hit in hits for measure in hit.measures)


def _as_told(told: StandingMeasure, asking: PageContext) -> MeasureOnDay:
    """Return a measure of the register with the status that it has for a hit."""
    measure = asking.board.one(told.id, asking.days)
    return msgspec.structs.replace(
        measure,
        status=told.status,
        since=told.since,
        until=told.until,
        next_change_on=told.next_on,
        next_change_to=told.next_to,
    )


def _in_short(effect: PartyEffect) -> str:
    """Return the gravest that the law does, without the day, which the page says."""
    said = effect.lead.partition(": ")[2] or effect.lead
    return f"{said[:1].upper()}{said[1:]}"


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
    return Redirect(link(f"{PATH}/{key}", ()), status_code=HTTP_303_SEE_OTHER)


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
    key, country = check_id(added["id"]), added["country"].upper()
    if not added["name"]:
        raise BadInputError("name", "is missing")
    countries = (country,) if country else ()
    return key, WatchedCounterparty(name=added["name"], countries=countries)


_LONGEST_ID = 200


def check_id(typed: str) -> str:
    """Return an id that was typed.

    Raises:
        BadInputError: No address can have it.
    """
    if not typed or len(typed) > _LONGEST_ID or not typed.isprintable() or "/" in typed:
        raise BadInputError("id", f"is not 1 to {_LONGEST_ID} characters without /")
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
            watched[key], _ = counterparties.accepted(key, given)
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
    return check_id(row.counterparty.id or ""), watched


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
        path=link(f"{PATH}/{stored.id}", ()),
        section=PATH,
        now=counterparties.desk.now(),
    )
    said = _DECIDED.get(text_of(request.query_params, "decided"), "")
    content = _content(answer, PageContext.of(desk.board, frame), said, judgements.by)
    return page("counterparty.html", frame, content)


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
        effect=party_effect((each.text for each in rows), asking.chosen) if rows else None,
        hits=hits,
        scale=asking.scale(rows),
        revision=answer.revision,
    )


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
)
