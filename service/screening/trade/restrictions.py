"""A transaction as a caller sent it, read; and the measures that name no company but reach it."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from service.days import Days
from service.errors import BadInputError
from service.lists.reading.countries import country_code
from service.measures.board import MeasureBoard, place_of
from service.measures.measure import EndUse, Measure, only_eases
from service.measures.register.register import Register
from service.measures.status import BITES, MeasureOnDay
from service.screening.trade.goods import (
    HS_LENGTHS,
    Comparer,
    Comparison,
    Verdict,
    as_shown,
    brief_question_of,
    item_from,
    question_of,
    read_control_code,
    read_hs,
)
from service.screening.trade.transaction import (
    MAX_DESCRIPTION_LENGTH,
    MAX_ITEMS,
    AskedItem,
    OpenQuestion,
    ReachFact,
    Restriction,
    Restrictions,
    Transaction,
)

# --- Read: from a transaction as a caller sent it to one that can be compared.

_ALONE = "Give a code alone, and words as a separate item or as the description"
_LENGTHS = ", ".join(map(str, HS_LENGTHS[:-1]))


def plain_transaction(
    items: Iterable[str], origin: str | None, destination: str | None, end_use: EndUse | None
) -> Transaction:
    """Return the transaction with each item typed freely: an HS code, a control code or words.

    Raises:
        BadInputError: As `read_transaction`.
    """
    asked = Transaction(
        items=tuple(map(item_from, items)),
        origin=origin,
        destination=destination,
        end_use=end_use,
    )
    return read_transaction(asked, at="", items="item")


def read_transaction(
    asked: Transaction, at: str = "transaction.", items: str = "items"
) -> Transaction:
    """Return the transaction with its codes in one spelling, after checks that no type can make.

    `at` is placed before the name of a field, and `items` is the caller's name for the items.

    Raises:
        BadInputError: Nothing is given at all, a code or a country is invalid, an item is empty,
            or there are too many items.
    """
    if asked == Transaction():
        raise BadInputError(
            f"{at}{items}", "none of items, origin, destination and end use is given"
        )
    if len(asked.items) > MAX_ITEMS:
        raise BadInputError(f"{at}{items}", f"the most is {MAX_ITEMS}")
    for name, country in (("origin", asked.origin), ("destination", asked.destination)):
        if country is not None and country_code(country) != country:
            raise BadInputError(f"{at}{name}", f"{country!r} is not an ISO 3166-1 alpha-2 code")
    read = (
        _read_item(item, f"{at}{items}[{position}]") for position, item in enumerate(asked.items)
    )
    return msgspec.structs.replace(asked, items=tuple(read))


def _read_item(item: AskedItem, field: str) -> AskedItem:
    if item == AskedItem():
        raise BadInputError(field, "none of description, hs and control_code is given")
    if item.description is not None:
        _check_description(item.description, f"{field}.description")
    return AskedItem(
        description=item.description,
        hs=None if item.hs is None else _hs(item.hs, f"{field}.hs"),
        control_code=(
            None
            if item.control_code is None
            else _control_code(item.control_code, f"{field}.control_code")
        ),
    )


def _check_description(description: str, field: str) -> None:
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise BadInputError(
            field,
            f"is {len(description)} characters long, the most is {MAX_DESCRIPTION_LENGTH}",
        )
    if not any(map(str.isalnum, as_shown(description))):
        raise BadInputError(field, "has no letter or digit to compare")


def _hs(printed: str, field: str) -> str:
    code = read_hs(printed)
    if code is None:
        raise BadInputError(
            field,
            f"{printed!r} is not an HS code, which has {_LENGTHS} or {HS_LENGTHS[-1]} digits; "
            f"full stops, spaces, commas or dashes may separate pairs of digits. {_ALONE}",
        )
    return code


def _control_code(printed: str, field: str) -> str:
    code = read_control_code(printed)
    if code is None:
        raise BadInputError(
            field,
            f"{printed!r} is not an entry of a control list, such as 3A090 or 3A090.a.1. {_ALONE}",
        )
    return code


# --- Restrictions: the measures that name no company but reach a transaction, and those that may.

# Pairs of days for which the result without a transaction is cached.
_CACHED_DAYS = 16
_ONLY_WORDS = (
    "An item given only in words was compared only with the words that measures name: an HS or "
    "control code decides whether they reach it."
)
_WHOSE_CODE = (
    "A control code was read as an entry of each authority's own list. China numbers its list in "
    "its own way, so a code that matches none of its entries decides nothing there: describe the "
    "goods."
)
_DUTIES = (
    "Customs duties are not covered: the register holds some additional duties and fees, most of "
    "them between the United States and China, but no tariff schedule, no list of exclusions, no "
    "anti-dumping or countervailing duties, and not all duties under Sections 232 and 301. That "
    "none is named does not mean that none is due."
)
# China numbers its control list in its own way; the others follow the Wassenaar list, as EU
# Annex I and the ECCNs do.
CHINA = "CN"


def restrictions_on(
    board: MeasureBoard, transaction: Transaction | None, days: Days
) -> Restrictions:
    """Return the measures that reach a transaction on a day, and those that may.

    What was not public on the day of knowledge is left out. Without a transaction everything is
    open; that result is cached, since it is the same for everybody.
    """
    if transaction is None:
        return _all_open(board, days)
    return _compared(board, transaction, days)


@functools.lru_cache(maxsize=_CACHED_DAYS)
def _all_open(board: MeasureBoard, days: Days) -> Restrictions:
    return _compared(board, None, days)


def _compared(board: MeasureBoard, transaction: Transaction | None, days: Days) -> Restrictions:
    found = dict(_compare(Comparer(transaction or Transaction()), board.register.measures))
    compared = {
        each.id: _with_base(each, found, board.register) for each in board.register.measures
    }
    concerned = [
        each
        for each in board.register.measures
        if compared[each.id].verdict is not Verdict.NOT_MET
    ]
    on_day = sorted(board.every(concerned, days), key=place_of)
    public = [(each, compared[each.id]) for each in on_day if each.status != "not_known"]
    met = [
        Restriction(measure=measure, facts=found.met)
        for measure, found in public
        if found.verdict is Verdict.MET
    ]
    live = tuple(each for each in met if each.measure.status != "ended")
    ask = brief_question_of if transaction is None else question_of
    open_questions = tuple(
        _question(measure, found.asks, ask(found.open))
        for measure, found in public
        if found.verdict is Verdict.OPEN and measure.status != "ended"
    )
    return Restrictions(
        as_of=days.as_of,
        known_at=days.known_at,
        transaction=transaction,
        summary=_summary(transaction, live, open_questions),
        met=live,
        open_questions=open_questions,
        ended=tuple(each for each in met if each.measure.status == "ended"),
        notes=(_held(board.register.measures), *_notes(transaction or Transaction())),
    )


def _compare(comparer: Comparer, measures: Sequence[Measure]) -> Iterator[tuple[str, Comparison]]:
    """Yield the comparison of the transaction with each measure, by the measure's id."""
    in_china = (reach for each in measures if each.jurisdiction == CHINA for reach in each.reaches)
    is_chinese = comparer.is_numbered_by(in_china)
    for measure in measures:
        own_codes = measure.jurisdiction == CHINA and not is_chinese
        yield measure.id, comparer.compare(measure.reaches, own_codes=own_codes)


