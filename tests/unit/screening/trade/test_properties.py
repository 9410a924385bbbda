"""What holds of every comparison: more facts decide more, and undo nothing."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.measures.reach import ItemClass, Reach
from abeyance_screening.engine.screening.trade.goods import Comparer
from abeyance_screening.engine.screening.trade.items import (
    EAR99,
    Description,
    Verdict,
    as_shown,
    compare_control_code,
    compare_hs,
    item_from,
    read_control_code,
    read_hs,
)
from abeyance_screening.engine.screening.trade.questions import (
    brief_question_of,
    short_question_of,
)
from abeyance_screening.engine.screening.trade.transaction import Item, Transaction

COUNTRIES = ("CN", "US", "DE", "FR", "HK")
USES = ("military", "military_intelligence", "nuclear", "civil")
WORDS = ("gallium", "gallium oxide", "graphite", "Ga", "氧化镝", "machine parts")
HS = ("2846", "284690", "28469019", "2846901910", "8112")
CODES = ("3A090", "3A090.a", "3A090.a.1", "3A091", "1C902")
FACTS = ("items", "origin", "destination", "end_use")


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


ITEM_CLASSES = st.builds(
    ItemClass,
    name=st.just("a class"),
    words=some(*WORDS),
    symbols=some("Ga"),
    hs=some(*HS),
    control_codes=some(*CODES),
)
REACHES = st.builds(
    Reach,
    items=st.lists(ITEM_CLASSES, max_size=2).map(tuple),
    items_of=st.none() | st.just("dual-use items"),
    origin=some(*COUNTRIES, "EU"),
    destination=some(*COUNTRIES, "EU"),
    end_use=some(*USES),
    beyond=st.none() | st.just("it is old"),
)
ITEMS = st.builds(
    Item,
    description=st.none() | st.sampled_from(WORDS) | st.text(min_size=1, max_size=12),
    hs=st.none() | st.sampled_from(HS),
    control_code=st.none() | st.sampled_from((*CODES, EAR99)),
)
TRANSACTIONS = st.builds(
    Transaction,
    items=st.lists(ITEMS, max_size=3).map(tuple),
    origin=st.none() | st.sampled_from(COUNTRIES),
    destination=st.none() | st.sampled_from(COUNTRIES),
    end_use=st.none() | st.sampled_from(USES),
)
INVISIBLE = st.characters(categories=["Cf"])
MEASURES = st.lists(REACHES, min_size=1, max_size=3)


def compare(reaches: list[Reach], transaction: Transaction) -> Verdict:
    return Comparer(transaction).compare(reaches).verdict


@given(MEASURES, TRANSACTIONS, st.sampled_from(FACTS))
def test_a_fact_that_was_not_given_only_decides_what_was_open(
    reaches: list[Reach], transaction: Transaction, fact: str
):
    unknown = Transaction()
    less = msgspec.structs.replace(transaction, **{fact: getattr(unknown, fact)})
    before, after = compare(reaches, less), compare(reaches, transaction)
    assert before in {after, Verdict.OPEN}


@given(MEASURES, TRANSACTIONS, st.lists(ITEMS, min_size=1, max_size=2))
def test_one_more_item_never_takes_a_measure_away(
    reaches: list[Reach], transaction: Transaction, more: list[Item]
):
    if transaction.items:
        longer = msgspec.structs.replace(transaction, items=(*transaction.items, *more))
        assert compare(reaches, longer) >= compare(reaches, transaction)


@given(MEASURES, ITEMS, st.sampled_from(("description", "hs", "control_code")))
def test_one_more_name_of_an_item_never_takes_a_measure_away_that_it_met(
    reaches: list[Reach], item: Item, name: str
):
    less = msgspec.structs.replace(item, **{name: None})
    if compare(reaches, Transaction(items=(less,))) is Verdict.MET:
        assert compare(reaches, Transaction(items=(item,))) is Verdict.MET


@given(MEASURES, TRANSACTIONS)
def test_what_is_open_is_asked_for_and_what_is_met_is_told_of(
    reaches: list[Reach], transaction: Transaction
):
    compared = Comparer(transaction).compare(reaches)
    assert bool(compared.asks) == (compared.verdict is Verdict.OPEN) == bool(compared.open)
    if compared.met:
        assert compared.verdict is Verdict.MET
    for place in ("origin", "destination"):
        assert getattr(transaction, place) is None or place not in compared.asks


@given(st.integers(0, 10), st.text("0123456789", min_size=10, max_size=10), st.sampled_from(HS))
def test_a_longer_hs_code_never_meets_less(cut: int, code: str, wanted: str):
    whole = wanted + code[len(wanted) :]
    for longer in (code, whole):
        before, after = compare_hs(longer[:cut], wanted), compare_hs(longer, wanted)
        assert before in {after, Verdict.OPEN}


@given(st.lists(st.sampled_from("ab12"), max_size=4), st.integers(0, 4), st.sampled_from(CODES))
def test_a_longer_control_code_never_meets_less(levels: list[str], cut: int, wanted: str):
    longer = ".".join(["3A090", *levels])
    shorter = ".".join(["3A090", *levels[:cut]])
    before, after = compare_control_code(shorter, wanted), compare_control_code(longer, wanted)
    assert before in {after, Verdict.OPEN}


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, other: str):
    read_hs(text)
    item = item_from(text)
    assert item != Item()
    assert Description(text).has(text) or not any(map(str.isalnum, as_shown(text)))
    Description(other).has(text)
    code = read_control_code(text)
    assert code is None or read_control_code(code) == code


@given(MEASURES, TRANSACTIONS, st.data())
def test_what_nobody_sees_in_an_item_changes_no_verdict(
    reaches: list[Reach], transaction: Transaction, data: st.DataObject
):
    def hidden(text: str | None) -> str | None:
        if text is None:
            return None
        place = data.draw(st.integers(0, len(text)))
        return text[:place] + data.draw(INVISIBLE) + text[place:]

    items = tuple(
        Item(description=hidden(each.description), hs=each.hs, control_code=each.control_code)
        for each in transaction.items
    )
    asked = msgspec.structs.replace(transaction, items=items)
    assert compare(reaches, asked) is compare(reaches, transaction)


@given(st.sampled_from((*HS, *CODES)), st.integers(0, 10), st.data())
def test_what_nobody_sees_in_a_code_is_not_read(code: str, place: int, data: st.DataObject):
    typed = code[:place] + data.draw(INVISIBLE) + code[place:]
    assert item_from(typed) == item_from(code)


@given(MEASURES)
def test_every_measure_can_be_asked_about_in_one_question(reaches: list[Reach]):
    whole, open_now = brief_question_of(reaches), short_question_of(reaches, None)
    assert whole.startswith("Is any")
    for question in (whole, open_now):
        assert question.endswith("?")
        assert "  " not in question
