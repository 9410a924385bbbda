"""The lists: which there are, of which day, in which state, and what changed on them lately."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Template

from service.flow.desk import Desk
from service.model.edition import AttemptOnDay, LoadAttempt
from service.web.address import read_clocks
from service.web.frame import Frame
from service.web.lists_rows import DAYS, EditionRow, ListRow, edition_row, grown_by, row_of
from service.web.pages import AnyRequest, page
from service.wording.numbers import count, plural

TheDesk = NamedDependency[SkipValidation[Desk]]
# More editions than this make no page that anybody reads; the feed has them all.
_MOST_EDITIONS = 60


class ListsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page's content: in a sentence how the lists stand, what is wrong first, what changed."""

    lead: str
    ill: tuple[ListRow, ...]
    well: tuple[ListRow, ...]
    days: int
    changes: tuple[EditionRow, ...]
    more_changes: int


@get("/lists", include_in_schema=False)
async def lists_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Every list as it stands today; the days of the address are carried along, not used."""
    clocks, _ = read_clocks(request.query_params)
    now = desk.now()
    today = now.date()
    attempts, counts = await desk.load_history(today - timedelta(days=DAYS - 1))
    rows = _rows(desk, attempts, today)
    ill = tuple(each for each in rows if not each.is_well)
    frame = Frame(title="Lists", path="/lists", section="/lists", now=now, clocks=clocks)
    content = ListsPage(
        lead=_lead(rows, ill),
        ill=ill,
        well=tuple(each for each in rows if each.is_well),
        days=DAYS,
        changes=tuple(map(edition_row, counts[:_MOST_EDITIONS])),
        more_changes=max(0, len(counts) - _MOST_EDITIONS),
    )
    return page("lists.html", frame, content)


def _rows(desk: Desk, attempts: Sequence[AttemptOnDay], today: date) -> Sequence[ListRow]:
    stored = desk.current.get().lists
    tried: dict[str, list[AttemptOnDay]] = defaultdict(list)
    for each in attempts:
        tried[each.list_code].append(each)
    last: dict[str, list[LoadAttempt]] = defaultdict(list)
    for attempt in stored.attempts:
        last[attempt.list_code].append(attempt)
    grown = grown_by(
        (each.id, each.list_code, each.source, each.entry_count) for each in stored.editions
    )
    return [
        row_of(
            answer,
            tried[answer.coverage.code],
            last[answer.coverage.code],
            grown,
            today,
        )
        for answer in desk.lists()
    ]


def _lead(rows: Sequence[ListRow], ill: Sequence[ListRow]) -> str:
    if not ill:
        return f"{plural(len(rows), 'list')}, all within their age limits."
    missing = sum(each.state == "missing" for each in ill)
    doubtful = len(ill) - missing
    fresh = len(rows) - len(ill)
    told = [f"{count(fresh)} of {plural(len(rows), 'list')} {'is' if fresh == 1 else 'are'} fresh"]
    if doubtful:
        told.append(f"{count(doubtful)} {'is' if doubtful == 1 else 'are'} too old or in doubt")
    if missing:
        told.append(f"{count(missing)} {'was' if missing == 1 else 'were'} never loaded")
    words = f"{'; '.join(told)}."
    return (
        f"{words[0].upper()}{words[1:]} An answer that rests on one of those is incomplete: "
        "that nothing was found says nothing."
    )
