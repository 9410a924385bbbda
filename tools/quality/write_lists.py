"""Write docs/reference/lists.md from the catalogue.

    python -m tools.quality.write_lists

Run in the repository's folder after the catalogue has changed; a test compares the page.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from abeyance_screening.engine.lists.catalogue import LISTS, SOURCES, is_fetched, is_of_register
from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource

PAGE = Path("docs/reference/lists.md")


def main() -> None:
    """Write the page."""
    PAGE.write_text(lists_file(), "utf-8")


def lists_table() -> str:
    """Return a table of the lists: title, authority, sources, age limit, and role by default."""
    rows = [
        (
            f"`{known.code}`",
            f"[{known.title}]({known.home_url})",
            known.authority,
            ", ".join(f"`{source}`" for source in known.sources),
            _age(known),
        )
        for known in LISTS
    ]
    return _table(("list", "what", "authority", "sources", "too old after; role"), rows)


def sources_table() -> str:
    """Return a table of the sources: where to download, formats, how often, and licence."""
    rows = [
        (
            f"`{source.code}`",
            f"[{source.title}]({source.home_url})",
            source.publisher,
            _download(source),
            "; ".join(source.formats),
            source.cadence,
            f"{source.every_hours} h" if source.offers else "",
            source.licence,
            source.attribution,
            source.tried_on,
        )
        for source in SOURCES
    ]
    heads = ("source", "what", "publisher", "download", "formats", "renewed", "checked every")
    return _table((*heads, "licence", "attribution", "reader tested on"), rows)


def lists_file() -> str:
    """Return the whole page of lists and sources, in Markdown."""
    return f"""# Lists and where they come from

Generated from the catalogue in `engine/lists`; `GET /v1/lists` returns the same data.

## Lists

A list that several sources carry is searched in all of them. An entry that two sources print is
one hit, with the print of the list's own authority first. The source named first is the
authority's own. A list with a download address is required by default, as is the register's own
list; any other is advisory, and so is an optional one, searched "once loaded". See
[what coverage means](../explanation/coverage.md#required-and-advisory-lists).

{lists_table()}
## Sources

Where several downloads are named, each is tried when the one before is out of reach or refused.
"Found on a page" means that the address changes with each edition and is looked for on the
publisher's page. "By hand" means that no program can find the file: download it from the
publisher's page and load it with `abeyance load`, or receive it with the register bundle. "With
the program" marks the register's own list: no publisher has it, and each program brings its newest
edition. "Reader tested on" names the files that the reader was tested on.

{sources_table()}"""


def _download(source: ListSource) -> str:
    if is_of_register(source.code):
        return "with the program"
    ways = dict.fromkeys(_way(each) for offer in source.offers for each in offer.files)
    return ", ".join(ways) or "by hand"


def _way(file: str | FileLink) -> str:
    return f"[download]({file})" if isinstance(file, str) else f"[found on a page]({file.page})"


def _age(known: KnownList) -> str:
    days = f"{known.max_age_days} days"
    if known.only_if_loaded:
        return f"{days}; {'required with others' if known.asked_with else 'advisory'} once loaded"
    is_kept = known.of_register or is_fetched(known.code)
    return f"{days}; {'required' if is_kept else 'advisory'}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    main()
