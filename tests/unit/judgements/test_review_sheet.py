"""Decisions typed into the sheet "To review" are read back as judgements."""

from io import BytesIO

import pytest
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs] - it has none

from abeyance_screening.engine.tables import write
from abeyance_screening.engine.tables.write import DECISIONS
from abeyance_screening.features.judgements.api import JudgementGiven
from abeyance_screening.features.judgements.review_sheet import SHEET, judgements_in
from abeyance_screening.primitives.errors import BadInputError

SAME, OTHER, OPEN = DECISIONS


def workbook(*rows: dict[str, str], sheet: str = SHEET) -> bytes:
    """A workbook whose sheet has the columns that results are written with."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for place, name in enumerate(write._REVIEW):
            page.write_string(0, place, name.replace("_", " ").capitalize())
            for number, row in enumerate(rows, start=1):
                page.write_string(number, place, row.get(name, ""))
    return stream.getvalue()


def test_each_listing_of_a_row_that_is_decided_is_judged_and_no_other():
    read = judgements_in(
        workbook(
            {
                "counterparty_id": "C-1",
                "listings": "us_ofac_sdn-1, uk_sl-2",
                "decision": OTHER,
                "reason": "another company",
                "by": "anna",
                "when": "2026-11-24",
            },
            {"counterparty_id": "C-2", "listings": "un_sc-3"},
            {
                "counterparty_id": "C-3",
                "listings": "un_sc-4",
                "decision": SAME,
                "owner": "Rostec",
            },
            {"counterparty_id": "C-4", "listings": "un_sc-5", "decision": OPEN},
        )
    )
    why = "another company (anna, 2026-11-24)"
    none = "No reason given in the workbook"
    assert [each for _, each in read] == [
        JudgementGiven(
            counterparty="C-1", listing="us_ofac_sdn-1", decision="different", reason=why
        ),
        JudgementGiven(counterparty="C-1", listing="uk_sl-2", decision="different", reason=why),
        JudgementGiven(
            counterparty="C-3", listing="un_sc-4", owner="Rostec", decision="same", reason=none
        ),
        JudgementGiven(counterparty="C-4", listing="un_sc-5", decision="unsure", reason=none),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"counterparty_id": "C-1", "listings": "a", "decision": "perhaps"}, "has 'perhaps'"),
        ({"listings": "a", "decision": SAME}, "has no counterparty id"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: dict[str, str], reason: str):
    with pytest.raises(BadInputError, match=f"row 2.*{reason}"):
        list(judgements_in(workbook(row)))


def test_a_workbook_without_the_sheet_is_refused():
    with pytest.raises(BadInputError):
        list(judgements_in(workbook(sheet="Other")))
