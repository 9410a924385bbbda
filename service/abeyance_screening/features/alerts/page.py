"""The page of alerts: an inbox, and beside it what changed, the law, and a decision."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Self, cast
from urllib.parse import urlencode

import msgspec
from litestar import get
from litestar.response import Template

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.measures.severity import severity
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.wording.shapes import Scale
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.alerts.api import TheAlerts
from abeyance_screening.features.alerts.rows import (
    AlertDetail,
    AlertGroup,
    ChangeRow,
    alert_detail,
    alert_row,
    change_row,
    grouped,
)
from abeyance_screening.features.alerts.service import AlertDesk
from abeyance_screening.features.alerts.store import (
    Alert,
    AlertComment,
    AlertQuery,
    DecisionAsked,
)
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.events import ALERT_TYPES
from abeyance_screening.platform.pages.cards import MeasureRow, PageContext
from abeyance_screening.platform.pages.decisions import DecisionText, decision_of
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    Frame,
    Given,
    TheDesk,
    link,
    page,
    text_of,
)
from abeyance_screening.platform.stores.judgements import newest_judgements
from abeyance_screening.primitives.errors import NotFoundError

PATH = "/alerts"
_ROWS = 100
# Of an entry with more measures its own page shows the rest.
_MOST_LAW = 4
# Of an alert about more changes the API has the rest.
_MOST_CHANGES = 100
# The beginnings of types, and the last decision on the hit.
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "hit.": "Hits",
        "measure.": "Law",
        "judgement.": "Decisions reopened",
        "coverage.": "Lists",
    }
)
_DECISIONS: Mapping[DecisionAsked, str] = MappingProxyType(
    {"none": "Undecided", "same": "Same", "different": "Different", "unsure": "Unsure"}
)


class AlertPick(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the inbox, as they are written in the address; "" for all."""

    kind: str = ""
    list: str = ""
    country: str = ""
    decision: str = ""

    kinds = tuple(_KINDS.items())
    decisions = tuple(_DECISIONS.items())
    lists = tuple((code, list_title(code)) for code in LIST_BY_CODE)

    @classmethod
    def of(cls, given: Given) -> Self:
        """Read the filters; what is none lets everything through."""
        kind, decision = text_of(given, "kind"), text_of(given, "decision")
        return cls(
            kind=kind if kind in _KINDS else "",
            list=text_of(given, "list").strip(),
            country=text_of(given, "country").strip().upper(),
            decision=decision if decision in _DECISIONS else "",
        )

    @property
    def filled(self) -> tuple[tuple[str, str], ...]:
        """The filters that are set, as an address has them."""
        fields = ("kind", "list", "country", "decision")
        values = (self.kind, self.list, self.country, self.decision)
        return tuple(pair for pair in zip(fields, values, strict=True) if pair[1])

    @property
    def query(self) -> AlertQuery:
        """What is asked of the store."""
        return AlertQuery(
            types=tuple(each for each in ALERT_TYPES if each.startswith(self.kind)),
            list_code=self.list or None,
            country=self.country or None,
            decision=cast("DecisionAsked | None", self.decision or None),
        )


class AlertHit(msgspec.Struct, frozen=True, kw_only=True):
    """The hit that an alert is about, and what was decided about it."""

    listing_id: str
    decision: DecisionText


class AlertsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The inbox, and the alert beside it; `id` is that of its counterparty.

    `me` is under which name the reader works; `later` leads to the alerts after these. `changes`
    are those of an alert about several. `picked`
    are the filters, and `kept` what an address says of them and of what is shown.
    """

    groups: tuple[AlertGroup, ...]
    is_done: bool
    count: int
    later: str | None
    me: str
    picked: "AlertPick"
    kept: str
    detail: AlertDetail | None
    id: str
    law: tuple[MeasureRow, ...]
    scale: Scale | None
    hit: AlertHit | None
    comments: tuple[AlertComment, ...]
    done_by: str
    changes: tuple[ChangeRow, ...]


@get(PATH, opt=needs("counterparties", reading="alerts.listed"), include_in_schema=False)
async def alerts_page(request: AnyRequest, desk: TheDesk, alerts: TheAlerts) -> Template:
    """Show the alerts that are open, or those that are done, and one of them in full."""
    given = request.query_params
    is_done, after = text_of(given, "show") == "done", _number(text_of(given, "after"))
    picked = AlertPick.of(given)
    query = msgspec.structs.replace(picked.query, after=after, done=is_done)
    found = await alerts.store.listed(query, _ROWS + 1)
    shown, wanted = found[:_ROWS], _number(text_of(given, "event"))
    here = await _chosen(alerts, shown, wanted)
    kept = (*((("show", "done"),) if is_done else ()), *picked.filled)
    frame = Frame(title="Alerts", path=PATH, section=PATH, now=desk.now(), query=kept)
    rows = [alert_row(each, here.id if here else None) for each in reversed(shown)]
    content = AlertsPage(
        groups=grouped(rows, frame.today),
        is_done=is_done,
        count=len(shown),
        later=link(PATH, (*kept, ("after", str(shown[-1].newest))))
        if len(found) > _ROWS
        else None,
        me=alerts.by,
        picked=picked,
        kept="".join(f"&{each}" for each in [urlencode(kept)] if each),
        detail=None,
        id="",
        law=(),
        scale=None,
        hit=None,
        comments=(),
        done_by="",
        changes=(),
    )
    return page("alerts.html", frame, await _with_detail(content, here, alerts, desk, frame))


async def _chosen(alerts: AlertDesk, shown: Sequence[Alert], wanted: int) -> Alert | None:
    """Return the alert that is asked for, or else the newest of those shown.

    Raises:
        NotFoundError: The account has none with that number.
    """
    if not wanted:
        return shown[-1] if shown else None
    return await alerts.get(wanted)


async def _with_detail(
    content: AlertsPage, alert: Alert | None, alerts: AlertDesk, desk: Desk, frame: Frame
) -> AlertsPage:
    """Return the page with an alert beside the inbox, if there is one."""
    if alert is None:
        return content
    asking = PageContext.of(desk.board, frame)
    law = await _law(alert, asking, desk)
    return msgspec.structs.replace(
        content,
        detail=alert_detail(alert),
        id=alert.counterparty or "",
        law=law,
        scale=asking.scale(law) if law else None,
        hit=await _hit(alert, alerts),
        comments=alert.comments,
        done_by=alert.acknowledged_by or "",
        changes=await _changes(alert, alerts),
    )


async def _changes(alert: Alert, alerts: AlertDesk) -> tuple[ChangeRow, ...]:
    """Return the first of several changes that an alert is about."""
    if alert.changes == 1:
        return ()
    return tuple(map(change_row, await alerts.store.changes(alert.id, 0, _MOST_CHANGES)))


async def _law(alert: Alert, asking: PageContext, desk: Desk) -> tuple[MeasureRow, ...]:
    """Return the measure that changed as it is today, or else those of the entry, worst first."""
    measure, listing = alert.data.measure, alert.data.listing
    try:
        if listing is None:
            return () if measure is None else (asking.row(asking.board.one(measure, asking.days)),)
        party = await desk.party(listing.listing_id, asking.days)
    except NotFoundError:
        return ()
    (hit,) = (each for each in party.listings if each.listing.id == listing.listing_id)
    prints = (hit.listing, *(copy.listing for copy in hit.copies))
    found = [each for each in hit.measures if measure in {None, each.id}]
    return tuple(asking.row(each, prints) for each in sorted(found, key=severity)[:_MOST_LAW])


async def _hit(alert: Alert, alerts: AlertDesk) -> AlertHit | None:
    listing = alert.data.listing
    if listing is None or alert.counterparty is None or alert.type == "hit.gone":
        return None
    keys = (alert.counterparty,)
    judgements = await newest_judgements(alerts.pool.pool, alerts.account, keys)
    about = [each for each in judgements if each.listing == listing.listing_id]
    return AlertHit(listing_id=listing.listing_id, decision=decision_of(about, has_hits=True))


def _number(text: str) -> int:
    """Return a number of the address; 0 where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0


PAGES = (alerts_page,)
