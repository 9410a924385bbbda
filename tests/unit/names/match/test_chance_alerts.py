"""Names that are like a listed one by chance, and listed names with only one word missing."""

import pytest

from abeyance_screening.engine.names.form import normalise, read_otherwise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, score_forms


def met(asked: str, listed: str) -> float:
    form = normalise(asked)
    return score_forms((form, *read_otherwise([form])), (normalise(listed),))


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("www.ikea.com", "WWW.SERCUBA.COM", id="what web addresses share"),
        pytest.param("www.google.com.pe", "WWW.AEROCONTINENTE.COM.PE", id="and under a country"),
        pytest.param("Li Na", "LJ", id="a syllable, and an abbreviation"),
        pytest.param("Li Ltd", "LJ", id="a syllable alone"),
        pytest.param("JP", "IP", id="another letter in an abbreviation"),
        pytest.param("Oriental Trading Company Inc", "EAST TRADING", id="oriental is not east"),
        pytest.param("YMTC", "IRISL MULTIMODAL TRANSPORT CO.", id="initials I-M-T-C"),
        pytest.param("YMTC", "YUZE YUDING MACHINING TOOLS CO., LTD.", id="initials Y-Y-M-T-C"),
        pytest.param("IRISL MULTIMODAL TRANSPORT CO.", "YMTC", id="the listed one is the acronym"),
        pytest.param("SMIC", "SYRIAN COMPANY FOR METALS AND INVESTMENTS", id="initials S-C-M-I"),
        pytest.param("SMIC", "SHANGHAI MAHAN INTERNATIONAL TRAVEL SERVICE CO", id="S-M-I-T-S-C"),
        pytest.param("ANTC", "Корпорация Аэрокосмические Новые Технологии", id="initials K-A-N-T"),
        pytest.param(
            "PIMS D.O.O.", "Peac Institute of Multiscale Science", id="a firm's initials"
        ),
        pytest.param("Calle Campsite & Sons", "AO TSTSS", id="three initials, two of them longer"),
        pytest.param("Hair Ltd", "Charity Ltd", id="hair is not hayir"),
        pytest.param(
            "Công ty Cổ phần Cấp nước Vĩnh Long",
            "CONG TY CO PHAN VAN TAI HANG HAI QUOC VIET",
            id="what Vietnamese firms share",
        ),
        pytest.param(
            "Công ty Cổ phần Xăng dầu Dầu khí Hưng Yên",
            "CONG TY CO PHAN THUONG MAI VAN TAI BIEN TRUONG PHAT LOC",
            id="and other trades of theirs",
        ),
        pytest.param(
            "AKFEN GAYRİMENKUL YATIRIM ORTAKLIĞI A.Ş.",
            "TREND GAYRIMENKUL YATIRIM ORTAKLIGI A.S.",
            id="what Turkish trusts share",
        ),
        pytest.param(
            "Cyrela Empreendimentos Imobiliários S.A.",
            "EMPRENDIMIENTOS INMOBILIARIOS MISIONES S.A.",
            id="what Brazilian builders share",
        ),
        pytest.param(
            "PREDUZEĆE ZA PROIZVODNJU I PROMET JASMIL DOO",
            "PREDUZECE ZA PROIZVODNJU, PROMET I USLUGE MELVALE CORPORATION DOO, BEOGRAD "
            "STARI GRAD",
            id="what Serbian firms say of themselves",
        ),
        pytest.param(
            "Công ty Cổ phần Xi măng Hồng Phong",
            "Phong Hoang",
            id="syllables of Vietnamese names",
        ),
        pytest.param("United Energy Inc.", "United Energy GmbH", id="common words, other forms"),
        pytest.param(
            "Beijing Hezong Science & Technology Co., Ltd.",
            "Beijing Beihang Science & Technology Co., Ltd.",
            id="a city and two trades beside other brands",
        ),
        pytest.param(
            "OAO Liteyno-mekhanicheskiy zavod",
            "BALASHIKHA CASTING MECHANICAL PLANT OJSC",
            id="trades alone, without the brand",
        ),
        pytest.param("OOO Lider-M", "LIDER 3D", id="a noun, beside something else"),
        pytest.param("OOO Bazis + Servis", "BAZIS CENTER LLC", id="a noun and other trades"),
        pytest.param("OOO Banka", "TEJARAT BANK", id="a bank, and another one's brand"),
        pytest.param("OOO Metallov", "METALLMASH LLC", id="a trade, and a part of a word"),
        pytest.param("S-GROUP D.O.O.", "Group A", id="a trade beside another letter"),
        pytest.param("A.O ENTERPRISES", "NA Enterprises", id="a trade beside letters and a form"),
        pytest.param("CMK Corporation", "TSMC Nanjing", id="letters beside a place"),
        pytest.param(
            "BENOVI CONTRATISTAS GENERALES",
            "ORIENTE CONTRATISTAS GENERALES S.A.",
            id="what builders in Spanish share",
        ),
        pytest.param(
            "ESTACION DE SERVICIOS SAN JOSE S.A.C.",
            "ESTACION DE SERVICIO LA TURQUESA",
            id="and filling stations",
        ),
        pytest.param(
            "Bangladesh Submarine Cable Company Limited",
            "Zhongtian Technology Submarine Cable Co., Ltd.",
            id="two trades",
        ),
        pytest.param(
            "DOĞUŞ ÇAY VE GIDA MAD. ÜRET. PAZ. İTH. İHR. A.Ş.",
            "Union Trade Turkey Mak.Ith.Ve Ihr. Ltd",
            id="import and export in Turkish",
        ),
    ],
)
def test_names_that_mean_another_party_do_not_meet(asked: str, listed: str) -> None:
    assert met(asked, listed) < DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("YMTC", "Yangtze Memory Technologies Co., Ltd.", id="initials Y-M-T-C"),
        pytest.param("ymtc", "Yangtze Memory Technologies Co., Ltd.", id="in small letters"),
        pytest.param("PIMS", "Peac Institute of Multiscale Science", id="initials of no firm"),
        pytest.param(
            "YMTC Co., Ltd.", "Yangtze Memory Technologies Co., Ltd.", id="a firm with its form"
        ),
        pytest.param("AECC", "Aero Engine Corporation of China", id="a legal form in its place"),
        pytest.param(
            "RTSLT", "Regional Center for Laser Technologies CJSC", id="a Russian letter"
        ),
        pytest.param("DTSRC", "Defense Technology and Science Research Center", id="two letters"),
        pytest.param("FZMT", "Фрязинский Завод Мощных Транзисторов", id="Cyrillic initials"),
        pytest.param("PGRK", "Полярная Горно Рудная Компания", id="and that of a company"),
        pytest.param("SASAC", "苏州埃文特种合金有限公司", id="the legal form of a Chinese name"),
        pytest.param("www.sercuba.com", "SERCUBA", id="a domain and its name"),
        pytest.param("SERCUBA", "WWW.SERCUBA.COM", id="a name and its domain"),
        pytest.param("Ilja Ivanov", "Ilya Ivanov", id="a j next to a vowel"),
        pytest.param("Vostochny Trading", "EAST TRADING", id="a translation"),
        pytest.param("Eastern Trading Inc", "EAST TRADING", id="an adjective"),
        pytest.param("Sugno", "Sugon", id="two letters in the wrong order"),
        pytest.param("TSMC", "TSMC Nanjing", id="letters beside a place"),
        pytest.param("Kowa Co., Ltd.", "光和兴业株式会社", id="a reading beside a trade"),
    ],
)
def test_names_that_mean_the_same_party_still_meet(asked: str, listed: str) -> None:
    assert met(asked, listed) >= DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("和田好林发饰有限公司", "Hetian Haolin Hair Accessories Co. Ltd."),
        ("和田好林发饰有限公司", "Hotan Haolin Hair Accessories"),
        ("和田泰达服饰有限公司", "Hetian Taida Apparel Co., Ltd"),
        ("阿克苏华孚色纺有限公司", "Aksu Huafu Color Spinning Co., Ltd."),
        ("阿克苏华孚色纺有限公司", "Akesu Huafu"),
        ("合盛硅业(鄯善)有限公司", "Hesheng Silicon Industry (Shanshan) Co."),
        ("洛浦县美馨发制品有限公司", "Lop County Meixin Hair Products Co., Ltd."),
        ("衡水棉麻总公司", "Hengshui Cotton and Linen Corporation Reserve Library"),
        ("新疆天山毛纺织股份有限公司", "Xinjiang Tianshan Wool Textile Co. Ltd."),
        ("奎屯锦孚纺织有限公司", "Kuitun Jinfu Textile Co., Ltd."),
    ],
)
def test_chinese_names_of_the_uflpa_and_entity_lists_meet_their_latin_ones(
    asked: str, listed: str
) -> None:
    assert met(asked, listed) >= DEFAULT_THRESHOLD
