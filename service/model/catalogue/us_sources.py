"""The publications of US authorities."""

from service.model.catalogue.kinds import Source

_US_WORK = "Work of the US government, public domain"
_OFAC_EXPORTS = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
_OFAC_HOME = "https://ofac.treasury.gov/sanctions-list-service"
_CSL = "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json"

US_SOURCES: tuple[Source, ...] = (
    Source(
        code="us_csl",
        title="US Consolidated Screening List",
        publisher="US International Trade Administration",
        urls=(_CSL,),
        home_url="https://www.trade.gov/consolidated-screening-list",
        formats=("consolidated.json", "consolidated.csv"),
        cadence="daily, 5 a.m. US Eastern time",
        every_hours=6,
        licence=_US_WORK,
        attribution="US International Trade Administration, Consolidated Screening List",
        tried_on="official CSV of 2022 and 2023; JSON re-expanded from an export of 2026-07-31",
    ),
    Source(
        code="us_ofac_sdn",
        title="OFAC Specially Designated Nationals List",
        publisher="US Treasury, OFAC",
        urls=(f"{_OFAC_EXPORTS}/SDN_ENHANCED.ZIP",),
        home_url=_OFAC_HOME,
        formats=(
            "SDN_ENHANCED.XML",
            "SDN.XML",
            "SDN.CSV alone, which lacks most aliases",
            "SDN.CSV with ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV",
            "delta file (SDN List)",
            "SDN_ADVANCED.XML",
        ),
        cadence="several times a week",
        every_hours=3,
        licence=_US_WORK,
        attribution="US Treasury, Office of Foreign Assets Control",
        tried_on=(
            "official CSV files of 2021 and 2024 and three delta files of 2025, all "
            "whole; SDN.XML, SDN_ENHANCED.XML and SDN_ADVANCED.XML only re-made from real entries"
        ),
    ),
    Source(
        code="us_ofac_cons",
        title="OFAC Consolidated (non-SDN) Lists",
        publisher="US Treasury, OFAC",
        urls=(f"{_OFAC_EXPORTS}/CONS_ENHANCED.ZIP",),
        home_url=_OFAC_HOME,
        formats=(
            "CONS_ENHANCED.XML",
            "CONSOLIDATED.XML",
            "CONS_PRIM.CSV with CONS_ALT.CSV, CONS_ADD.CSV and CONS_COMMENTS.CSV",
            "delta file (non-SDN lists)",
            "CONS_ADVANCED.XML",
        ),
        cadence="when one of its lists changes",
        every_hours=3,
        licence=_US_WORK,
        attribution="US Treasury, Office of Foreign Assets Control",
        tried_on=(
            "official CONS_ENHANCED.XML of 2025-01-10 and April 2025, CONSOLIDATED.XML of 2020, "
            "2021 and 2022 and CSV files of December 2025, all whole, each with a new code too; "
            "CONS_ADVANCED.XML only re-made from the 443 entities of CONS_ENHANCED.XML of "
            "2025-03-28"
        ),
    ),
    Source(
        code="us_bis_dpl",
        title="BIS Denied Persons List",
        publisher="US Commerce, BIS",
        urls=(),
        home_url="https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl",
        formats=(
            "dpl.csv, with name and address in one column",
            "dpl.txt, parted by tabs",
        ),
        cadence="with each denial order",
        every_hours=24,
        licence=_US_WORK,
        attribution="US Bureau of Industry and Security",
        tried_on=(
            "official csv of 2026-04-14 and the retired dpl.txt of about August 2022, both whole"
        ),
    ),
    Source(
        code="us_bis_el",
        title="BIS Entity List, 15 CFR 744 Supplement No. 4",
        publisher="US Government Publishing Office, eCFR",
        urls=("https://www.govinfo.gov/bulkdata/ECFR/title-15/ECFR-title15.xml",),
        home_url="https://www.ecfr.gov/current/title-15/part-744/appendix-Supplement%20No.%204%20to%20Part%20744",
        formats=("title 15 of the eCFR, or an extract with Supplement No. 4 to Part 744, as XML",),
        cadence="with each rule",
        every_hours=12,
        licence=_US_WORK,
        attribution="Electronic Code of Federal Regulations",
        tried_on=(
            "re-made from real entries of April 2022 in the eCFR's documented XML; "
            "no official file"
        ),
    ),
    Source(
        code="us_ddtc",
        title="AECA Debarred Parties, statutory and administrative",
        publisher="US State Department, DDTC",
        urls=(),
        home_url="https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0",
        formats=(
            "the statutory and the administrative debarments, two XLSX workbooks",
            "the statutory and the administrative debarments, two csv files",
        ),
        cadence="with each notice",
        every_hours=24,
        licence=_US_WORK,
        attribution="US Directorate of Defense Trade Controls",
        tried_on=(
            "both official lists of 2026-06-18 as csv files, whole; the workbooks only re-made "
            "from those rows"
        ),
    ),
    Source(
        code="us_uflpa",
        title="UFLPA Entity List",
        publisher="US Homeland Security, FLETF",
        urls=("https://www.dhs.gov/uflpa-entity-list",),
        home_url="https://www.dhs.gov/uflpa-entity-list",
        formats=("the page UFLPA Entity List, as HTML",),
        cadence="with each notice",
        every_hours=24,
        licence=_US_WORK,
        attribution="US Department of Homeland Security",
        tried_on="official page of 2026-06-21 and 2026-07-24, whole",
    ),
    Source(
        code="us_fcc",
        title="FCC Covered List",
        publisher="US Federal Communications Commission",
        urls=("https://www.fcc.gov/supplychain/coveredlist",),
        home_url="https://www.fcc.gov/supplychain/coveredlist",
        formats=("the page Covered List, as HTML",),
        cadence="with each public notice",
        every_hours=24,
        licence=_US_WORK,
        attribution="US Federal Communications Commission",
        tried_on="official page of 2026-07-24, whole",
    ),
    Source(
        code="us_dod_1260h",
        title="Chinese Military Companies, section 1260H",
        publisher="US Department of Defense",
        urls=(),
        home_url="https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H",
        formats=("the section 1260H list as PDF, or the text of its Federal Register notice",),
        cadence="once a year",
        every_hours=24,
        licence=_US_WORK,
        attribution="US Department of Defense",
        tried_on=(
            "official PDF of January 2025, whole; a notice of January 2025 and a list of June "
            "2026 re-made from real entries"
        ),
    ),
)
