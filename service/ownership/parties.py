"""Parties: which of the owners that a question names are one and the same."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from service.model.question import Counterparty, Owner
from service.ownership.places import places

COUNTERPARTY = "the counterparty"


class Parties:
    """Tells which party an owner is, by a key.

    Owners with one id are one party, and so are those of one name that have no id. An owner
    without an id is the party with an id that has its name. Where several have it, whose that is
    cannot be told, and all of them are taken for one, for apart they would hold less. An owner
    with the name of the counterparty, and with its id or none, is the counterparty itself, unless
    an owner with an id of its own has that name.
    """

    def __init__(self, counterparty: Counterparty, name_key: Callable[[str], str]) -> None:
        self._root_id, self._root_name = counterparty.id, name_key(counterparty.name)
        self._name_key = name_key
        owners = [place.owner for place in places(counterparty)]
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for owner in owners:
            if owner.id is not None and not self._is_root(owner):
                ids[name_key(owner.name)].add(owner.id)
        bare = {name_key(owner.name) for owner in owners if owner.id is None}
        self._ids_of = dict(ids)
        self._joined = _joined([ids[name] for name in sorted(bare & ids.keys())])

    def key(self, owner: Owner) -> str:
        """The key of its party: the least of its ids, without one its name, or COUNTERPARTY."""
        name = self._name_key(owner.name)
        if owner.id is None and name in self._ids_of:
            ids = self._ids_of[name]
        elif self._is_root(owner):
            return COUNTERPARTY
        elif owner.id is None:
            return f"named {name}"
        else:
            ids = {owner.id}
        return f"id {min(min(self._joined.get(each, {each})) for each in ids)}"

    def _is_root(self, owner: Owner) -> bool:
        is_named_so = self._name_key(owner.name) == self._root_name
        return is_named_so and owner.id in {None, self._root_id}


def _joined(groups: Collection[Collection[str]]) -> Mapping[str, Collection[str]]:
    """All that are joined with each, by one group or through several that overlap."""
    joined: dict[str, set[str]] = {}
    for group in groups:
        whole = set(group).union(*(joined.get(each, ()) for each in group))
        joined |= dict.fromkeys(whole, whole)
    return joined
