"""The UK Sanctions List, in its CSV and XML formats, and OFSI's list, whose place it took.

OFSI's Consolidated List of Asset Freeze Targets was closed on 28 January 2026. No file of it is
read any more, but editions of it may be stored, and measures attach to them.
"""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource, Offer

_OGL_UK = "Open Government Licence v3.0"

_FILES = "https://sanctionslist.fcdo.gov.uk/docs"
_PAGE = "https://www.gov.uk/government/publications/the-uk-sanctions-list"
_OFSI = (
    "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets"
)
_LONG_LISTED = (
    "LORD'S RESISTANCE ARMY",
    "AL-SHABAAB",
    "KOREA MINING DEVELOPMENT TRADING CORPORATION",
)

SOURCES = (
    ListSource(
        place=120,
        code="uk_sl",
        title="UK Sanctions List",
        publisher="UK Foreign, Commonwealth and Development Office",
        # A CSV file that was cut between two records looks like a whole one.
        urls=(f"{_FILES}/UK-Sanctions-List.xml",),
        fallbacks=(
            Offer(files=(f"{_FILES}/UK-Sanctions-List.csv",), what="UK-Sanctions-List.csv"),
            Offer(
                files=(
                    FileLink(page=_PAGE, hosts=("gov.uk",), address=r"/UK-Sanctions-List\.csv$"),
                ),
                what="the link on gov.uk's page",
            ),
        ),
        home_url=_PAGE,
        marks=("Unique ID", "OFSI Group ID", "Report Date"),
        formats=("UK-Sanctions-List.xml", "UK-Sanctions-List.csv"),
        cadence="with each change",
        every_hours=6,
        licence=_OGL_UK,
        attribution=f"Contains public sector information licensed under the {_OGL_UK}",
        tried_on=(
            "re-made in the official layout from real entries of April 2026; no official file"
        ),
    ),
    ListSource(
        place=130,
        code="uk_ofsi",
        title="OFSI Consolidated List of Asset Freeze Targets",
        publisher="HM Treasury, OFSI",
        urls=(),
        home_url=_OFSI,
        formats=(),
        cadence="closed on 28 January 2026",
        every_hours=24,
        licence=_OGL_UK,
        attribution=f"Contains public sector information licensed under the {_OGL_UK}",
        tried_on="no file is read any more",
        successor="uk_sl",
    ),
)

LISTS = (
    KnownList(
        place=200,
        code="uk_sl",
        title="UK Sanctions List",
        authority="FCDO",
        jurisdiction="GB",
        sources=("uk_sl",),
        max_age_days=7,
        home_url=_PAGE,
        canaries=_LONG_LISTED,
    ),
    KnownList(
        place=210,
        code="uk_ofsi",
        title="OFSI Consolidated List (closed)",
        authority="HM Treasury, OFSI",
        jurisdiction="GB",
        sources=("uk_ofsi",),
        max_age_days=7,
        home_url=_OFSI,
        only_if_loaded=True,
        canaries=_LONG_LISTED,
    ),
)
