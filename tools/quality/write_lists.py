"""Writes LISTS.md, and the table of lists in README.md, anew from the catalogue.

    python -m tools.quality.write_lists

To be called in the repository's folder after the catalogue has changed; a test compares.
"""

from pathlib import Path

from service.lists.tables import lists_file, with_lists


def main() -> None:
    Path("LISTS.md").write_text(lists_file(), "utf-8")
    readme = Path("README.md")
    readme.write_text(with_lists(readme.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
