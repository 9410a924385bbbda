"""The lists that the US Consolidated Screening List is made of."""

import re

from service.model.errors import RowRefusedError

# By the code in brackets in a row's `source`. Some codes have changed over the years: the
# menu-based list is printed `NS-MBS List`, State's bureau for non-proliferation ISN or ACN.
_LIST_CODES = {
    "DPL": "us_bis_dpl",
    "EL": "us_bis_el",
    "MEU": "us_bis_meu",
    "UVL": "us_bis_uvl",
    "SDN": "us_ofac_sdn",
    "SSI": "us_ofac_ssi",
    "PLC": "us_ofac_plc",
    "NS-PLC": "us_ofac_plc",
    "CMIC": "us_ofac_cmic",
    "NS-CMIC": "us_ofac_cmic",
    "MBS": "us_ofac_mbs",
    "NS-MBS": "us_ofac_mbs",
    "CAP": "us_ofac_capta",
    "CAPTA": "us_ofac_capta",
    "FSE": "us_ofac_fse",
    "DTC": "us_ddtc",
    "ISN": "us_state_isn",
    "ACN": "us_state_isn",
}
_BRACKET = re.compile(r"\(([A-Z-]+)(?: List)?\)")


def list_code_of(where: str, source: str) -> str:
    """Our code of the list a row comes from.

    Raises:
        RowRefusedError: the row names a list we do not know.
    """
    match = _BRACKET.search(source)
    code = None if match is None else _LIST_CODES.get(match[1])
    if code is None:
        raise RowRefusedError(where, f"source: unknown list {source!r}")
    return code
