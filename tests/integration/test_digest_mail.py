"""The digest of a day goes out by mail once, to those of the account, without any name."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from abeyance_screening.features.alerts.mail import DigestMailer
from abeyance_screening.platform.events import EventCause, EventData, EventType, NewEvent
from abeyance_screening.platform.events.store import append
from abeyance_screening.platform.mail_settings import read_mail
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.primitives.errors import BadInputError
from tests.integration.mailbox import Mailbox, mailbox

NAME = "Quorvath Zibelline Works"
THEN = datetime(2026, 11, 9, 15, tzinfo=UTC)


class Posting:
    """Mailers on one database, and a clock that the test sets."""

    def __init__(self, pool: PooledStore, box: Mailbox) -> None:
        self.pool, self.box, self.now = pool, box, THEN
        settings = read_mail(
            {
                "ABEYANCE_SMTP_URL": f"smtp://127.0.0.1:{box.port}",
                "ABEYANCE_SMTP_FROM": "abeyance@example.com",
                "ABEYANCE_SMTP_TO": "anna@example.com, trading=ben@example.com, li@example.com",
            }
        )
        assert settings is not None
        self.mailers = [
            DigestMailer(settings, pool, lambda: self.now, "https://desk.example.com")
            for _ in range(2)
        ]

    async def tell(self, account: str, kind: EventType, counterparty: str | None) -> None:
        data = EventData(
            cause=EventCause(kind="day"), after=f"Listed: {NAME}", counterparty_name=NAME
        )
        event = NewEvent(
            account=account,
            dedup_key=f"{self.now}{kind}{counterparty}",
            type=kind,
            at=self.now,
            counterparty=counterparty,
            data=data,
        )
        async with self.pool.connect() as connection, connection.transaction():
            await append(connection, [event])

    async def send(self) -> int:
        return sum([await each.send_due() for each in self.mailers])


@pytest.fixture
async def posting(emptied_database: str) -> AsyncIterator[Posting]:
    async with PooledStore(emptied_database) as pool, mailbox() as box:
        await pool.pool.execute("truncate event, alert_digest cascade")
        yield Posting(pool, box)


async def test_a_day_that_is_over_is_counted_once_for_each_account_and_names_nobody(
    posting: Posting,
):
    await posting.tell("main", "hit.new", "c-1")
    await posting.tell("main", "hit.new", "c-2")
    await posting.tell("main", "coverage.incomplete", None)
    await posting.tell("main", "rescreened", None)
    await posting.tell("trading", "measure.lapsed", "t-1")
    assert await posting.send() == 0
    posting.now = THEN + timedelta(hours=10)
    assert await posting.send() == 2
    assert await posting.send() == 0
    (ours, message), (theirs, other) = posting.box.arrived
    assert ours == ["anna@example.com", "li@example.com"]
    assert theirs == ["ben@example.com"]
    assert message["Subject"] == "Abeyance: 2 alerts on 9 Nov 2026, 2 open"
    assert message["From"] == "abeyance@example.com"
    text = message.get_content()
    assert "- New hit: 1 alert of 2 changes, about 2 counterparties; 1 open" in text
    assert "- A list was not read: 1 alert; 1 open" in text
    assert "https://desk.example.com/alerts" in text
    assert "- Ran out: 1 alert, about 1 counterparty; 1 open" in other.get_content()
    assert not any(NAME in each.as_string() for _, each in posting.box.arrived)


async def test_what_the_server_does_not_take_is_sent_again_and_a_quiet_day_is_not_told(
    posting: Posting, caplog: pytest.LogCaptureFixture
):
    await posting.tell("main", "hit.gone", "c-1")
    posting.now, posting.box.refuses = THEN + timedelta(days=1), 1
    assert await posting.send() == 0
    assert [each.message for each in caplog.records] == ["digest.not_sent"]
    # whoever took it has it for ten minutes
    assert await posting.send() == 0
    posting.now += timedelta(minutes=11)
    assert await posting.send() == 1
    posting.now += timedelta(days=1)
    assert await posting.send() == 0
    assert len(posting.box.arrived) == 1


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"ABEYANCE_SMTP_URL": "mail.example.com"}, "ABEYANCE_SMTP_URL"),
        ({"ABEYANCE_SMTP_URL": "smtp://mail.example.com/x"}, "ABEYANCE_SMTP_URL"),
        ({"ABEYANCE_SMTP_FROM": "Desk <desk@example.com>"}, "ABEYANCE_SMTP_FROM"),
        ({"ABEYANCE_SMTP_TO": ""}, "ABEYANCE_SMTP_TO"),
        ({"ABEYANCE_SMTP_TO": "anna@example.com\r\nBcc: x@example.com"}, "ABEYANCE_SMTP_TO"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_by_name(variables: dict[str, str], field: str):
    given = {
        "ABEYANCE_SMTP_URL": "smtps://user:word@mail.example.com",
        "ABEYANCE_SMTP_FROM": "desk@example.com",
        "ABEYANCE_SMTP_TO": "anna@example.com",
    }
    with pytest.raises(BadInputError) as refused:
        read_mail(given | variables)
    assert refused.value.field == field


def test_a_server_elsewhere_is_never_spoken_to_in_clear():
    given = {"ABEYANCE_SMTP_FROM": "desk@example.com", "ABEYANCE_SMTP_TO": "anna@example.com"}
    kinds = {
        url: read_mail(given | {"ABEYANCE_SMTP_URL": url})
        for url in ("smtp://mail.example.com", "smtps://mail.example.com", "smtp://127.0.0.1:25")
    }
    told = [(each.encryption, each.port) for each in kinds.values() if each is not None]
    assert told == [("starttls", 587), ("tls", 465), ("none", 25)]
    assert read_mail({}) is None
