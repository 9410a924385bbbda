"""The list codes a measure may attach to."""

LIST_CODES = frozenset(
    {
        "au_dfat",
        "ca_sema",
        "ch_seco",
        "cn_afsl",
        "cn_ecl",
        "cn_uel",
        "cn_wl",
        "eu_fsf",
        "jp_meti_eul",
        "jp_meti_ru",
        "uk_ofsi",
        "uk_sl",
        "un_sc",
        "us_bis_dpl",
        "us_bis_el",
        "us_bis_meu",
        "us_bis_mieu",
        "us_bis_uvl",
        "us_ddtc",
        "us_dod_1260h",
        "us_fcc",
        "us_ofac_capta",
        "us_ofac_cmic",
        "us_ofac_fse",
        "us_ofac_mbs",
        "us_ofac_nonsdn",
        "us_ofac_plc",
        "us_ofac_sdn",
        "us_ofac_ssi",
        "us_state_isn",
        "us_uflpa",
    }
)
"""Every public list we know. Any other code is a list of the user's own."""
