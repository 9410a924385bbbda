"""The routes of the trade desk: every page with its address."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from service.web.calendar import calendar_page
from service.web.evidence.page import judged_evidence, kept_evidence, make_evidence
from service.web.lists import listing_page, lists_page
from service.web.measures import measure_index, measure_page, review_page
from service.web.pages import (
    FAULT_PAGES,  # pyright: ignore[reportUnknownVariableType] - bare Request in its stub
    refuse_foreign,
    static_file,
)
from service.web.search.page import asked_page, search_page
from service.web.search.parties import party_page
from service.web.spreadsheet.batches import read_spreadsheet, screen_batch, write_results
from service.web.spreadsheet.page import (
    delete_kept,
    kept_lines,
    kept_page,
    kept_parties,
    spreadsheet_columns,
    spreadsheet_page,
    spreadsheet_results,
    write_kept,
)

_PAGES: tuple[HTTPRouteHandler, ...] = (
    search_page,
    asked_page,
    listing_page,
    party_page,
    measure_index,
    measure_page,
    calendar_page,
    lists_page,
    review_page,
    make_evidence,
    kept_evidence,
    judged_evidence,
    spreadsheet_page,
    spreadsheet_columns,
    spreadsheet_results,
    read_spreadsheet,
    screen_batch,
    write_results,
    kept_page,
    kept_lines,
    kept_parties,
    write_kept,
    delete_kept,
    static_file,
)


def web_pages() -> Router:
    """Return the router of all pages, which answers errors with a page as well.

    A POST request is accepted only from one of these pages.
    """
    reading = [each for each in _PAGES if "POST" not in each.http_methods]
    posting = [each for each in _PAGES if "POST" in each.http_methods]
    guarded = Router(path="/", route_handlers=posting, guards=[refuse_foreign])
    return Router(path="/", route_handlers=[*reading, guarded], exception_handlers=FAULT_PAGES)
