"""The Entity List as the eCFR publishes it: 15 CFR part 744, Supplement No. 4.

Source: https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744
"""

from service.errors import ListRefusedError
from service.lists.edition import ParsedEdition
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids, key_of_name
from service.lists.reading.texts import refuse_other_files
from service.lists.reading.xml import root_of
from service.lists.us_bis_el.cells import read_table
from service.lists.us_bis_el.supplement import LIST_CODE, ROOTS, listings_of, read_supplement

__all__ = ["FORMATS", "LIST_CODE", "parse_xml"]


def parse_xml(content: bytes) -> tuple[ParsedEdition, ...]:
    """The one edition of the file; `published_on` is the day of its `AMDDATE`, if it has one.

    A listing is one party under one country, in printed order; a member listed inside a party's
    entry (`Affiliated entities:`) follows it as a listing of its own. Ids are made of the names,
    as they are for the same list in the Consolidated Screening List.

    Raises:
        ListRefusedError: not of the eCFR, not well-formed (with line and column), without the
            supplement or its table, with other columns, or without a single entry.
        RowRefusedError: a row cannot be read; its place is `row 12`, counted below the header.
    """
    refuse_other_files(LIST_CODE, content)
    supplement = read_supplement(LIST_CODE, content)
    table = read_table(LIST_CODE, supplement.element)
    keyed = [
        (key_of_name(title), listing)
        for entry in table.entries
        for title, listing in listings_of(entry, table.notes)
    ]
    if not keyed:
        raise ListRefusedError(LIST_CODE, "the table has no entries")
    edition = ParsedEdition(
        list_code=LIST_CODE,
        published_on=supplement.amended_on,
        listings=give_ids(LIST_CODE, keyed),
    )
    return (edition,)


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
"""What the eCFR publishes of the Entity List."""
