"""The French register of frozen assets, mutated."""

from typing import Any

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Sample, json_changed


def entry_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the last entry of the register, which has no other name."""
    return document["Publications"]["PublicationDetail"][-1]


SAMPLES = (
    Sample(
        word="fr_gels_json",
        source="fr_gels",
        files=("fr_gels/registre.json",),
        unknown=json_changed(lambda document: entry_of(document).update({UNKNOWN: VALUE})),
        blank=json_changed(lambda document: entry_of(document).update({"Nom": ""})),
        code=json_changed(lambda document: entry_of(document).update({"Nature": "Fondation"})),
    ),
)
