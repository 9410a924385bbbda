"""The reader of `dpl.txt`, the tab-separated Denied Persons List that BIS published until 2025."""

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.reading.files import Format, GivenFile, one_file
from abeyance_screening.engine.lists.reading.records import Row
from abeyance_screening.engine.lists.reading.tables import read_rows
from abeyance_screening.engine.lists.reading.texts import line_of, read_text
from abeyance_screening.engine.lists.us_bis_dpl.reader import (
    LIST_CODE,
    Denial,
    DplAddress,
    day_in,
    edition_of,
    programmes_of,
)
from abeyance_screening.primitives.errors import RowRefusedError

TXT_COLUMNS = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
)


def parse_txt(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the file into one edition of one listing a row; it gives no publication day.

    Raises:
        ListRefusedError: The file is not what BIS published.
        RowRefusedError: A row cannot be read; its place is `line 12`.
    """
    text = read_text(LIST_CODE, content)
    rows = read_rows(LIST_CODE, text, TXT_COLUMNS, delimiter="\t")
    return edition_of(rows, denial_of_txt)


def denial_of_txt(row: Row[str]) -> Denial:
    """Read a row of `dpl.txt`; the column `Action` is kept as the remark."""
    name = row.take("Name").strip()
    if not name:
        raise RowRefusedError(row.where, "Name is blank")
    place = DplAddress(
        street=line_of(row.take("Street_Address")),
        city=line_of(row.take("City")),
        state=line_of(row.take("State")),
        country=line_of(row.take("Country")),
        postal_code=line_of(row.take("Postal_Code")),
    )
    denial = Denial(
        name=name,
        place=place,
        programmes=programmes_of(row.where, "Standard_Order", row.take("Standard_Order").upper()),
        effective_on=day_in(row, "Effective_Date"),
        expires_on=day_in(row, "Expiration_Date"),
        notices=row.take("FR_Citation").strip(),
        remarks=line_of(row.take("Action")) or None,
        last_update=line_of(row.take("Last_Update")) or None,
    )
    row.close()
    return denial


def _is_txt(file: GivenFile) -> bool:
    header = file.head.partition("\n")[0]
    return "\t" in header and "Standard_Order" in header


FORMATS = (
    Format(
        word="dpl_txt",
        source=LIST_CODE,
        title="dpl.txt, tab-separated",
        tells=_is_txt,
        read=one_file(parse_txt),
    ),
)
