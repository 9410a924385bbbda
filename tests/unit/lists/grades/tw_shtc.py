"""Taiwan's entity list, mutated."""

from tests.unit.lists.grades.mutations import Sample, cell_put, column_added, replaced

SAMPLES = (
    Sample(
        word="tw_shtc_csv",
        source="tw_shtc",
        files=("tw_shtc/SHTCEntityList.csv",),
        unknown=column_added(encoding="utf-8-sig"),
        blank=cell_put("名稱name", "", encoding="utf-8-sig"),
        code=replaced("簡體中文", "日文"),
        header=0,
        cut_is_seen=False,
    ),
)
