"""The text files of the repository, without its history, its environment and its caches."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Of the hidden folders, those that people write.
_WRITTEN = frozenset({".ci", ".github"})


def texts() -> Iterator[tuple[Path, str]]:
    """Yield each text file with its path from the root, in order of the folders and names.

    What is not written is not even looked at: an environment has ten times as many files.
    """
    for folder, folders, names in ROOT.walk():
        folders[:] = sorted(
            each
            for each in folders
            if each != "__pycache__" and (each in _WRITTEN or not each.startswith("."))
        )
        # in a work tree beside another one, a file says where the history is
        for path in (folder / name for name in sorted(names) if name != ".git"):
            try:
                yield path.relative_to(ROOT), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue
