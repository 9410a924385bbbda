from collections import defaultdict

import pytest

from abeyance_screening.engine.lists.us_ofac.parties import (
    SDN_ALONE,
    check_sdn,
    list_of_name,
    non_sdn_lists,
    source_of,
)
from abeyance_screening.primitives.errors import RowRefusedError
from tests.shipped_register import load

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
        pytest.param(
            ["PEESA"], "PEESA Information: Property Blocked, Except x", ["mbs"], id="31914 of 2021"
        ),
        pytest.param(
            ["UKRAINE-EO13662", "UKRAINE-EO13685"], "", ["ssi"], id="18667: blocked, on no other"
        ),
        pytest.param(["ZZZ-EO14999"], "", ["nonsdn"], id="a code nobody knows"),
        pytest.param(["ZZZ-EO14999", "SDGT"], "", ["nonsdn"], id="the same, blocked besides"),
        pytest.param(
            ["NS-PLC", "ZZZ-EO14999"], "", ["plc", "nonsdn"], id="perhaps on a further list"
        ),
        pytest.param(["CUBA"], "", ["nonsdn"], id="a code of the SDN List alone"),
        pytest.param(["RUSSIA-EO14024"], "", ["nonsdn"], id="a known code without its directive"),
        pytest.param(["PEESA"], "", ["nonsdn"], id="the same, of another act"),
        pytest.param([], "", ["nonsdn"], id="no code at all"),
    ],
)
def test_programmes_and_directives_tell_the_lists(
    programmes: list[str], printed: str, lists: list[str]
):
    found = non_sdn_lists(programmes, printed)
    assert list(found) == [f"us_ofac_{each}" for each in lists]


@pytest.mark.parametrize(
    ("entries", "source"),
    [
        pytest.param([["ZZZ"], ["NS-PLC"], ["CMIC-EO13959"]], "us_ofac_cons", id="new code first"),
        pytest.param([["ZZZ"], ["CUBA"], ["SDGT", "NS-PLC"], ["IRAN"]], "us_ofac_sdn", id="SDN"),
        pytest.param(
            [["UKRAINE-EO13662"], ["CUBA"], ["CUBA"]], "us_ofac_sdn", id="sectoral first"
        ),
        pytest.param([["CUBA"], ["NS-PLC"]], None, id="as many of each"),
        pytest.param([["ZZZ"], []], None, id="nothing known"),
    ],
)
def test_most_of_the_entries_tell_whose_file_it_is(entries: list[list[str]], source: str | None):
    assert source_of(entries) == source


def test_the_codes_of_the_sdn_list_alone_are_those_of_the_register():
    codes = defaultdict[str, set[str]](set)
    for measure in load().measures:
        for attachment in measure.attaches:
            codes[attachment.list_code].update(attachment.programmes)
    of_both = {"BURMA-EO14014", "CAATSA - RUSSIA", "FSE-SY", "ILLICIT-DRUGS-EO14059", "NS-PLC"}
    of_both |= {"PEESA", "RUSSIA-EO14024", "UKRAINE-EO13662"}
    assert codes["us_ofac_sdn"] - of_both == SDN_ALONE


def test_an_entry_of_another_list_is_refused_in_the_sdn_list():
    check_sdn("entry 9659", ["SDGT", "NS-PLC"])
    with pytest.raises(RowRefusedError, match=r"^entry 1: programmes NS-PLC: an entry of the non"):
        check_sdn("entry 1", ["NS-PLC"])


def test_a_printed_list_is_known_or_refused():
    assert list_of_name("x", "CAPTA List") == "us_ofac_capta"
    assert list_of_name("x", "Consolidated List") is None
    with pytest.raises(RowRefusedError, match="unknown name of a list 'Non-SDN New List'"):
        list_of_name("x", "Non-SDN New List")
