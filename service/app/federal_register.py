"""Documents of the Federal Register, asked of its API."""

from datetime import date
from urllib.parse import urlencode, urlsplit

from service.app.mirror import fetch_through
from service.fetch import PATIENT, Patience
from service.model.errors import FetchFailedError
from service.model.proposal import Document
from service.parse.us_fr import read_page

HOST = "www.federalregister.gov"
_PATH = "/api/v1/documents"
# Whose documents change the measures of the register: BIS and OFAC.
_AGENCIES = ("industry-and-security-bureau", "foreign-assets-control-office")
_FIELDS = (
    "document_number",
    "title",
    "type",
    "abstract",
    "action",
    "dates",
    "publication_date",
    "effective_on",
    "citation",
    "html_url",
    "agencies",
    "regulation_id_numbers",
    "correction_of",
)
_PER_PAGE = 500
# The API itself answers no more than 2,000 documents to one question.
_MAX_PAGES = 20


async def fetch_documents(
    since: date, mirror: str | None = None, patience: Patience = PATIENT
) -> tuple[Document, ...]:
    """The documents of BIS and OFAC published on that day or later, oldest first.

    A `mirror` has the answers under the publisher's host, path and query; see `app.mirror`.

    Raises:
        FetchFailedError: They could not be had whole, or the answers lead to another host or on
            without end.
        ListRefusedError: An answer is none of the API's.
        RowRefusedError: A document cannot be read.
    """
    url = _first_page(since)
    documents: list[Document] = []
    for _ in range(_MAX_PAGES):
        fetched = await fetch_through(mirror, url, patience)
        page = read_page(fetched.content or b"")
        documents.extend(page.documents)
        if page.next_page_url is None:
            return tuple(documents)
        url = _on_same_host(page.next_page_url)
    raise FetchFailedError(url, f"more than {_MAX_PAGES} pages; ask for a later day")


def _first_page(since: date) -> str:
    asked = [
        *(("conditions[agencies][]", agency) for agency in _AGENCIES),
        ("conditions[publication_date][gte]", since.isoformat()),
        *(("fields[]", field) for field in _FIELDS),
        ("order", "oldest"),
        ("per_page", str(_PER_PAGE)),
    ]
    return f"https://{HOST}{_PATH}.json?{urlencode(asked)}"


def _on_same_host(url: str) -> str:
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != ("https", HOST) or not parts.path.startswith(_PATH):
        raise FetchFailedError(url, f"goes on outside {HOST}, not followed")
    return url
