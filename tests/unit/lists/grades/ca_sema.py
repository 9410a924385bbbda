"""Canada's list, mutated; its records have no codes."""

from tests.unit.lists.grades.mutations import Sample, element_added, text_emptied

SAMPLES = (
    Sample(
        word="ca_xml",
        source="ca_sema",
        files=("ca_sema/sema_lmes_2025.xml",),
        unknown=element_added("record"),
        blank=text_emptied("Country"),
        code=None,
        not_applicable="no field of the file is a code",
    ),
)
