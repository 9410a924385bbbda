import pytest

from abeyance_screening.engine.lists.us_bis_el.cells import country_at_end, end_of_name, split_name


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Sun Co., Ltd.", "Beijing, China"),
        ("Almaz, JSC", "16 Tupoleva Street, Rostov-na-Donu, Russia"),
        ("Huawei Cloud Argentina", "Buenos Aires, Argentina"),
        ("China State Shipbuilding Corporation, Limited (CSSC) 7th Research Academy", "Beijing"),
        ("Tactical Missile Corporation, 711 Aircraft Repair Plant (711 ARZ)", "18 Pereulok, Omsk"),
        ("Institute of Biology, Far East Branch, Russian Academy of Sciences", "17 Street, Omsk"),
        ("Concern Radio-Electronic Technologies, V.V. Tarasov Avia", "12 Lenin Street, Omsk"),
        ("Pakistan Atomic (PAEC, KRL)", "Islamabad, Pakistan"),
        ("Integrated Microwave", "Rm. 1014 Favor Industrial Centre, Hong Kong"),
        ("RN-Yuganskneftegaz LLC", "Lenina St., 26, Nefteyugansk, Russia"),
        ("Divanizadeh Trading Company", "Al-Ras Center Building, Dubai"),
        ("Poly Asia Pacific Ltd., (PAPL)", "ScratchSpace 1103, Hong Kong"),
    ],
)
def test_a_name_ends_where_its_address_begins(name: str, address: str):
    assert split_name(f"{name}, {address}") == (name, address)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        pytest.param("Ali Omrani.", ("Ali Omrani", ""), id="a name alone"),
        pytest.param("Ltd. 5", ("Ltd. 5", ""), id="no sentence"),
        pytest.param("SMIC Beijing. No. 18 Road", ("SMIC Beijing", "No. 18 Road"), id="full stop"),
        pytest.param("", ("", ""), id="nothing"),
    ],
)
def test_a_text_without_a_comma(text: str, split: tuple[str, str]):
    assert split_name(text) == split


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Sun Co., Ltd.", "Sun Co., Ltd."),
        ("Sun Company.", "Sun Company"),
        ("Testprecision LLC.,", "Testprecision LLC"),
        ("Gazprom S.A.", "Gazprom S.A."),
        (" Sun ; ", "Sun"),
    ],
)
def test_a_full_stop_stays_with_a_word_cut_short(printed: str, name: str):
    assert end_of_name(printed) == name


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("5 Main Street, Dubai, U.A.E.", "AE"),
        ("22, Moscow 127055 Russia", "RU"),
        ("Kowloon, Hong Kong", "HK"),
        ("Los Angeles, CA", None),
        ("London, UK", "GB"),
        ("Peshawar", None),
    ],
)
def test_the_country_stands_at_the_end(address: str, code: str | None):
    assert country_at_end(address) == code
