"""Tables of counterparties that are read, and results of a screening written as tables.

The package reads bytes and writes into a stream; it uses no clock and no files. The command line
and the pages share it.

Reading, row by row:

    table = open_table(kind_of("customers.csv"), content, HowToRead())
    mapped = map_columns(table.columns, [read_said("name=Company name")])   # the rest is guessed
    for row in counterparties(table, mapped):                               # in their order
        ...                                          # ReadRow(number, counterparty, warnings)
                                                     # or UnreadableRow(number, reason)

Before a screening, show `table.columns`, `table.described` and `mapped`: `mapped.guessed` are the
fields whose columns the user did not choose, `mapped.unread` the columns that are not read, and
`sample(table, 3)` the first rows as texts. What cannot be read raises a `BadInputError` about
`file`, `encoding`, `delimiter`, `sheet` or `map`.

Writing, row by row:

    writer = result_writer("xlsx", stream)
    writer.add(evidence_of(read_row, result, answer))    # of one counterparty of one answer
    writer.add([unreadable(unreadable_row)])
    writer.add_parties(party_rows(read_row, result, answer))
    writer.finish(summary_of("customers.csv", read_as(table, mapped), answer, counts))

`EvidenceRow` is one row of results, `COLUMNS` are its column names. The three kinds of file have
the same rows; a workbook also has a summary, the lists with their editions, and what a person has
to look at: a `PartyRow` for each counterparty and party, the worst first.
"""

from abeyance_screening.engine.tables.columns import (
    ColumnMap,
    FieldChoice,
    map_columns,
    read_said,
)
from abeyance_screening.engine.tables.counterparties import ReadRow, UnreadableRow, counterparties
from abeyance_screening.engine.tables.evidence import (
    COLUMNS,
    Counts,
    EvidenceRow,
    PartyRow,
    PartyRowMeasure,
    Summary,
    counterparties_of,
    evidence_of,
    party_rows,
    summary_of,
    unanswered,
    unreadable,
    worst_first,
)
from abeyance_screening.engine.tables.headers import FIELD_LABELS, FIELDS, ColumnField
from abeyance_screening.engine.tables.open_table import open_table
from abeyance_screening.engine.tables.read_report import TableReading, map_table, read_as
from abeyance_screening.engine.tables.table import (
    MAX_TABLE_BYTES,
    SUFFIXES,
    HowToRead,
    Table,
    TableKind,
    TableRow,
    kind_of,
    result_kind_of,
    sample,
)
from abeyance_screening.engine.tables.write import ResultWriter, result_writer

__all__ = [
    "COLUMNS",
    "FIELDS",
    "FIELD_LABELS",
    "MAX_TABLE_BYTES",
    "SUFFIXES",
    "ColumnField",
    "ColumnMap",
    "Counts",
    "EvidenceRow",
    "FieldChoice",
    "HowToRead",
    "PartyRow",
    "PartyRowMeasure",
    "ReadRow",
    "ResultWriter",
    "Summary",
    "Table",
    "TableKind",
    "TableReading",
    "TableRow",
    "UnreadableRow",
    "counterparties",
    "counterparties_of",
    "evidence_of",
    "kind_of",
    "map_columns",
    "map_table",
    "open_table",
    "party_rows",
    "read_as",
    "read_said",
    "result_kind_of",
    "result_writer",
    "sample",
    "summary_of",
    "unanswered",
    "unreadable",
    "worst_first",
]
