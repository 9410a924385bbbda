"""Some listed parties, the rules their listings bring, and questions about who they own."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter

import msgspec

from abeyance_screening.engine.lists.edition import Edition, ListingVersion, StoredLists
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import (
    Attachment,
    Effect,
    Event,
    EventKind,
    Measure,
    OwnershipTest,
)
from abeyance_screening.engine.measures.measure import OwnershipReach as Words
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.screening.answer import CounterpartyResult, OwnershipResult
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.owners import result_with_owners
from abeyance_screening.engine.screening.question import Counterparty, Owner, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.primitives.days import Days

TODAY = date(2026, 11, 24)
DAYS = Days(as_of=TODAY, known_at=TODAY)
LIST = "us_ofac_sdn"
BLOCKED = (Effect(kind="blocked"),)


def event(kind: EventKind, on: str, until: str | None = None) -> Event:
    return Event(
        id=f"{kind}-{on}",
        kind=kind,
        effective_on=date.fromisoformat(on),
        until=None if until is None else date.fromisoformat(until),
        until_bound=None if until is None else "inclusive",
        until_state=None if until is None else "stated",
        lapse_effect=None if until is None else "restriction_returns",
        confidence="verified_primary",
    )


PLAIN = Measure(
    id="programme",
    title="A programme",
    authority="OFAC",
    jurisdiction="US",
    kind="sanctions_programme",
    citation="none",
    effect=BLOCKED,
    attaches_by=("listing",),
    confidence="verified_primary",
    events=(event("take_effect", "2020-01-01"),),
)


def programme(code: str, *by: str, ended: str | None = None) -> Measure:
    end = () if ended is None else (event("revoke", ended),)
    return msgspec.structs.replace(
        PLAIN,
        id=f"programme-{code}",
        attaches=(Attachment(list_code=LIST, programmes=(code,)),),
        ownership=Words(applies="yes", by=by),
        events=PLAIN.events + end,
    )


def rule(rule_id: str, test: OwnershipTest, *events: Event, **more) -> Measure:
    return msgspec.structs.replace(
        PLAIN,
        id=rule_id,
        kind="ownership_rule",
        attaches_by=("ownership",),
        condition="Does the listed party own it?",
        owns=test,
        events=PLAIN.events + events,
        **more,
    )


def half(*, aggregate: bool = True, control: bool = False) -> OwnershipTest:
    return OwnershipTest(share=Decimal(50), bound="at_least", aggregate=aggregate, control=control)


REGISTER = Register(
    [
        programme("SUM", "rule-of-sums"),
        programme("ENDED", "rule-of-sums", ended="2021-01-01"),
        programme("ALONE", "rule-of-control"),
        programme("PLAIN"),
        rule("rule-of-sums", half()),
        rule("rule-of-control", half(aggregate=False, control=True)),
        rule(
            "rule-of-the-list",
            half(),
            event("suspend", "2025-11-10", "2026-11-09"),
            attaches=(Attachment(list_code=LIST, programmes=("PLAIN",)),),
        ),
        msgspec.structs.replace(PLAIN, id="not-in-register"),
    ]
)
ENTRIES = {
    "Zorbax Trading": "SUM",
    "Quilmor Shipping": "SUM",
    "Vexlin Holding": "ENDED",
    "Ombrell Industries": "ALONE",
    "Yttrig Foundation": "PLAIN",
    "Wuxdal Bureau": "ENDED PLAIN",
}
EDITION = Edition(
    id=1,
    list_code=LIST,
    source=LIST,
    sha256="00",
    format="sdn_xml",
    reader=1,
    published_on=date(2020, 1, 1),
    loaded_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
    confirmed_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
    entry_count=len(ENTRIES),
    accepted=False,
)


def _version(name: str, codes: str) -> ListingVersion:
    listing = Listing(
        id=f"{LIST}-{name.split(maxsplit=1)[0].lower()}",
        list_code=LIST,
        names=(Name(text=name, kind="primary"),),
        programmes=tuple(codes.split()),
        listed_on=date(2020, 6, 1),
    )
    return ListingVersion(
        listing_id=listing.id,
        list_code=LIST,
        source=LIST,
        first_edition=1,
        until_edition=None,
        body=msgspec.json.encode(listing),
    )


INDEX = ListingIndex(
    StoredLists(editions=(EDITION,), attempts=()),
    sorted(
        [
            *(_version(name, code) for name, code in ENTRIES.items()),
            *(_version(f"Number{n} Kryptonade", "PLAIN") for n in range(12)),
            _version("Kryptonade", "SUM"),
            _version("Number Kryptonade", "SUM"),
        ],
        key=attrgetter("listing_id"),
    ),
)


def owner(name: str, share: object, *owners: Owner, **more) -> Owner:
    stated = None if share is None else Decimal(str(share))
    return Owner(name=name, share=stated, owners=owners, **more)


def asked(
    *owners: Owner, name: str = "Plain Bakery", as_of: date = TODAY, limit: int = 10
) -> tuple[Screener, Counterparty]:
    question = question_from(
        ScreeningQuestion(
            counterparties=(Counterparty(name=name, owners=owners),),
            lists=(LIST,),
            limit=limit,
        ),
        Days(as_of=as_of, known_at=TODAY),
    )
    screener = Screener(INDEX, MeasureBoard(REGISTER), question, TODAY)
    return screener, question.counterparties[0]


def screened(
    *owners: Owner, name: str = "Plain Bakery", as_of: date = TODAY, limit: int = 10
) -> CounterpartyResult:
    return asyncio.run(result_with_owners(*asked(*owners, name=name, as_of=as_of, limit=limit)))


def ownership(*owners: Owner, as_of: date = TODAY, limit: int = 10) -> OwnershipResult:
    found = screened(*owners, as_of=as_of, limit=limit).ownership
    assert found is not None
    return found
