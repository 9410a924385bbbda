"""The Swiss list, mutated."""

from tests.unit.lists.grades.mutations import Sample, element_added, replaced

SAMPLES = (
    Sample(
        word="ch_xml",
        source="ch_seco",
        files=("ch_seco/whole_list_2026.xml",),
        unknown=element_added("target"),
        blank=replaced('<target ssid="46130">', '<target ssid="">'),
        code=replaced('modification-type="listed"', 'modification-type="renewed"'),
    ),
)
