"""What a caller writes of a transaction, read and checked."""

import pytest

from abeyance_screening.engine.screening.trade.transaction import (
    MAX_DESCRIPTION_LENGTH,
    MAX_ITEMS,
    Item,
    Transaction,
)
from abeyance_screening.engine.screening.validate import plain_transaction, read_transaction
from abeyance_screening.primitives.errors import BadInputError

ITEM = Item(description="graphite")


def test_codes_come_in_one_spelling_and_words_as_they_were():
    asked = Item(description=" Graphite ", hs="3801.10", control_code="1c108.A")
    assert read_transaction(Transaction(items=(asked,))).items == (
        Item(description=" Graphite ", hs="380110", control_code="1C108.a"),
    )


@pytest.mark.parametrize(
    ("asked", "field", "reason"),
    [
        pytest.param(Transaction(), "transaction.items", "is given", id="nothing"),
        pytest.param(
            Transaction(items=(ITEM, Item())),
            "transaction.items[1]",
            "none of description, hs and control_code",
            id="an empty item",
        ),
        pytest.param(
            Transaction(items=(Item(hs="28469"),)),
            "transaction.items[0].hs",
            "4, 6, 8 or 10 digits",
            id="an HS code of five digits",
        ),
        pytest.param(
            Transaction(items=(Item(control_code="gallium"),)),
            "transaction.items[0].control_code",
            "not EAR99 or an entry of a control list",
            id="a control code that is none",
        ),
        pytest.param(
            Transaction(items=(Item(description="---"),)),
            "transaction.items[0].description",
            "no letter or digit",
            id="a description of dashes",
        ),
        pytest.param(
            Transaction(items=(Item(description="a" * (MAX_DESCRIPTION_LENGTH + 1)),)),
            "transaction.items[0].description",
            "the most is 500",
            id="a description too long",
        ),
        pytest.param(
            Transaction(items=(ITEM,) * (MAX_ITEMS + 1)),
            "transaction.items",
            "the most is 100",
            id="too many items",
        ),
        pytest.param(
            Transaction(origin="XX"), "transaction.origin", "not an ISO 3166-1", id="no country"
        ),
        pytest.param(
            Transaction(destination="EU"), "transaction.destination", "'EU'", id="a union"
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_by_its_field(
    asked: Transaction, field: str, reason: str
):
    with pytest.raises(BadInputError, match=reason) as refused:
        read_transaction(asked)
    assert refused.value.field == field


def test_as_much_as_is_allowed_is_read():
    longest = Item(description="a" * MAX_DESCRIPTION_LENGTH)
    assert len(read_transaction(Transaction(items=(longest,) * MAX_ITEMS)).items) == MAX_ITEMS


@pytest.mark.parametrize(
    ("items", "field"),
    [
        pytest.param(["graphite", "12345"], "item[1].hs", id="HS by its form"),
        pytest.param(["ECCN 3A09"], "item[0].control_code", id="a control code that says so"),
        pytest.param(["  "], "item[0].description", id="blanks"),
        pytest.param([], "item", id="nothing at all"),
    ],
)
def test_items_as_they_are_typed_are_refused_by_the_name_of_their_parameter(
    items: list[str], field: str
):
    with pytest.raises(BadInputError) as refused:
        plain_transaction(items, None, None, None)
    assert refused.value.field == field


def test_one_fact_is_enough():
    for asked in (
        Transaction(items=(ITEM,)),
        Transaction(origin="CN"),
        Transaction(destination="US"),
        Transaction(end_use="military"),
    ):
        assert read_transaction(asked) == asked
