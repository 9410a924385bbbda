import pytest

from service.model.errors import RowRefusedError
from service.parse.us_ofac.lists import check_sdn, list_of_name, non_sdn_lists

_DIRECTIVE_2 = "Listing Date (EO 14024 Directive 2): 24 Feb 2022"
_DIRECTIVE_3 = "Listing Date (EO 14024 Directive 3): 24 Feb 2022"
_BLOCKED = "Secondary sanctions risk: See Section 11 of Executive Order 14024."


@pytest.mark.parametrize(
    ("programmes", "printed", "lists"),
    [
        pytest.param(["NS-PLC"], "", ["plc"], id="9640 Palestinian Legislative Council"),
        pytest.param(["SDGT", "NS-PLC"], "", ["plc"], id="9659 blocked besides"),
        pytest.param(["561-Related"], "", ["capta"], id="15268 Bank of Kunlun"),
        pytest.param(["FSE-IR"], "", ["fse"], id="26182"),
        pytest.param(["SYRIA", "FSE-SY"], "", ["fse"], id="17526 of 2022"),
        pytest.param(["CMIC-EO13959"], "", ["cmic"], id="30924 China Unicom"),
        pytest.param(["UKRAINE-EO13662"], "", ["ssi"], id="18273"),
        pytest.param(["HKAA"], "", ["mbs"], id="29249 since 2026"),
        pytest.param(
            ["CAATSA - RUSSIA"], "CAATSA Section 235 Information: x", ["mbs"], id="27016"
        ),
        pytest.param(["RUSSIA-EO14024"], _DIRECTIVE_3, ["mbs"], id="34556 Rostelecom"),
        pytest.param(["RUSSIA-EO14024"], _DIRECTIVE_2, ["capta"], id="Directive 2 alone, 2022"),
        pytest.param(
            ["RUSSIA-EO14024"],
            "Listing Date (EO 14024 Directive 1a): 22 Feb 2022",
            ["mbs"],
            id="31693 National Wealth Fund",
        ),
        pytest.param(
            ["UKRAINE-EO13662", "RUSSIA-EO14024"], _DIRECTIVE_3, ["ssi", "mbs"], id="17014"
        ),
        pytest.param(
            ["UKRAINE-EO13662", "RUSSIA-EO14024"],
            f"{_DIRECTIVE_2}; {_BLOCKED}",
            ["ssi"],
            id="18669 of 2025: blocked, so no more on CAPTA",
        ),
        pytest.param(
            ["UKRAINE-EO13662", "RUSSIA-EO14024"], "", ["ssi"], id="17013 of 2022: blocked"
        ),
        pytest.param(
            ["UKRAINE-EO13662", "IRAN-CON-ARMS-EO", "RUSSIA-EO14024"],
            _BLOCKED,
            ["ssi"],
            id="18794",
        ),
        pytest.param(
            ["UKRAINE-EO13662", "RUSSIA-EO14024"],
            f"{_DIRECTIVE_3}; designated pursuant to section 11 of Executive Order 14024",
            ["ssi"],
            id="blocked, in the words of SDN 47649",
        ),
        pytest.param(
            ["BURMA-EO14014"],
            "Listing Date (EO 14014 Directive 1): 31 Oct 2023",
            ["mbs"],
            id="46072",
        ),
        pytest.param(
            ["ILLICIT-DRUGS-EO14059"],
            "Executive Order 14059 information: Prohibition",
            ["mbs"],
            id="50476",
        ),
    ],
)
def test_programmes_and_directives_tell_the_lists(
    programmes: list[str], printed: str, lists: list[str]
):
    found = non_sdn_lists("entry 1", programmes, printed)
    assert list(found) == [f"us_ofac_{each}" for each in lists]


@pytest.mark.parametrize(
    ("programmes", "reason"),
    [
        pytest.param(["CUBA"], "programme 'CUBA': no non-SDN list is known of it", id="SDN"),
        pytest.param(["NS-PLC", "NEW"], "programme 'NEW': no non-SDN list", id="unknown beside"),
        pytest.param(["RUSSIA-EO14024"], "nothing tells a non-SDN list", id="no directive"),
        pytest.param(["SDGT"], "nothing tells a non-SDN list", id="blocking alone"),
        pytest.param([], "nothing tells a non-SDN list", id="none"),
    ],
)
def test_a_programme_that_tells_no_list_refuses_the_entry(programmes: list[str], reason: str):
    with pytest.raises(RowRefusedError, match=f"^entry 1: .*{reason}"):
        non_sdn_lists("entry 1", programmes, "")


def test_an_entry_of_another_list_is_refused_in_the_sdn_list():
    check_sdn("entry 9659", ["SDGT", "NS-PLC"])
    with pytest.raises(RowRefusedError, match=r"^entry 1: programmes NS-PLC: an entry of the non"):
        check_sdn("entry 1", ["NS-PLC"])


def test_a_printed_list_is_known_or_refused():
    assert list_of_name("x", "CAPTA List") == "us_ofac_capta"
    assert list_of_name("x", "Consolidated List") is None
    with pytest.raises(RowRefusedError, match="unknown list 'Non-SDN New List'"):
        list_of_name("x", "Non-SDN New List")
