import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Name, NameKind
from abeyance_screening.engine.lists.reading.names import (
    collect_names,
    names_inside,
    split_names,
    tidy,
)


def inside(text: str, kind: NameKind = "primary") -> list[tuple[str, str]]:
    return [(name.kind, name.text) for name in names_inside(Name(text=text, kind=kind))]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:  Hangzhou Huawei "
            "Enterprises",
            ["Hangzhou Huawei Enterprises"],
            id="EL Huawei: a member",
        ),
        pytest.param(
            "Pakistan Atomic Energy Commission (PAEC), and subordinate entity National "
            "Development Complex (NDC)",
            ["National Development Complex (NDC)", "National Development Complex", "NDC"],
            id="EL NDC: a member with its abbreviation",
        ),
        pytest.param(
            "Dandong Mason-Age Trade Co Ltd. (PRC entity); and any successor, sub-unit, or "
            "subsidiary thereof",
            ["Dandong Mason-Age Trade Co Ltd."],
            id="ISN Dandong: nationality and heirs",
        ),
        pytest.param(
            "Hamas including Izz al-Din al-Qassam Brigades",
            ["Hamas", "Izz al-Din al-Qassam Brigades"],
            id="UK CTI0031: a party and its part",
        ),
        pytest.param(
            "ハマス(ハマス・イッザッディーン・アル・カッサームを含む)",
            ["ハマス", "ハマス・イッザッディーン・アル・カッサーム"],
            id="MOF Hamas: the same in Japanese",
        ),
        pytest.param(
            "Ministry of Defence of the Russian Federation, including the Armed Forces of Russia "
            "and all operating units wherever located. This includes the national armed services "
            "(army, navy, marine, air force, or coast guard).",
            ["Ministry of Defence of the Russian Federation"],
            id="EL: a ministry and a paragraph on all of its units",
        ),
        pytest.param(
            "State Unitary Enterprise “Crimean Sea Ports”, including branches",
            ["State Unitary Enterprise “Crimean Sea Ports”"],
            id="AU 3404: parts without a name",
        ),
        pytest.param("Luo Dongmei (PRC national)", ["Luo Dongmei"], id="ISN: a nationality"),
        pytest.param(
            "Poly Technologies Incorporated (PTI), and its sub-units and successors",
            ["Poly Technologies Incorporated (PTI)", "Poly Technologies Incorporated", "PTI"],
            id="ISN Poly: heirs behind an abbreviation",
        ),
        pytest.param(
            "ZHENYONG ZHOU -AKA- BENNY ZHOU", ["ZHENYONG ZHOU", "BENNY ZHOU"], id="DPL: -AKA-"
        ),
        pytest.param(
            "JIE LUO- AKA- IVY  LUO", ["JIE LUO", "IVY  LUO"], id="DPL: -AKA- spaced otherwise"
        ),
        pytest.param(
            "PEARL (A.K.A. NEI-CHIEN CHU) LI", ["PEARL LI", "NEI-CHIEN CHU"], id="DPL: amid a name"
        ),
        pytest.param(
            "FUYI SUN A/K/A FRANK SUN", ["FUYI SUN", "FRANK SUN"], id="DPL Fuyi Sun: A/K/A"
        ),
        pytest.param(
            "SIBERIAN AIRLINES D/B/A S7 AIRLINES",
            ["SIBERIAN AIRLINES", "S7 AIRLINES"],
            id="DPL Siberian: D/B/A",
        ),
        pytest.param(
            "AVIATION SERVICES INTERNATIONAL, B.V. ALSO KNOWN AS DELTA LOGISTICS, B.V.",
            ["AVIATION SERVICES INTERNATIONAL, B.V.", "DELTA LOGISTICS, B.V."],
            id="DPL Aviation Services: in words",
        ),
        pytest.param(
            "COREZING INTERNATIONAL, AKAS, COREZING TECH PTE LTD, COREZING INTERNATIONAL PTE LTD, "
            " CORE ZING, COREZING ELECTRONICS",
            [
                "COREZING INTERNATIONAL",
                "COREZING TECH PTE LTD",
                "COREZING INTERNATIONAL PTE LTD",
                "CORE ZING",
                "COREZING ELECTRONICS",
            ],
            id="DPL Corezing: AKAS, then a row parted by commas",
        ),
        pytest.param(
            "COREZING INTERNATIONAL -AKAS- COREZING TECH CO., LTD, CORE ZING",
            ["COREZING INTERNATIONAL", "COREZING TECH CO., LTD", "CORE ZING"],
            id="DPL Corezing: -AKAS- and a comma before a legal form",
        ),
        pytest.param(
            "Kreig; a.k.a. Cow Craig; a.k.a. Hall Jermaine",
            ["Kreig", "Cow Craig", "Hall Jermaine"],
            id="DTC: semicolons and marks",
        ),
        pytest.param(
            "Precision Image Corporation (a.k.a. Precision Industries, Inc.; CK Enterprises, "
            "Inc.)",
            ["Precision Image Corporation", "Precision Industries, Inc.", "CK Enterprises, Inc."],
            id="DTC: two in brackets",
        ),
        pytest.param(
            "Universal Enterprise Limited [aka General Technology Limited, aka Tiger Force "
            "Electronics] (Hong Kong Entity), and its sub-units and successors",
            [
                "Universal Enterprise Limited",
                "General Technology Limited",
                "Tiger Force Electronics",
            ],
            id="ISN Universal: square brackets",
        ),
        pytest.param(
            "Southwest Institute of Nuclear Physics and Chemistry (a.k.a., China Academy of "
            "Engineering Physics (CAEP)'s 902 Institute)",
            [
                "Southwest Institute of Nuclear Physics and Chemistry",
                "China Academy of Engineering Physics (CAEP)'s 902 Institute",
            ],
            id="EL: brackets in brackets",
        ),
        pytest.param(
            "COMPAGNIE AERIENNE DES GRANDS LACS (CAGL) ; GREAT LAKES BUSINESS COMPANY",
            [
                "COMPAGNIE AERIENNE DES GRANDS LACS (CAGL)",
                "COMPAGNIE AERIENNE DES GRANDS LACS",
                "CAGL",
                "GREAT LAKES BUSINESS COMPANY",
            ],
            id="UN CDe.003: two names",
        ),
        pytest.param(
            "حسن غول (Hassan Ghul; Hassan Gul)",
            ["حسن غول", "Hassan Ghul", "Hassan Gul"],
            id="UN: two scripts",
        ),
        pytest.param(
            "Amir Khazmat (original script: Амир Хазмат)",
            ["Amir Khazmat", "Амир Хазмат"],
            id="UN: original script",
        ),
    ],
)
def test_names_inside_a_name_are_taken_out(printed: str, expected: list[str]):
    assert inside(printed) == [("alias", text) for text in expected]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "SGM Most OOO (f.k.a., Obshchestvo S Ogranichennoi Otvetstvennostyu SGM Most)",
            [
                ("alias", "SGM Most OOO"),
                ("former", "Obshchestvo S Ogranichennoi Otvetstvennostyu SGM Most"),
            ],
            id="EL SGM Most",
        ),
        pytest.param(
            "JSC NIIP, f.k.a., Otkrytoe Aktsionernoe Obshchestvo",
            [("alias", "JSC NIIP"), ("former", "Otkrytoe Aktsionernoe Obshchestvo")],
            id="EL NIIP: without brackets",
        ),
        pytest.param(
            "F.K.A. Office of Scientific and Industrial Studies (OSIS)",
            [
                ("former", "Office of Scientific and Industrial Studies (OSIS)"),
                ("former", "Office of Scientific and Industrial Studies"),
                ("former", "OSIS"),
            ],
            id="ISN: the mark alone in front",
        ),
    ],
)
def test_names_marked_as_former_are_former(printed: str, expected: list[tuple[str, str]]):
    assert inside(printed) == expected


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("BANK MELLI IRAN", id="a plain name"),
        pytest.param("RUNNING BROOK, LLC (USA)", id="a country"),
        pytest.param("VIC DEL INC. (OFF SHORE)", id="a legal form in capitals"),
        pytest.param("AL-HARAMAIN FOUNDATION (PAKISTAN)", id="a branch"),
        pytest.param("Suma Technology (Hong Kong)", id="a place of two words"),
        pytest.param("Kaili Industrial (H.K.) Limited", id="brackets amid the name"),
        pytest.param("China Communications Construction Group (Limited)", id="a legal form"),
        pytest.param("AKA INTEGRAL SERVICES, S. DE R.L. DE C.V.", id="a name that begins so"),
        pytest.param("YK-AKA", id="a name that ends so"),
        pytest.param("SUKHARENKA, Stiapan Mikalayevich", id="a name with aka in it"),
        pytest.param("華信船務(香港)有限公司", id="Chinese brackets"),
        pytest.param("SMIC (", id="an open bracket"),
        pytest.param(")(", id="brackets the wrong way round"),
        pytest.param("a.k.a. " * 400, id="no name by its length"),
    ],
)
def test_a_name_that_holds_no_other_gives_none(printed: str):
    assert inside(printed) == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "DBA Behover Information Technologies",
            ("alias", "Behover Information Technologies"),
            id="EL Behover",
        ),
        pytest.param(
            "f.k.a. Sibirskaya Neftyanaya Kompaniya OAO",
            ("former", "Sibirskaya Neftyanaya Kompaniya OAO"),
            id="EL Gazprom Neft",
        ),
        pytest.param(
            "AKA INTEGRAL SERVICES", ("alias", "AKA INTEGRAL SERVICES"), id="a name that begins so"
        ),
        pytest.param("a.k.a.", ("alias", "a.k.a."), id="a mark alone"),
    ],
)
def test_a_mark_in_front_of_an_alias_is_no_part_of_it(printed: str, expected: tuple[str, str]):
    names = collect_names("Primary", [Name(text=printed, kind="alias")])
    assert [(name.kind, name.text) for name in names[1:]] == [expected]


