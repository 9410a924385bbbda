"""Evidence: one screening as a page to print and as a PDF, with a judgement typed for that print.

The judgement and the answers to questions are part of the print alone. They are kept nowhere: the
answer that is kept, and its hash, are those of the service.
"""

from collections.abc import Iterable, Mapping
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

from service.errors import BadInputError, NotFoundError
from service.screening.desk import Desk
from service.web.evidence.document import PrintRequest, evidence_of
from service.web.evidence.parts import Evidence, Judgement
from service.web.evidence.parts import Given as Answer
from service.web.evidence.pdf import pdf_of
from service.web.frame import AddressDays, Frame, Given, link, read_clocks, text_of, texts_of
from service.web.guards import sent_form
from service.web.pages import HEADERS, AnyRequest, page
from service.web.search.question import read_question, read_view
from service.web.spreadsheet.batches import EVIDENCE

TheDesk = NamedDependency[SkipValidation[Desk]]
Key = Annotated[str, PathParameter(max_length=50, description="A screening's id, or id.pdf.")]
_ANSWERS: Mapping[str, Answer] = {"yes": "yes", "no": "no", "unsure": "not known"}
_LONGEST = {"decision": 200, "by": 200, "reason": 4_000}
_PDF = ".pdf"


class EvidencePage(msgspec.Struct, frozen=True, kw_only=True):
    """The page: the evidence, where its form leads and what travels along, other pages of it."""

    it: Evidence
    action: str
    hidden: tuple[tuple[str, str], ...]
    pdf: str | None
    pages: tuple[tuple[str, str, bool], ...]


@post("/evidence", include_in_schema=False, status_code=HTTPStatus.OK)
async def make_evidence(
    request: AnyRequest, desk: TheDesk
) -> Redirect | Template | Response[bytes]:
    """Screens what the search page shows and leads to its evidence.

    Where nothing is kept, the evidence is the answer to this very request.
    """
    given = await sent_form(request)
    clocks, unread = read_clocks(given)
    view = read_view(given)
    asked, faults = read_question(view, clocks.days(desk.now()))
    if asked is None or unread:
        fault = (*unread, *faults)[0]
        raise BadInputError(fault.field, fault.text)
    content = b"".join(await desk.screen(asked))
    kept = _AnswerState.of(content)
    if kept.stored:
        return Redirect(
            link(f"/evidence/{kept.id}", _answers(given)), status_code=HTTP_303_SEE_OTHER
        )
    evidence = await EVIDENCE(evidence_of, content, _asked(given))
    if text_of(given, "format") == "pdf":
        return await _pdf(evidence)
    hidden = (*view.query(), *clocks.query())
    return _page(
        desk, EvidencePage(it=evidence, action="/evidence", hidden=hidden, pdf=None, pages=())
    )


@get("/evidence/{key:str}", include_in_schema=False)
async def kept_evidence(
    request: AnyRequest, key: Key, desk: TheDesk
) -> Template | Response[bytes]:
    """The evidence of a kept screening, as a page, or as a PDF where the address ends so.

    A judgement is none of an address: a link could put words into anybody's mouth.
    """
    asked = MultiDict(
        [pair for pair in request.query_params.multi_items() if pair[0] not in _LONGEST]
    )
    return await _show(asked, key, desk)


@post("/evidence/{key:str}", include_in_schema=False, status_code=HTTPStatus.OK)
async def judged_evidence(
    request: AnyRequest, key: Key, desk: TheDesk
) -> Template | Response[bytes]:
    """The same with a judgement, which is not kept."""
    return await _show(await sent_form(request), key, desk)


class _AnswerState(msgspec.Struct, frozen=True):
    """What an answer says of itself."""

    id: UUID
    stored: bool

    @staticmethod
    def of(content: bytes) -> "_AnswerState":
        return msgspec.json.decode(content, type=_AnswerState)


async def _show(given: Given, key: str, desk: Desk) -> Template | Response[bytes]:
    pieces = await desk.screening(_id_of(key))
    evidence = await EVIDENCE(_laid_out, pieces, _asked(given))
    if key.endswith(_PDF) or text_of(given, "format") == "pdf":
        return await _pdf(evidence)
    path, answers = f"/evidence/{evidence.id}", _answers(given)
    content = EvidencePage(
        it=evidence,
        action=path,
        hidden=(*answers, *(("page", each) for each in (text_of(given, "page"),) if each)),
        pdf=link(path + _PDF, (*answers, ("page", str(_page_number(given))))),
        pages=_pages(path, answers, evidence),
    )
    return _page(desk, content)


def _laid_out(pieces: Iterable[bytes], asked: PrintRequest) -> Evidence:
    return evidence_of(b"".join(pieces), asked)


def _page(desk: Desk, content: EvidencePage) -> Template:
    it = content.it
    frame = Frame(
        title=f"Evidence: {it.question}",
        path=content.action,
        section="/",
        now=desk.now(),
        clocks=AddressDays(as_of=it.as_of, known_at=it.known_at),
    )
    return page("evidence.html", frame, content)


async def _pdf(evidence: Evidence) -> Response[bytes]:
    name = evidence.id or f"{evidence.asked_at:%Y%m%dT%H%M%SZ}"
    headers = dict(HEADERS) | {"content-disposition": f'inline; filename="evidence-{name}.pdf"'}
    # a browser's own reader of PDFs styles itself
    headers["content-security-policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    content = await EVIDENCE(pdf_of, evidence)
    return Response(
        content, media_type="application/pdf", headers=headers, status_code=HTTPStatus.OK
    )


def _id_of(key: str) -> UUID:
    try:
        return UUID(key.removesuffix(_PDF))
    except ValueError as error:
        raise NotFoundError("screening", key) from error


def _asked(given: Given) -> PrintRequest:
    answers: dict[str, Answer] = {
        rule: word for field, word in _ANSWERS.items() for rule in texts_of(given, field)
    }
    typed = {name: text_of(given, name)[:most] for name, most in _LONGEST.items()}
    return PrintRequest(given=answers, judgement=Judgement(**typed), page=_page_number(given))


def _page_number(given: Given) -> int:
    printed = text_of(given, "page") or "1"
    if not printed.isdecimal():
        raise BadInputError("page", "is no number of a page")
    return int(printed[:9])


def _answers(given: Given) -> tuple[tuple[str, str], ...]:
    return tuple((field, rule) for field in _ANSWERS for rule in texts_of(given, field))


def _pages(
    path: str, answers: tuple[tuple[str, str], ...], evidence: Evidence
) -> tuple[tuple[str, str, bool], ...]:
    """Word and address of each page of many counterparties, and whether it is this one."""
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
