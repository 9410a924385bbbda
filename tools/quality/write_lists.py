"""Write docs/reference/lists.md from the catalogue.

    python -m tools.quality.write_lists

Run in the repository's folder after the catalogue has changed; a test compares the page.
"""

from pathlib import Path

from service.lists.tables import lists_file

PAGE = Path("docs/reference/lists.md")


def main() -> None:
    PAGE.write_text(lists_file(), "utf-8")


if __name__ == "__main__":
    main()
