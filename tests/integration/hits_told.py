"""A hit as each of the four tells it: page, print (with its PDF), sheet and terminal."""

import html
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import filterfalse
from typing import Any

import msgspec
from rich.console import Console

from abeyance_screening.app.features import folders
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.answer import Hit
from abeyance_screening.engine.screening.question import Counterparty
from abeyance_screening.engine.tables.counterparties import ReadRow
from abeyance_screening.engine.tables.evidence import EvidenceRow
from abeyance_screening.engine.tables.evidence import evidence_of as rows_of
from abeyance_screening.engine.wording import (
    badge,
    hit_notes,
    hit_text,
    licence_in_words,
    measure_title,
    notes,
    policies_in_words,
    sentence,
)
from abeyance_screening.engine.wording.hits import (
    acts_of_entry,
    acts_of_measure,
    agreements,
    gone_in_words,
    without_the_entry,
)
from abeyance_screening.engine.wording.notes import is_of_reading, own_day_of
from abeyance_screening.engine.wording.parties import does_in_words
from abeyance_screening.engine.wording.titles import list_title
from abeyance_screening.features.evidence import pdf
from abeyance_screening.features.evidence.document import PrintRequest, evidence_of
from abeyance_screening.features.evidence.pdf import HitLine, Judgement
from abeyance_screening.features.evidence.pdf_layout import StyledText, Swatch
from abeyance_screening.features.screen import cli_output as printing
from abeyance_screening.features.screen.page.parties import EffectRow
from abeyance_screening.platform.pages.cards import PageContext, entry_of
from abeyance_screening.platform.pages.frame import AddressDays, Frame, templates
from tests.unit.tables.results import BOARD, answer_of, result_of

ENTRY = "the entry"
"""Where a text stands that is told of the hit as a whole, beside the ids of its measures."""

type Told = Mapping[str, str]
"""What is told of a hit: of each measure behind it, and of the entry, as plain text."""

_WIDE = 5_000


def facts_of(hit: Hit, asked: date) -> Iterator[tuple[str, str]]:
    """Whatever anybody could tell of a hit, each with the measure it is told of."""
    for said in (gone_in_words(hit.standing), hit.on_no_list, *agreements(hit)):
        if said is not None:
            yield ENTRY, said
    terms = hit.licence
    printed = () if terms is None else (licence_in_words(terms), *policies_in_words(terms))
    for measure in hit.measures:
        yield from ((measure.id, each) for each in _of_measure(measure, hit, asked))
        yield from ((measure.id, each) for each in printed)
    yield from ((ENTRY, each) for each in printed)
    yield ENTRY, list_title(hit.listing.list_code)
    yield from ((ENTRY, each.text) for each in acts_of_entry(hit.listing.citations))


def _of_measure(measure: MeasureOnDay, hit: Hit, asked: date) -> Iterator[str]:
    yield measure_title(measure.id, measure.title)
    yield from (each.text for each in acts_of_measure(measure))
    own = own_day_of(measure, asked)
    for read in (measure, without_the_entry(measure)):
        yield badge(read)
        yield sentence(read)
        # how old the last reading is stands once for all measures
        told = filterfalse(is_of_reading, (*notes(read), *hit_notes(read, hit)))
        yield from (each.text for each in told)
    for said in (own and own.line, measure.condition, measure.residual_obligation):
        if said is not None:
            yield said


def differences(hit: Hit, asked: date) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Facts that some tell and others do not: of what, the fact, and who tells it."""
    told = {name: tell(hit, asked) for name, tell in FOUR.items()}
    for what, fact in dict.fromkeys(facts_of(hit, asked)):
        words = plain(fact).rstrip(".").casefold()
        who = tuple(name for name, each in told.items() if words in each.get(what, "").casefold())
        if 0 < len(who) < len(told):
            yield what, fact, who


def plain(text: str) -> str:
    """A text without tags and with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def on_page(hit: Hit, asked: date) -> Told:
    """The search page: the rows of its party, and what is said of the listing itself."""
    macros = _macros("hit.html", _frame(asked))
    entry, prints = entry_of(hit, asked), (hit.listing, *(each.listing for each in hit.copies))
    told: dict[str, str] = {}
    for text in entry.text.measures:
        made = _asking(asked).row_of(text, prints)
        row = EffectRow(
            row=made,
            does=does_in_words(text),
            entries=(entry,),
            group="certain",
            answer="",
            answers=(),
        )
        shown = macros.measure_row(row, _asking(asked).scale((made,)), entry.score)
        told[text.measure.id] = plain(f"{shown} {made.lane(_asking(asked).scale((made,))).label}")
    return told | {ENTRY: plain(macros.entry_block(entry))}


