"""Normalising a printed name: what is kept, what is folded, and which legal forms are found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm, fold
from tests.cases import for_each
from tests.walks import at_most_letters

PIECES = ("Bank", "Haige", "COMM", "Plant", "27", "OOO", "Iran", "of", "Завод", "华为")


def words(printed: str) -> list[str]:
    return [word.text for word in normalise(printed).words]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("Da Hua Technology", [("dahua",), ()], id="first"),
        pytest.param("Heng Da Group", [("hengda",), ()], id="last"),
        pytest.param("Xi An Tong", [("xian",), ("antong",)], id="between"),
        pytest.param("Banco da Amazonia", [(), ()], id="another language"),
        pytest.param("Casa de la Moneda", [(), ()], id="two that join"),
    ],
)
def test_a_chinese_word_may_be_printed_syllable_by_syllable(
    printed: str, expected: list[tuple[str, ...]]
) -> None:
    """Da, an and di are joining words in other languages."""
    assert [word.readings for word in normalise(printed).words] == expected


@pytest.mark.parametrize("place", ["Tianjin", "天津", "Tula", "Тула", "Tehran", "Shiraz"])
def test_a_city_tells_less_than_a_word_that_is_no_place(place: str) -> None:
    city, brand = normalise(f"{place} Phytium").words
    assert city.weight < 0.7 < brand.weight


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Huawei Technologies Co., Ltd.", "HUAWEI TECHNOLOGIES CO LTD", id="case"),
        pytest.param("AERO-CARIBBEAN", "Aero Caribbean", id="hyphen"),
        pytest.param("Aero Caribbean", "Aerocaribbean", id="spacing"),
        pytest.param("Xi'an Naura", "Xi\u2019an Naura", id="apostrophes"),
        pytest.param("Siemens A.G.", "Siemens AG", id="dotted legal form"),
        pytest.param("NEFAZ PAO", "PUBLIC JOINT STOCK COMPANY NEFAZ", id="legal form spelled out"),
        pytest.param(
            "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTIU VIDIS",
            "LLC VIDIS",
            id="romanised legal form",
        ),
        pytest.param("\u041e\u041e\u041e Видис", "OOO VIDIS", id="Cyrillic"),
        pytest.param("Nestlé SA", "NESTLE S.A.", id="accents"),
        pytest.param("Müller & Söhne GmbH", "Muller and Sohne GmbH", id="and"),
        pytest.param("Foo Sp. z o.o.", "FOO SP ZOO", id="Polish form"),
        pytest.param("华为技术有限公司", "华为技术 有限公司", id="Han spacing"),
        pytest.param("\uff28\uff55\uff41\uff57\uff45\uff49", "Huawei", id="full width"),
        pytest.param("Hua\u200bwei", "Huawei", id="zero width"),
        pytest.param("\u202eHuawei\u202c", "Huawei", id="right to left marks"),
    ],
)
def test_the_same_name_in_another_dress_has_the_same_identity(one: str, other: str) -> None:
    first, second = normalise(one), normalise(other)
    assert (first.joined, first.legal_forms) == (second.joined, second.legal_forms)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param("Foo GmbH", ("gmbh",), id="German"),
        pytest.param("Foo GmbH & Co. KG", ("gmbh co kg",), id="German partnership"),
        pytest.param("PT Foo Tbk", ("pt", "tbk"), id="Indonesian, both ends"),
        pytest.param("Foo Sdn. Bhd.", ("sdn bhd",), id="Malaysian"),
        pytest.param("FOO OÜ", ("ou",), id="Estonian, from GLEIF's table"),
        pytest.param("株式会社日立製作所", ("kk",), id="Japanese"),
        pytest.param("Foo Pvt. Ltd.", ("pvt ltd",), id="Indian"),
        pytest.param("AAT Planar", ("ojsc",), id="Belarusian, open"),
        pytest.param("таварыства з абмежаванай адказнасцю Фоо", ("llc",), id="Belarusian"),
        pytest.param("«Фоо» жауапкершілігі шектеулі серіктестігі", ("llc",), id="Kazakh"),
        pytest.param("“FOO” mas'uliyati cheklangan jamiyati", ("llc",), id="Uzbek"),
        pytest.param("Приватне акціонерне товариство Фоо", ("pjs",), id="Ukrainian"),
        pytest.param("ФДУП Фоо", ("fgup",), id="Ukrainian abbreviation"),
        pytest.param("MKPAO Foo", ("pjsc",), id="Russian, moved home"),
        pytest.param("Федеральное казенное предприятие Фоо", ("fkp",), id="Russian, of the state"),
        pytest.param("FGAOU VO Foo", ("fgau",), id="Russian university"),
        pytest.param("PJSC Foo", ("pjsc",), id="public"),
        pytest.param("შპს ფოო", ("llc",), id="Georgian"),
        pytest.param("სს ფოო", ("jsc",), id="Georgian, of shares"),
        pytest.param("«Ֆոո» ՍՊԸ", ("llc",), id="Armenian"),
        pytest.param("«Ֆոո» ՓԲԸ", ("cjsc",), id="Armenian, closed"),
        pytest.param("Foo SMC", (), id="letters that may be a name"),
        pytest.param("Foo (SMC-Private) Limited", ("pvt ltd",), id="Pakistani, of one member"),
        pytest.param("Foo Trading", (), id="none"),
    ],
)
def test_legal_forms_are_named_and_taken_off(printed: str, expected: tuple[str, ...]) -> None:
    assert normalise(printed).legal_forms == expected


_IN_OWN_LANGUAGES = {
    "Vietnam, joint stock": ("Công ty Cổ phần Vinafreight", "Vinafreight", "jsc"),
    "Vietnam, short": ("CTCP Vinafreight", "Vinafreight", "jsc"),
    "Vietnam, one member": ("Công ty TNHH Một thành viên Vissan", "Vissan", "co ltd"),
    "Vietnam, corporation": ("Tổng Công ty Viglacera - CTCP", "Viglacera", "corp"),
    "Vietnam, private": ("Doanh nghiệp tư nhân Doji", "Doji", "dntn"),
    "Türkiye, partnership": ("Arslanoğlu Kollektif Şirketi", "Arslanoğlu", "koll sti"),
    "Serbia, company": ("Privredno društvo za trgovinu Drenik", "trading Drenik", "co"),
    "Serbia, spelled out": (
        "Drenik društvo sa ograničenom odgovornošću Beograd",
        "Drenik Beograd",
        "doo",
    ),
    "Uzbekistan": ("Artel mas'uliyati cheklangan jamiyat", "Artel", "llc"),
    "Uzbekistan, Cyrillic": ("«Artel» МЧЖ", "Artel", "llc"),
    "Uzbekistan, private": ('"Artel" xususiy korxonasi', "Artel", "xk"),
    "Azerbaijan": ("Məhdud Məsuliyyətli Cəmiyyət Azersun", "Azersun", "llc"),
    "Georgia": ("შპს Wissol", "Wissol", "llc"),
    "Thailand, public": ("บริษัท Areeya จำกัด (มหาชน)", "Areeya", "plc"),
    "Indonesia, state": ("PT Timah (Persero) Tbk", "Timah", "persero"),
    "Egypt": ("Orascom ش.م.م", "Orascom", "llc"),
    "Arabic, spelled out": ("شركة Orascom ذات المسؤولية المحدودة", "Orascom", "llc"),
    "Arabic, one owner": ("Orascom شركة شخص واحد", "Orascom", "llc"),
    "Kuwait": ("Agility K.S.C.P.", "Agility", "psc"),
    "Israel": ('Elco בע"מ', "Elco", "ltd"),
    "Korea, in Latin letters": ("Jusikhoesa Nongshim", "Nongshim", "co ltd"),
    "China, in Latin letters": ("Midea Gufen Youxian Gongsi", "Midea", "co ltd"),
    "Poland": ("Budimex spółka komandytowa", "Budimex", "sp k"),
    "Germany": ("Merck Offene Handelsgesellschaft", "Merck", "ohg"),
    "Greece": ("Jumbo Ανώνυμη Εταιρία", "Jumbo", "sa"),
    "Mexico": (
        "Bachoco Sociedad Anónima Bursátil de Capital Variable",
        "Bachoco",
        "sab de cv",
    ),
}


@for_each("printed, brand, code", _IN_OWN_LANGUAGES)
def test_a_legal_form_in_the_language_of_its_country_leaves_the_brand(
    printed: str, brand: str, code: str
) -> None:
    form = normalise(printed)
    assert [word.text for word in form.words] == [word.text for word in normalise(brand).words]
    assert code in form.legal_forms


@for_each("word", {each: each for each in ("thanh", "minh", "nusantara", "faktoring")})
def test_a_word_that_firms_of_one_country_share_is_no_brand(word: str) -> None:
    assert normalise(word).words[0].weight < 0.6


def test_two_letters_are_a_legal_form_at_the_end_only() -> None:
    assert normalise("Foo SE").legal_forms == ("se",)
    assert normalise("SE Foo Works").legal_forms == ()


def test_a_number_is_not_a_legal_form() -> None:
    # us_bis_el "11420 CORP.": stripping it to "corp" matched every corporation.
    assert words("11420 CORP.") == ["11420"]


@pytest.mark.parametrize("printed", ["Corp", "Limited", "有限公司", "LLC Co., Ltd."])
def test_a_name_of_legal_forms_alone_keeps_them_as_words_that_say_little(printed: str) -> None:
    form = normalise(printed)
    assert form.words
    assert not form.legal_forms
    assert max(word.weight for word in form.words) <= 0.1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("GUANGZHOU HAIGE COMM GRP", "Guangzhou Haige Communication Group", id="COMM"),
        pytest.param("CNOOC ENERGY TECH & SRVCES", "CNOOC Energy Technology Services", id="TECH"),
        pytest.param("Foo Mfg Intl", "Foo Manufacturing International", id="MFG INTL"),
        pytest.param("NPO Kvant", "Nauchno-Proizvodstvennoe Obedinenie Kvant", id="NPO"),
        pytest.param(
            "NPO Kvant", "Scientific and Production Association Kvant", id="NPO in English"
        ),
        pytest.param("завод Звезда", "Plant Zvezda", id="zavod"),
        pytest.param("Foo Imp & Exp", "Foo Import and Export", id="IMP & EXP"),
        pytest.param("Rosoboroneksport", "Rosoboronexport", id="ks and x"),
        pytest.param("Plant No. 27", "Plant 27th", id="ordinal"),
        pytest.param("Tenth Bearing Plant", "10 GPZ", id="ordinal in words, GPZ"),
        pytest.param("Десятый завод", "10th Plant", id="ordinal in Russian"),
        pytest.param("Rostec", "Ростех", id="how names of trade end"),
        pytest.param(
            "Foo Research and Production Association JSC", "AO Foo NPO", id="no legal form's end"
        ),
        pytest.param("华为技术", "Huawei Technology", id="Han trade word"),
        pytest.param(
            "Công ty Cổ phần Đầu tư Thương mại Vissan",
            "Investment Trading Vissan",
            id="Vietnamese",
        ),
        pytest.param("Aksa Makineleri San. ve Tic. A.Ş.", "Aksa Machine", id="Turkish"),
        pytest.param("CR2 Empreendimentos Imobiliários", "CR2 Real Estate", id="Portuguese"),
        pytest.param("PT Timah Pertambangan", "Timah Mining", id="Indonesian"),
        pytest.param("Drenik proizvodnja i usluge", "Drenik Manufacturing Services", id="Serbian"),
        pytest.param("Artel savdo MChJ", "Artel Trading LLC", id="Uzbek"),
    ],
)
def test_trade_words_meet_across_abbreviation_and_language(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_a_word_that_is_only_joined_to_a_stem_is_no_inflection_of_it() -> None:
    assert words("Almaznaya") == words("Almaz") == ["diamond"]
    assert words("Almazyuvelireksport") == ["almaziuvelirexport"]


def test_a_surname_is_no_number() -> None:
    """Chinese ordinals (di yi) are read from their characters, not from their sound."""
    for surname in ("Wu", "Qi", "Shi", "Liu"):
        assert words(f"{surname} Trading")[0] == surname.lower()


def test_look_alike_letters_of_another_script_are_one_script() -> None:
    # us_ofac_sdn prints a Latin e inside this Cyrillic word.
    mixed = "Конц\u0065\u0440н"
    assert not mixed.isascii()
    assert words(mixed) == words("Концерн") == words("Kontsern")


@pytest.mark.parametrize(
    ("rarer", "commoner"),
    [
        pytest.param("Rosoboroneksport", "Bank", id="brand over trade word"),
        pytest.param("Haige", "Guangzhou", id="brand over city"),
        pytest.param("27", "Trading", id="number over trade word"),
    ],
)
def test_rare_words_weigh_more(rarer: str, commoner: str) -> None:
    assert normalise(rarer).words[0].weight > normalise(commoner).words[0].weight


def test_a_word_never_counted_weighs_one() -> None:
    assert normalise("Qzxwvk").words[0].weight == 1.0


def test_printed_pieces_are_kept_for_the_reader() -> None:
    assert [word.printed for word in normalise("Haige COMM GRP").words] == ["Haige", "COMM", "GRP"]


@pytest.mark.parametrize("printed", ["", "   ", "\t\n", "\u00a0"])
def test_a_blank_name_has_no_words(printed: str) -> None:
    assert normalise(printed).words == ()


@pytest.mark.parametrize("printed", ["!!!", "—", "😀", "\u0301", "\u200b", "&", "and", "of the"])
def test_a_name_without_telling_words_still_has_a_form(printed: str) -> None:
    assert isinstance(normalise(printed), ComparisonForm)
    assert normalise(printed) == normalise(printed)


def test_single_han_characters_stay_words_of_their_own() -> None:
    form = normalise("国 家")
    assert form.spelled == ("国", "家")
    assert all(word.text.isascii() for word in form.words)


@given(st.text(max_size=500))
def test_any_string_is_normalised(printed: str) -> None:
    form = normalise(printed)
    assert all(0.0 <= word.weight <= 1.0 for word in form.words)
    assert all(word.text.isascii() and word.text.isalnum() for word in form.words)
    assert bool(form.words) >= bool(form.joined)


@given(st.lists(st.sampled_from(PIECES), min_size=1))
def test_case_and_punctuation_change_nothing(pieces: list[str]) -> None:
    plain = normalise(" ".join(pieces))
    dressed = normalise("«" + ", ".join(pieces).upper() + "»")
    assert [word.text for word in dressed.words] == [word.text for word in plain.words]
    assert dressed.joined == plain.joined


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("a " * 250, id="single letters"),
        pytest.param("limited liability " * 28, id="half legal forms"),
        pytest.param("e\u0301" * 250, id="combining marks"),
        pytest.param("\u0301" * 500, id="marks alone"),
        pytest.param("国" * 500, id="Han"),
        pytest.param("co ltd " * 70, id="legal forms"),
        pytest.param("\u202e" * 500, id="direction marks"),
        pytest.param("\ufdfa" * 500, id="a letter that unfolds into eighteen"),
    ],
)
def test_adversarial_names_take_bounded_time(printed: str) -> None:
    # the longest takes a million where it is the first to read a table, most a hundredth of that
    with at_most_letters(20_000_000):
        normalise(printed)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert normalise(unicodedata.normalize("NFD", "Müller")).joined == normalise("Müller").joined


@pytest.mark.parametrize(
    ("printed", "initials"),
    [
        pytest.param("Qzxvk Industry Corporation", ["q", "i"], id="one of a word"),
        pytest.param("Qzxvk Import and Export", ["q", "ie"], id="several of a phrase"),
        pytest.param("Qzxvk Driver's Union", ["q", "d", "u"], id="none after an apostrophe"),
        pytest.param("Заря Восток", ["z", "v"], id="of another script those in Latin"),
    ],
)
def test_words_lend_letters_to_an_acronym(printed: str, initials: list[str]) -> None:
    assert [word.initials for word in normalise(printed).words] == initials


@pytest.mark.parametrize("printed", ["MOIS", "NEC", "PVC", "GPS", "AMNS", "NIS"])
def test_a_short_name_is_no_plural_of_an_abbreviation(printed: str) -> None:
    assert words(printed) == [printed.lower()]


def test_a_short_name_that_folds_like_a_legal_form_is_none() -> None:
    assert words("JP Trade") == ["jp", *words("Trade")]
    assert normalise("JP Trade").legal_forms == ()
    assert normalise("IP Ivanov").legal_forms == ("ip",)


@pytest.mark.parametrize(
    "printed", ["Plant №9", "Plant № 9", "Plant No9", "Plant no. 9", "Plant N 9", "Завод №9"]
)
def test_the_sign_of_a_number_is_left_out(printed: str) -> None:
    assert words(printed) == ["plant", "9"]


@pytest.mark.parametrize("printed", ["M/s Zarya", "M/S. Zarya", "MESSRS Zarya", "M/s. “Zarya”"])
def test_messrs_before_a_name_is_left_out(printed: str) -> None:
    assert normalise(printed).spelled == ("zarya",)


def test_a_name_of_messrs_alone_keeps_it() -> None:
    assert len(words("Messrs")) == 1


@pytest.mark.parametrize(
    ("printed", "readings"),
    [
        pytest.param("R0SNEFT", {"rosneft"}, id="nought"),
        pytest.param("SM1TH", {"smith", "smlth"}, id="one"),
        pytest.param("0RB1TA", {"orbita", "orblta"}, id="both"),
        pytest.param("H3C", set(), id="another digit"),
        pytest.param("A1B", set(), id="few letters"),
        pytest.param("Model10", set(), id="a number at the end"),
        pytest.param("Studio1", set(), id="a one at the end"),
    ],
)
def test_a_nought_or_a_one_among_letters_may_be_a_letter(printed: str, readings: set[str]) -> None:
    assert set(normalise(printed).words[0].readings) == {fold(each) for each in readings}


def test_letters_with_and_between_them_are_one_word() -> None:
    assert words("J and P Zarya") == words("J & P Zarya") == words("JP Zarya")
