"""The digest of a day by mail: once an account and day, in counts, without any name."""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from abeyance_screening.features.alerts.rows import HAPPENED, counterparties_in_words
from abeyance_screening.features.alerts.store import (
    AlertStore,
    DigestLine,
    DigestsSent,
)
from abeyance_screening.platform.events import ALERT_TYPES
from abeyance_screening.platform.mail_settings import MailSettings
from abeyance_screening.platform.postgres.pool import PooledStore
from abeyance_screening.platform.service import ServiceParts
from abeyance_screening.primitives.days import (
    beginning_of,
    day_in_words,
    end_of,
    plural,
)
from abeyance_screening.primitives.errors import StoreUnavailableError

logger = logging.getLogger(__name__)
_LOOK_EVERY_S = 60.0
_ANSWERS_WITHIN_S = 30.0
# Who takes a digest has it for so long; if the server does not take it, it is tried again then.
_TAKEN_FOR = timedelta(minutes=10)
# A digest that no server took for so many days is not sent any more: the pages have it.
_LATE_DAYS = 3


class DigestMailer:
    """Sends the digest of each day that is over to those who are named for an account."""

    def __init__(
        self,
        settings: MailSettings,
        pool: PooledStore,
        now: Callable[[], datetime],
        public_url: str | None,
    ) -> None:
        """Take where mail goes, the database, the clock in UTC, and where the pages are."""
        self._settings = settings
        self._pool = pool
        self._now = now
        self._public_url = public_url

    async def send_due(self) -> int:
        """Send what is due, and return how many digests were sent.

        A day without an alert has no digest. One that the server does not take is tried again.

        Raises:
            StoreUnavailableError: The database does not answer; what was sent may be sent again.
        """
        sent, now = 0, self._now()
        days = [now.date() - timedelta(days=each) for each in range(_LATE_DAYS, 0, -1)]
        for account, recipients in self._settings.recipients.items():
            for day in days:
                sent += await self._send(account, recipients, day, now)
        return sent

    async def _send(
        self, account: str, recipients: Sequence[str], day: date, now: datetime
    ) -> bool:
        digests = DigestsSent(self._pool.pool, account)
        if not await digests.take(day, now, now + _TAKEN_FOR):
            return False
        lines = await AlertStore(self._pool.pool, account).digest(
            beginning_of(day), end_of(day), ALERT_TYPES
        )
        if not lines:
            # looked at again when it is free: what the day noticed last may not be stored yet
            return False
        message = digest_message(account, day, lines, self._public_url)
        message["From"], message["To"] = self._settings.sender, ", ".join(recipients)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = make_msgid(domain=self._settings.sender.rpartition("@")[2])
        try:
            await asyncio.to_thread(_deliver, self._settings, message)
        except (OSError, smtplib.SMTPException) as error:
            # what a server answers may repeat an address
            fault = type(error).__name__
            logger.warning("digest.not_sent", extra={"account": account, "fault": fault})
            return False
        await digests.note_sent(day, now)
        return True


def digest_message(
    account: str, day: date, lines: Sequence[DigestLine], public_url: str | None
) -> EmailMessage:
    """Return the message about an account's alerts of a day, without sender and recipients."""
    alerts = plural(sum(each.alerts for each in lines), "alert")
    left, on = sum(each.open for each in lines), day_in_words(day)
    message = EmailMessage()
    message["Subject"] = f"Abeyance: {alerts} on {on}, {left} open"
    head = f"On {on} (UTC) answers about counterparties of the account {account} changed:"
    text = [head, "", *(f"- {_line(each)}" for each in lines), ""]
    text.append("This message names nobody; the alerts do.")
    if public_url is not None:
        text.append(f"{public_url}/alerts")
    message.set_content("\n".join(text))
    return message


def _line(line: DigestLine) -> str:
    happened = HAPPENED[line.type].removesuffix(".")
    about = f", about {counterparties_in_words(line.counterparties)}" * bool(line.counterparties)
    changes = f" of {plural(line.events, 'change')}" * (line.events > line.alerts)
    return f"{happened}: {plural(line.alerts, 'alert')}{changes}{about}; {line.open} open"


def _deliver(settings: MailSettings, message: EmailMessage) -> None:
    """Hand a message to the server."""
    tls = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(settings.host, settings.port, timeout=_ANSWERS_WITHIN_S, context=tls)
        if settings.encryption == "tls"
        else smtplib.SMTP(settings.host, settings.port, timeout=_ANSWERS_WITHIN_S)
    ) as server:
        if settings.encryption == "starttls":
            server.starttls(context=tls)
        if settings.user is not None:
            server.login(settings.user, settings.password or "")
        server.send_message(message)


@asynccontextmanager
async def mailing(parts: ServiceParts) -> AsyncGenerator[None]:
    """Send digests until the last request, where a server of mail is named."""
    settings, people = parts.settings.mail, parts.settings.people
    if settings is None:
        yield
        return
    public_url = None if people is None else people.public_url
    mailer = DigestMailer(settings, parts.pool, parts.now, public_url)
    task = asyncio.create_task(_for_ever(mailer))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _for_ever(mailer: DigestMailer) -> None:
    while True:
        try:
            await mailer.send_due()
        except StoreUnavailableError:
            logger.warning("digest.database_unreachable")
        except Exception:
            logger.exception("digest.failed")
        await asyncio.sleep(_LOOK_EVERY_S)
