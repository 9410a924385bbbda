"""The consolidated list of financial sanctions of the European Union, as XML 1.1 and as CSV."""

from abeyance_screening.engine.lists.catalogue_types import KnownList, ListSource, Offer

_FILES = "https://webgate.ec.europa.eu/fsd/fsf/public/files"
_CONTENT = "content?token=dG9rZW4tMjAxNw"

SOURCES = (
    ListSource(
        place=110,
        code="eu_fsf",
        title="EU Consolidated Financial Sanctions List",
        publisher="European Commission, FISMA",
        urls=(f"{_FILES}/xmlFullSanctionsList_1_1/{_CONTENT}",),
        fallbacks=(
            Offer(
                files=(f"{_FILES}/csvFullSanctionsList_1_1/{_CONTENT}",),
                what="csvFullSanctionsList_1_1.csv",
            ),
        ),
        home_url="https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions",
        marks=("Entity_LogicalId", "Entity_logical_id"),
        formats=(
            "xmlFullSanctionsList_1_1.xml",
            "csvFullSanctionsList_1_1.csv or csvFullSanctionsList.csv",
        ),
        cadence="with each regulation",
        every_hours=6,
        licence="European Commission reuse decision 2011/833/EU (CC BY 4.0)",
        attribution="European Union, Financial Sanctions Files",
        tried_on=(
            "an official sample of 2020 and the first 1,044 entries of the file of 18 "
            "March 2022 (cut); 93 entries of csvFullSanctionsList.csv of 2018; "
            "csvFullSanctionsList_1_1.csv only re-made from the XML; no whole file"
        ),
    ),
)

LISTS = (
    KnownList(
        place=190,
        code="eu_fsf",
        title="EU Consolidated Financial Sanctions List",
        authority="European Union",
        jurisdiction="EU",
        sources=("eu_fsf",),
        max_age_days=7,
        home_url="https://www.sanctionsmap.eu/",
        canaries=(
            "Islamic Movement of Uzbekistan",
            "Al-Qaida",
            "Korea Mining Development Trading Corporation",
        ),
    ),
)
