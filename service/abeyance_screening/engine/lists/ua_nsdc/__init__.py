"""Ukraine's State Register of Sanctions, as its programming interface gives it."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = "https://drs.nsdc.gov.ua/"

SOURCES = (
    ListSource(
        place=167,
        code="ua_nsdc",
        title="State Register of Sanctions",
        publisher="National Security and Defense Council of Ukraine",
        # https://api-drs.nsdc.gov.ua/v2/subjects answers only to a key that the Council gives.
        urls=(),
        home_url=_HOME,
        formats=("the subjects of the register, two JSON files: individuals and legal entities",),
        cadence="with each decree",
        every_hours=24,
        licence="Published by the Council; a key is given on request, no terms are stated",
        attribution="State Register of Sanctions, NSDC of Ukraine",
        tried_on=(
            "no official file was at hand: subjects set out in the fields that two other readers "
            "of the interface describe"
        ),
    ),
)

LISTS = (
    KnownList(
        place=247,
        code="ua_nsdc",
        title="Ukraine's State Register of Sanctions",
        authority="NSDC",
        jurisdiction="UA",
        sources=("ua_nsdc",),
        max_age_days=14,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
