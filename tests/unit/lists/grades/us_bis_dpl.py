"""The Denied Persons List, mutated."""

from tests.unit.lists.grades.mutations import Sample, cell_put, column_added

SAMPLES = (
    Sample(
        word="dpl_csv",
        source="us_bis_dpl",
        files=("us_bis_dpl/dpl_2026-04-14.csv",),
        unknown=column_added(encoding="utf-8-sig"),
        blank=cell_put("Name_and_Address", "", encoding="utf-8-sig"),
        code=cell_put("Type of Denial", "Temporary", encoding="utf-8-sig"),
        header=0,
        cut_is_seen=False,
    ),
)
