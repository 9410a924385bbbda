"""Parties debarred under the Arms Export Control Act, from DDTC's own two files, XLSX or CSV.

DDTC's page is drawn by a script, from an answer in JSON that holds the text of the article. Its
links to attachments have no telling names: in June 2026 the first was the statutory list and the
fourth the administrative one, both as csv. If that order changes, the reader refuses the files by
their columns.
"""

from abeyance_screening.engine.lists.catalogue_types import (
    US_WORK,
    FileLink,
    KnownList,
    ListSource,
)

_SITE = "https://www.pmddtc.state.gov/"


def _attachment(position: int) -> FileLink:
    return FileLink(
        page=f"{_SITE}api/now/sp/page?id=ddtc_kb_article_page&kb_number=KB0010126",
        hosts=("pmddtc.state.gov",),
        address=r"/sys_attachment\.do\?sys_id=[0-9a-f]{32}$",
        position=position,
        base=_SITE,
    )


SOURCES = (
    ListSource(
        place=60,
        code="us_ddtc",
        title="AECA Debarred Parties, statutory and administrative",
        publisher="US State Department, DDTC",
        urls=(),
        links=(_attachment(1), _attachment(4)),
        home_url="https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0",
        marks=("Party Name", "Debarment Order"),
        formats=(
            "the statutory and the administrative debarments, two XLSX workbooks",
            "the statutory and the administrative debarments, two CSV files",
        ),
        cadence="with each notice",
        every_hours=24,
        licence=US_WORK,
        attribution="US Directorate of Defense Trade Controls",
        tried_on=(
            "both official lists of 2026-06-18 as CSV files, whole; the workbooks only re-made "
            "from those rows"
        ),
    ),
)

LISTS = (
    KnownList(
        place=50,
        code="us_ddtc",
        title="AECA Debarred List",
        authority="State Department, DDTC",
        jurisdiction="US",
        sources=("us_ddtc", "us_csl"),
        max_age_days=3,
        home_url="https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0",
    ),
)
