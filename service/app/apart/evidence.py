"""Writing evidence as a PDF in the child process."""

import msgspec

from service.web.evidence.document import PdfRequest, evidence_of
from service.web.evidence.pdf import pdf_of


def work(request: bytes) -> bytes:
    """Write the PDF of a `PdfRequest` in msgpack.

    Raises:
        BadInputError: The answer has no such page.
    """
    asked = msgspec.msgpack.decode(request, type=PdfRequest)
    return pdf_of(evidence_of(b"".join(asked.pieces), asked.wanted))
