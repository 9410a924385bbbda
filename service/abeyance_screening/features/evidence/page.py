"""The evidence page: one screening to print or to save as a PDF, with a judgement typed for it.

The judgement and the answers to questions are part of the print only and are not stored. The
stored answer and its hash do not contain them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import MultiDict
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.question import ScreeningQuestion
from abeyance_screening.engine.screening.storage import ScreeningHold
from abeyance_screening.features.evidence.document import PdfRequest, PrintRequest, evidence_of
from abeyance_screening.features.evidence.pdf import Evidence, Judgement
from abeyance_screening.features.evidence.pdf import Given as Answer
from abeyance_screening.platform.access.callers import needs
from abeyance_screening.platform.http.idempotent import TheOnce
from abeyance_screening.platform.pages.frame import (
    HEADERS,
    AddressDays,
    AnyRequest,
    Frame,
    Given,
    TheFiles,
    link,
    page,
    read_clocks,
    sent_form,
    sent_once,
    text_of,
    texts_of,
)
from abeyance_screening.platform.questions.form import read_question, read_view
from abeyance_screening.platform.sandbox.file_writer import FilesInChild
from abeyance_screening.primitives.days import Days, day_in_words
from abeyance_screening.primitives.errors import BadInputError, NotFoundError
from abeyance_screening.primitives.fair_scheduler import ThreadPool

# Python threads take turns of five milliseconds, and the event loop waits for the turn of each: so
# there are few.
_LAYOUT = ThreadPool("evidence", 2)
TheDesk = NamedDependency[SkipValidation[Desk]]
Key = Annotated[str, PathParameter(max_length=50, description="A screening's id, or id.pdf.")]
_ANSWERS: Mapping[str, Answer] = {"yes": "yes", "no": "no", "unsure": "not known"}
_LONGEST = {"decision": 200, "by": 200, "reason": 4_000}
_PDF = ".pdf"


class EvidencePage(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the page: the evidence, its form, and links to its PDF and other pages.

    `action` is the address of the form, `hidden` its hidden fields. `pages` are title and address
    of each page, and whether it is this one; empty where there is one page. `hold` says why the
    screening is held, None if it is not; it is of now, and no part of the print.
    """

    it: Evidence
    hold: str | None = None
    action: str
    hidden: tuple[tuple[str, str], ...]
    pdf: str | None
    pages: tuple[tuple[str, str, bool], ...]


class _AnswerState(msgspec.Struct, frozen=True):
    """When an answer was given, and its id, None if it was not stored."""

    id: UUID | None
    asked_at: datetime

    @staticmethod
    def of(content: bytes) -> "_AnswerState":
        """Read the state from the JSON bytes of an answer."""
        return msgspec.json.decode(content, type=_AnswerState)


@post("/evidence", opt=needs("screen"), include_in_schema=False, status_code=HTTPStatus.OK)
async def make_evidence(
    request: AnyRequest, desk: TheDesk, files: TheFiles, once: TheOnce
) -> Redirect | Template | Response[bytes]:
    """Screen what the search page shows, and redirect to its evidence.

    Where the installation keeps no screenings, this response is the evidence itself.
    """
    given = await sent_form(request)
    clocks, unread = read_clocks(given)
    view = read_view(given)
    days = clocks.days(desk.now())
    question, faults = read_question(view)
    if question is None or unread:
        fault = (*unread, *faults)[0]
        raise BadInputError(fault.field, fault.text)
    if desk.keeps:
        _, address = await once.form(
            *sent_once(given), lambda: _kept_at(desk, (question, days), given)
        )
        return Redirect(address.decode(), status_code=HTTP_303_SEE_OTHER)
    content = b"".join(await desk.screen(question, days))
    asked_at = _AnswerState.of(content).asked_at
    if text_of(given, "format") == "pdf":
        name = f"{asked_at:%Y%m%dT%H%M%SZ}"
        return await _pdf(files, name, PdfRequest(pieces=(content,), wanted=_print_request(given)))
    evidence = await _LAYOUT(evidence_of, content, _print_request(given))
    hidden = (*view.query(), *clocks.query())
    return _page(
        desk, EvidencePage(it=evidence, action="/evidence", hidden=hidden, pdf=None, pages=())
    )


@get(
    "/evidence/{key:str}",
    opt=needs("screen", reading="screening.read", about="key"),
    include_in_schema=False,
)
async def stored_evidence(
    request: AnyRequest, key: Key, desk: TheDesk, files: TheFiles
) -> Template | Response[bytes]:
    """Show the evidence of a kept screening as a page, or as a PDF where the address ends in .pdf.

    A judgement in the address is ignored: with it a link could put words into a person's mouth.
    """
    query = MultiDict(
        [pair for pair in request.query_params.multi_items() if pair[0] not in _LONGEST]
    )
    return await _show(query, key, desk, files)


