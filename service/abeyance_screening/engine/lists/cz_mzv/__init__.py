"""The Czech national sanctions list, a CSV file."""

from abeyance_screening.engine.lists.catalogue_types import FileLink, KnownList, ListSource

_HOME = (
    "https://mzv.gov.cz/jnp/cz/zahranicni_vztahy/sankcni_politika/sankcni_seznam_cr"
    "/vnitrostatni_sankcni_seznam.html"
)
_DATA = "https://mzv.gov.cz/jnp/cz/o_ministerstvu/otevrena_data/index_5.html"
# `Vnitrostatni_sankcni_seznam_2026_07_23.csv`
_BY_DAY = r"(?i)sankcni_seznam[^/]*_(?P<year>\d{4})_(?P<month>\d{2})_(?P<day>\d{2})\.csv"

SOURCES = (
    ListSource(
        place=126,
        code="cz_mzv",
        title="Vnitrostátní sankční seznam",
        publisher="Ministry of Foreign Affairs of the Czech Republic",
        urls=(),
        links=(FileLink(page=_DATA, hosts=("mzv.gov.cz",), address=_BY_DAY),),
        home_url=_HOME,
        marks=("sankční seznam", "Stav zápisu", "Uplatňovaná omezující opatření"),
        formats=("Vnitrostatni_sankcni_seznam….csv",),
        cadence="with each resolution of the government, a few times a year",
        every_hours=24,
        licence="Published as open data by the ministry; no terms of its own are stated",
        attribution="Ministry of Foreign Affairs of the Czech Republic",
        tried_on=(
            "no official file was at hand: rows set out in the columns and the words that another "
            "reader of the file names; the patriarch's entry is of public record"
        ),
    ),
)

LISTS = (
    KnownList(
        place=206,
        code="cz_mzv",
        title="Czech national sanctions list",
        authority="Czech Foreign Ministry",
        jurisdiction="CZ",
        sources=("cz_mzv",),
        max_age_days=30,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
