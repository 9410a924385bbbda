"""Gives back to the system the memory that building an index needed and answering does not."""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

# The compiler's own library: of its 170 MB some 90 are in memory once it has loaded what was
# compiled, and none of them is read while questions are answered.
_COMPILER = "libllvmlite"
_MAPPINGS = Path("/proc/self/smaps")
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ +(\S.*)")
# What pages are its own because somebody has written to them.
_WRITTEN = re.compile(r"(?:Private_Dirty|Anonymous): +(\d+) kB")
# `madvise`: these pages are not needed; the system reads them from the file if they ever are.
_NOT_NEEDED = 4


def give_back() -> None:
    """Hand free memory and the compiler's unread pages to the system; where it cannot, nothing.

    Nothing is lost: a page that is asked for after all is read from its file again.
    """
    try:
        system = ctypes.CDLL(None)
        trim, advise = system.malloc_trim, system.madvise
        mappings = _MAPPINGS.read_text()
    except (OSError, AttributeError, TypeError):
        return
    trim(0)
    for start, end in unwritten(mappings, _COMPILER):
        advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _NOT_NEEDED)


def unwritten(mappings: str, library: str) -> Iterator[tuple[int, int]]:
    """Where a library's pages are that nobody may write to and nobody has written to.

    `mappings` is what Linux tells of them in `smaps`. Those that were written to before they were
    protected (addresses that the loader filled in) are no copy of the file, and must stay.
    """
    found: tuple[int, int] | None = None
    for line in mappings.splitlines():
        mapping = _MAPPING.fullmatch(line)
        if mapping is None:
            written = _WRITTEN.match(line)
            if written is not None and int(written[1]) > 0:
                found = None
            continue
        if found is not None:
            yield found
        is_wanted = library in mapping[4] and "w" not in mapping[3]
        found = (int(mapping[1], 16), int(mapping[2], 16)) if is_wanted else None
    if found is not None:
        yield found
