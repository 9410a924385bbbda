"""Formats: choosing, by their content, the format that reads a list's files."""

import re
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import contextmanager
from functools import cache, partial
from importlib import import_module
from typing import cast

import msgspec

from abeyance_screening.engine.lists.catalogue import (
    READERS,
    SOURCE_BY_CODE,
    marks_of,
    sources_of,
)
from abeyance_screening.engine.lists.edition import ReadFiles
from abeyance_screening.engine.lists.links import decoded_page
from abeyance_screening.engine.lists.listing import name_form
from abeyance_screening.engine.lists.own import ftm
from abeyance_screening.engine.lists.own.entries import own_formats
from abeyance_screening.engine.lists.reading.files import (
    AskEntities,
    Format,
    GivenFile,
    ListStream,
    OpenFile,
    is_damaged,
    unpacked,
)
from abeyance_screening.engine.lists.reading.pages import words_of_page
from abeyance_screening.engine.lists.reading.texts import (
    HTML_PAGE,
    OFFICE_FILE,
    is_text,
    name_other_file,
    refuse_other_files,
)
from abeyance_screening.engine.lists.reading.unknown_parts import Notes, taking_notes
from abeyance_screening.primitives.errors import STRANGE, ListRefusedError, StrangePageError

# --- All formats.

OWN = "own"
# More than the files of any edition that a source publishes.
MAX_FILES = 200


def _formats_of_readers(readers: Iterable[str]) -> Iterator[Format]:
    for name in readers:
        yield from cast("tuple[Format, ...]", import_module(name).FORMATS)


def _place(known: Format) -> tuple[int, int]:
    source = SOURCE_BY_CODE[known.source]
    return source.place, source.formats.index(known.title)


@cache
def public_formats() -> tuple[Format, ...]:
    """Return all formats of public lists, in the order in which they are tried.

    Of each source it is the order of the catalogue: one whose files another one would read as well
    stands before it. Whoever reads no list, as a service that starts, imports no reader.
    """
    return tuple(sorted(_formats_of_readers(READERS), key=_place))


def read_files(
    wanted: str,
    files: Sequence[GivenFile],
    *,
    sources: Collection[str],
    list_code: str | None = None,
) -> ReadFiles:
    """Read the files of one edition whole, by the one format that fits them all.

    `wanted` is the code that the operator asked to load and is named in refusals. `sources` are
    the codes of the sources that the files may come from. `list_code` names a user's own list and
    is given for the source `own` alone. Gzip files and zip archives of one file are unpacked.
    The format is recognised by the content, never by a file's name. What a reader does not know
    of a record is kept as a fact of its listing, and a record that cannot be read is kept by its
    names; both are counted in the list's `read_in_part` and by `Listing.unread`.

    Raises:
        ListRefusedError: No format fits the files, or they are not what the source publishes, or
            more than a few records cannot be read.
        RowRefusedError: A record cannot be read, in a format that reads all or nothing.
    """
    if (list_code is not None) != (OWN in sources):
        raise ListRefusedError(wanted, "a list code is given for a user's own list, and only then")
    _check_count(wanted, files)
    opened = tuple(unpacked(wanted, file) for file in files)
    known = [each for each in _formats(list_code) if each.source in sources]
    for each in known:
        if (each.several or len(opened) == 1) and all(map(each.tells, opened)):
            with taking_notes() as notes:
                parsed = each.read(opened)
                return ReadFiles(each.source, each.word, notes.on(parsed))
    raise _refusal(wanted, opened, known)


class StreamedFiles(msgspec.Struct, frozen=True):
    """A user's own list in files of a known format; `open` begins to read it."""

    format: str
    open: Callable[[], ListStream]
    notes: Notes


@contextmanager
def streaming(
    files: Sequence[OpenFile], list_code: str, ask: AskEntities
) -> Generator[StreamedFiles]:
    """Read the files of a user's own list as `read_files` does, without holding their listings.

    They are read inside the context, and are unpacked already. `ask` is asked for the kept
    entities beside a delta.
    """
    _check_count(list_code, files)
    starts = [file.start for file in files]
    known = _formats(list_code, ask)
    for each in known:
        is_of_it = each.several or len(files) == 1
        if is_of_it and each.stream is not None and all(map(each.tells, starts)):
            with taking_notes() as notes:
                yield StreamedFiles(each.word, partial(each.stream, tuple(files)), notes)
            return
    raise _refusal(list_code, [_to_be_named(file) for file in files], known)


