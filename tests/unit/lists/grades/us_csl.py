"""The Consolidated Screening List, mutated."""

from tests.unit.lists.grades.mutations import (
    UNKNOWN,
    VALUE,
    Sample,
    cell_put,
    column_added,
    json_changed,
)

SAMPLES = (
    Sample(
        word="csl_json",
        source="us_csl",
        files=("us_csl/consolidated_2026.json",),
        unknown=json_changed(lambda file: file["results"][0].update({UNKNOWN: VALUE})),
        blank=json_changed(lambda file: file["results"][1].pop("programs")),
        code=json_changed(lambda file: file["results"][0].update(source="New List (NEW)")),
    ),
    Sample(
        word="csl_csv",
        source="us_csl",
        files=("us_csl/consolidated_2022.csv",),
        unknown=column_added(),
        blank=cell_put("name", ""),
        code=cell_put("type", "Submarine"),
        header=0,
        cut_is_seen=False,
    ),
)
