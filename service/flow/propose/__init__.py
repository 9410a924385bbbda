"""Documents of the Federal Register become proposals of events, for a person to accept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from service.flow.propose.drafts import draft
from service.flow.propose.known import Known, known
from service.flow.propose.links import link, own_numbers
from service.model.measure import Measure
from service.model.proposal import Document, Proposal
from service.parse.us_fr import deeds_of

__all__ = ["propose"]


def propose(documents: Iterable[Document], measures: Iterable[Measure]) -> tuple[Proposal, ...]:
    """What a person should consider recording because of these documents, oldest document first.

    One proposal for each thing a document does. A document that an event of the register already
    records gives none, nor does one that only proposes, asks or reports. Of a document that is
    given twice, the first counts.
    """
    ours = known(measures)
    recorded = frozenset(act for each in ours for act in each.recorded)
    once = {each.number: each for each in reversed(tuple(documents))}.values()
    new = (each for each in once if own_numbers(each).isdisjoint(recorded))
    in_order = sorted(new, key=lambda each: (each.publication_date, each.number))
    return tuple(_proposals(in_order, ours))


def _proposals(documents: Iterable[Document], ours: tuple[Known, ...]) -> Iterator[Proposal]:
    taken: defaultdict[str | None, set[str]] = defaultdict(set)
    for document in documents:
        for deed in deeds_of(document):
            found = link(document, deed, ours)
            proposal = draft(
                document, deed, found, taken[found.measure.measure.id if found.measure else None]
            )
            taken[proposal.measure].add(proposal.event.id)
            yield proposal
