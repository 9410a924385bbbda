"""The Polish list, mutated."""

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Files, Sample, replaced


def _column_added(files: Files) -> Files:
    """Add a column to the table of persons, filled in its first row."""
    before, found, after = files[0].decode().partition("</tbody>")
    head, *rows = before.split("</tr>")
    grown = [f"{head}<td>{UNKNOWN}</td>", f"{rows[0]}<td>{VALUE}</td>"]
    grown += [f"{each}<td></td>" for each in rows[1:-1]]
    return (f"{'</tr>'.join((*grown, rows[-1]))}{found}{after}".encode(),)


SAMPLES = (
    Sample(
        word="pl_mswia_html",
        source="pl_mswia",
        files=("pl_mswia/lista.html",),
        unknown=_column_added,
        blank=replaced("KANTOR Wiaczesław Mosze (w zapisie także Viatcheslav Moshe KANTOR)", ""),
        code=replaced("<td>01.06.2023</td>", "<td>uchylono</td>"),
    ),
)
