"""The exclusions in the US System for Award Management, a CSV file."""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource

_HOME = "https://sam.gov/data-services/Exclusions/Public%20V2?privacy=Public"

SOURCES = (
    ListSource(
        place=92,
        code="us_sam",
        title="SAM.gov Exclusions, public extract",
        publisher="US General Services Administration",
        # The name of the file has its day, and the page that links to it is made by a script.
        urls=(),
        home_url=_HOME,
        formats=("SAM_Exclusions_Public_Extract_V2….CSV",),
        cadence="daily",
        every_hours=24,
        licence=US_WORK,
        attribution="US General Services Administration, SAM.gov",
        tried_on=(
            "no official file was at hand: rows set out in the columns that two other readers of "
            "the extract name"
        ),
    ),
)

LISTS = (
    KnownList(
        place=172,
        code="us_sam",
        title="SAM Exclusions",
        authority="GSA and the excluding agencies",
        jurisdiction="US",
        sources=("us_sam",),
        max_age_days=7,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
