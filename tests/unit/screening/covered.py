"""Editions of made-up contents, and how their lists stand for a question."""

from datetime import UTC, date, datetime

import msgspec

from abeyance_screening.engine.lists.edition import Edition, LoadAttempt, LoadOutcome, StoredLists
from abeyance_screening.engine.screening.coverage import coverage_of
from abeyance_screening.primitives.days import Days

TODAY = date(2026, 11, 24)
UN = Edition(
    id=1,
    list_code="un_sc",
    source="un_sc",
    sha256="00",
    format="un_xml",
    reader=1,
    published_on=TODAY,
    loaded_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
    confirmed_at=None,
    entry_count=1000,
    accepted=False,
)
OWN = msgspec.structs.replace(
    UN, id=2, list_code="my_list", source="own", published_on=None, entry_count=3
)
SDN = msgspec.structs.replace(UN, id=3, list_code="us_ofac_sdn", source="us_ofac_sdn")
SDN_COPY = msgspec.structs.replace(SDN, id=4, source="us_csl")


def covered(
    edition: Edition | None,
    attempt: LoadAttempt | None = None,
    as_of: date = TODAY,
    known_at: date = TODAY,
):
    lists = StoredLists(
        editions=() if edition is None else (edition,),
        attempts=() if attempt is None else (attempt,),
    )
    code = "un_sc" if edition is None else edition.list_code
    return coverage_of(lists, (code,), Days(as_of=as_of, known_at=known_at))


def attempt(outcome: LoadOutcome, reason: str | None = None, edition: Edition = UN) -> LoadAttempt:
    return LoadAttempt(
        list_code=edition.list_code,
        source=edition.source,
        at=UN.loaded_at,
        outcome=outcome,
        reason=reason,
    )


def both(sdn: Edition, copy: Edition, *attempts: LoadAttempt):
    lists = StoredLists(editions=(copy, sdn), attempts=attempts)
    return coverage_of(lists, ("us_ofac_sdn",), Days(as_of=TODAY, known_at=TODAY)).lists[0]
