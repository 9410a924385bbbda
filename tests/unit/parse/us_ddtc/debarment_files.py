"""Both files of debarred parties, as sampled and as small as they may be, and their listings."""

from collections.abc import Callable

from service.model.listing import Listing
from service.parse.files import GivenFile
from service.parse.us_ddtc import parse_files

STATUTORY = "us_ddtc/statutory_2026-06-18.csv"
ADMINISTRATIVE = "us_ddtc/administrative_2026-06-18.csv"
HEADER = (
    b"Party Name,Date Of Birth,Federal Register Notice,Notice Date,Corrected Notice,"
    b"Corrected Notice Date\r\n"
)
OTHER_HEADER = b"Name,Date,Charging Letter,Debarment Order,Federal Register Notice\r\n"
ROW = b'"Acety, Edwin","November, 1975",83 FR 18112 ,4/25/2018,,\r\n'
OTHER_ROW = b'"Adams, Ryan",8/29/2022,,,87 FR 52834\r\n'

type Sample = Callable[[str], bytes]


def files_of(statutory: bytes, administrative: bytes) -> tuple[GivenFile, ...]:
    return GivenFile("s.csv", statutory), GivenFile("a.csv", administrative)


def listings_of(sample: Sample) -> tuple[Listing, ...]:
    (edition,) = parse_files(files_of(sample(STATUTORY), sample(ADMINISTRATIVE)))
    return edition.listings


def named(listings: tuple[Listing, ...], name: str) -> Listing:
    return next(listing for listing in listings if listing.primary_name == name)
