"""What the register knows of each measure that a document may name."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from service.model.event import Event
from service.model.forms import name_form
from service.model.measure import Attachment, Measure
from service.parse.us_fr import acts_in

# Shorter titles are words that any document may use.
_TITLE_WORDS = 5
_DENIED = "us_bis_dpl"
_STATE = re.compile(r" \((?:removed|narrowed)\)$")
# A page and a document number side by side name one act: `90 FR 4617 (2025-01-16), FR Doc
# 2025-00704` and `FR Doc 2020-05190 (85 FR 14416)`.
_ONE_ACT = re.compile(
    r"\d+ FR \d+(?: \([\d-]+\))?, FR Doc [\d-]+|FR Doc [\d-]+ \(\d+ FR \d+\)", re.IGNORECASE
)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A measure, by what a document may call it.

    `acts` are the numbers of all acts that make it what it is, `recorded` of those that its
    events record. `title` is its title in comparison form, blank where it is too short to tell.
    `parties` are the names of more than one word that it reaches, `denied` those of them under a
    denial order, in comparison form. `basis` is its legal basis as printed.
    """

    measure: Measure
    acts: frozenset[str]
    recorded: frozenset[str]
    title: str
    parties: frozenset[str]
    denied: frozenset[str]
    basis: str

    def reaches_all_of(self, list_code: str | None) -> bool:
        """Whether it is the measure behind every entry of that list."""
        whole = list_code is not None and Attachment(list_code=list_code) in self.measure.attaches
        return whole and "listing" in self.measure.attaches_by


def known(measures: Iterable[Measure]) -> tuple[Known, ...]:
    """The measures of the United States, which alone acts through the Federal Register."""
    return tuple(_known(each) for each in measures if each.jurisdiction == "US")


def _known(measure: Measure) -> Known:
    basis = " ".join((measure.citation, *measure.legal_basis))
    cited = [text for each in measure.attaches for text in each.citations]
    recorded = frozenset(_recorded(measure, basis))
    denied = [name for a in measure.attaches if a.list_code == _DENIED for name in a.entities]
    named = [name for each in measure.attaches for name in each.entities]
    targets = measure.targets.entities if measure.targets else ()
    return Known(
        measure=measure,
        acts=recorded | frozenset(acts_in(" ; ".join((basis, *cited)))),
        recorded=recorded,
        title=_title(measure),
        parties=frozenset(form for form in _forms((*named, *targets)) if " " in form),
        denied=frozenset(_forms(denied)),
        basis=basis,
    )


def _recorded(measure: Measure, basis: str) -> Iterator[str]:
    """The acts of the events, each by its page and by its document number where both are known."""
    acts = {act for event in measure.events if _records(event) for act in _own_acts(event)}
    yield from acts
    for text in (basis, *(event.citation or "" for event in measure.events)):
        for pair in _ONE_ACT.finditer(text):
            same = acts_in(pair[0])
            if not acts.isdisjoint(same):
                yield from same


def _records(event: Event) -> bool:
    """Whether it is done by the act it cites, and does not only speak of one."""
    return event.kind not in {"challenge_pending", "dispute"} and "announce" not in event.kind


def _own_acts(event: Event) -> Iterator[str]:
    """By its citation, and by its source where that was published on the event's own day.

    A later document that tells of the event is another act.
    """
    yield from acts_in(event.citation or "")
    source, published_on = event.source, event.published_on
    if source and published_on and source.published == published_on.isoformat():
        yield from acts_in(re.sub(r"[/.]", " ", source.url))


def _title(measure: Measure) -> str:
    title = name_form(measure.title.split(" (", maxsplit=1)[0])
    return title if len(title.split()) >= _TITLE_WORDS else ""


def _forms(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name_form(_STATE.sub("", name).rstrip(","))
