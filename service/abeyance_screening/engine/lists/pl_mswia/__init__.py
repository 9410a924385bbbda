"""The Polish sanctions list of the Minister of the Interior, an HTML page."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

_HOME = "https://www.gov.pl/web/mswia/lista-osob-i-podmiotow-objetych-sankcjami"

SOURCES = (
    ListSource(
        place=128,
        code="pl_mswia",
        title="Lista osób i podmiotów objętych sankcjami",
        publisher="Ministry of the Interior and Administration of Poland",
        urls=(_HOME,),
        home_url=_HOME,
        formats=("the page Lista osób i podmiotów objętych sankcjami, as HTML",),
        cadence="with each decision of the minister",
        every_hours=12,
        licence="Public information of the Polish state; no terms of its own are stated",
        attribution="Ministerstwo Spraw Wewnętrznych i Administracji",
        tried_on=(
            "no official page was at hand: rows set out under the headings and in the words that "
            "another reader of the page names; the names of the parties are of public record"
        ),
    ),
)

LISTS = (
    KnownList(
        place=208,
        code="pl_mswia",
        title="Polish sanctions list",
        authority="MSWiA",
        jurisdiction="PL",
        sources=("pl_mswia",),
        max_age_days=14,
        home_url=_HOME,
        only_if_loaded=True,
    ),
)
