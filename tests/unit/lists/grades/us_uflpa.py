"""The page of the UFLPA Entity List, mutated: a new column, a blank day, a new section."""

import re

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Files, Sample, replaced


def _column_added(files: Files) -> Files:
    """Add a column to the first table, filled in its first row."""
    before, table, after = files[0].decode().partition("</table>")
    head, first, *rows = before.split("</tr>")
    cells = (f"{row}<td></td>" if "<td>" in row else row for row in rows)
    changed = "</tr>".join((f"{head}<th>{UNKNOWN}</th>", f"{first}<td>{VALUE}</td>", *cells))
    return ((changed + table + after).encode(), *files[1:])


def _without_first_day(files: Files) -> Files:
    page, count = re.subn(rb"<td>June 21, 2022</td>", b"<td></td>", files[0], count=1)
    assert count
    return (page, *files[1:])


SAMPLES = (
    Sample(
        word="uflpa_html",
        source="us_uflpa",
        files=("us_uflpa/2026-07-24_uflpa-entity-list.html",),
        unknown=_column_added,
        blank=_without_first_day,
        code=replaced("Section 2(d)(2)(B)(v)<", "Section 2(d)(2)(B)(vi)<"),
    ),
)
