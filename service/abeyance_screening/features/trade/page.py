"""The page of flows: goods from here to there on a day, and all that is known of them."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import cast, get_args

import msgspec
from litestar import get
from litestar.response import Template

from abeyance_screening.engine.measures.annexes.index import shipped_titles
from abeyance_screening.engine.measures.measure import EffectKind
from abeyance_screening.engine.measures.reach import EndUse
from abeyance_screening.engine.measures.regimes import Regime, RegimePlace, regimes
from abeyance_screening.engine.measures.register.register import EU
from abeyance_screening.engine.measures.severity import effect_rank
from abeyance_screening.engine.measures.status_table import STATUSES, binds, facts_of, is_over
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.trade.matrix import (
    MatrixCell,
    MatrixRow,
    Way,
    effects_of,
    matrix_of,
)
from abeyance_screening.engine.screening.trade.restrictions import restrictions_on
from abeyance_screening.engine.screening.trade.transaction import (
    FactMet,
    OpenQuestion,
    Restriction,
    Restrictions,
    RestrictionsOutcome,
)
from abeyance_screening.engine.screening.validate import plain_transaction
from abeyance_screening.engine.wording import sentence
from abeyance_screening.engine.wording.shapes import Badge, badge_of, safe_link
from abeyance_screening.engine.wording.titles import country_name, jurisdiction_name, measure_title
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.pages.frame import (
    AnyRequest,
    FieldFault,
    Frame,
    TheDesk,
    link,
    page,
    read_clocks,
    text_of,
)
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import BadInputError

PATH = "/flows"
_EFFECTS: Mapping[EffectKind, str] = MappingProxyType(
    {
        "prohibition": "Ban",
        "import_ban": "Ban",
        "licence_required": "Licence",
        "blocked": "Frozen",
        "fee": "Duty",
        "due_diligence": "Care",
    }
)
"""What a cell says that measures do, in a word, the first that holds; all other effects are rules.
"""
_HEADINGS: Mapping[EffectKind, str] = MappingProxyType(
    {
        "blocked": "Dealings are blocked",
        "prohibition": "Forbidden unless an exception or a licence applies",
        "import_ban": "Import forbidden unless an exception or a licence applies",
        "licence_required": "Licence needed",
        "due_diligence": "Care is needed",
        "fee": "A duty or fee is due",
    }
)
"""What the heading of an answer says of the gravest effect that binds on the day."""
_OUTCOMES: Mapping[RestrictionsOutcome, str] = MappingProxyType(
    {
        "met": "Restricted",
        "not_covered": "Not covered: rules are known that are not in the register",
        "open": "Open: facts that were not given decide",
        "none_known": "None known, which is no permission",
    }
)
_ASKED = ("item", "exporter", "origin", "destination", "end_use", "us_rules")
_YES_OR_NO: Mapping[str, bool] = MappingProxyType({"yes": True, "no": False})
_USES: Mapping[str, EndUse] = MappingProxyType(
    {each: each for each in cast("tuple[EndUse, ...]", get_args(EndUse))}
)


class CellShown(msgspec.Struct, frozen=True, kw_only=True):
    """A cell of the matrix: a shape and a word, what it is about, and where it leads."""

    shape: str
    word: str
    about: str
    href: str
    is_chosen: bool
    more: bool


class RowShown(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its cells, or with one cell for goods of every kind."""

    place: str
    cells: tuple[CellShown, ...]
    is_alike: bool


class TableShown(msgspec.Struct, frozen=True, kw_only=True):
    """The matrix of one way: its caption, the kinds of goods, and a row for each place."""

    caption: str
    kinds: tuple[str, ...]
    rows: tuple[RowShown, ...]


class RuleShown(msgspec.Struct, frozen=True, kw_only=True):
    """A measure as a row: its badge, what it means, its act and what of the question it meets.

    `line` is what it demands and what loosens it, in one line; None where nothing does.
    """

    id: str
    title: str
    badge: Badge
    sentence: str
    act: str
    line: str | None
    facts: tuple[str, ...]


class QuestionShown(msgspec.Struct, frozen=True, kw_only=True):
    """An open question as a row: what is asked, and what an answer decides.

    `answers` are links that ask again with a word of the form as the answer, each with its text;
    empty where only a person who knows the goods can say.
    """

    id: str
    question: str
    decides: str
    answers: tuple[tuple[str, str], ...]


