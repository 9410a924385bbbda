"""What was decided about the parties of an answer, and under which id it is decided here."""

from uuid import UUID

import msgspec

from abeyance_screening.features.screen.page.parties import PartyCard
from abeyance_screening.platform.pages.cards import CardEntry
from abeyance_screening.platform.pages.decisions import DecisionText, decision_of
from abeyance_screening.platform.stores.judgements import HitJudgement, NamedCounterparties

_DIGITS = 10


class DecisionsShown(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about whoever is asked about, by its name.

    `id` is that of the counterparty of that name, or one to propose, which says nothing of the
    name: ids stay in events and in the audit log after a counterparty is deleted.
    """

    id: str
    is_watched: bool
    judgements: tuple[HitJudgement, ...]

    def of(self, party: PartyCard) -> DecisionText:
        """Return the decision on a party: of those on its entries the one that needs most."""
        entries = {each.listing_id for each in party.entries}
        about = [each for each in self.judgements if each.listing in entries and not each.owner]
        return decision_of(about, has_hits=True)

    def hits_of(self, party: PartyCard) -> tuple[CardEntry, ...]:
        """Return the entries of a party that the question itself meets, which can be judged."""
        return tuple(each for each in party.entries if each.score is not None)


def decisions_shown(named: NamedCounterparties, new_id: UUID) -> DecisionsShown:
    """Return what was decided, with an id made of a new one where nobody has the name yet."""
    proposed = f"S-{new_id.hex[-_DIGITS:].upper()}"
    return DecisionsShown(
        id=named.ids[0] if named.ids else proposed,
        is_watched=bool(named.ids),
        judgements=named.judgements,
    )
