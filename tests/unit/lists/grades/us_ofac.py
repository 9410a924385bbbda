"""OFAC's lists, mutated."""

from tests.unit.lists.grades.mutations import (
    Files,
    Mutation,
    Sample,
    element_added,
    replaced,
    text_emptied,
)

_SDN, _CONS = "us_ofac_sdn", "us_ofac_cons"


def _after(mark: str, mutation: Mutation) -> Mutation:
    """Mutate only what follows a mark in the first file."""

    def mutate(files: Files) -> Files:
        before, found, after = files[0].partition(mark.encode())
        assert found, f"{mark!r} is not in the file"
        (changed, *others) = mutation((after, *files[1:]))
        return (before + found + changed, *others)

    return mutate


def _enhanced(source: str, word: str, file: str) -> Sample:
    return Sample(
        word=f"{word}_enhanced",
        source=source,
        files=(f"us_ofac/{file}",),
        unknown=element_added("generalInfo"),
        blank=_after("<entities>", text_emptied("entityType")),
        code=_after("<entities>", replaced(">A.K.A.<", ">P.K.A.<")),
    )


def _classic(source: str, word: str, file: str) -> Sample:
    return Sample(
        word=f"{word}_xml",
        source=source,
        files=(f"us_ofac/{file}",),
        unknown=element_added("sdnEntry"),
        blank=text_emptied("sdnType"),
        code=replaced("<category>strong<", "<category>middling<"),
    )


def _delta(source: str, word: str, file: str, number: int) -> Sample:
    added = f'id="{number}" action="add">'
    return Sample(
        word=f"{word}_delta",
        source=source,
        files=(f"us_ofac/{file}",),
        unknown=_after(added, element_added("generalInfo")),
        blank=_after(added, text_emptied("entityType")),
        code=_after(added, replaced(">A.K.A.<", ">P.K.A.<")),
    )


SAMPLES = (
    _enhanced(_SDN, "ofac_sdn", "sdn_enhanced_2025-01-13.xml"),
    _enhanced(_CONS, "ofac_cons", "cons_enhanced_short_2025.xml"),
    _classic(_SDN, "ofac_sdn", "sdn_2025.xml"),
    _classic(_CONS, "ofac_cons", "consolidated_2021.xml"),
    _delta(_SDN, "ofac_sdn", "delta_2025-01-13.xml", 52485),
    _delta(_CONS, "ofac_cons", "delta_cons_2025.xml", 27016),
)
