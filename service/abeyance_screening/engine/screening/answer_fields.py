"""The fields that several answers of a screening share, each with what it means."""

from abeyance_screening.engine.lists.listing import LicenceTerms, PolicyKind
from abeyance_screening.engine.measures.status import MeasureOnDay

NameScore = float
"""How well the names meet, in [0, 1], and nothing else; 1 for the same name.

A listing with a number of the question is a hit whatever its score, even 0: `identifiers` of its
corroboration has the number. So no hit may be left out for its score.
"""
TermsOfEntry = LicenceTerms | None
"""What the entry says on licences, taken apart; null if its list says nothing of them."""
PolicyOfEntry = PolicyKind | None
"""How the entry says that applications for a licence are reviewed, unless another of its policies
names the items; null if it says nothing, or nothing known: `licence.policy_text` has its words."""
MeasuresOnParty = tuple[MeasureOnDay, ...]
"""The measures that reach the party through this listing, the most severe first."""
UnknownProgrammes = tuple[str, ...]
"""Codes that the entry prints and for which the register has no measure on its list.

The measure `not-in-register` is there because of them, and counts as restricted.
"""
OnNoList = str | None
"""Of a party that a measure names and no published list has: that this is so, and why."""
HitTotal = int
"""How many listings were found in all; a search stops after about 2,000 names."""
PartiesNote = str | None
"""That the newest editions decide who is one party, where the day asked about is past."""
Scorer = str
"""Version of the arithmetic that gave the scores; scores of two versions do not compare."""
Threshold = float
"""The lowest score of a hit, in [0, 1], as asked or by default."""
HitLimit = int
"""The most hits by name for one counterparty, as asked or by default."""
