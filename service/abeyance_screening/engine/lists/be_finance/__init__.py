"""The Belgian consolidated list of financial sanctions, a CSV file."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = "https://finance.belgium.be/en/treasury/financial-sanctions"

SOURCES = (
    ListSource(
        place=124,
        code="be_finance",
        title="Belgian consolidated list of financial sanctions",
        publisher="Federal Public Service Finance, Treasury",
        urls=("https://sifi.minfin.fgov.be/public/api/consolidated-list",),
        home_url=_HOME,
        marks=("Wholename", "Embargos"),
        formats=("consolidated list, CSV",),
        cadence="with each change of a Belgian or an EU list",
        every_hours=12,
        licence="Published by the Treasury for implementation; no terms are stated",
        attribution="Federal Public Service Finance, Belgium",
        tried_on=(
            "no official file was at hand: rows set out in the columns that three other readers "
            "of the file name"
        ),
    ),
)

LISTS = (
    KnownList(
        place=204,
        code="be_finance",
        title="Belgian list of financial sanctions",
        authority="FPS Finance",
        jurisdiction="BE",
        sources=("be_finance",),
        max_age_days=7,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