class AnswerShown(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a question, or of a cell, in the order in which a reader needs it."""

    heading: str
    summary: str
    rules: tuple[RuleShown, ...]
    questions: tuple[QuestionShown, ...]
    more: int
    missing: tuple[tuple[str, str | None], ...]
    looked: tuple[str, ...]
    notes: tuple[str, ...]


class FlowsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page: the form as it was filled in, the answer, and the matrix."""

    item: str
    exporter: str
    origin: str
    destination: str
    end_use: str
    us_rules: str
    uses: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    can: tuple[str, ...]
    answer: AnswerShown | None
    trader: str
    traders: tuple[tuple[str, str], ...]
    tables: tuple[TableShown, ...]
    not_covered: int
    cells: int


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The trader whose matrix is shown, and the cell that is open, as far as one is."""

    trader: RegimePlace
    way: str
    place: str
    kind: str

    def is_at(self, way: Way, place: str, kind: str) -> bool:
        """Return whether this cell is the open one; of goods of every kind, the first is."""
        return (self.way, self.place, self.kind) == (way, place, kind)


@get(PATH, opt=needs("read"), include_in_schema=False)
async def flows_page(request: AnyRequest, desk: TheDesk) -> Template:
    """Answer a question about goods, and show the matrix of a trader with a cell open or none."""
    given = request.query_params
    clocks, faults = read_clocks(given)
    asked = {name: text_of(given, name) for name in _ASKED}
    cell = {name: text_of(given, name) for name in ("trader", "way", "place", "kind")}
    frame = Frame(
        title="Flows",
        path=PATH,
        section=PATH,
        now=desk.now(),
        clocks=clocks,
        query=tuple((name, text) for name, text in (asked | cell).items() if text),
        faults=faults,
    )
    chosen = _chosen(cell)
    shown: list[tuple[Way, tuple[MatrixRow, ...]]] = [
        ("to", tuple(matrix_of(desk.board, chosen.trader, "to", frame.days))),
        ("from", tuple(matrix_of(desk.board, chosen.trader, "from", frame.days))),
    ]
    answer, fault = _answer(desk, asked, frame)
    if fault is not None:
        frame = msgspec.structs.replace(frame, faults=(*frame.faults, fault))
    content = _content(desk, asked, chosen, shown, answer or _of_cell(chosen, shown), frame)
    status = HTTPStatus.BAD_REQUEST if frame.faults else HTTPStatus.OK
    return page("flows.html", frame, content, status)


def _chosen(cell: Mapping[str, str]) -> Chosen:
    traders = {each.id: each for each in regimes().traders}
    return Chosen(
        trader=traders.get(cell["trader"], traders[EU]),
        way=cell["way"],
        place=cell["place"],
        kind=cell["kind"],
    )


def _answer(
    desk: Desk, asked: Mapping[str, str], frame: Frame
) -> tuple[AnswerShown | None, FieldFault | None]:
    """Return the answer to the form, or why it cannot be read; neither if nothing was asked."""
    items = tuple(filter(None, (each.strip() for each in asked["item"].split(";"))))
    if not (items or any(asked[name] for name in ("exporter", "origin", "destination"))):
        return None, None
    try:
        transaction = plain_transaction(
            items,
            asked["origin"] or None,
            asked["destination"] or None,
            _USES.get(asked["end_use"]),
            asked["exporter"] or None,
            _YES_OR_NO.get(asked["us_rules"]),
        )
    except BadInputError as error:
        return None, FieldFault(field=error.field, text=f"{error}.")
    return _in_words(restrictions_on(desk.board, transaction, frame.days), asked, frame), None


def _in_words(found: Restrictions, asked: Mapping[str, str], frame: Frame) -> AnswerShown:
    return AnswerShown(
        heading=_heading(found),
        summary=found.summary,
        rules=tuple(map(_rule, (*found.met, *found.ended))),
        questions=tuple(_question(each, asked, frame) for each in found.open_questions),
        more=found.more_questions,
        missing=tuple(
            (
                f"{each.act} ({jurisdiction_name(each.jurisdiction)})"
                + ("" if each.measure is None else f". {each.note}"),
                safe_link(each.url),
            )
            for each in found.not_covered
        ),
        looked=tuple(
            f"{each.title} (edition: {each.edition}"
            + (")" if each.whole else "; not all of it is at hand)")
            for each in found.looked_through
        ),
        notes=tuple(each for each in found.notes if not each.startswith("Not covered")),
    )


def _heading(found: Restrictions) -> str:
    """Return the gravest effect that binds on the day, or what is known where nothing binds."""
    binding = [each.measure for each in found.met if binds(each.measure.status)]
    effects = [effect for each in binding for effect in each.effect]
    if found.outcome != "met" or not effects:
        return _OUTCOMES[found.outcome or "open"]
    return _HEADINGS.get(min(effects, key=effect_rank).kind, _OUTCOMES["met"])


def _question(question: OpenQuestion, asked: Mapping[str, str], frame: Frame) -> QuestionShown:
    effect = next((word for each, word in _EFFECTS.items() if each in question.effect), "rule")
    also = f" and {plural(len(question.also), 'other rule')}" if question.also else ""
    title = measure_title(question.id, question.title)
    return QuestionShown(
        id=question.id,
        question=question.question,
        decides=f"{jurisdiction_name(question.jurisdiction)}, {effect.lower()}: {title}{also}",
        answers=tuple(_answers(question, asked, frame)),
    )


def _answers(
    question: OpenQuestion, asked: Mapping[str, str], frame: Frame
) -> Iterator[tuple[str, str]]:
    """Yield the text and the address of each answer that a field of the form can give."""
    if "us_rules" not in question.asks or not question.question.startswith("Are the goods under"):
        return
    for word in _YES_OR_NO:
        again = {**asked, "us_rules": word}
        fields = tuple((name, text) for name, text in again.items() if text)
        yield word.capitalize(), link(PATH, (*fields, *frame.clocks.query()))


def _rule(restriction: Restriction) -> RuleShown:
    measure = restriction.measure
    return RuleShown(
        id=measure.id,
        title=measure_title(measure.id, measure.title),
        badge=badge_of(measure),
        sentence=sentence(measure),
        act=f"{jurisdiction_name(measure.jurisdiction)} · {measure.citation}",
        line=restriction.line if restriction.eased_by else None,
        facts=tuple(map(_fact, restriction.facts)),
    )


def _fact(fact: FactMet) -> str:
    """Write a fact that meets a rule, with the annex where a code stands and its edition."""
    if fact.item_class is not None:
        where = "" if fact.edition is None else f" (edition: {fact.edition})"
        return f"{fact.given} is among: {fact.item_class}{where}"
    return f"{fact.fact.replace('_', ' ')}: {fact.given.replace('_', ' ')}"


def _of_cell(
    chosen: Chosen, shown: Iterable[tuple[Way, tuple[MatrixRow, ...]]]
) -> AnswerShown | None:
    """Return what the register knows of the open cell; None where no cell is open."""
    for way, rows in shown:
        for row in rows:
            for cell in row.cells:
                if chosen.is_at(way, row.place.id, cell.kind.id):
                    return _cell_in_words(chosen.trader, way, row, cell)
    return None


def _cell_in_words(trader: RegimePlace, way: Way, row: MatrixRow, cell: MatrixCell) -> AnswerShown:
    goods = "Goods of every kind" if row.is_alike else _name(cell, way)
    ends = (trader.name, row.place.name) if way == "to" else (row.place.name, trader.name)
    heading = f"{goods[:1].upper()}{goods[1:]}, from {ends[0]} to {ends[1]}"
    known = plural(len(cell.measures), "measure")
    summary = f"{known} in the register; give the goods above to see what they meet."
    if not (cell.measures or cell.missing):
        summary = (
            "No rule is known, which is no permission. The acts that the register has between the "
            "two are about other goods."
        )
    return AnswerShown(
        heading=heading,
        summary=summary,
        rules=tuple(_rule(Restriction(measure=each, facts=())) for each in cell.measures),
        questions=(),
        more=0,
        missing=tuple(map(_missing, cell.missing)),
        looked=cell.looked,
        notes=(),
    )


def _missing(regime: Regime) -> tuple[str, str | None]:
    return f"{regime.act} ({jurisdiction_name(regime.jurisdiction)})", safe_link(regime.source)


def _name(cell: MatrixCell, way: Way) -> str:
    return (cell.kind.exported if way == "to" else None) or cell.kind.name


def _content(
    desk: Desk,
    asked: Mapping[str, str],
    chosen: Chosen,
    shown: Iterable[tuple[Way, tuple[MatrixRow, ...]]],
    answer: AnswerShown | None,
    frame: Frame,
) -> FlowsPage:
    tables = tuple(_table(chosen, way, rows, frame) for way, rows in shown)
    cells = [cell for _, rows in shown for row in rows for cell in row.cells]
    return FlowsPage(
        item=asked["item"],
        exporter=asked["exporter"],
        origin=asked["origin"] or _end(chosen, "to"),
        destination=asked["destination"] or _end(chosen, "from"),
        end_use=asked["end_use"],
        us_rules=asked["us_rules"],
        uses=tuple((each, each.replace("_", " ")) for each in _USES),
        places=tuple((code, country_name(code)) for code in _codes()),
        can=_can(desk),
        answer=answer,
        trader=chosen.trader.id,
        traders=tuple((each.id, each.name) for each in regimes().traders),
        tables=tables,
        not_covered=sum(bool(each.missing) for each in cells),
        cells=sum(bool(each.measures or each.missing) for each in cells),
    )


def _end(chosen: Chosen, own: Way) -> str:
    """Return the country at one end of the open cell, empty where there are several or none."""
    place = next((each for each in regimes().places if each.id == chosen.place), None)
    if place is None:
        return ""
    code = (chosen.trader if chosen.way == own else place).codes[0]
    return "" if code == EU else code


def _codes() -> tuple[str, ...]:
    """Return the countries that regimes name, for the form, in which others may be typed."""
    known = regimes()
    named = {code for each in (*known.traders, *known.places) for code in each.codes} - {EU}
    return tuple(sorted(named, key=country_name))


def _can(desk: Desk) -> tuple[str, ...]:
    """Return what the page can answer and what it cannot, in sentences, from the register."""
    register, known = desk.board.register, regimes().regimes
    carried = [each for each in known if any(map(register.has, each.measures))]
    reaches = [(each.jurisdiction, reach) for each in register.measures for reach in each.reaches]
    listed = {whose for whose, reach in reaches if reach.annexes}
    headed = {whose for whose, reach in reaches if any(each.hs for each in reach.items)} - listed
    worded = {each.jurisdiction for each in carried} - listed - headed
    annexes = shipped_titles().values()
    whole = sum(each.whole for each in annexes)
    return (
        f"By the codes of annexes, each for a part of its rules: {_named(listed)}.",
        f"By headings and in words: {_named(headed)}." if headed else "",
        f"In words or by questions only: {_named(worded)}." if worded else "",
        (
            f"Of {len(annexes)} annexes {whole} are whole; what the others do not list is asked "
            "about, and never ruled out."
        ),
        (
            "Cannot answer: customs duties, the national rules of the member states, and what is "
            f"known by its act alone ({plural(len(known) - len(carried), 'regime')}), which the "
            "answer names."
        ),
    )


def _named(jurisdictions: Iterable[str]) -> str:
    return ", ".join(sorted(map(jurisdiction_name, jurisdictions)))


def _table(chosen: Chosen, way: Way, rows: tuple[MatrixRow, ...], frame: Frame) -> TableShown:
    name = chosen.trader.name
    caption = f"Out of {name} to" if way == "to" else f"Into {name} from"
    kinds = tuple(_name(each, way) for each in rows[0].cells)
    return TableShown(
        caption=caption,
        kinds=tuple(f"{each[:1].upper()}{each[1:]}" for each in kinds),
        rows=tuple(_row(chosen, way, each, frame) for each in rows),
    )


def _row(chosen: Chosen, way: Way, row: MatrixRow, frame: Frame) -> RowShown:
    shown = row.cells[:1] if row.is_alike else row.cells
    place = row.place.name
    return RowShown(
        place=f"{place[:1].upper()}{place[1:]}",
        cells=tuple(_cell(chosen, way, row, each, frame) for each in shown),
        is_alike=row.is_alike,
    )


def _cell(chosen: Chosen, way: Way, row: MatrixRow, cell: MatrixCell, frame: Frame) -> CellShown:
    shape, word = _in_a_word(cell)
    goods = "goods of every kind" if row.is_alike else _name(cell, way)
    state = (
        ("trader", chosen.trader.id),
        ("way", way),
        ("place", row.place.id),
        ("kind", cell.kind.id),
    )
    return CellShown(
        shape=shape,
        word="Embargo" if row.is_alike and word == "Ban" else word,
        about=f"{goods} {way} {row.place.name}",
        href=link(PATH, (*state, *frame.clocks.query())),
        is_chosen=chosen.is_at(way, row.place.id, cell.kind.id),
        more=bool(cell.measures and cell.missing),
    )


def _in_a_word(cell: MatrixCell) -> tuple[str, str]:
    """Return the shape and the word of a cell, by the gravest measure on the day."""
    if not cell.measures or (cell.missing and is_over(cell.measures[0].status)):
        return ("unknown", "Not covered") if cell.missing else ("", "None known")
    first = cell.measures[0]
    if is_over(first.status):
        return STATUSES[first.status].shape, "Ended"
    bearing = facts_of(first.status).bearing
    alike = [each for each in cell.measures if facts_of(each.status).bearing == bearing]
    for effect, word in _EFFECTS.items():
        for measure in alike:
            if effect in effects_of([measure]):
                return STATUSES[measure.status].shape, word
    return STATUSES[first.status].shape, "Rule"


PAGES = (flows_page,)
