"""The firms and individuals that the World Bank has debarred, a JSON file."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = "https://projects.worldbank.org/en/projects-operations/procurement/debarred-firms"

SOURCES = (
    ListSource(
        place=105,
        code="wb_debarred",
        title="World Bank Listing of Ineligible Firms and Individuals",
        publisher="World Bank",
        # https://apigwext.worldbank.org/dvsvc/v1.0/json/APPLICATION/ADOBE_EXPRNCE_MGR/FIRM/
        # SANCTIONED_FIRM answers only with the key that the page sends.
        urls=(),
        home_url=_HOME,
        formats=("SANCTIONED_FIRM, the data of the page as JSON",),
        cadence="with each decision, about daily",
        every_hours=24,
        licence="World Bank terms of use: no terms of its own are stated for the listing",
        attribution="World Bank, Listing of Ineligible Firms and Individuals",
        tried_on=(
            "no official file was at hand: records set out in the fields that six other readers "
            "of the data name"
        ),
    ),
)

LISTS = (
    KnownList(
        place=188,
        code="wb_debarred",
        title="World Bank debarred firms and individuals",
        authority="World Bank",
        jurisdiction="WB",
        sources=("wb_debarred",),
        max_age_days=14,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
