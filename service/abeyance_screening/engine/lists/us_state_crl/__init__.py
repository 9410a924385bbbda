"""The Cuba Restricted List of the US State Department, an HTML page."""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource

_HOME = (
    "https://www.state.gov/division-for-counter-threat-finance-and-sanctions/cuba-restricted-list"
)

SOURCES = (
    ListSource(
        place=95,
        code="us_state_crl",
        title="Cuba Restricted List",
        publisher="US State Department",
        urls=(_HOME,),
        home_url=_HOME,
        marks=("entities and subentities associated with Cuba",),
        formats=("the page Cuba Restricted List, as HTML",),
        cadence="with each notice, once or twice a year",
        every_hours=24,
        licence=US_WORK,
        attribution="US Department of State",
        tried_on=(
            "official page of 2025-02-06 and of 2025-07-14 in five states, whole, as copies of "
            "other people; the excerpt in the tests is re-made from real entries"
        ),
    ),
)

LISTS = (
    KnownList(
        place=145,
        code="us_state_crl",
        title="Cuba Restricted List",
        authority="State Department",
        jurisdiction="US",
        sources=("us_state_crl",),
        max_age_days=30,
        home_url=_HOME,
        # The department's server turns many data centres away.
        only_if_loaded=True,
        canaries=("Ministerio del Interior", "Corporación CIMEX S.A."),
    ),
)
