"""The reader of the Entity List, as the eCFR publishes it: 15 CFR part 744, Supplement No. 4.

Source: https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744
"""

from collections.abc import Mapping

from service.errors import ListRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Listing
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_name
from service.lists.reading.names import every_name
from service.lists.reading.notes import Rescued, read_groups
from service.lists.reading.texts import refuse_other_files
from service.lists.reading.xml import root_of
from service.lists.us_bis_el.supplement import LIST_CODE, ROOTS, listings_of, read_supplement
from service.lists.us_bis_el.table import SupplementRow, entry_of, printed_parties, read_table

__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read the file into one edition; `published_on` is the day of its `AMDDATE`, if there is one.

    A listing is one party under one country, in printed order; a member listed inside a party's
    entry (`Affiliated entities:`) is a separate listing after the party. Ids are made from the
    names, as for the same list within the Consolidated Screening List.

    Raises:
        ListRefusedError: The file is not of the eCFR or not well-formed (with line and column),
            lacks the supplement, its table or any entry, or the table has other columns.
        RowRefusedError: A row cannot be read; its place is `row 12`, counted below the header.
    """
    refuse_other_files(LIST_CODE, content)
    supplement = read_supplement(LIST_CODE, content)
    table = read_table(LIST_CODE, supplement.element)
    reader = _RowReader(table.notes)
    keyed = list[tuple[str, Listing]]()
    for _, listings in read_groups(table.rows, reader.read, reader.rescue):
        keyed += zip(map(key_of_name, reader.titles), listings, strict=True)
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the table has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=supplement.amended_on,
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


class _RowReader:
    """The reader of one row after the other; `titles` make the ids of the last one's parties."""

    def __init__(self, notes: Mapping[str, str]) -> None:
        self._notes = notes
        self.titles = list[str]()

    def read(self, row: SupplementRow) -> list[Listing]:
        """Return the listings of a row.

        Raises:
            RowRefusedError: The row cannot be read.
        """
        pairs = list(listings_of(entry_of(row), self._notes))
        self.titles = [title for title, _ in pairs]
        return [listing for _, listing in pairs]

    def rescue(self, row: SupplementRow) -> list[Rescued]:
        """Return the parties of a row that cannot be read, each by its names."""
        parties = printed_parties(row)
        self.titles = [party.title or party.aliases[0].text for party in parties]
        names = [
            every_name((party.name, *(each.text for each in party.aliases))) for party in parties
        ]
        # Without any name, the row is counted as one that may hide some.
        return [Rescued(names=each, list_code=LIST_CODE) for each in names or [()]]


def _is_xml(file: GivenFile) -> bool:
    return root_of(file.head) in {("", root) for root in ROOTS}


FORMATS = (
    Format(
        word="ecfr_xml",
        source=LIST_CODE,
        title="title 15 of the eCFR, or an extract with Supplement No. 4 to Part 744, as XML",
        tells=_is_xml,
        read=one_file(parse_xml),
    ),
)
"""The format in which the eCFR publishes the Entity List."""
