"""The UK Sanctions List, mutated."""

from tests.unit.lists.grades.mutations import (
    Sample,
    cell_put,
    column_added,
    element_added,
    replaced,
    text_emptied,
)

_MARKED = "utf-8-sig"

SAMPLES = (
    Sample(
        word="uk_sl_csv",
        source="uk_sl",
        files=("uk_sl/UK-Sanctions-List.csv",),
        unknown=column_added(header=1, encoding=_MARKED),
        blank=replaced("DPR0076", ""),
        code=cell_put("Name type", "Trading name", header=1, encoding=_MARKED),
        header=1,
        cut_is_seen=False,
    ),
    Sample(
        word="uk_sl_xml",
        source="uk_sl",
        files=("uk_sl/UK-Sanctions-List.xml",),
        unknown=element_added("Designation"),
        blank=text_emptied("UniqueID"),
        code=replaced(">Individual<", ">Network<"),
    ),
)
