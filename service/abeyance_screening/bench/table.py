"""The tables in which figures are printed."""

from rich import box
from rich.table import Table

# Headings of text beside the first; figures stand on the right.
_OF_TEXT = frozenset({"Listed", "Category"})


def table_with(*headings: str) -> Table:
    """Return an empty table with these headings."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        is_text = place == 0 or heading in _OF_TEXT
        table.add_column(heading, justify="left" if is_text else "right", overflow="fold")
    return table
