"""The Entity List, mutated."""

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Files, Sample, replaced


def _with_column(files: Files) -> Files:
    """Add a column to the table, filled in its first row."""
    before, header, after = files[0].decode().partition("Federal Register citation</TH>")
    assert header
    rows = after.replace("</TR>", "<TD></TD></TR>").replace("<TD></TD>", f"<TH>{UNKNOWN}</TH>", 1)
    rows = rows.replace("<TD></TD></TR>", f"<TD>{VALUE}</TD></TR>", 1)
    return ((before + header + rows).encode(),)


SAMPLES = (
    Sample(
        word="ecfr_xml",
        source="us_bis_el",
        files=("us_bis_el/title15.xml",),
        unknown=_with_column,
        blank=replaced("For all items subject to the EAR. (See §744.11 of the EAR).", ""),
        code=replaced("<I>and</I>", "<BDO>and</BDO>"),
    ),
)
