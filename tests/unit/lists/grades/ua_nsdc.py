"""Ukraine's State Register of Sanctions, mutated."""

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Sample, json_changed

SAMPLES = (
    Sample(
        word="ua_nsdc_json",
        source="ua_nsdc",
        files=("ua_nsdc/individual.json", "ua_nsdc/legal.json"),
        unknown=json_changed(lambda subjects: subjects[0].update({UNKNOWN: VALUE})),
        blank=json_changed(lambda subjects: subjects[2].update({"name": ""})),
        code=json_changed(lambda subjects: subjects[0].update({"status": "paused"})),
    ),
)
