"""A screening question, read and checked."""

from datetime import date

import msgspec

from service.model.listing import EntityType

MAX_COUNTERPARTIES = 1000
MAX_NAMES_IN_ALL = 5000
MAX_NAME_LENGTH = 500
MAX_ALIASES = 50
MAX_LIMIT = 500
DEFAULT_LIMIT = 10
# Hits in one answer, some 4 kB each: what is more cannot be read and could not be kept.
MAX_HITS_IN_ALL = 20_000


class AskedIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """A number of the counterparty; `value` is compared, the rest is for the reader."""

    value: str
    kind: str | None = None
    country: str | None = None


class Counterparty(msgspec.Struct, frozen=True, kw_only=True):
    """Who is asked about. Only `name` and `aliases` decide who is found.

    Identifiers may find more. Entity type, countries and addresses only order what was found.
    `id` is the caller's own and comes back as it was.
    """

    name: str
    id: str | None = None
    aliases: tuple[str, ...] = ()
    entity_type: EntityType | None = None
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[AskedIdentifier, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: `lists` None means every list there is; `threshold` is a score in [0, 1].

    `as_of` is the legal day asked about, `known_at` the day whose public knowledge counts.
    `limit` is the most hits by name answered for one counterparty; `total` still counts all.
    """

    counterparties: tuple[Counterparty, ...]
    lists: tuple[str, ...] | None
    as_of: date
    known_at: date
    threshold: float
    limit: int
