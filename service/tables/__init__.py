"""Sheet: tables of counterparties read, and the results of a screening written as tables.

Pure: bytes in, bytes into a stream, no clock and no files; the command line and the page share it.

Reading, row by row:

    table = open_table(kind_of("customers.csv"), content, HowToRead())
    mapped = map_columns(table.columns, [read_said("name=Company name")])   # guesses and words
    for row in counterparties(table, mapped):                               # in their order
        ...                                          # ReadRow(number, counterparty, warnings)
                                                     # or UnreadableRow(number, reason)

`table.columns`, `table.described` and `mapped` are what to show before anything is asked:
`mapped.guessed` are fields that nobody said, `mapped.unread` columns that nothing is taken from,
`sample(table, 3)` the first rows as texts. Whatever cannot be read raises a `BadInputError`, of
`file`, `encoding`, `delimiter`, `sheet` or `map`.

Writing, row by row:

    writer = result_writer("xlsx", stream)
    writer.add(evidence_of(read_row, result, answer))    # of one counterparty of one answer
    writer.add([unreadable(unreadable_row)])
    writer.finish(summary_of("customers.csv", read_as(table, mapped), answer, counts))

`EvidenceRow` is one row of results, `COLUMNS` their names. The three kinds of file hold the same
rows; a workbook has a summary and the lists with their editions as well.
"""

from service.tables.columns import (
    FIELDS,
    ColumnField,
    ColumnMap,
    FieldChoice,
    map_columns,
    read_said,
)
from service.tables.counterparties import ReadRow, UnreadableRow, counterparties
from service.tables.evidence import (
    COLUMNS,
    Counts,
    EvidenceRow,
    Summary,
    evidence_of,
    summary_of,
    unreadable,
)
from service.tables.read import (
    MAX_TABLE_BYTES,
    RESULT_SUFFIXES,
    SUFFIXES,
    HowToRead,
    Table,
    TableKind,
    TableRow,
    kind_of,
    open_table,
    read_as,
    result_kind_of,
    sample,
)
from service.tables.write import ResultWriter, result_writer

__all__ = [
    "COLUMNS",
    "FIELDS",
    "MAX_TABLE_BYTES",
    "RESULT_SUFFIXES",
    "SUFFIXES",
    "ColumnField",
    "ColumnMap",
    "Counts",
    "EvidenceRow",
    "FieldChoice",
    "HowToRead",
    "ReadRow",
    "ResultWriter",
    "Summary",
    "Table",
    "TableKind",
    "TableRow",
    "UnreadableRow",
    "counterparties",
    "evidence_of",
    "kind_of",
    "map_columns",
    "open_table",
    "read_as",
    "read_said",
    "result_kind_of",
    "result_writer",
    "sample",
    "summary_of",
    "unreadable",
]
