"""The UN's list, mutated."""

from tests.unit.lists.grades.mutations import Sample, element_added, replaced, text_emptied

SAMPLES = (
    Sample(
        word="un_xml",
        source="un_sc",
        files=("un_sc/consolidated_2026.xml",),
        unknown=element_added("INDIVIDUAL"),
        blank=text_emptied("REFERENCE_NUMBER"),
        code=replaced("<QUALITY>Good</QUALITY>", "<QUALITY>Strong</QUALITY>"),
    ),
)
