"""Paper: text laid out on pages and written as PDF, the same bytes for the same content.

Every script that the lists print is drawn with fonts that come with this package and are embedded.
"""

from service.paper.document import Document, Swatch
from service.paper.lines import Run

__all__ = ["Document", "Run", "Swatch"]
