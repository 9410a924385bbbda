"""SAM's exclusions, mutated."""

from tests.unit.lists.grades.mutations import Sample, cell_put, column_added

SAMPLES = (
    Sample(
        word="sam_exclusions_csv",
        source="us_sam",
        files=("us_sam/SAM_Exclusions_Public_Extract_V2.csv",),
        unknown=column_added(),
        blank=cell_put("Name", ""),
        code=cell_put("Classification", "Fund"),
        header=0,
        cut_is_seen=False,
    ),
)
