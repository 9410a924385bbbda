"""Canada's Named Research Organizations, mutated."""

from tests.unit.lists.grades.mutations import VALUE, Sample, replaced

SAMPLES = (
    Sample(
        word="ca_nro_html",
        source="ca_nro",
        files=("ca_nro/named-research-organizations.html",),
        unknown=replaced(
            "<p>Known alias(es): AMS</p>", f"<p>Known alias(es): AMS</p><p>{VALUE}</p>"
        ),
        blank=replaced("<strong>Institute of NBC Defense</strong>", "<strong> </strong>"),
        code=replaced("(Iran)", "(Utopia)"),
    ),
)
