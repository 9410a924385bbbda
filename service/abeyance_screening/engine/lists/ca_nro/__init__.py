"""The research organisations that Canada names as a risk to its security, an HTML page."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = (
    "https://science.gc.ca/site/science/en/safeguarding-your-research"
    "/guidelines-and-tools-implement-research-security"
    "/sensitive-technology-research-and-affiliations-concern/named-research-organizations"
)

SOURCES = (
    ListSource(
        place=152,
        code="ca_nro",
        title="Named Research Organizations",
        publisher="Innovation, Science and Economic Development Canada",
        urls=(_HOME,),
        home_url=_HOME,
        formats=("the page Named Research Organizations, as HTML",),
        cadence="from time to time; the first list is of January 2024",
        every_hours=24,
        licence="Terms of the Government of Canada: no sale of copies without permission",
        attribution="Government of Canada",
        tried_on=(
            "no official file was at hand: entries in the markup that a reader of the page of "
            "September 2024 quotes"
        ),
    ),
)

LISTS = (
    KnownList(
        place=235,
        code="ca_nro",
        title="Named Research Organizations",
        authority="Government of Canada",
        jurisdiction="CA",
        sources=("ca_nro",),
        max_age_days=30,
        home_url=_HOME,
        only_if_loaded=True,
        canaries=("Academy of Military Science", "Air Force Medical University"),
    ),
)
