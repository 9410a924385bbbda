"""The settings of mail: through which server it goes, from whom, and to whom."""

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

from abeyance_screening.platform.environment import THIS_MACHINE, between_commas
from abeyance_screening.primitives.errors import BadInputError

_SERVER, _SENDER, _RECIPIENTS = "ABEYANCE_SMTP_URL", "ABEYANCE_SMTP_FROM", "ABEYANCE_SMTP_TO"
_ACCOUNT = "main"
_PORTS = {"smtps": 465, "smtp": 587}
# An address that a header may have as it is, without a name.
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")

type Encryption = Literal["tls", "starttls", "none"]
"""From the first byte, from the command STARTTLS on, or none, which is for this machine alone."""


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail goes: `recipients` are the addresses of each account."""

    host: str
    port: int
    encryption: Encryption
    user: str | None
    password: str | None
    sender: str
    recipients: Mapping[str, tuple[str, ...]]


def read_mail(environment: Mapping[str, str]) -> MailSettings | None:
    """Return the settings of mail; None where no server is named, and none is sent.

    Raises:
        BadInputError: A variable cannot be read, or is missing beside another; the field is its
            name.
    """
    address = environment.get(_SERVER, "").strip()
    if not address:
        return None
    parts = urlsplit(address)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError):
        raise BadInputError(_SERVER, "is not like smtps://user:password@host:465") from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise BadInputError(_SERVER, "is not like smtps://user:password@host:465")
    is_here = parts.hostname in THIS_MACHINE
    plain: Encryption = "none" if is_here else "starttls"
    return MailSettings(
        host=parts.hostname,
        port=port,
        encryption="tls" if parts.scheme == "smtps" else plain,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        sender=_mailbox(_SENDER, environment.get(_SENDER, "").strip()),
        recipients=_recipients(environment),
    )


def _recipients(environment: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Read `a@example.com,trading=b@example.com`: addresses, and those of other accounts."""
    found = dict[str, tuple[str, ...]]()
    for each in between_commas(environment.get(_RECIPIENTS)):
        account, _, address = each.rpartition("=")
        account = account.strip() or _ACCOUNT
        found[account] = (*found.get(account, ()), _mailbox(_RECIPIENTS, address.strip()))
    if not found:
        raise BadInputError(_RECIPIENTS, f"names nobody, and {_SERVER} is set")
    return found


def _mailbox(name: str, address: str) -> str:
    if _MAILBOX.fullmatch(address) is None:
        raise BadInputError(name, f"{address!r} is not an address such as desk@example.com")
    return address
