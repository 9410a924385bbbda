"""Alerts over HTTP: worked through by cursor, as an Atom feed, and counted by day."""

from datetime import date, datetime, timedelta
from typing import Annotated, cast
from xml.etree import ElementTree as ET

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.status_codes import HTTP_200_OK

from abeyance_screening.engine.screening.question import ShortText
from abeyance_screening.features.alerts.rows import counterparties_in_words
from abeyance_screening.features.alerts.service import AlertDesk
from abeyance_screening.features.alerts.store import Alert, AlertQuery, DecisionAsked, DigestLine
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.events import ALERT_TYPES, EventType, WatchedEvent
from abeyance_screening.platform.http.bodies import ATOM
from abeyance_screening.platform.http.problems import (
    BAD_REQUEST,
    BODY_REFUSED,
    CONFLICT,
    NOT_FOUND,
    UNAVAILABLE,
    problem_responses,
)
from abeyance_screening.platform.questions.parameters import ThePage
from abeyance_screening.primitives.cursors import NextCursor, number_of, page_ahead
from abeyance_screening.primitives.days import beginning_of, end_of
from abeyance_screening.primitives.errors import BadInputError

_PATH = "/v1/alerts"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_IN_FEED = 100
TheAlerts = NamedDependency[SkipValidation[AlertDesk]]
TheQuery = NamedDependency[SkipValidation[AlertQuery]]
TheHandled = NamedDependency[SkipValidation[AlertQuery]]
AlertId = Annotated[int, PathParameter(ge=1, description="The `id` of the alert, or of a change.")]
Comment = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
TypesAsked = Annotated[
    list[EventType] | None,
    QueryParameter(name="type", description="Only these types; repeat it for several."),
]
OfCounterparty = Annotated[
    str | None,
    QueryParameter(name="counterparty", max_length=200, description="Only about this one."),
]
AssignedAsked = Annotated[
    str | None,
    QueryParameter(name="assigned_to", max_length=200, description="Only this person's."),
]
DoneAsked = Annotated[
    bool | None,
    QueryParameter(name="acknowledged", description="Only those acknowledged, or only open ones."),
]
ListAsked = Annotated[
    str | None,
    QueryParameter(name="list", max_length=64, description="Only about entries of this list."),
]
CountryAsked = Annotated[
    str | None,
    QueryParameter(
        name="country", pattern="^[A-Z]{2}$", description="Only about counterparties of it."
    ),
]
DecidedAsked = Annotated[
    DecisionAsked | None,
    QueryParameter(
        name="decision", description="Only on hits last decided so; `none` for undecided ones."
    ),
]
DayAsked = Annotated[date | None, QueryParameter(name="on", description="Only of this day, UTC.")]
DayOfDigest = Annotated[
    date | None, QueryParameter(name="on", description="The day, in UTC; today if left out.")
]


class AlertPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of alerts, in the order of their newest changes."""

    items: tuple[Alert, ...]
    """The alerts."""
    next_cursor: NextCursor


class AlertChangesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the changes that an alert is about, in their order."""

    items: tuple[WatchedEvent, ...]
    """The changes, as the events tell them."""
    next_cursor: NextCursor


class AssigneeGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to work on an alert."""

    to: ShortText | None
    """The person; null for nobody."""
    comment: Comment | None = None
    """What to say about it."""


class AcknowledgementGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That somebody is done with an alert."""

    comment: Comment | None = None
    """What to say about it."""
    changes: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """About how many changes you have seen it is; needed where it is about several, so that you
    are not done with one that came meanwhile."""


class CommentGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to say about an alert."""

    comment: Comment
    """What."""


class AlertDigest(msgspec.Struct, frozen=True, kw_only=True):
    """The alerts of one day, by type."""

    on: date
    """The day, in UTC."""
    alerts: int
    """How many there were."""
    events: int
    """The changes of that day in all of them."""
    open: int
    """The alerts among them that are open."""
    types: tuple[DigestLine, ...]
    """The same for each type that there was."""


async def _handled(
    types: TypesAsked = None,
    counterparty: OfCounterparty = None,
    assigned_to: AssignedAsked = None,
    acknowledged: DoneAsked = None,
    on: DayAsked = None,
) -> AlertQuery:
    """Return the query of what happened, when, and who works on it."""
    since, until = (None, None) if on is None else (beginning_of(on), end_of(on))
    return AlertQuery(
        types=ALERT_TYPES if types is None else _known(types),
        counterparty=counterparty,
        assigned_to=assigned_to,
        done=acknowledged,
        since=since,
        until=until,
    )


async def _query(
    handled: TheHandled,
    list_code: ListAsked = None,
    country: CountryAsked = None,
    decision: DecidedAsked = None,
) -> AlertQuery:
    """Return that query narrowed to what and whom the alerts are about."""
    return msgspec.structs.replace(
        handled, list_code=list_code, country=country, decision=decision
    )


@get(
    _PATH,
    opt=needs("counterparties", reading="alerts.listed"),
    dependencies={"handled": Provide(_handled), "alert_query": Provide(_query)},
    operation_id="listAlerts",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="Alerts to work through",
    tags=["Alerts"],
)
async def list_alerts(alerts: TheAlerts, alert_query: TheQuery, page: ThePage) -> AlertPage:
    """Return what changed in the answers that the account watches, in the order of the changes.

    What one cause brings is one alert, however many counterparties it is about, until somebody is
    done with it. Whoever goes on with the last `next_cursor` misses nothing: an alert that has
    grown comes again.
    """
    after = 0 if page.cursor is None else number_of("alerts", page.cursor)
    query = msgspec.structs.replace(alert_query, after=after)
    found = await alerts.store.listed(query, page.limit + 1)
    items, more = page_ahead("alerts", found, lambda alert: str(alert.newest), page.limit)
    return AlertPage(items=items, next_cursor=more)


@get(
    _PATH + "/{alert_id:int}",
    opt=needs("counterparties", reading="alert.read", about="alert_id"),
    operation_id="getAlert",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="One alert",
    tags=["Alerts"],
)
async def get_alert(alert_id: AlertId, alerts: TheAlerts) -> Alert:
    """Return an alert with what people did about it."""
    return await alerts.get(alert_id)


@get(
    _PATH + "/{alert_id:int}/changes",
    opt=needs("counterparties", reading="alert.read", about="alert_id"),
    operation_id="listChangesOfAlert",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="The changes that an alert is about",
    tags=["Alerts"],
)
async def list_changes(alert_id: AlertId, alerts: TheAlerts, page: ThePage) -> AlertChangesPage:
    """Return each change that an alert is about, with its counterparty, in their order."""
    alert = await alerts.get(alert_id)
    after = 0 if page.cursor is None else number_of("alert-changes", page.cursor)
    found = await alerts.store.changes(alert.id, after, page.limit + 1)
    items, more = page_ahead("alert-changes", found, lambda one: str(one.id), page.limit)
    return AlertChangesPage(items=items, next_cursor=more)


@post(
    _PATH + "/{alert_id:int}/assign",
    opt=needs("counterparties", change="alert.assigned", about="alert_id"),
    operation_id="assignAlert",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    summary="Assign an alert",
    tags=["Alerts"],
    status_code=HTTP_200_OK,
)
async def assign_alert(
    alert_id: AlertId, data: JSONBody[AssigneeGiven], alerts: TheAlerts
) -> Alert:
    """Say who works on an alert, or that nobody does."""
    return await alerts.work(alert_id, assigned_to=data.to or "", comment=data.comment)


@post(
    _PATH + "/{alert_id:int}/acknowledge",
    opt=needs("counterparties", change="alert.acknowledged", about="alert_id"),
    operation_id="acknowledgeAlert",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, CONFLICT, *BODY_REFUSED, UNAVAILABLE),
    summary="Acknowledge an alert",
    tags=["Alerts"],
    status_code=HTTP_200_OK,
)
async def acknowledge_alert(
    alert_id: AlertId, data: JSONBody[AcknowledgementGiven], alerts: TheAlerts
) -> Alert:
    """Say that you are done with an alert. It decides nothing on the hit; a judgement does."""
    return await alerts.work(
        alert_id, acknowledged=True, comment=data.comment, changes=data.changes
    )


@post(
    _PATH + "/{alert_id:int}/reopen",
    opt=needs("counterparties", change="alert.reopened", about="alert_id"),
    operation_id="reopenAlert",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, UNAVAILABLE),
    summary="Reopen an alert",
    tags=["Alerts"],
    status_code=HTTP_200_OK,
)
async def reopen_alert(alert_id: AlertId, alerts: TheAlerts) -> Alert:
    """Take back that somebody is done with an alert."""
    return await alerts.work(alert_id, acknowledged=False)


@post(
    _PATH + "/{alert_id:int}/comments",
    opt=needs("counterparties", change="alert.commented", about="alert_id"),
    operation_id="commentAlert",
    responses=problem_responses(BAD_REQUEST, NOT_FOUND, *BODY_REFUSED, UNAVAILABLE),
    summary="Comment on an alert",
    tags=["Alerts"],
    status_code=HTTP_200_OK,
)
async def comment_alert(
    alert_id: AlertId, data: JSONBody[CommentGiven], alerts: TheAlerts
) -> Alert:
    """Add a comment to an alert."""
    return await alerts.work(alert_id, comment=data.comment)


@get(
    _PATH + "/digest",
    opt=needs("counterparties", reading="alerts.listed"),
    operation_id="getAlertDigest",
    responses=problem_responses(BAD_REQUEST, UNAVAILABLE),
    summary="The alerts of a day, counted",
    tags=["Alerts"],
)
async def get_digest(alerts: TheAlerts, on: DayOfDigest = None) -> AlertDigest:
    """Return how many alerts of each type there were on a day, and how many of them are open."""
    day = alerts.desk.today() if on is None else on
    lines = await alerts.store.digest(beginning_of(day), end_of(day), ALERT_TYPES)
    return AlertDigest(
        on=day,
        alerts=sum(each.alerts for each in lines),
        events=sum(each.events for each in lines),
        open=sum(each.open for each in lines),
        types=lines,
    )


@get(
    _PATH + ".atom",
    opt=needs("counterparties", reading="alerts.listed"),
    operation_id="getAlertFeed",
    responses={
        200: ResponseSpec(
            data_container=str, media_type=ATOM, description="The open alerts of the last days."
        ),
        **problem_responses(BAD_REQUEST, UNAVAILABLE),
    },
    summary="Open alerts as a feed",
    tags=["Alerts"],
    media_type=ATOM,
)
async def get_feed(alerts: TheAlerts) -> Response[bytes]:
    """Return the newest hundred open alerts of the last thirty days as an Atom feed."""
    now = alerts.desk.now()
    query = AlertQuery(done=False, since=now - timedelta(days=30))
    newest: tuple[Alert, ...] = ()
    while found := await alerts.store.listed(query, 1_000):
        newest = (*newest, *found)[-_IN_FEED:]
        query = msgspec.structs.replace(query, after=found[-1].newest)
    return Response(_feed(newest, now), media_type=ATOM)


def _feed(alerts: tuple[Alert, ...], now: datetime) -> bytes:
    """Write an Atom feed (RFC 4287) of alerts, the newest first."""
    ET.register_namespace("", _NAMESPACE)
    feed = ET.Element(f"{{{_NAMESPACE}}}feed")
    updated = alerts[-1].at if alerts else now
    _add(feed, id="urn:abeyance:alerts", title="Open alerts", updated=updated.isoformat())
    for alert in reversed(alerts):
        entry = ET.SubElement(feed, f"{{{_NAMESPACE}}}entry")
        several = counterparties_in_words(alert.counterparties) * (alert.counterparties > 1)
        code = alert.data.cause.list_code
        about = alert.counterparty or several or code or "all counterparties"
        _add(
            entry,
            id=f"urn:abeyance:alert:{alert.id}",
            title=f"{alert.type}: {about}",
            updated=alert.at.isoformat(),
            summary=alert.data.after or alert.data.before or alert.type,
        )
        author = ET.SubElement(entry, f"{{{_NAMESPACE}}}author")
        _add(author, name="Abeyance")
    return cast("bytes", ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = "".join(
            each for each in text if each.isprintable() or each == "\n"
        )


def _known(types: list[EventType]) -> tuple[EventType, ...]:
    for each in types:
        if each not in ALERT_TYPES:
            raise BadInputError(
                "type", f"{each!r} is no alert; there are: {', '.join(ALERT_TYPES)}"
            )
    return tuple(dict.fromkeys(types))


ROUTES = (
    list_alerts,
    get_feed,
    get_digest,
    get_alert,
    list_changes,
    assign_alert,
    acknowledge_alert,
    reopen_alert,
    comment_alert,
)
