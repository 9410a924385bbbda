"""CBP's withhold release orders and findings, mutated."""

from tests.unit.lists.grades.mutations import Sample, cell_put, column_added

SAMPLES = (
    Sample(
        word="cbp_wro_csv",
        source="us_cbp_wro",
        files=("us_cbp_wro/withhold-release-orders-findings.csv",),
        unknown=column_added(encoding="cp1252"),
        blank=cell_put("Entity", "", encoding="cp1252"),
        code=cell_put("Status", "Suspended", encoding="cp1252"),
        header=0,
        cut_is_seen=False,
    ),
)
