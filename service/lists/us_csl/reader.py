"""The reader of the US Consolidated Screening List, in both of trade.gov's formats.

Source: https://www.trade.gov/consolidated-screening-list
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

import msgspec

from service.errors import ListRefusedError
from service.lists.edition import ParsedEdition
from service.lists.listing import Listing
from service.lists.reading.days import find_day
from service.lists.reading.files import Format, GivenFile, one_file
from service.lists.reading.ids import give_ids
from service.lists.reading.names import split_names
from service.lists.reading.notes import Rescued, read_records
from service.lists.reading.records import read_struct, refusal_of, texts_under
from service.lists.reading.tables import read_rows
from service.lists.reading.texts import read_text
from service.lists.us_csl.files import COLUMNS, CslEntry, CslFile, entry_of, is_type_last
from service.lists.us_csl.listings import (
    key_of,
    known_list_of,
    list_code_of,
    listing_of,
    united,
)

__all__ = ["FORMATS", "SOURCE", "parse_csv", "parse_json"]

SOURCE = "us_csl"


class CslRecord(msgspec.Struct, frozen=True):
    """A row or result that is not read yet; what `read` refuses is kept by its names.

    `source` is the printed list, `names` the printed cells of names, `number` the publisher's
    lasting number.
    """

    where: str
    read: Callable[[], CslEntry]
    source: str
    names: tuple[str, ...]
    number: str | None

    @property
    def is_numbered(self) -> bool:
        """Whether the publisher gives a lasting number."""
        return bool((self.number or "").strip())


_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=T|$)")


def parse_csv(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read `consolidated.csv` into one edition for each list that has entries, by list code.

    A file that was truncated between two records, or in some cases within the last cell
    (`read_rows`), cannot be told from a whole one; any other truncated file is refused.

    Raises:
        ListRefusedError: The file is not what trade.gov publishes.
        RowRefusedError: A row cannot be read; its place is `line 12`.
    """
    rows = list(read_rows(SOURCE, read_text(SOURCE, content), COLUMNS))
    type_last = is_type_last([row.printed("ids") or "" for row in rows])
    records = (
        CslRecord(
            row.where,
            partial(entry_of, row, type_last=type_last),
            source=row.printed("source") or "",
            names=tuple(filter(None, (row.printed("name"), row.printed("alt_names")))),
            number=row.printed("entity_number"),
        )
        for row in rows
    )
    return _editions(records, None)


def parse_json(content: bytes) -> tuple[ParsedEdition, ...]:
    """Read `consolidated.json` into one edition for each list that has entries, by list code.

    The day of `search_performed_at`, where there is one, is the day of publication.

    Raises:
        ListRefusedError: The file is truncated or malformed, or `total` differs from the number
            of results.
        RowRefusedError: An entry cannot be read; its place is `results[12]`.
    """
    text = read_text(SOURCE, content)
    try:
        file = msgspec.json.decode(text, type=CslFile)
    except msgspec.ValidationError as error:
        raise refusal_of(error) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ListRefusedError(SOURCE, f"not readable as JSON: {error}") from None
    if file.total is not None and file.total != len(file.results):
        reason = f"total gives {file.total} entries, but the file has {len(file.results)}"
        raise ListRefusedError(SOURCE, reason)
    records = (_json_record(place, result) for place, result in enumerate(file.results))
    return _editions(records, _day_of(file.search_performed_at))


def _json_record(place: int, result: dict[str, object]) -> CslRecord:
    where = f"results[{place}]"
    return CslRecord(
        where,
        partial(read_struct, where, result, CslEntry),
        source="".join(texts_under(result, "source")),
        names=texts_under(result, "name", "alt_names"),
        number=None if result.get("entity_number") is None else str(result["entity_number"]),
    )


def _editions(
    records: Iterable[CslRecord], published_on: date | None
) -> tuple[ParsedEdition, ...]:
    lists = defaultdict[str, list[tuple[str, Listing, bool]]](list)
    for record, listing in read_records(records, _listing_of, _rescue):
        key = key_of(record.number, listing)
        lists[listing.list_code].append((key, listing, record.is_numbered))
    if not lists:
        raise ListRefusedError(SOURCE, "the file has no entries")
    return tuple(
        ParsedEdition(
            list_code=list_code,
            published_on=published_on,
            listings=give_ids(list_code, united(rows)),
        )
        for list_code, rows in sorted(lists.items())
    )


def _listing_of(record: CslRecord) -> Listing:
    entry = record.read()
    return listing_of(record.where, list_code_of(record.where, entry.source), entry)


def _rescue(record: CslRecord) -> Rescued:
    return Rescued(
        names=tuple(name for text in record.names for name in split_names(text)),
        list_code=known_list_of(record.source),
    )


def _day_of(printed: str | None) -> date | None:
    match = _ISO_DAY.match(printed or "")
    return None if match is None else find_day(match[0])


def _is_csv(file: GivenFile) -> bool:
    return "source" in (header := file.head.partition("\n")[0]) and "entity_number" in header


def _is_json(file: GivenFile) -> bool:
    return file.head.startswith("{")


FORMATS = (
    Format(
        word="csl_json",
        source=SOURCE,
        title="consolidated.json",
        tells=_is_json,
        read=one_file(parse_json),
    ),
    Format(
        word="csl_csv",
        source=SOURCE,
        title="consolidated.csv",
        tells=_is_csv,
        read=one_file(parse_csv),
    ),
)
"""The formats in which trade.gov publishes the list."""