def in_print(hit: Hit, asked: date) -> Told:
    """Evidence as a page to be printed."""
    line = _line(hit, asked)
    macros = _macros("evidence_parts.html", _frame(asked))
    told = {each.measure_id: plain(macros.measure(each)) for each in line.measures}
    return told | {ENTRY: plain(macros.hit(msgspec.structs.replace(line, measures=())))}


def in_pdf(hit: Hit, asked: date) -> Told:
    """Evidence as a PDF: what is written into it, before it is broken into lines."""
    line = _line(hit, asked)
    told = {each.measure_id: _Paper().written(pdf._told_once, each) for each in line.measures}
    whole = msgspec.structs.replace(line, measures=())
    return told | {ENTRY: _Paper().written(pdf._hit, whole)}


def in_sheet(hit: Hit, asked: date) -> Told:
    """The rows of a table of results."""
    answer = msgspec.structs.replace(answer_of(result_of("A", hit)), as_of=asked)
    if hit.standing.state == "left":
        result = msgspec.structs.replace(answer.results[0], hits=(), delisted=(hit,))
        answer = msgspec.structs.replace(answer, results=(result,))
    read = ReadRow(number=1, counterparty=Counterparty(name="A"))
    rows = tuple(rows_of(read, answer.results[0], answer))
    told = {row.measure_id: _cells(row) for row in rows if row.measure_id is not None}
    return told | {ENTRY: f"{_of_entry(rows[0])} {'' if told else _cells(rows[0])}"}


def _of_entry(row: EvidenceRow) -> str:
    """What a row says of the entry, beside its measure."""
    return f"{row.why} {row.list_title} {row.citations}"


def on_terminal(hit: Hit, asked: date) -> Told:
    """The terminal, wide enough that no line is folded."""
    told = {
        each.measure.id: plain(f"{printing._status(each).plain} {printing._meaning(each).plain}")
        for each in hit_text(hit, asked).measures
    }
    text = hit_text(hit, asked)
    if hit.standing.state == "left":
        screen = io.StringIO()
        result = msgspec.structs.replace(result_of("A"), delisted=(hit,))
        printing._print_rest(Console(file=screen, width=_WIDE), result, asked)
        return {ENTRY: plain(screen.getvalue())}
    beside = "" if text.measures else printing._without_measure(text).plain
    return told | {ENTRY: plain(f"{printing._list_entry(text).plain} {beside}")}


FOUR: Mapping[str, Callable[[Hit, date], Told]] = {
    "page": on_page,
    "print": in_print,
    "pdf": in_pdf,
    "sheet": in_sheet,
    "terminal": on_terminal,
}


class _Paper:
    """A document that remembers what is written into it, where nothing was told before."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def written(self, write: Callable[[Any, Any, Any], None], line: object) -> str:
        write(self, line, pdf._Told())
        return " ".join(" ".join(self._texts).split())

    def text(self, runs: Iterable[StyledText], **_: object) -> None:
        self._texts.append("".join(each.text for each in runs))

    def heading(self, text: str, _: float = 0.0) -> None:
        self._texts.append(text)

    def keep(self, _: float) -> None: ...

    def space(self, _: float) -> None: ...

    def lane(self, swatches: Iterable[Swatch], **_: object) -> None: ...


def _line(hit: Hit, asked: date) -> HitLine:
    answer = answer_of(result_of("A", hit))
    answer = msgspec.structs.replace(
        answer, as_of=asked, asked_at=datetime.combine(asked, time(9), UTC)
    )
    judgement = Judgement(decision="", by="", reason="")
    evidence = evidence_of(
        msgspec.json.encode(answer), PrintRequest(given={}, judgement=judgement)
    )
    return evidence.parties[0].hits[0]


def _cells(row: EvidenceRow) -> str:
    return plain(" ".join(str(each) for each in msgspec.structs.astuple(row) if each is not None))


@cache
def _frame(asked: date) -> Frame:
    now = datetime.combine(asked, time(9), UTC)
    clocks = AddressDays(as_of=asked, known_at=asked)
    return Frame(title="A", path="/", section="/", now=now, clocks=clocks)


@cache
def _asking(asked: date) -> PageContext:
    return PageContext.of(BOARD, _frame(asked))


@cache
def _macros(template: str, frame: Frame) -> Any:
    return (
        templates((), folders(), lambda: "")
        .engine_instance.engine.get_template(template)
        .make_module({"frame": frame})
    )
