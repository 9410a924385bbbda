"""The parties that measures name and no published list carries: the register's own list."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_CODE = "named_in_measures"
_TITLE = "Parties named by measures, on no published list"
_REGISTER = "the register of measures that comes with the program"

SOURCES = (
    ListSource(
        place=195,
        code=_CODE,
        title=_TITLE,
        publisher=_REGISTER,
        urls=(),
        home_url="https://www.federalregister.gov/documents/search",
        formats=("parties gathered as JSON",),
        cadence="with the register of measures",
        every_hours=24,
        licence="Facts gathered by hand; each party names its source",
        attribution="each party names its source",
        tried_on="the file that comes with the program",
    ),
)

LISTS = (
    KnownList(
        place=310,
        code=_CODE,
        title=_TITLE,
        authority=_REGISTER,
        jurisdiction="several",
        sources=(_CODE,),
        max_age_days=90,
        home_url="https://www.federalregister.gov/documents/search",
        canaries=("Nexperia B.V.",),
        of_register=True,
    ),
)
