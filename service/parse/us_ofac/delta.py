"""OFAC's delta files: what one publication added to its lists and took off them.

Source: https://ofac.treasury.gov/sanctions-list-service (archive of delta files), three of 2025.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from service.model.edition import ParsedDelta
from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.elements import ElementRow, read_elements, root_of
from service.parse.files import GivenFile
from service.parse.texts import refuse_other_files
from service.parse.us_ofac.enhanced import (
    DICTIONARIES,
    ENTITY,
    INFORMATION,
    ROOT,
    day_of,
)
from service.parse.us_ofac.entities import entity_row, party_of
from service.parse.us_ofac.lists import LISTS_OF, UNKNOWN_LIST
from service.parse.us_ofac.parties import Party, listings_of

_NAMESPACE = "/DeltaFile/1.0"
_ADD, _REMOVE = "add", "remove"
_WHOLE = frozenset({_ADD, _REMOVE})
_SHOWN = 5


class _Change(msgspec.Struct, frozen=True):
    """What happens to an entity; neither action nor party where it is changed in part."""

    number: str
    action: str | None
    party: Party | None


def is_delta(file: GivenFile) -> bool:
    """Whether a file is a delta; one file speaks of the lists of both sources."""
    namespace, tag = root_of(file.head)
    return tag == ROOT and namespace.endswith(_NAMESPACE)


def read_delta(source: str, follows: tuple[str, ...], content: bytes) -> tuple[ParsedDelta, ...]:
    """One delta for each list of the source, by list code; without changes where there are none.

    That of `UNKNOWN_LIST` comes only with changes: who never loaded the list needs none.

    An entity comes whole when it is added and when it is taken off. When it is corrected it has
    no action of its own and comes in part, with actions on single elements; what it then says as
    a whole stands only in the next full file. Such a delta is refused.

    Raises:
        ListRefusedError: not well-formed, cut off, without `datePublished`, or with entities that
            are changed in part.
        RowRefusedError: an entity cannot be read, has an unknown action or stands twice.
    """
    refuse_other_files(source, content)
    published_on, changes = None, list[_Change]()
    for path, element in read_elements(source, content, (INFORMATION, ENTITY, *DICTIONARIES)):
        if path == INFORMATION:
            row = ElementRow(INFORMATION[-1], element)
            published_on = day_of(source, "datePublished", row.take("datePublished"))
            row.close("publicationType")
        elif path == ENTITY:
            changes.append(_change(entity_row(element)))
        elif path == (ROOT,):
            ElementRow(ROOT, element).close()
    if published_on is None:
        raise ListRefusedError(source, f"{INFORMATION[-1]} is missing")
    _check(source, changes)
    put = listings_of(_parties(changes, _ADD), LISTS_OF[source])
    gone = listings_of(_parties(changes, _REMOVE), LISTS_OF[source])
    return tuple(
        ParsedDelta(
            list_code=code,
            published_on=published_on,
            put=put.get(code, ()),
            gone=tuple(listing.id for listing in gone.get(code, ())),
            follows=follows,
        )
        for code in sorted(LISTS_OF[source] - {UNKNOWN_LIST} | put.keys() | gone.keys())
    )


def _change(row: ElementRow) -> _Change:
    action = row.attribute("action")
    if action is None:
        return _Change(row.take_attribute("id"), None, None)
    if action not in _WHOLE:
        raise RowRefusedError(row.where, f"unknown action {action!r}")
    party = party_of(row)
    return _Change(party.number, action, party)


def _check(source: str, changes: Sequence[_Change]) -> None:
    partial = [change.number for change in changes if change.party is None]
    if partial:
        reason = (
            f"{len(partial)} entries are changed in part ({', '.join(partial[:_SHOWN])}), and how "
            "they stand as a whole is only in the full file of that day; load that one"
        )
        raise ListRefusedError(source, reason)
    times = Counter(change.number for change in changes)
    twice = [f"entry {number}" for number, count in times.items() if count > 1]
    if twice:
        raise RowRefusedError(twice[0], "stands twice in the file")


def _parties(changes: Iterable[_Change], action: str) -> Iterator[Party]:
    for change in changes:
        if change.action == action and change.party is not None:
            yield change.party
