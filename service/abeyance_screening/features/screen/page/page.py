"""The search page: one name, answered while it is typed; its whole state is in what is sent to it.

A question has a counterparty's name in it, which proxies log and browsers remember and pass on
where it stands in an address. So every question is sent in the body of `POST /`: by the form, and
by a button for each day, order, filter and answer (`ask` in `templates/parts.html`), whose value
is the whole question as it would stand in an address. The service keeps none of it: an answer
needs no id that could expire, belongs to no process, and nothing that was looked up is stored.

The script keeps the question in the state of the browser's history, which no server sees, for
reloading and going back. Without a script the browser goes back to the page that it has, which it
alone may keep, and asks before it sends a form again. A copied link has the question after `#`,
which browsers do not send either.

`GET /?name=…` goes on working for links that people have. Its answer tells the browser to send no
`Referer` with that address, and the script takes the name out of the address bar.
"""

import re
from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.datastructures import MultiDict
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD
from abeyance_screening.engine.screening.coverage import codes_of
from abeyance_screening.engine.screening.desk import Desk, DeskAnswer
from abeyance_screening.engine.screening.question import MAX_LIMIT, ScreeningQuestion
from abeyance_screening.engine.wording.answers import (
    WarningText,
    lists_in_words,
    numbers_in_words,
    warning_text,
)
from abeyance_screening.engine.wording.shapes import Scale, day
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.screen.page.decisions import DecisionsShown, decisions_shown
from abeyance_screening.features.screen.page.headline import (
    CoverageText,
    Headline,
    NameResult,
    OwnershipText,
    Rules,
    coverage_shown,
    headline_of,
    ownership_shown,
    rules_of,
)
from abeyance_screening.features.screen.page.parties import (
    LANE_WIDTH,
    AnswerFrame,
    PartiesShown,
    parties_of,
)
from abeyance_screening.features.screen.service import DecisionsOn
from abeyance_screening.platform.access.callers import ANYBODY, needs
from abeyance_screening.platform.http.entrance import caller_of
from abeyance_screening.platform.pages.cards import (
    CardEntry,
    MeasureRow,
    PageContext,
    changes_of,
    entry_of,
)
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    Given,
    TheDesk,
    link,
    page,
    read_clocks,
    sent_form,
    text_of,
)
from abeyance_screening.platform.questions.form import (
    END_USES,
    ENTITY_TYPES,
    OWNER_ROWS,
    FormFields,
    OwnerField,
    PartyFilter,
    read_pick,
    read_question,
    read_view,
    with_another_names,
    without_another_names,
)
from abeyance_screening.primitives.errors import BadInputError

TheDecisions = NamedDependency[SkipValidation[DecisionsOn]]
_MOST_CHIPS = 7
# The most fields of a question: each list, owner and answer is one.
_MOST_FIELDS = 1_000