def test_a_weak_aliass_inner_names_are_weak_too():
    assert inside("Abubakar (original script: Абубакар)", "weak_alias") == [
        ("weak_alias", "Abubakar"),
        ("weak_alias", "Абубакар"),
    ]


def test_the_primary_stands_first_and_printed_names_before_inner_ones():
    names = collect_names(" Air Weapons Complex (AWC)", [Name(text="AWC Wah", kind="alias")])
    assert [(name.kind, name.text) for name in names] == [
        ("primary", "Air Weapons Complex (AWC)"),
        ("alias", "AWC Wah"),
        ("alias", "Air Weapons Complex"),
        ("alias", "AWC"),
    ]


def test_an_alias_is_dropped_only_if_it_is_exactly_the_primary():
    aliases = [Name(text=text, kind="alias") for text in ("ACME", "Acme", "acme", "Acme")]
    assert [name.text for name in collect_names("ACME", aliases)] == ["ACME", "Acme", "acme"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "NPO Izhmash OAO;OJSC Izhmash; LLC X;",
            ["NPO Izhmash OAO", "OJSC Izhmash", "LLC X"],
            id="EL Kalashnikov: with and without a blank",
        ),
        pytest.param("DJEL;\xa0Dongfang", ["DJEL", "Dongfang"], id="EL DJEL: a hard blank"),
        pytest.param("A (B; C); D", ["A (B; C)", "D"], id="not inside brackets"),
        pytest.param("A) ; B; C", ["A", "B", "C"], id="a bracket that was never opened"),
        pytest.param("A (B; C; D", ["A (B", "C", "D"], id="a bracket that was never closed"),
        pytest.param(" ; ;", [], id="nothing"),
    ],
)
def test_names_are_parted_at_semicolons(printed: str, expected: list[str]):
    assert split_names(printed) == expected