def _to_be_named(file: OpenFile) -> GivenFile:
    """Return as much of a file as naming it takes: of a workbook all, for it may be damaged."""
    start = file.start
    return file.whole() if name_other_file(start.content) == OFFICE_FILE else start


def _formats(list_code: str | None, ask: AskEntities = lambda _: None) -> tuple[Format, ...]:
    if list_code is None:
        return public_formats()
    return (*ftm.formats(list_code, ask), *own_formats(list_code))


def _check_count(wanted: str, files: Sequence[object]) -> None:
    if not files:
        raise ListRefusedError(wanted, "no file is given")
    if len(files) > MAX_FILES:
        raise ListRefusedError(wanted, f"{len(files)} files are given; at most {MAX_FILES} may be")


def _refusal(wanted: str, files: Sequence[GivenFile], known: Sequence[Format]) -> ListRefusedError:
    """Return the refusal that names the first unrecognised file and the formats expected."""
    if not known:
        return ListRefusedError(wanted, _closed(wanted))
    titles = ", ".join(each.title for each in known)
    unknown = next((file for file in files if not any(each.tells(file) for each in known)), None)
    if unknown is None:
        names = ", ".join(file.name for file in files)
        reason = f"{names} do not belong together; expected is one of: {titles}"
        return ListRefusedError(wanted, reason)
    sources = {each.source for each in known}
    if OWN not in sources and is_strange_page(sources, unknown.content):
        return StrangePageError(
            wanted,
            f"{unknown.name} is {name_other_file(unknown.content)} {STRANGE}; expected is one of: "
            f"{titles}",
        )
    return ListRefusedError(
        wanted, f"{unknown.name} is {_kind_of(wanted, unknown)}; expected is one of: {titles}"
    )


def _closed(wanted: str) -> str:
    for source in map(SOURCE_BY_CODE.__getitem__, sources_of(wanted)):
        if source.successor is not None:
            instead = SOURCE_BY_CODE[source.successor]
            return (
                f"the list is {source.cadence}, and its files are not read any more; load its "
                f"successor, {instead.code} ({instead.formats[0]})"
            )
    return "no parser is known for this source"


# The words of a page that are looked at, in bytes of the page.
_MOST_OF_PAGE = 2_000_000
# A message in place of a file is shorter: "Too many requests".
_LONGEST_MESSAGE = 4_096
_BEGINS_PAGE = re.compile(rb"<!doctype html|<html\b|<head>|<body\b|<script\b", re.IGNORECASE)


def is_strange_page(sources: Iterable[str], content: bytes) -> bool:
    """Return whether a page, or a short text, has not a word of the lists of these sources.

    Servers send one in place of a file or of the page with its link, and say that all is well
    (status 200): a captcha, a question about cookies, a notice of maintenance, a login. A file or
    page that has changed still prints a title, a heading, a column or a well-known name.
    """
    if _BEGINS_PAGE.search(content[:1_024].lstrip()) is not None:
        printed = words_of_page(decoded_page(content[:_MOST_OF_PAGE]))
    elif len(content) <= _LONGEST_MESSAGE and is_text(content) and not _is_table(content):
        printed = content.decode("utf-8", "replace")
    else:
        return False
    words = name_form(printed)
    return not any(name_form(mark) in words for each in sources for mark in marks_of(each))


def _is_table(content: bytes) -> bool:
    """Return whether the first two lines have as many cells as each other, and more than one."""
    first, second, *_ = [*content.splitlines(), b"", b""]
    return any(first.count(each) == second.count(each) > 0 for each in (b",", b";", b"\t"))


def _kind_of(wanted: str, file: GivenFile) -> str:
    """Name what an unrecognised file is, for a refusal."""
    what = name_other_file(file.content)
    if what == HTML_PAGE:
        # its title is not said: the page may be of a private network, and everybody reads this
        return what
    if what == OFFICE_FILE:
        return "a damaged workbook" if is_damaged(file) else what
    refuse_other_files(wanted, file.content)
    return what
