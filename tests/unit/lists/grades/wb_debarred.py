"""The World Bank's debarred firms, mutated."""

from typing import Any

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Sample, json_changed


def record_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the first record."""
    return document["response"]["ZPROCSUPP"][0]


SAMPLES = (
    Sample(
        word="wb_debarred_json",
        source="wb_debarred",
        files=("wb_debarred/SANCTIONED_FIRM.json",),
        unknown=json_changed(lambda document: record_of(document).update({UNKNOWN: VALUE})),
        blank=json_changed(lambda document: record_of(document).update({"SUPP_NAME": ""})),
        code=json_changed(lambda document: record_of(document).update({"SUPP_TYPE_CODE": "J"})),
    ),
)
