"""Which format reads a list's files: told by their content, among those of its sources."""

from collections.abc import Collection, Sequence
from importlib import import_module
from typing import cast

from service.errors import ListRefusedError
from service.lists import ftm, own
from service.lists.catalogue import READERS
from service.lists.edition import ReadFiles
from service.lists.reading.files import Format, GivenFile, is_damaged, unpacked
from service.lists.reading.pages import title_of
from service.lists.reading.texts import HTML_PAGE, OFFICE_FILE, name_other_file, refuse_other_files

OWN = "own"
# A table, an XML file, a PDF: no set of files of one edition is longer.
MAX_FILES = 200
FORMATS: tuple[Format, ...] = tuple(
    each for name in READERS for each in cast("tuple[Format, ...]", import_module(name).FORMATS)
)


def read_files(
    wanted: str,
    files: Sequence[GivenFile],
    *,
    sources: Collection[str],
    list_code: str | None = None,
) -> ReadFiles:
    """The files of one edition, read whole by the one format that they all have.

    `wanted` is what the operator asked to load and stands in refusals; `sources` are the codes of
    the sources it may come from, `list_code` names a user's own list and belongs to the source
    `own` alone. Gzip files and zip archives of one file are opened. A file's name says nothing:
    the format is told by the content. Everything in the files comes back, or nothing does.

    Raises:
        ListRefusedError: no format has these files, or they are as a whole not what the source
            publishes.
        RowRefusedError: a record cannot be read.
    """
    if (list_code is not None) != (OWN in sources):
        raise ListRefusedError(wanted, "a list code belongs to a user's own list, and only there")
    opened = tuple(unpacked(wanted, file) for file in _counted(wanted, files))
    known = [each for each in _formats(list_code) if each.source in sources]
    for each in known:
        if (each.several or len(opened) == 1) and all(map(each.tells, opened)):
            return ReadFiles(each.source, each.word, each.read(opened))
    raise _refusal(wanted, opened, known)


def formats_of(source: str) -> tuple[str, ...]:
    """The titles of a source's formats, as people know them."""
    known = _formats(OWN if source == OWN else None)
    return tuple(each.title for each in known if each.source == source)


def _formats(list_code: str | None) -> tuple[Format, ...]:
    return FORMATS if list_code is None else (*ftm.formats(list_code), *own.formats(list_code))


def _counted(wanted: str, files: Sequence[GivenFile]) -> Sequence[GivenFile]:
    if not files:
        raise ListRefusedError(wanted, "no file is given")
    if len(files) > MAX_FILES:
        raise ListRefusedError(wanted, f"{len(files)} files; {MAX_FILES} may be")
    return files


def _refusal(wanted: str, files: Sequence[GivenFile], known: Sequence[Format]) -> ListRefusedError:
    """What the files look like, and what was expected; the first that no format tells is named."""
    if not known:
        return ListRefusedError(wanted, "no parser is known for this source")
    titles = ", ".join(each.title for each in known)
    stranger = next((file for file in files if not _is_told(file, known)), None)
    if stranger is None:
        names = ", ".join(file.name for file in files)
        reason = f"{names} do not belong together; expected is one of: {titles}"
        return ListRefusedError(wanted, reason)
    return ListRefusedError(
        wanted, f"{stranger.name} is {_name(wanted, stranger)}; expected is one of: {titles}"
    )


def _name(wanted: str, stranger: GivenFile) -> str:
    what = name_other_file(stranger.content)
    if what == HTML_PAGE:
        title = title_of(stranger.head)
        return f"{what} titled {title[:80]!r}" if title else what
    if what == OFFICE_FILE:
        return "a damaged workbook" if is_damaged(stranger) else what
    refuse_other_files(wanted, stranger.content)
    return what


def _is_told(file: GivenFile, known: Sequence[Format]) -> bool:
    return any(each.tells(file) for each in known)
