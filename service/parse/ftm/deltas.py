"""Deltas of FollowTheMoney exports: what changed from one version of a dataset to the next."""

from collections.abc import Mapping, Sequence

from service.model.edition import ParsedDelta
from service.model.errors import ListRefusedError, RowRefusedError
from service.parse.ftm.entities import FtmChange, FtmEntity
from service.parse.ftm.listings import graph_of, listed, listing_of
from service.parse.ftm.schemata import ENDS, PARTIES, POINTERS
from service.parse.listing_ids import key_of_number


def apply_changes(
    list_code: str, entities: Mapping[str, FtmEntity], deltas: Sequence[Sequence[FtmChange]]
) -> dict[str, FtmEntity]:
    """The entities of a full export after deltas that followed on it, each id once.

    The result is what the later full export holds, because a delta has every entity whole that it
    adds or changes. Nothing in a delta says its place among others, so several are taken only
    where none of them touches what another one does.

    Raises:
        ListRefusedError: two deltas touch one entity.
        RowRefusedError: an entity is changed or deleted that is not there, or added that is.
    """
    after, touched = dict(entities), set[str]()
    for changes in deltas:
        own = {change.id for change in changes}
        if both := sorted(own & touched):
            reason = f"two deltas change {both[0]!r}, and neither says which came first"
            raise ListRefusedError(list_code, f"{reason}; load them one at a time")
        touched |= own
        for change in changes:
            _check(change, after)
            if change.entity is None:
                del after[change.id]
            else:
                after[change.id] = change.entity
    return after


def parse_delta(
    list_code: str, changes: Sequence[FtmChange], follows: tuple[str, ...]
) -> ParsedDelta:
    """A delta by itself, where all that it does to the list can be known from it alone.

    That is so where it adds parties with all that points to them, and deletes parties. A change
    of a party does not tell of the sanctions and documents that point to it and did not change,
    and an address or a sanction that changed does not tell of the rest of its party: those deltas
    are refused, and are read together with the full export that they follow on. A deletion has
    nothing but an id; one that is no listing's must be refused by whoever applies the delta.

    Raises:
        ListRefusedError: it does not say which parties are listed.
        RowRefusedError: a change whose effect cannot be known.
    """
    added = {change.id: change.entity for change in changes if change.entity is not None}
    for change in changes:
        if change.operation == "MOD":
            _refuse(change, "changes an entity, and what points to it may stand unchanged")
        if change.entity is not None:
            absent = [other for other in _points_to(change.entity) if other not in added]
            if absent:
                _refuse(change, f"points to {absent[0]!r}, which is not in it")
    parties = listed(added)
    if any(each.schema in PARTIES and each.target is None for each in added.values()):
        reason = "the delta does not say which parties are listed (no 'target')"
        raise ListRefusedError(list_code, reason)
    graph = graph_of(added)
    return ParsedDelta(
        list_code=list_code,
        published_on=None,
        put=tuple(listing_of(list_code, party, graph) for party in parties),
        gone=tuple(
            f"{list_code}-{key_of_number(change.id)}"
            for change in changes
            if change.entity is None
        ),
        follows=follows,
    )


def _points_to(entity: FtmEntity) -> list[str]:
    names = (*ENDS.get(entity.schema, ()), *sorted(POINTERS & entity.properties.keys()))
    return [other for name in names for other in entity.values(name)]


def _check(change: FtmChange, entities: Mapping[str, FtmEntity]) -> None:
    is_there = change.id in entities
    if is_there == (change.operation == "ADD"):
        found = "is there already" if is_there else "is not there"
        reason = (
            f"{change.operation} of {change.id!r}, which {found}: a delta before it is missing"
        )
        raise RowRefusedError(change.where, f"{reason}, or it was applied before")


def _refuse(change: FtmChange, why: str) -> None:
    reason = f"the delta {why}; give it together with the full export that it follows on"
    where = f"{change.where}, {change.id}"
    raise RowRefusedError(where, reason)
