"""The Consolidated Canadian Autonomous Sanctions List, in its XML format."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource

SOURCES = (
    ListSource(
        place=150,
        code="ca_sema",
        title="Consolidated Canadian Autonomous Sanctions List",
        publisher="Global Affairs Canada",
        urls=(
            "https://www.international.gc.ca/world-monde/assets/office_docs/international_relations-relations_internationales/sanctions/sema-lmes.xml",
        ),
        home_url="https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx",
        formats=("sema-lmes.xml",),
        cadence="with each regulation",
        every_hours=12,
        licence="Open Government Licence - Canada",
        attribution="Contains information licensed under the Open Government Licence - Canada",
        tried_on=(
            "the whole official file of May 2022; the layouts of 2023 and August 2026 "
            "from single records"
        ),
    ),
)

LISTS = (
    KnownList(
        place=230,
        code="ca_sema",
        title="Canadian Autonomous Sanctions List",
        authority="Global Affairs Canada",
        jurisdiction="CA",
        sources=("ca_sema",),
        max_age_days=7,
        home_url="https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx",
        canaries=("Bank Rossiya", "Sberbank", "Gazprombank"),
    ),
)
