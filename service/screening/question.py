"""A screening question, read and checked."""

from decimal import Decimal

import msgspec

from service.days import Days
from service.lists.listing import EntityType
from service.screening.trade.transaction import Transaction

MAX_COUNTERPARTIES = 1000
MAX_NAMES_IN_ALL = 5000
MAX_NAME_LENGTH = 500
MAX_TEXT_LENGTH = 10_000
MAX_ALIASES = 50
MAX_LIMIT = 500
DEFAULT_LIMIT = 10
# A contract names more parties than a name does.
DEFAULT_TEXT_LIMIT = 100
MAX_OWNERS = 200
MAX_OWNER_DEPTH = 10
# A share is in percent.
WHOLE_SHARE = Decimal(100)
# Nobody states a share more exactly, and 200 such shares add up exactly in 28 digits.
MAX_SHARE_DECIMALS = 12
# What the shares of one party may add up to: an excess beyond rounding is a mistake.
MAX_SHARES_IN_ALL = Decimal(101)
# Hits worked out for one question, shown or not; at some 4 kB each, memory allows no more.
MAX_HITS_IN_ALL = 20_000


class AskedIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """A number of the counterparty.

    `kind` is what its issuer calls it, in any words ("INN", "Tax ID No.", "IMO number"), `country`
    who issued it. Both may be left out: they keep a number from matching a number of another kind
    or country with the same digits.
    """

    value: str
    kind: str | None = None
    country: str | None = None


class Counterparty(msgspec.Struct, frozen=True, kw_only=True):
    """A company or person to be screened, found by `name` and `aliases`.

    Identifiers may find more, including those within a name ("OCEAN STAR, IMO 9187629", "Tech Co
    91511500MAD7QX3R97"): a number whose check digits are right needs no label. Countries and
    addresses only order what was found, and so does the entity type, except that a firm or ship
    with only some of a person's names scores less. `id` is the caller's own and is returned
    unchanged. `owners` are screened as well. `birth_date` is a person's, whole or in part
    (`1952-10-07`, `1952-10`, `1952`); it orders hits.
    """

    name: str
    id: str | None = None
    aliases: tuple[str, ...] = ()
    entity_type: EntityType | None = None
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[AskedIdentifier, ...] = ()
    owners: tuple["Owner", ...] = ()
    birth_date: str | None = None


class Owner(Counterparty, frozen=True, kw_only=True):
    """An owner of a part of a counterparty, or of another owner, with the owner's own owners.

    `share` is in percent, None if nobody knows it. `control` says whether the owner controls what
    it owns by other means than the share, None if nobody knows. Owners with the same `id` are one
    party; one without an `id` is the party that has its name, with an `id` or without.
    """

    share: Decimal | None = None
    control: bool | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question: `lists` None means every list there is; `threshold` is a score in [0, 1].

    `since` is an earlier day and what was known on it, to show what changed in each hit since.
    `limit` is the most hits by name answered for one counterparty; `total` still counts all.
    `transaction` is what the counterparties trade, None if that is not described; it finds
    measures that name no company and changes no hit.
    """

    counterparties: tuple[Counterparty, ...]
    lists: tuple[str, ...] | None
    days: Days
    since: Days | None
    threshold: float
    limit: int
    transaction: Transaction | None = None
