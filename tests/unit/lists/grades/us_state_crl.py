"""The Cuba Restricted List, mutated."""

from tests.unit.lists.grades.mutations import VALUE, Sample, replaced

SAMPLES = (
    Sample(
        word="state_crl_html",
        source="us_state_crl",
        files=("us_state_crl/2025-07-14_cuba-restricted-list.html",),
        unknown=replaced("Effective March 10, 2025", VALUE),
        blank=replaced("Grand Aston La Habana ", ""),
        code=replaced("(Customs Services)", "(Rocketry)"),
    ),
)