def _with_base(
    measure: Measure, found: Mapping[str, Comparison], register: Register
) -> Comparison:
    """Return how a measure reaches a transaction; an easing reaches no further than its base.

    The register is checked for easings that reach further than what they ease; one that came from
    a newer database is limited here.
    """
    own = found[measure.id]
    if own.verdict is Verdict.NOT_MET or not only_eases(measure):
        return own
    bases = (found[register.get(each).id].verdict for each in measure.eases)
    best = max(bases, default=Verdict.NOT_MET)
    return own if best is not Verdict.NOT_MET else Comparison(Verdict.NOT_MET)


def _question(measure: MeasureOnDay, asks: tuple[ReachFact, ...], question: str) -> OpenQuestion:
    return OpenQuestion(
        id=measure.id,
        title=measure.title,
        jurisdiction=measure.jurisdiction,
        as_of=measure.as_of,
        status=measure.status,
        effect=tuple(dict.fromkeys(each.kind for each in measure.effect)),
        asks=asks,
        question=question,
    )


def _summary(
    transaction: Transaction | None,
    met: Sequence[Restriction],
    open_questions: Sequence[OpenQuestion],
) -> str:
    may = len(open_questions)
    if transaction is None:
        return (
            f"No transaction was described. Measures on goods, places or end uses that may reach "
            f"one: {may}. They affect no outcome."
        )
    binding = sum(each.measure.status in BITES for each in met)
    return (
        f"Measures on goods, places or end uses that reach what was described: {len(met)}, "
        f"binding on the day: {binding}. Measures that may, depending on facts not given: {may}."
    )


def _held(measures: Sequence[Measure]) -> str:
    """Return what the answer rests on: a silent register does not make the trade free."""
    with_reach = [each for each in measures if each.reaches]
    places = ", ".join(sorted({each.jurisdiction for each in with_reach}))
    return (
        f"Compared with the {len(with_reach)} measures on goods, places or end uses in the "
        f"register, of {places}. It contains no control list as a whole: if no measure reaches a "
        "transaction, that does not mean that the transaction is free of restrictions."
    )


def _notes(transaction: Transaction) -> Iterator[str]:
    """Yield what the comparison could not take into account."""
    if transaction.origin is None or transaction.origin != transaction.destination:
        yield _DUTIES
    if any(item.hs is None and item.control_code is None for item in transaction.items):
        yield _ONLY_WORDS
    if any(item.control_code is not None for item in transaction.items):
        yield _WHOSE_CODE
