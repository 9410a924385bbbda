"""The files that `abeyance bench` is given."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from service.bench.parties import Party
from service.bench.reading import read_parties
from service.bundled import bundled_editions, read_bundled
from service.model.errors import BadInputError
from service.model.files import GivenFile


def given_file(path: Path) -> GivenFile:
    """One file as it stands on the disk."""
    return GivenFile(path.name, path.read_bytes())


def listed_parties(option: str, given: Sequence[str]) -> list[Party]:
    """The entries of the lists given, each a file, a folder that is one edition, or a source.

    A source is the code of an edition that comes with the program (`uk_sl`).

    Raises:
        BadInputError: neither a path nor such a code.
    """
    return [party for each in given for party in _parties(option, each)]


def _parties(option: str, given: str) -> list[Party]:
    path = Path(given)
    bundled = {edition.source: edition for edition in bundled_editions()}
    if path.exists():
        return read_parties(tuple(_files(path)))
    if given not in bundled:
        raise BadInputError(option, f"{given!r} is no file, no folder and no bundled source")
    return read_parties(read_bundled(bundled[given]), given)


def _files(path: Path) -> Iterator[GivenFile]:
    """The file, or the folder's files by name, hidden ones left out."""
    inside = sorted(path.iterdir()) if path.is_dir() else [path]
    for each in inside:
        if each.is_file() and not each.name.startswith("."):
            yield given_file(each)
