"""The consolidated list of sanctions targets of Switzerland, in its XML format."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

SOURCES = (
    ListSource(
        place=140,
        code="ch_seco",
        title="Swiss Consolidated List of Sanctions Targets",
        publisher="State Secretariat for Economic Affairs (SECO)",
        urls=(
            "https://www.sesam.search.admin.ch/sesam-search-web/pages/downloadXmlGesamtliste.xhtml?lang=en&action=downloadXmlGesamtlisteAction",
        ),
        home_url="https://www.seco.admin.ch/seco/en/home/Aussenwirtschaftspolitik_Wirtschaftliche_Zusammenarbeit/Wirtschaftsbeziehungen/exportkontrollen-und-sanktionen/sanktionen-embargos.html",
        formats=("swiss-sanctions-list.xml, the whole list",),
        cadence="with each ordinance",
        every_hours=6,
        licence="Swiss open government data, use with naming the source",
        attribution="State Secretariat for Economic Affairs (SECO)",
        tried_on=(
            "three real targets of the whole list of 27 August 2026; the rest of the "
            "format from documentation"
        ),
    ),
)

LISTS = (
    KnownList(
        place=220,
        code="ch_seco",
        title="Swiss Sanctions List",
        authority="SECO",
        jurisdiction="CH",
        sources=("ch_seco",),
        max_age_days=7,
        home_url="https://www.seco.admin.ch/sanctions",
        canaries=("Belagroprombank",),
    ),
)