@post(
    "/evidence/{key:str}",
    opt=needs("screen", reading="evidence.exported", about="key"),
    include_in_schema=False,
    status_code=HTTPStatus.OK,
)
async def judged_evidence(
    request: AnyRequest, key: Key, desk: TheDesk, files: TheFiles
) -> Template | Response[bytes]:
    """Show the evidence of a kept screening with a judgement, which is not stored."""
    return await _show(await sent_form(request), key, desk, files)


async def _kept_at(desk: Desk, asked: tuple[ScreeningQuestion, Days], given: Given) -> bytes:
    """Screen and keep the answer, and return the address of its evidence."""
    kept = _AnswerState.of(b"".join(await desk.screen(*asked)))
    return link(f"/evidence/{kept.id}", _answers(given)).encode()


def _answers(given: Given) -> tuple[tuple[str, str], ...]:
    return tuple((field, rule) for field in _ANSWERS for rule in texts_of(given, field))


def _print_request(given: Given) -> PrintRequest:
    answers: dict[str, Answer] = {
        rule: word for field, word in _ANSWERS.items() for rule in texts_of(given, field)
    }
    typed = {name: text_of(given, name)[:most] for name, most in _LONGEST.items()}
    return PrintRequest(given=answers, judgement=Judgement(**typed), page=_page_number(given))


def _page_number(given: Given) -> int:
    printed = text_of(given, "page") or "1"
    if not printed.isdecimal():
        raise BadInputError("page", "is not a page number")
    return int(printed[:9])


async def _pdf(files: FilesInChild, name: str, wanted: PdfRequest) -> Response[bytes]:
    headers = dict(HEADERS) | {"content-disposition": f'inline; filename="evidence-{name}.pdf"'}
    # the PDF viewer of a browser needs its inline styles
    headers["content-security-policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    content = await files.evidence(msgspec.msgpack.encode(wanted))
    return Response(
        content, media_type="application/pdf", headers=headers, status_code=HTTPStatus.OK
    )


def _page(desk: Desk, content: EvidencePage) -> Template:
    it = content.it
    frame = Frame(
        # without the question, which the browser would remember with the page
        title="Evidence",
        path=content.action,
        section="/",
        now=desk.now(),
        clocks=AddressDays(as_of=it.as_of, known_at=it.known_at),
    )
    return page("evidence.html", frame, content)


async def _show(
    given: Given, key: str, desk: Desk, files: FilesInChild
) -> Template | Response[bytes]:
    found = _id_of(key)
    pieces = await desk.screening(found)
    wanted = _print_request(given)
    if key.endswith(_PDF) or text_of(given, "format") == "pdf":
        return await _pdf(files, str(found), PdfRequest(pieces=pieces, wanted=wanted))
    evidence = await _LAYOUT(_document, pieces, wanted)
    path, answers = f"/evidence/{evidence.id}", _answers(given)
    content = EvidencePage(
        it=evidence,
        action=path,
        hidden=(*answers, *(("page", each) for each in (text_of(given, "page"),) if each)),
        pdf=link(path + _PDF, (*answers, ("page", str(_page_number(given))))),
        pages=_pages(path, answers, evidence),
        hold=_in_words(await desk.hold_of(found)),
    )
    return _page(desk, content)


def _in_words(hold: ScreeningHold | None) -> str | None:
    if hold is None:
        return None
    since = day_in_words(hold.held_at.astimezone(UTC).date())
    return f"since {since}, by {hold.held_by}: {hold.held_because}"


def _id_of(key: str) -> UUID:
    try:
        return UUID(key.removesuffix(_PDF))
    except ValueError as error:
        raise NotFoundError("screening", key) from error


def _document(pieces: Iterable[bytes], wanted: PrintRequest) -> Evidence:
    return evidence_of(b"".join(pieces), wanted)


def _pages(
    path: str, answers: tuple[tuple[str, str], ...], evidence: Evidence
) -> tuple[tuple[str, str, bool], ...]:
    """Return title and address of each page, and whether it is this one; empty for one page."""
    if len(evidence.pages) == 1:
        return ()
    return tuple(
        (
            f"{start + 1} to {end}",
            link(path, (*answers, ("page", str(number)))),
            start + 1 == evidence.first,
        )
        for number, (start, end) in enumerate(evidence.pages, start=1)
    )


PAGES = (
    make_evidence,
    stored_evidence,
    judged_evidence,
)
