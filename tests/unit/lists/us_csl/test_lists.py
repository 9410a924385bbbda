import pytest

from abeyance_screening.engine.lists.catalogue import lists_of
from abeyance_screening.engine.lists.us_csl.reader import list_code_of
from abeyance_screening.primitives.errors import RowRefusedError


@pytest.mark.parametrize(
    ("source", "list_code"),
    [
        ("Denied Persons List (DPL) - Bureau of Industry and Security", "us_bis_dpl"),
        ("Entity List (EL) - Bureau of Industry and Security", "us_bis_el"),
        ("Military End User (MEU) List - Bureau of Industry and Security", "us_bis_meu"),
        ("Unverified List (UVL) - Bureau of Industry and Security", "us_bis_uvl"),
        ("Specially Designated Nationals (SDN) - Treasury Department", "us_ofac_sdn"),
        ("Sectoral Sanctions Identifications List (SSI) - Treasury Department", "us_ofac_ssi"),
        ("Palestinian Legislative Council List (PLC) - Treasury Department", "us_ofac_plc"),
        (
            "Non-SDN Chinese Military-Industrial Complex Companies List (CMIC) - Treasury",
            "us_ofac_cmic",
        ),
        (
            "Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department",
            "us_ofac_mbs",
        ),
        ("Capta List (CAP) - Treasury Department", "us_ofac_capta"),
        ("Foreign Sanctions Evaders (FSE) - Treasury Department", "us_ofac_fse"),
        ("ITAR Debarred (DTC) - State Department", "us_ddtc"),
        ("Nonproliferation Sanctions (ISN) - State Department", "us_state_isn"),
    ],
)
def test_every_printed_source_is_a_list_of_ours(source: str, list_code: str):
    assert list_code_of("line 2", source) == list_code
    assert list_code in lists_of("us_csl"), "a list nobody knows of would be dropped unseen"


@pytest.mark.parametrize(
    "source", ["", "Entity List", "Entity List (XEL)", "Entity List (EL", "(el)", "(NEW) (EL)"]
)
def test_an_unknown_source_is_refused_with_its_name(source: str):
    with pytest.raises(RowRefusedError, match=r"^line 2: unknown list in 'source'"):
        list_code_of("line 2", source)
