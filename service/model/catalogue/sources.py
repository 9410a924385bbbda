"""The publications that lists are read from."""

from service.model.catalogue.kinds import Source
from service.model.catalogue.us_sources import US_SOURCES

_OGL_UK = "Open Government Licence v3.0"

SOURCES: tuple[Source, ...] = (
    *US_SOURCES,
    Source(
        code="un_sc",
        title="United Nations Security Council Consolidated List",
        publisher="United Nations Security Council",
        urls=("https://scsanctions.un.org/resources/xml/en/consolidated.xml",),
        home_url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
        formats=("consolidated.xml",),
        cadence="when a committee changes it",
        every_hours=6,
        licence="United Nations, published for implementation by all states",
        attribution="United Nations Security Council",
        tried_on="official files of 2020, 2023, 2025 and 2026, the newest of 2026-08-01",
    ),
    Source(
        code="eu_fsf",
        title="EU Consolidated Financial Sanctions List",
        publisher="European Commission, FISMA",
        urls=(
            "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
        ),
        home_url="https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions",
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
    Source(
        code="uk_sl",
        title="UK Sanctions List",
        publisher="UK Foreign, Commonwealth and Development Office",
        urls=("https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv",),
        home_url="https://www.gov.uk/government/publications/the-uk-sanctions-list",
        formats=(
            "UK-Sanctions-List.csv",
            "UK-Sanctions-List.xml",
        ),
        cadence="with each change",
        every_hours=6,
        licence=_OGL_UK,
        attribution=f"Contains public sector information licensed under the {_OGL_UK}",
        tried_on=(
            "re-made in the official layout from real entries of April 2026; no official file"
        ),
    ),
    Source(
        code="uk_ofsi",
        title="OFSI Consolidated List of Asset Freeze Targets",
        publisher="HM Treasury, OFSI",
        urls=(),
        home_url="https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets",
        formats=(
            "ConList.csv",
            "ConList.xlsx",
        ),
        cadence="closed on 28 January 2026",
        every_hours=24,
        licence=_OGL_UK,
        attribution=f"Contains public sector information licensed under the {_OGL_UK}",
        tried_on="official files of 2020 (CSV) and 2022 (XLSX), a sample of the 2022 CSV",
    ),
    Source(
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
    Source(
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
    Source(
        code="au_dfat",
        title="Australian Sanctions Consolidated List",
        publisher="Australian Department of Foreign Affairs and Trade",
        urls=(
            "https://www.dfat.gov.au/sites/default/files/Australian_Sanctions_Consolidated_List.xlsx",
        ),
        home_url="https://www.dfat.gov.au/international-relations/security/sanctions/consolidated-list",
        formats=(
            "Australian_Sanctions_Consolidated_List.xlsx",
            "regulation8_consolidated.xls (refused)",
        ),
        cadence="with each instrument",
        every_hours=12,
        licence="Creative Commons Attribution 4.0",
        attribution="Australian Department of Foreign Affairs and Trade, CC BY 4.0",
        tried_on="official workbook of February 2026",
    ),
    Source(
        code="jp_meti_eul",
        title="Foreign End User List",
        publisher="Japan, METI",
        urls=(),
        home_url="https://www.meti.go.jp/policy/anpo/law05.html",
        formats=(
            "the list as a workbook (20250929_4.xlsx)",
            "the table of that workbook as CSV in UTF-8",
        ),
        cadence="once a year",
        every_hours=24,
        licence="Public Data License 1.0 (compatible with CC BY 4.0)",
        attribution="Ministry of Economy, Trade and Industry of Japan",
        tried_on="official workbook of 2025-09-29, whole, and the same table as CSV",
    ),
    Source(
        code="jp_meti_ru",
        title="Export bans: named parties in Russia, Belarus and third countries",
        publisher="Japan, MOFA and METI",
        urls=(),
        home_url="https://www.meti.go.jp/policy/external_economy/trade_control/02_export/17_russia/russia.html",
        formats=(
            "list_russia_tokutei.pdf, list_belarus_tokutei.pdf and list_daisangoku_tokutei.pdf",
        ),
        cadence="with each cabinet decision",
        every_hours=24,
        licence="Public Data License 1.0 (compatible with CC BY 4.0)",
        attribution="Ministries of Foreign Affairs and of Economy, Trade and Industry of Japan",
        tried_on=(
            "the three official PDF files of 2025-09-12, whole, and their text as another "
            "publisher keeps it"
        ),
    ),
    Source(
        code="cn_announcements",
        title="Chinese announcements that name parties",
        publisher="China, MOFCOM and MFA",
        urls=(),
        home_url="https://aqygzj.mofcom.gov.cn/flzc/gzjgfxwj/index.html",
        formats=(
            "announcements gathered as JSON",
            "official announcements, each as its page or as text",
        ),
        cadence="with each announcement",
        every_hours=24,
        licence="Texts of an official nature, outside copyright (PRC Copyright Law, article 5)",
        attribution="Ministry of Commerce and Ministry of Foreign Affairs of China",
        tried_on=(
            "52 announcements gathered by hand; 24 official texts of 2023 to 2026, two of them in "
            "100 layouts of a page; one page and one order re-made"
        ),
    ),
)