def test_a_line_break_in_a_name_is_a_blank_and_double_blanks_stay():
    assert tidy("Gaobeidian  Kaituo\nCo. Ltd \n\n") == "Gaobeidian  Kaituo Co. Ltd"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "Opto Electronics Pte., Ltd,", "Opto Electronics Pte., Ltd", id="EL: a comma"
        ),
        pytest.param("JSC AOMZ).", "JSC AOMZ", id="EL Azov: a bracket that nothing opens"),
        pytest.param("Калашник)", "Калашник", id="OFSI 14926: likewise"),
        pytest.param("X)), ).", "X", id="several"),
        pytest.param("KTK (PVT).", "KTK (PVT).", id="a bracket that is opened"),
        pytest.param("Igor\ta/k/a Maru", "Igor a/k/a Maru", id="DTC Panchernikov: a tab"),
    ],
)
def test_what_ends_no_name_is_cut_off(printed: str, expected: str):
    assert tidy(printed) == expected


@given(
    st.text(alphabet="Aakds/.f ()[];-,:éЖ\n\t", max_size=60), st.sampled_from(["alias", "former"])
)
def test_any_text_gives_filled_names_without_repeats(printed: str, kind: NameKind):
    names = collect_names("Primary", [Name(text=tidy(printed), kind=kind)])
    texts = [name.text for name in names]
    assert texts[0] == "Primary"
    assert all(text.strip() for text in texts)
    assert len(set(texts)) == len(texts)
    assert [name.kind for name in names].count("primary") == 1
