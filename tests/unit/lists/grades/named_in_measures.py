"""The parties that measures name: the program's own file, in which nothing may be unknown."""

from tests.unit.lists.grades.mutations import Sample

SAMPLES = (
    Sample(
        word="named_in_measures_json",
        source="named_in_measures",
        files=("named_in_measures/parties.json",),
        unknown=None,
        blank=None,
        code=None,
        not_applicable="the program's own file: whatever is unknown in it is a fault of ours",
    ),
)
