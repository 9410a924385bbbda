"""The EU's annexes in both forms, mutated; Annex V is a list of bare names."""

import re

from tests.unit.lists.grades.mutations import UNKNOWN, VALUE, Files, Mutation, Sample, replaced

_RUSSIA, _BELARUS = "eu_annexes/02014R0833-20250720", "eu_annexes/02006R0765-20220604"
_HTML_CELL, _FORMEX_CELL = "<td><p>{}</p></td>", "<CELL>{}</CELL>"
_BARE_NAMES = "a list of bare names has no parts, no codes and nothing beside the names"


def _cell_added(row_end: str, table_end: str, cell: str) -> Mutation:
    """Add a column to the first table, filled in its first record."""

    def mutate(files: Files) -> Files:
        text = files[0].decode()
        table, end, rest = text.partition(table_end)
        texts = iter((UNKNOWN, VALUE))

        def put(match: re.Match[str]) -> str:
            return f"{cell.format(next(texts, ''))}{match[0]}"

        changed = re.sub(row_end, put, table)
        return ((changed + end + rest).encode(), *files[1:])

    return mutate


SAMPLES = (
    Sample(
        word="eu_833_html",
        source="eu_annexes_833",
        files=(f"{_RUSSIA}.html",),
        unknown=_cell_added("</tr>", "</table>", _HTML_CELL),
        blank=replaced(">Admiralty Shipyard JSC<", "><"),
        code=replaced(">791.<", ">791/A<"),
    ),
    Sample(
        word="eu_833_formex",
        source="eu_annexes_833",
        files=(f"{_RUSSIA}.xml",),
        unknown=_cell_added("</ROW>", "</TBL>", _FORMEX_CELL),
        blank=replaced("Admiralty Shipyard JSC", ""),
        code=replaced("791.", "791/A"),
    ),
    *(
        Sample(
            word=f"eu_765_{form}",
            source="eu_annexes_765",
            files=(f"{_BELARUS}.{ending}",),
            unknown=None,
            blank=None,
            code=None,
            not_applicable=_BARE_NAMES,
        )
        for form, ending in (("html", "html"), ("formex", "xml"))
    ),
)
