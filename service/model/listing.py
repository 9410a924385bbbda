"""A listing: one entry of one list, as its publisher printed it."""

from datetime import date
from typing import Literal

import msgspec

EntityType = Literal["person", "organisation", "vessel", "aircraft"]
NameKind = Literal["primary", "alias", "weak_alias", "former"]


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """One printed name.

    `text` is as printed, trimmed; `kind` says how sure the publisher is of it; `language` is
    whatever the publisher says of language or script, else None.
    """

    text: str
    kind: NameKind
    language: str | None = None


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One address; `text` is the whole of it on one line, the other fields its parts.

    `country` is an ISO 3166-1 alpha-2 code where the printed country could be read as one;
    the printed words always stand in `text`.
    """

    text: str
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    note: str | None = None


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number or code somebody issued: `kind` and `value` as printed, `country` ISO alpha-2."""

    kind: str
    value: str
    country: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    note: str | None = None


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Anything else printed of an entry: `kind` is our snake_case word, `value` the publisher's.

    For example `date_of_birth`, `place_of_birth`, `nationality`, `title`, `vessel_type`.
    """

    kind: str
    value: str


class Listing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of one list.

    `id` is ours and stays the same from edition to edition: `<list_code>-<key>`, where the key is
    the publisher's lasting number, or a digest of the primary name where it has none.
    `entry_id` is the publisher's own id as printed, if any. `names` holds exactly one primary,
    first. `countries` are ISO alpha-2, in order of appearance, without repeats.
    `listed_on` is the day the entry took effect, `expires_on` the last day of its own term
    (a denial order's end), `delisted_on` the day its publisher took it off; each None where the
    publisher does not say.
    """

    id: str
    list_code: str
    names: tuple[Name, ...]
    entity_type: EntityType | None = None
    entry_id: str | None = None
    addresses: tuple[Address, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    programmes: tuple[str, ...] = ()
    licence_requirement: str | None = None
    licence_review_policy: str | None = None
    citations: tuple[str, ...] = ()
    listed_on: date | None = None
    expires_on: date | None = None
    delisted_on: date | None = None
    remarks: str | None = None
    facts: tuple[Fact, ...] = ()
    source_url: str | None = None
    information_url: str | None = None

    @property
    def primary_name(self) -> str:
        """The primary name as printed."""
        return self.names[0].text
