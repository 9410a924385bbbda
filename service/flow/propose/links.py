"""Which measure a document means: the one it names, or candidates; never a guess."""

import re
from collections.abc import Callable, Iterable

import msgspec

from service.flow.propose.known import Known
from service.model.event import EventKind
from service.model.forms import name_form
from service.model.proposal import Document
from service.parse.us_fr import Deed, acts_in, parties_of

_AUTHORITIES = {
    "industry-and-security-bureau": "BIS",
    "foreign-assets-control-office": "OFAC",
}
BEGINS: frozenset[EventKind] = frozenset({"list", "take_effect", "is_informed"})
"""What begins a restriction, and so is seldom an event of a measure that is there."""

_EASINGS: frozenset[EventKind] = frozenset({"authorise", "extend_authorisation"})
_LICENCES = re.compile(
    r"\bgeneral licen[sc]es? (\d{1,3}[A-Z]?(?:(?:, and |, | and )\d{1,3}[A-Z]?)*)", re.IGNORECASE
)
_LICENCE = re.compile(r"(\d{1,3})[A-Z]?")
_SECTION = re.compile(r"(?:§+ ?|\bCFR )(\d{3}\.\d+)")


class Link(msgspec.Struct, frozen=True):
    """The measure meant, None where that is not certain; then those it may be; and why these."""

    measure: Known | None
    candidates: tuple[str, ...]
    why: str


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of measures, and the deed that one is looked for.

    `own` are the numbers the document goes by, `acts` those of others it names, corrects or
    carries on. `text` is all it says and `parties` whom its order names, in comparison form.
    """

    deed: Deed
    own: frozenset[str]
    acts: frozenset[str]
    text: str
    parties: frozenset[str]
    licences: frozenset[str]
    sections: frozenset[str]
    issuers: frozenset[str]

    @property
    def changes_an_act(self) -> bool:
        """Whether it does something to an act that is there."""
        return self.deed.kind not in BEGINS and self.deed.list_code is None


def own_numbers(document: Document) -> frozenset[str]:
    """The numbers a document goes by: its own and its page."""
    return frozenset({document.number, *acts_in(document.citation or "")})


def link(document: Document, deed: Deed, measures: Iterable[Known]) -> Link:
    """Finds the measure that a deed of the document concerns.

    Certain is the one whose own act the document is; and for what changes an act that is there,
    the one that is named by a number of the Federal Register or by its title, or whose denied
    party an order names. What is merely mentioned, and the measure behind a whole list that
    changes, makes candidates.
    """
    said, measures = _said(document, deed), tuple(measures)
    for words, is_meant in _CERTAIN:
        found = [each for each in measures if is_meant(said, each)]
        if len(found) == 1:
            return Link(found[0], (), words)
        if found:
            return Link(None, _ids(found), f"{words}, of several measures")
    issued = [each for each in measures if _is_of_issuer(said, each)]
    for words, may_be_meant in _POSSIBLE:
        found = [each for each in issued if may_be_meant(said, each)]
        if found:
            return Link(None, _ids(_easings_of(found, issued, deed)), words)
    return Link(None, (), "no measure is named")


def _said(document: Document, deed: Deed) -> _Said:
    texts = (document.title, document.action, document.abstract, document.dates)
    text = " ; ".join(filter(None, texts))
    own = own_numbers(document)
    corrected = [] if document.corrects is None else [document.corrects]
    series = _LICENCES.finditer(document.title)
    issuers = (_AUTHORITIES.get(agency) for agency in document.agencies)
    return _Said(
        deed=deed,
        own=own,
        acts=frozenset({*acts_in(text), *document.rins, *corrected} - own),
        text=name_form(text),
        parties=frozenset(map(name_form, parties_of(document.title))),
        licences=frozenset(one[1] for each in series for one in _LICENCE.finditer(each[1])),
        sections=frozenset(each[1] for each in _SECTION.finditer(text)),
        issuers=frozenset(filter(None, issuers)),
    )


def _ids(found: Iterable[Known]) -> tuple[str, ...]:
    return tuple(sorted(each.measure.id for each in found))


def _is_of_issuer(said: _Said, known: Known) -> bool:
    return not said.issuers or any(each in known.measure.authority for each in said.issuers)


def _easings_of(found: list[Known], among: list[Known], deed: Deed) -> list[Known]:
    """Of a licence, the measures that ease what was found, where there are any."""
    ids = {each.measure.id for each in found}
    easing = [each for each in among if not ids.isdisjoint(each.measure.eases)]
    return easing if easing and deed.kind in _EASINGS else found


def _is_its_own_act(said: _Said, known: Known) -> bool:
    return said.deed.list_code is None and not said.own.isdisjoint(known.acts)


def _is_named_by_number(said: _Said, known: Known) -> bool:
    return said.changes_an_act and not said.acts.isdisjoint(known.acts)


def _is_named_by_title(said: _Said, known: Known) -> bool:
    return said.changes_an_act and bool(known.title) and known.title in said.text


def _is_order_renewed(said: _Said, known: Known) -> bool:
    return said.deed.kind == "renew" and not said.parties.isdisjoint(known.denied)


def _is_licence_of_number(said: _Said, known: Known) -> bool:
    title = known.measure.title
    return any(re.search(rf"\bGL {number}[A-Z]?\b", title) for number in said.licences)


def _is_party_named(said: _Said, known: Known) -> bool:
    return said.deed.kind not in BEGINS and any(party in said.text for party in known.parties)


def _is_section_named(said: _Said, known: Known) -> bool:
    return said.changes_an_act and any(
        re.search(rf"\b{re.escape(each)}(?!\d)", known.basis) for each in said.sections
    )


def _is_behind_the_list(said: _Said, known: Known) -> bool:
    return known.reaches_all_of("us_bis_dpl" if said.deed.is_order else said.deed.list_code)


type _Test = Callable[[_Said, Known], bool]

_CERTAIN: tuple[tuple[str, _Test], ...] = (
    ("it is the act the measure rests on", _is_its_own_act),
    ("the measure is named by a number of the Federal Register", _is_named_by_number),
    ("the measure is named by its title", _is_named_by_title),
    ("the party of the measure's denial order is named", _is_order_renewed),
)
_POSSIBLE: tuple[tuple[str, _Test], ...] = (
    ("a general licence of that number is named", _is_licence_of_number),
    ("a party of the measure is named", _is_party_named),
    ("a section that the measure rests on is named", _is_section_named),
    ("the measure is the one behind the whole list", _is_behind_the_list),
)
