"""The FCC's page, mutated: a new column, a row without its name in bold, a new table."""

import re

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Files, Sample

_ANCHOR = "Date of Inclusion on Covered List"


def _column_added(files: Files) -> Files:
    """Add a column to the list, filled in its first row."""
    page = files[0].decode()
    start = page.rindex("<table", 0, page.index(_ANCHOR))
    end = page.index("</table>", start)
    head, first, *rows = page[start:end].split("</tr>")
    cells = (f"{row}<td></td>" if "<td" in row else row for row in rows)
    changed = "</tr>".join((f"{head}<th>{UNKNOWN}</th>", f"{first}<td>{VALUE}</td>", *cells))
    return ((page[:start] + changed + page[end:]).encode(), *files[1:])


def _without_bold(files: Files) -> Files:
    """Print the name of the first row without its bold type."""
    page = files[0].decode()
    start = page.index("<tbody")
    changed = re.sub(r"</?strong>", "", page[start:], count=2)
    return ((page[:start] + changed).encode(), *files[1:])


def _table_added(files: Files) -> Files:
    table = "<table><tr><th>Banned Drones</th></tr><tr><td>Zz Drones</td></tr></table>"
    return (files[0].replace(b"</body>", f"{table}</body>".encode()), *files[1:])


SAMPLES = (
    Sample(
        word="fcc_html",
        source="us_fcc",
        files=("us_fcc/2026-07-24_coveredlist.html",),
        unknown=_column_added,
        blank=_without_bold,
        code=_table_added,
    ),
)
