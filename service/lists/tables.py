"""The catalogue as tables to read: the page docs/reference/lists.md.

`python -m tools.quality.write_lists` writes it anew.
"""

from collections.abc import Iterable, Sequence

from service.lists.catalogue import LISTS, SOURCES
from service.lists.kinds import KnownList


def lists_table() -> str:
    """One row a list: what it is, which publications carry it, when an edition is too old."""
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
    return _table(("list", "what", "authority", "sources", "too old after"), rows)


def sources_table() -> str:
    """One row a publication: where it is had, in which formats, how often, on which terms."""
    rows = [
        (
            f"`{source.code}`",
            f"[{source.title}]({source.home_url})",
            source.publisher,
            ", ".join(f"[download]({url})" for url in source.urls) or "by hand",
            "; ".join(source.formats),
            source.cadence,
            f"{source.every_hours} h" if source.urls else "",
            source.licence,
            source.attribution,
            source.tried_on,
        )
        for source in SOURCES
    ]
    heads = ("source", "what", "publisher", "download", "formats", "renewed", "looked for every")
    return _table((*heads, "licence", "attribution", "reader tried on"), rows)


def lists_file() -> str:
    """Return the whole page of lists and sources, in Markdown."""
    return f"""# Lists and where they come from

Made from the catalogue in `service/lists`; `GET /v1/lists` answers the same.

## Lists

A list that several sources carry is searched in all of them: the same entry in two prints is one
hit, the print of the list's own authority first. A source named first is the authority's own.

{lists_table()}
## Sources

"By hand" means that the publisher has no lasting download address: fetch the file from its page
and load it with `abeyance load`. "Reader tried on" says which files the reader has read.

{sources_table()}"""


def _age(known: KnownList) -> str:
    days = f"{known.max_age_days} days"
    return f"{days}; searched once loaded" if known.only_if_loaded else days


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
