"""Files read as loading reads them, and what their listings hold."""

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile


def edition_of(source: str, *contents: bytes) -> ParsedEdition:
    """The only edition in the files of a source."""
    files = [GivenFile(f"file {number}", each) for number, each in enumerate(contents)]
    (edition,) = read_files(source, files, sources=[source]).parsed
    assert isinstance(edition, ParsedEdition)
    return edition


def named(edition: ParsedEdition, name: str) -> Listing:
    """The first listing with a primary name."""
    return next(each for each in edition.listings if each.primary_name == name)


def facts(listing: Listing) -> dict[str, str]:
    """The facts of a listing by kind; of several of a kind, the last."""
    return {each.kind: each.value for each in listing.facts}
