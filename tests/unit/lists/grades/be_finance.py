"""The Belgian list, mutated."""

from tests.unit.lists.grades.mutations import Sample, cell_put, column_added

SAMPLES = (
    Sample(
        word="be_finance_csv",
        source="be_finance",
        files=("be_finance/consolidated-list.csv",),
        unknown=column_added(delimiter=";", encoding="utf-8-sig"),
        blank=cell_put("Wholename", "", delimiter=";", encoding="utf-8-sig"),
        code=cell_put("type", "V", delimiter=";", encoding="utf-8-sig"),
        cut_is_seen=False,
    ),
)