class DayChip(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which a status changes, with the address of the page on that day."""

    text: str
    href: str
    is_chosen: bool


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a field."""

    value: str
    text: str
    is_chosen: bool


class SearchForm(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the form: the typed fields and the choices."""

    view: FormFields
    lists: tuple[Option, ...]
    types: tuple[Option, ...]
    end_uses: tuple[Option, ...]
    owners: tuple[OwnerField, ...]
    default_threshold: str
    filters_on: int


# The lowest score of names shown below the threshold: with hits, and without any.
_NEAR_FROM, _NEAREST_FROM = 0.5, 0.3
_MOST_NEAR = 3
_PLACE = re.compile(r"(\w+?)s?\[(\d+)\]")


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A listed name whose score is a little below the threshold."""

    listing_id: str
    list_code: str
    name: str
    score: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the search page; `delisted` are listings that had left their list by that day.

    `numbers` say of each number of the question which lists print such numbers.
    """

    headline: Headline
    coverage: CoverageText
    parties: PartiesShown
    delisted: tuple[CardEntry, ...]
    rules: Rules
    ownership: OwnershipText | None
    scale: Scale
    threshold: str
    scorer: str
    warnings: tuple[WarningText, ...]
    numbers: tuple[str, ...]
    near: tuple[Near, ...]


class LeftBehind(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of the name before and does not count for this one, in words.

    `href` is the address of the page with it; `query` is what the form repeats of it.
    """

    name: str
    what: tuple[str, ...]
    href: str
    query: str


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """The search page: its form, chips with days, and the answer; None before a name is typed.

    `before` is the question as its form sends it with the next one, so that a new name starts
    without what was said of this one; `left` is what this name started without. `hint` is shown in
    place of the answer where there is none: `empty` or `short`. `once` is the id of the form that
    makes evidence of the answer. `decisions` is None for who may not know them.
    """

    form: SearchForm
    before: str
    left: LeftBehind | None
    chips: tuple[DayChip, ...]
    answer: Answer | None
    hint: str | None
    lists: str | None
    once: UUID
    decisions: DecisionsShown | None


def form_of(view: FormFields, desk: Desk) -> SearchForm:
    """Return the form as filled in, with at least one empty row for an owner."""
    free = max(1, OWNER_ROWS - len(view.owners))
    empty = (OwnerField(name="", share=""),) * free
    return SearchForm(
        view=view,
        lists=_options(
            ((code, list_title(code)) for code in codes_of(desk.current.get().lists)), view.lists
        ),
        types=_options(ENTITY_TYPES, (view.entity_type,)),
        end_uses=_options(END_USES, (view.end_use,)),
        owners=(*view.owners, *empty),
        default_threshold=f"{DEFAULT_THRESHOLD:.2f}",
        filters_on=view.filters_on,
    )


def chips_of(rows: Iterable[MeasureRow], frame: Frame) -> tuple[DayChip, ...]:
    """Return a chip for today, then for the nearest days on which a status changes, newest first.

    A change on the UTC day has its own chip only while that day is not today for every authority.
    """
    nearest = sorted(changes_of(rows), key=lambda each: abs((each - frame.today).days))
    is_one_day = not frame.days_now.as_of_by
    today = {frame.today} if is_one_day else set[date]()
    days = sorted({*nearest[:_MOST_CHIPS]} - today, reverse=True)
    return (_chip(None, frame), *(_chip(each, frame) for each in days))


@get("/", opt=needs("screen"), include_in_schema=False)
async def search_page(request: AnyRequest, desk: TheDesk, decisions_on: TheDecisions) -> Template:
    """Show the search form, and the answer where the address has a name."""
    answer = await _searched(desk, request.query_params, decisions_on, decides=_decides(request))
    # the address has the name, and no other request may repeat it
    answer.headers["referrer-policy"] = "strict-origin" if request.url.query else "same-origin"
    return answer


@post("/", opt=needs("screen"), include_in_schema=False, status_code=HTTPStatus.OK)
async def question_page(
    request: AnyRequest, desk: TheDesk, decisions_on: TheDecisions
) -> Template:
    """Show the answer to a form, or to the question in its field `question`; nothing is stored."""
    given = await sent_form(request)
    asked = _pressed(given) or given
    answer = await _searched(desk, asked, decisions_on, decides=_decides(request))
    # with `no-store` a browser without a script could not go back to it from another page
    answer.headers["cache-control"] = "private, no-cache"
    return answer


def _pressed(given: Given) -> Given | None:
    """Return the question that a button sends; None where the form itself is sent."""
    return _question_in(given, "question") if text_of(given, "question") else None


def _question_in(given: Given, field: str) -> Given:
    """Return a question written as an address in a field; an empty one where there is none."""
    try:
        pairs = parse_qsl(
            text_of(given, field), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise BadInputError(field, f"has more than {_MOST_FIELDS:,} fields") from error
    return MultiDict(pairs)


def _asked_now(given: Given) -> tuple[FormFields, FormFields | None]:
    """Return what is asked, and the view of the name before if it starts without what that had."""
    typed = read_view(given)
    before = read_view(_question_in(given, "before"))
    view = without_another_names(typed, before)
    if view != typed:
        return view, before
    left = read_view(_question_in(given, "left"))
    return view, left if left.said_of_it and not view.said_of_it else None


def _left_behind(view: FormFields, left: FormFields | None, frame: Frame) -> LeftBehind | None:
    if left is None:
        return None
    query = (*with_another_names(view, left).query(), *frame.clocks.query())
    return LeftBehind(
        name=left.name,
        what=left.said_of_it,
        href=link("/", query),
        query=urlencode(left.query()),
    )


def _decides(request: AnyRequest) -> bool:
    """Return whether the reader may say which parties are one; anybody where no key is asked."""
    caller = caller_of(request)
    return caller == ANYBODY or "register" in caller.scopes


async def _searched(
    desk: Desk, given: Given, decisions_on: DecisionsOn, *, decides: bool
) -> Template:
    clocks, faults = read_clocks(given)
    view, left = _asked_now(given)
    pick, unread = read_pick(given)
    frame = Frame(
        # without the name, which the browser would remember with the page
        title="Answer" if view.name else "Search",
        path="/",
        section="/",
        now=desk.now(),
        clocks=clocks,
        query=(*view.query(), *pick.query()),
    )
    question, more = _question(view)
    faults = (*faults, *unread, *more)
    hint = _hint(view, is_typing=bool(text_of(given, "typing")))
    answer: Answer | None = None
    if question is not None and not faults and hint is None:
        try:
            answer = await _answer(desk, (view, pick), frame, question, decides=decides)
        except BadInputError as error:
            faults = (*faults, FieldFault(field=error.field, text=_in_words(error)))
    frame = msgspec.structs.replace(frame, faults=faults)
    named = await decisions_on(view.name) if answer is not None else None
    content = SearchPage(
        form=form_of(view, desk),
        before=urlencode(view.query()),
        left=_left_behind(view, left, frame),
        chips=() if answer is None else chips_of(_every_row(answer), frame),
        answer=answer,
        hint=hint,
        lists=lists_in_words(desk.lists()) if hint == "empty" else None,
        once=desk.new_id(),
        decisions=None if named is None else decisions_shown(named, desk.new_id()),
    )
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    return page("search.html", frame, content, status)


def _options(pairs: Iterable[tuple[str, str]], chosen: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(
        Option(value=value, text=text, is_chosen=value in chosen) for value, text in pairs
    )


def _chip(on: date | None, frame: Frame) -> DayChip:
    return DayChip(
        text="Today" if on is None else day(on),
        href=frame.on(on),
        is_chosen=_is_chosen(on, frame),
    )


def _is_chosen(on: date | None, frame: Frame) -> bool:
    days = frame.days
    if on is None:
        return (days.as_of, days.as_of_by) == (frame.today, frame.days_now.as_of_by)
    return days.as_of == on and not days.as_of_by


def _question(view: FormFields) -> tuple[ScreeningQuestion | None, tuple[FieldFault, ...]]:
    if not view.name:
        return None, ()
    try:
        return read_question(view)
    except BadInputError as error:
        return None, (FieldFault(field=error.field, text=_in_words(error)),)


def _in_words(error: BadInputError) -> str:
    """Write a refusal with its field as the form names it: `Owner 1, share: …`."""
    field = _PLACE.sub(lambda found: f"{found[1]} {int(found[2]) + 1}", error.field)
    words = field.replace(".", ", ").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}: {error.reason}."


def _hint(view: FormFields, *, is_typing: bool) -> str | None:
    if not view.name:
        return "empty"
    is_short = len(view.name) == 1 and view.name.isascii()
    return "short" if is_typing and is_short else None


async def _answer(
    desk: Desk,
    asked: tuple[FormFields, PartyFilter],
    frame: Frame,
    question: ScreeningQuestion,
    *,
    decides: bool,
) -> Answer:
    view, pick = asked
    wide = msgspec.structs.replace(question, limit=MAX_LIMIT) if pick.is_wide else question
    looked = await desk.look(wide, frame.days)
    asking = PageContext.of(desk.board, frame)
    answering = AnswerFrame(view=view, pick=pick, clocks=frame.clocks)
    parties = parties_of(looked.result, asking, answering, desk.current.get())
    rules = rules_of(parties, looked.restrictions, asking, answering)
    owned = looked.result.ownership
    ownership = None if owned is None else ownership_shown(owned, asking)
    shown = _result(looked, asked, frame, parties, ownership, decides=decides)
    rows = (*parties.rows, *rules.rows, *(each.row for each in shown.findings))
    return Answer(
        headline=headline_of(shown, rules, frame),
        coverage=shown.coverage,
        parties=parties,
        delisted=tuple(entry_of(each, asking.chosen) for each in looked.result.delisted),
        rules=rules,
        ownership=ownership,
        scale=asking.scale(rows, LANE_WIDTH),
        threshold=shown.threshold,
        scorer=looked.scorer,
        warnings=tuple(map(warning_text, looked.result.warnings)),
        numbers=numbers_in_words(looked.result.numbers, looked.coverage.lists),
        near=await _near(desk, wide, looked),
    )


def _result(
    looked: DeskAnswer,
    asked: tuple[FormFields, PartyFilter],
    frame: Frame,
    parties: PartiesShown,
    ownership: OwnershipText | None,
    *,
    decides: bool,
) -> NameResult:
    """Return what the headline is made of."""
    view, pick = asked
    found = looked.result.outcome != "no_hits"
    return NameResult(
        name=view.name,
        outcome=looked.result.outcome,
        decides=decides,
        whole=None if pick.is_filtered or pick.sort else looked.result.answer,
        parties=parties,
        findings=() if ownership is None else ownership.findings,
        coverage=coverage_shown(looked.coverage, frame.days.as_of, frame.today, found=found),
        threshold=f"{looked.question.threshold:.2f}",
    )


async def _near(desk: Desk, question: ScreeningQuestion, looked: DeskAnswer) -> tuple[Near, ...]:
    """Return the best names below the threshold, best first."""
    hits, threshold = looked.result.hits, looked.question.threshold
    lowest = _NEAR_FROM if hits else _NEAREST_FROM
    if threshold <= lowest or looked.result.total > len(hits):
        return ()
    counterparty = msgspec.structs.replace(question.counterparties[0], owners=())
    lower = msgspec.structs.replace(
        question,
        counterparties=(counterparty,),
        threshold=lowest,
        limit=len(hits) + _MOST_NEAR,
        transaction=None,
    )
    known = {hit.listing.id for hit in hits}
    return tuple(
        Near(
            listing_id=hit.listing.id,
            list_code=hit.listing.list_code,
            name=hit.matched.text,
            score=f"{hit.score:.2f}",
        )
        for hit in (await desk.look(lower, looked.question.days, again=True)).result.hits
        if hit.listing.id not in known
    )


def _every_row(answer: Answer) -> tuple[MeasureRow, ...]:
    first = answer.parties.first
    own = () if first is None else tuple(each.row for each in first.rows)
    return (*own, *answer.rules.rows)


PAGES = (search_page, question_page)
