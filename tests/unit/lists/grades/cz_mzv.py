"""The Czech list, mutated."""

from tests.unit.lists.grades.mutations import Sample, cell_put, column_added

SAMPLES = (
    Sample(
        word="cz_mzv_csv",
        source="cz_mzv",
        files=("cz_mzv/seznam.csv",),
        unknown=column_added(),
        blank=cell_put(
            "Příjmení fyzické osoby/název právnické osoby/označení nebo název entity", ""
        ),
        code=cell_put("Stav zápisu", "pozastaven"),
        cut_is_seen=False,
    ),
)
