"""The US Consolidated Screening List, with all lists in it, in both of trade.gov's formats."""

from abeyance_screening.engine.lists.catalogue_types import US_WORK, KnownList, ListSource, Offer

_BIS = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"
_STATE_ISN = (
    "https://www.state.gov/key-topics-bureau-of-international-security-and-nonproliferation/"
    "nonproliferation-sanctions/"
)
_CSL = "https://data.trade.gov/downloadable_consolidated_screening_list/v1"

SOURCES = (
    ListSource(
        place=10,
        code="us_csl",
        title="US Consolidated Screening List",
        publisher="US International Trade Administration",
        urls=(f"{_CSL}/consolidated.json",),
        fallbacks=(Offer(files=(f"{_CSL}/consolidated.csv",), what="consolidated.csv"),),
        home_url="https://www.trade.gov/consolidated-screening-list",
        marks=("entity_number",),
        formats=("consolidated.json", "consolidated.csv"),
        cadence="daily, 5 a.m. US Eastern time",
        every_hours=6,
        licence=US_WORK,
        attribution="US International Trade Administration, Consolidated Screening List",
        tried_on="official CSV of 2022 and 2023; JSON re-expanded from an export of 2026-07-31",
    ),
)

LISTS = (
    KnownList(
        place=30,
        code="us_bis_meu",
        title="Military End User List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url=_BIS,
    ),
    KnownList(
        place=40,
        code="us_bis_uvl",
        title="Unverified List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url=_BIS,
    ),
    KnownList(
        place=135,
        code="us_csl_other",
        title="Consolidated Screening List, entries on lists that are not known",
        authority="US Government",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url="https://www.trade.gov/consolidated-screening-list",
        # No file has such an entry; a list that the US adds to the export would make some.
        may_be_empty=True,
        only_if_loaded=True,
    ),
    KnownList(
        place=140,
        code="us_state_isn",
        title="Nonproliferation Sanctions",
        authority="State Department, ISN",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url=_STATE_ISN,
    ),
)
