"""The lists of US authorities."""

from service.model.catalogue.kinds import KnownList

_BIS = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"
_OFAC = "https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists"
_STATE_ISN = (
    "https://www.state.gov/key-topics-bureau-of-international-security-and-nonproliferation/"
    "nonproliferation-sanctions/"
)
# A PDF file of this list without one of its inner pages looks whole. Those of January 2025 hold 30
# to 34 of 134 companies each, 22 to 25 %; that edition itself took six companies off.
_LARGEST_LOSS_OF_1260H = 0.2

US_LISTS: tuple[KnownList, ...] = (
    KnownList(
        code="us_bis_dpl",
        title="Denied Persons List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_bis_dpl", "us_csl"),
        max_age_days=3,
        home_url=_BIS,
    ),
    KnownList(
        code="us_bis_el",
        title="Entity List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_bis_el", "us_csl"),
        max_age_days=3,
        home_url=_BIS,
    ),
    KnownList(
        code="us_bis_meu",
        title="Military End User List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url=_BIS,
    ),
    KnownList(
        code="us_bis_uvl",
        title="Unverified List",
        authority="BIS",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url=_BIS,
    ),
    KnownList(
        code="us_ddtc",
        title="AECA Debarred List",
        authority="State Department, DDTC",
        jurisdiction="US",
        sources=("us_ddtc", "us_csl"),
        max_age_days=3,
        home_url="https://www.pmddtc.state.gov/ddtc_public/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0",
    ),
    KnownList(
        code="us_ofac_capta",
        title="CAPTA List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("BANK OF KUNLUN CO LTD",),
    ),
    KnownList(
        code="us_ofac_cmic",
        title="Non-SDN Chinese Military-Industrial Complex Companies List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("CHINA MOBILE LIMITED",),
    ),
    KnownList(
        code="us_ofac_fse",
        title="Foreign Sanctions Evaders List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        # Three entries in April 2022, one in January 2025, none since.
        may_be_empty=True,
    ),
    KnownList(
        code="us_ofac_mbs",
        title="Non-SDN Menu-Based Sanctions List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("CENTRAL BANK OF THE RUSSIAN FEDERATION",),
    ),
    KnownList(
        code="us_ofac_nonsdn",
        title="OFAC non-SDN lists, entries of which the list is not known",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons",),
        max_age_days=3,
        home_url=_OFAC,
        # OFAC's files of 2020 to 2025 have no such entry; one comes with a new programme code.
        may_be_empty=True,
        only_if_loaded=True,
        asked_with=(
            *("us_ofac_capta", "us_ofac_cmic", "us_ofac_fse"),
            *("us_ofac_mbs", "us_ofac_plc", "us_ofac_ssi"),
        ),
    ),
    KnownList(
        code="us_ofac_plc",
        title="Palestinian Legislative Council List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
    ),
    KnownList(
        code="us_ofac_sdn",
        title="Specially Designated Nationals List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_sdn", "us_csl"),
        max_age_days=3,
        home_url="https://ofac.treasury.gov/specially-designated-nationals-and-blocked-persons-list-sdn-human-readable-lists",
        canaries=(
            "HIZBALLAH",
            "BANK SEPAH",
            "MAHAN AIR",
        ),
    ),
    KnownList(
        code="us_ofac_ssi",
        title="Sectoral Sanctions Identifications List",
        authority="OFAC",
        jurisdiction="US",
        sources=("us_ofac_cons", "us_csl"),
        max_age_days=3,
        home_url=_OFAC,
        canaries=("OAO NOVATEK",),
    ),
    KnownList(
        code="us_state_isn",
        title="Nonproliferation Sanctions",
        authority="State Department, ISN",
        jurisdiction="US",
        sources=("us_csl",),
        max_age_days=3,
        home_url=_STATE_ISN,
    ),
    KnownList(
        code="us_uflpa",
        title="UFLPA Entity List",
        authority="Homeland Security, FLETF",
        jurisdiction="US",
        sources=("us_uflpa",),
        max_age_days=7,
        home_url="https://www.dhs.gov/uflpa-entity-list",
        canaries=(
            "Camel Group Co., Ltd.",
            "Ninestar Corporation",
        ),
    ),
    KnownList(
        code="us_fcc",
        title="FCC Covered List",
        authority="FCC",
        jurisdiction="US",
        sources=("us_fcc",),
        max_age_days=7,
        home_url="https://www.fcc.gov/supplychain/coveredlist",
        canaries=(
            "Huawei Technologies Company",
            "ZTE Corporation",
        ),
    ),
    KnownList(
        code="us_dod_1260h",
        title="Chinese Military Companies (section 1260H)",
        authority="Department of Defense",
        jurisdiction="US",
        sources=("us_dod_1260h",),
        max_age_days=400,
        home_url="https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=1260H",
        only_if_loaded=True,
        largest_loss=_LARGEST_LOSS_OF_1260H,
        canaries=("Aviation Industry Corporation of China Ltd.",),
    ),
)
