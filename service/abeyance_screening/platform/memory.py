"""Memory given back to the system."""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

# --- Memory that was needed to build an index and is not needed to answer.

# The library of the compiler: some 90 of its 170 MB are in memory once it has loaded the compiled
# code, and none of them is read while questions are answered.
_COMPILER = "libllvmlite"
_MAPPINGS = Path("/proc/self/smaps")
_MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ +(\S.*)")
# The size of pages of which the process has a copy, because it wrote to them. Those of a file that
# was installed just now count as dirty too, without any copy.
_WRITTEN = re.compile(r"Anonymous: +(\d+) kB")
# MADV_DONTNEED of `madvise`: the pages may be dropped, and are read from the file when needed.
_NOT_NEEDED = 4


def give_back() -> None:
    """Return free memory and the compiler's unread pages to the system; only Linux can do this.

    Nothing is lost: a page that is needed after all is read from its file again.
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
    """Yield the start and end of each mapping of a library that is read-only and unchanged.

    `mappings` is the content of Linux's `smaps`. Pages that were written to before they were
    protected (addresses that the loader filled in) differ from the file and must stay.
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
