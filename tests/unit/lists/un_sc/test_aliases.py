import pytest

from abeyance_screening.primitives.errors import RowRefusedError
from tests.unit.lists.un_sc.party_files import read_entity, values


def alias(name: str, quality: str = "Good", note: str = "") -> str:
    inside = f"<QUALITY>{quality}</QUALITY><ALIAS_NAME>{name}</ALIAS_NAME><NOTE>{note}</NOTE>"
    return f"<ENTITY_ALIAS>{inside}</ENTITY_ALIAS>"


@pytest.mark.parametrize(
    ("printed", "names", "notes"),
    [
        pytest.param(
            "Ezatullah Haqqani (previously listed as)",
            [("Ezatullah Haqqani", "former")],
            ["Ezatullah Haqqani: previously listed as"],
            id="TAi.064",
        ),
        pytest.param(
            ") Abdelrahman Mouhamad Zafir al Dabissi Juhan",
            [("Abdelrahman Mouhamad Zafir al Dabissi Juhan", "alias")],
            [],
            id="QDi.327: a bracket before the name",
        ),
        pytest.param(
            "Mohammad Sabet b) M. Javad Kareemi Sabet",
            [("Mohammad Sabet", "alias"), ("M. Javad Kareemi Sabet", "alias")],
            [],
            id="IRi.034: two names",
        ),
        pytest.param(
            "a) A. Sabet b) B. Sabet; C. Sabet",
            [("A. Sabet", "alias"), ("B. Sabet", "alias"), ("C. Sabet", "alias")],
            [],
            id="all of them lettered",
        ),
        pytest.param(
            "Safia Farkash Al-Hadad, born 1 Jan. 1953 (Oman passport no.03825239, expiry 2024.)",
            [("Safia Farkash Al-Hadad", "alias")],
            ["Safia Farkash Al-Hadad: born 1 Jan. 1953 (Oman passport no.03825239, expiry 2024.)"],
            id="LYi.019",
        ),
        pytest.param(
            "Khirullah Said Wali Khairkhwa, born in Kandahar on 01 Jan.1967",
            [("Khirullah Said Wali Khairkhwa", "alias")],
            ["Khirullah Said Wali Khairkhwa: born in Kandahar on 01 Jan.1967"],
            id="TAi.093",
        ),
        pytest.param(
            "Mohammad Ishaq Akhund born in 1963",
            [("Mohammad Ishaq Akhund", "alias")],
            ["Mohammad Ishaq Akhund: born in 1963"],
            id="TAi.101: without a comma",
        ),
        pytest.param(
            "Abdel Ilah Sabri (false identity related to identification number 6910275240086)",
            [("Abdel Ilah Sabri", "alias")],
            ["Abdel Ilah Sabri: false identity related to identification number 6910275240086"],
            id="QDi.057",
        ),
        pytest.param(
            "Encep Nurjaman (birth name)",
            [("Encep Nurjaman", "alias")],
            ["Encep Nurjaman: birth name"],
            id="QDi.087",
        ),
        pytest.param(
            "SECOND ACADEMY OF NATURAL SCIENCES (KPE.018)",
            [("SECOND ACADEMY OF NATURAL SCIENCES", "alias")],
            ["SECOND ACADEMY OF NATURAL SCIENCES: KPE.018"],
            id="KPe.021: the number of another entry",
        ),
        pytest.param("(Sheikh) Musa Hilal", [("(Sheikh) Musa Hilal", "alias")], [], id="SDi.002"),
        pytest.param(
            "HILARION SANTOS, III (third)",
            [("HILARION SANTOS, III (third)", "alias")],
            [],
            id="QDi.244: brackets of the name",
        ),
        pytest.param("Born Group", [("Born Group", "alias")], [], id="a name like the words"),
    ],
)
def test_what_is_no_part_of_an_alias_is_said_of_it(
    printed: str, names: list[tuple[str, str]], notes: list[str]
):
    listing = read_entity(alias(printed))
    assert [(name.text, name.kind) for name in listing.names[1:]] == names
    assert values(listing, "alias_note") == notes


def test_a_note_stands_beside_what_the_name_says():
    listing = read_entity(alias("X Y (combat name)", "Low", "call sign"))
    assert [(name.text, name.kind) for name in listing.names[1:]] == [("X Y", "weak_alias")]
    assert values(listing, "alias_note") == ["X Y: combat name", "X Y: call sign"]


def test_an_unknown_quality_is_refused():
    with pytest.raises(RowRefusedError, match="QUALITY of an alias 'Fair'"):
        read_entity(alias("X", "Fair"))
