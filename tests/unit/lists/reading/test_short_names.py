import pytest

from abeyance_screening.engine.lists.listing import Name
from abeyance_screening.engine.lists.reading.names import names_inside


def inside(text: str) -> list[tuple[str, str]]:
    return [(name.kind, name.text) for name in names_inside(Name(text=text, kind="primary"))]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "Semiconductor Manufacturing International Corporation (SMIC)",
            ["Semiconductor Manufacturing International Corporation", "SMIC"],
            id="EL SMIC: an abbreviation",
        ),
        pytest.param(
            "Huawei Technologies Co., Ltd. (Huawei)",
            ["Huawei Technologies Co., Ltd.", "Huawei"],
            id="EL Huawei: the name's first word",
        ),
        pytest.param(
            "China Electronics Technology Group Corporation 13th Research Institute (CETC 13)",
            ["China Electronics Technology Group Corporation 13th Research Institute", "CETC 13"],
            id="EL CETC 13: an abbreviation with a number",
        ),
        pytest.param(
            "Zhukovskiy Central Aerohydrodynamics Institute (TsAGI)",
            ["Zhukovskiy Central Aerohydrodynamics Institute", "TsAGI"],
            id="EL TsAGI: small letters between",
        ),
        pytest.param(
            "HAQQANI NETWORK (HQN)", ["HAQQANI NETWORK", "HQN"], id="UN TAe.012: all in capitals"
        ),
        pytest.param(
            "A.A. Kharkevich Institute for Information Transmission Problems (IITP), Russian "
            "Academy of Sciences (RAS)",
            [
                (
                    "A.A. Kharkevich Institute for Information Transmission Problems (IITP), "
                    "Russian Academy of Sciences"
                ),
                "A.A. Kharkevich Institute for Information Transmission Problems",
                "IITP",
            ],
            id="EL Kharkevich: RAS is the parent",
        ),
        pytest.param(
            "Bhabha Atomic Research Centre (BARC), Department of Atomic Energy (DAE)",
            [
                "Bhabha Atomic Research Centre (BARC), Department of Atomic Energy",
                "Bhabha Atomic Research Centre",
                "BARC",
            ],
            id="EUL Bhabha: DAE is the parent",
        ),
        pytest.param(
            "20th Research Institute of China Electronic Technology Group Corp (CETC)",
            ["20th Research Institute of China Electronic Technology Group Corp"],
            id="EL Xi'an: CETC is the parent",
        ),
        pytest.param(
            "12th Research Institute China Academy of Launch Vehicle Technology (CALT)",
            ["12th Research Institute China Academy of Launch Vehicle Technology"],
            id="EL CASC: CALT is the parent",
        ),
        pytest.param(
            "Central Military Commission of the Workers' Party of Korea (CMC)",
            ["Central Military Commission of the Workers' Party of Korea", "CMC"],
            id="SDN CMC: the party before its parent",
        ),
        pytest.param(
            "Beijing University of Aeronautics and Astronautics (BUAA)",
            ["Beijing University of Aeronautics and Astronautics", "BUAA"],
            id="EL Beihang: no parent",
        ),
        pytest.param("GE SONG TAO (GE)", ["GE SONG TAO"], id="DPL Ge: the first word merely"),
        pytest.param(
            "Encep NURJAMAN (BIRTH NAME)", ["Encep NURJAMAN"], id="OFSI 7156: a remark on the name"
        ),
    ],
)
def test_the_short_name_in_brackets_is_a_name_unless_it_is_the_parents(
    printed: str, expected: list[str]
):
    assert inside(printed) == [("alias", text) for text in expected]


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("VTB Bank (PJSC)", id="EL VTB: a Russian legal form"),
        pytest.param("Indonesia (MMI", id="AU 6275: a bracket left open"),
        pytest.param("A Trading (D.M.C.C.)", id="a legal form with full stops"),
        pytest.param("RUNNING BROOK, LLC (USA)", id="a country"),
    ],
)
def test_brackets_that_belong_to_the_name_give_none(printed: str):
    assert inside(printed) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "ZAO Interavtomatika (IA)",
            [("alias", "ZAO Interavtomatika"), ("weak_alias", "IA")],
            id="CA Interavtomatika",
        ),
        pytest.param(
            "Industrial Establishment of Defence (ED)",
            [("alias", "Industrial Establishment of Defence"), ("weak_alias", "ED")],
            id="EL Industrial Establishment of Defence",
        ),
        pytest.param(
            "Li Si (李四)", [("alias", "Li Si"), ("alias", "李四")], id="two Han letters"
        ),
    ],
)
def test_a_short_name_of_two_letters_is_a_weak_alias(
    printed: str, expected: list[tuple[str, str]]
):
    assert inside(printed) == expected


def test_a_country_is_no_name():
    assert inside("Indonesia (MMI)") == [("alias", "MMI")], "AU 6275"
