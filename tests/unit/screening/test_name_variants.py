"""Names with their address behind them are asked for without it as well."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise, normalise_all
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from abeyance_screening.engine.screening.field.further_names import (
    forms_apart,
    forms_of_pieces,
    further_names,
)
from abeyance_screening.engine.screening.field.parts import (
    MOST_WORDS,
    PIECE_THRESHOLD,
    WHOLE_THRESHOLD,
    is_prose,
    read_field,
)
from abeyance_screening.engine.screening.name_variants import doubts_of, question_forms
from abeyance_screening.engine.screening.question import MAX_NAME_LENGTH, Counterparty
from tests.walks import at_most_letters

# Letters that could be looked at meanwhile; the longest takes a thousandth of it.
_LONGEST = 20_000_000


def asked(printed: str) -> list[str]:
    return [form.printed for form in question_forms(printed)]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("JSC PNIEI, Moscow, Russia", "JSC PNIEI", id="city and country"),
        pytest.param("Proton (Russia)", "Proton", id="country in brackets"),
        pytest.param("Proton (Russia", "Proton", id="a bracket left open"),
        pytest.param("Foo - Dubai - UAE", "Foo", id="dashes"),
        pytest.param("Foo Co., Ltd., Shenzhen, China", "Foo Co., Ltd.", id="form behind a comma"),
        pytest.param("Foo, Lenin St. 12, Moscow, Russian Federation", "Foo", id="street"),
    ],
)
def test_a_name_before_its_address_is_asked_for(printed: str, name: str) -> None:
    assert asked(printed)[0] == printed
    assert asked(printed)[-1] == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("LNG/C NORTH SKY", "NORTH SKY", id="kind of ship"),
        pytest.param(":50K:/40702810500000012345 ROSNEFT", "ROSNEFT", id="field of a payment"),
        pytest.param("sales@hikvision.com", "hikvision", id="mail address"),
        pytest.param("sales@hikvision.co.ir", "hikvision", id="an end under a country"),
        pytest.param('MT "PARVATI"', '"PARVATI"', id="quotation marks"),
        pytest.param("Vessel: HUWAYZEH Flag: Liberia", "HUWAYZEH", id="a ship and its flag"),
        pytest.param("MT STEPAN MAKAROV (Panama flag)", "STEPAN MAKAROV", id="flag in brackets"),
        pytest.param("MV EURO FORTUNE Cook Islands flag", "EURO FORTUNE", id="two words"),
        pytest.param("M.V. HAPPINESS flying the Iran flag", "HAPPINESS", id="flying a flag"),
        pytest.param("Asian Hope, flag Liberia", "Asian Hope", id="a flag alone"),
        pytest.param("Asian Hope, Liberia-flagged", "Asian Hope", id="flagged"),
        pytest.param("M/T SAHARA built 2004", "SAHARA", id="year of building"),
        pytest.param("HERMES VOY 034", "HERMES", id="voyage"),
        pytest.param("PRECIOUS v.12E", "PRECIOUS", id="voyage with its direction"),
        pytest.param("on board SYMPHONY", "SYMPHONY", id="on board"),
        pytest.param("s.s. DORITA", "DORITA", id="steamship"),
    ],
)
def test_a_name_within_a_field_is_asked_for_without_its_marks(printed: str, name: str) -> None:
    assert asked(printed)[0] == printed
    assert name in asked(printed)[1:]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("John Smith t/a Hikvision", "Hikvision", id="trading as"),
        pytest.param("John Smith trading as Hikvision", "Hikvision", id="trading as, in words"),
        pytest.param("Foo Ltd DOING BUSINESS AS: Hikvision", "Hikvision", id="doing business as"),
        pytest.param("Foo Ltd on behalf of Hikvision", "Hikvision", id="on behalf of"),
        pytest.param("Foo, c/o Rosneft, Moscow", "Rosneft, Moscow", id="care of"),
        pytest.param("FAGIMA SPA Accounts Payable", "FAGIMA SPA", id="a department"),
        pytest.param("Legal Department of ANKOR OOO", "ANKOR OOO", id="a department before it"),
        pytest.param("TCOM, L.P. and its subsidiaries", "TCOM, L.P", id="and its firms"),
    ],
)
def test_a_name_beside_a_mark_is_a_part_of_its_field(printed: str, name: str) -> None:
    assert name in [part.text for part in read_field(printed).parts]
    assert asked(printed) == [printed]


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("someone@gmail.com", id="mail address that anybody may have"),
        pytest.param("MS Foo Trading", id="letters that are no kind of ship"),
        pytest.param("MV Electronic S.R.L.", id="letters before a firm"),
        pytest.param("Tanker Pacific Management Pte Ltd", id="a kind of ship before a firm"),
        pytest.param("Red Flag Foo", id="a flag of no country"),
        pytest.param("Foo Built Environment", id="built, without a year"),
        pytest.param("Foo Trading, CO", id="a legal form that is a code of a country"),
        pytest.param("Banco Foo (Mexico), S.A.", id="country within"),
        pytest.param("Iran", id="country alone"),
        pytest.param("(Iran)", id="country alone in brackets"),
        pytest.param("Almaz-Antey, Moscow", id="no country"),
    ],
)
def test_a_name_without_a_country_behind_it_is_asked_for_as_it_is(printed: str) -> None:
    assert asked(printed) == [printed]


@given(st.text(st.sampled_from("aB1 ,(-)\u2013\u0436\u4e2dIran"), max_size=60))
def test_the_forms_of_a_list_are_asked_for_first_and_each_once(printed: str) -> None:
    forms, listed = question_forms(printed), normalise_all(printed)
    assert forms[: len(listed)] == listed
    assert len({(form.joined, form.words) for form in forms}) == len(forms)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        pytest.param("PAT Hazprom", ["hazprom", "gazprom"], id="Ukrainian legal form"),
        pytest.param("Hazprom PJSC", ["hazprom"], id="another legal form"),
        pytest.param("Hotel at Hazprom", ["hotel hazprom"], id="a word between others"),
        pytest.param("TOV «Heomir»", ["heomir", "geomir"], id="quotation marks"),
        pytest.param("PAT Zhoda", ["zhoda"], id="one sound of two letters"),
        pytest.param("AT Pozhyv Zghoda", ["pozhiv zghoda", "pozhiv soglasie"], id="a translation"),
        pytest.param("Hrupa Yevrosvit", ["hrupa ievrosvit", "group evrosvit"], id="a trade word"),
    ],
)
def test_a_ukrainian_name_in_latin_letters_is_asked_for_as_russia_writes_it(
    printed: str, words: list[str]
) -> None:
    asked = [" ".join(word.text for word in form.words) for form in question_forms(printed)]
    assert asked == words


@pytest.mark.parametrize("piece", ["a,", "( ", "a - ", ", Iran", "(Iran) ", "a@b.cc ", "a c/o "])
def test_adversarial_names_take_bounded_time(piece: str) -> None:
    printed = (piece * MAX_NAME_LENGTH)[:MAX_NAME_LENGTH]
    with at_most_letters(_LONGEST):
        forms = question_forms(printed)
    assert len(forms) <= 10


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        pytest.param(
            "www.dahuasecurity.com",
            ["dahuasecurity", "dahua security", "dahua"],
            id="a brand and a common word",
        ),
        pytest.param(
            "shenzhenhikvision.com.cn",
            ["shenzhenhikvision", "hikvision shenzhen", "hikvision"],
            id="a city before the brand",
        ),
        pytest.param("www.zte.com.cn", ["zte"], id="a short brand"),
        pytest.param("mail.ru", ["mail"], id="without www"),
    ],
)
def test_a_domain_is_asked_for_by_the_names_in_it(printed: str, names: list[str]) -> None:
    forms = {form.joined for form in question_forms(printed)}
    assert {form.joined for name in names for form in normalise_all(name)} <= forms


def test_a_common_word_before_a_common_word_is_no_brand() -> None:
    assert "crystal" not in asked("www.crystalcoal.com")


def _is_listed(word: str) -> bool:
    return word in {"huavei", "zorbax", "technologi"}


def test_a_text_is_asked_for_in_pieces() -> None:
    text = "Dear Sirs please ship the ordered goods to Huawei Technologies Co Ltd before Friday"
    pieces = {form.printed: least for form, least in forms_of_pieces(text, _is_listed)}
    assert pieces["Huawei Technologies Co Ltd"] == PIECE_THRESHOLD
    assert pieces["Huawei"] == WHOLE_THRESHOLD
    assert all("Huawei" in piece for piece in pieces)
    assert all(len(piece.split()) <= 6 for piece in pieces)


def test_a_word_is_asked_for_as_two_where_both_are_listed() -> None:
    words = {normalise(each).words[0].text for each in ("ramzan", "kadyrov")}

    def is_listed(word: str) -> bool:
        return word in words

    assert [form.printed for form, _ in forms_apart("RAMZANKADYROV", is_listed)] == [
        "RAMZAN KADYROV"
    ]
    assert list(forms_apart("RAMZANMUSTER", is_listed)) == []


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("NPOLEPTON", "NPO LEPTON", id="a short word before it"),
        pytest.param("N P O L E P T O N", "NPO LEPTON", id="letters one by one"),
        pytest.param("www.npolepton.ru/en", "NPO LEPTON", id="a domain"),
        pytest.param("sales@npolepton.ru", "NPO LEPTON", id="a mail address"),
    ],
)
def test_words_written_as_one_are_asked_for_apart(printed: str, name: str) -> None:
    listed = NameIndex.build([IndexedName(0, 0, "primary", normalise("NPO LEPTON AO"))])
    forms = [each.form for each in further_names(printed, listed) if each.form is not None]
    assert normalise(name).words in [
        tuple(msgspec.structs.replace(word, printed=word.printed.upper()) for word in form.words)
        for form in forms
    ]


def test_a_word_that_joins_others_is_no_half_of_one() -> None:
    assert list(forms_apart("DRAGADOS", lambda word: word in {"draga", "dos"})) == []


def test_a_place_alone_is_no_piece_of_a_text() -> None:
    words = {normalise(each).words[0].text for each in ("Buenos", "Aires", "Zorbax")}
    text = "Compania Introductora de Buenos Aires S.A."
    pieces = {form.printed for form, _ in forms_of_pieces(f"{text} Zorbax", words.__contains__)}
    assert pieces.isdisjoint({"Buenos", "Aires", "Buenos Aires", "de Buenos Aires"})
    assert pieces >= {"Zorbax", "Aires S.A. Zorbax"}


@pytest.mark.parametrize(
    ("printed", "length"),
    [
        pytest.param("LIMITED LIABILITY COMPANY MANAGEMENT COMPANY ELGA", 35, id="within a trade"),
        pytest.param("JOINT STOCK COMPANY SPECIAL DESIGN BUREAU", 33, id="in capitals"),
        pytest.param("Federalnoe Kazennoe Predpriyatie Permski Zavod", 35, id="two letters"),
        pytest.param("OPEN JOINT-STOCK COMPANY KONTSERN AVIAPRIBOR", 35, id="one letter"),
        pytest.param(
            "JOINT STOCK COMPANY 'REGISTRATION COMPANY'", 30, id="after a quotation mark"
        ),
    ],
)
def test_a_name_that_is_cut_before_its_own_word_is_not_cleared(printed: str, length: int) -> None:
    (doubt,) = doubts_of(Counterparty(name=printed[:length]))
    assert doubt.may_hide
    assert doubt.reason.startswith("seems to be cut before the word that tells whose it is")


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("LIMITED LIABILITY COMPANY MANAGEMENT COMPANY", id="whole words"),
        pytest.param("LIMITED LIABILITY COMPANY KERAMAKS", id="a word of its own"),
        pytest.param("Công ty Cổ phần Chứng khoán DSC", id="an abbreviation"),
        pytest.param("Investment and Construction Company S.A.", id="a legal form"),
        pytest.param("KERAMAKS LIMITED LIABILITY COMPA", id="a name before it"),
        pytest.param("Management Compan", id="too short to be cut"),
    ],
)
def test_a_whole_name_has_no_doubt_about_its_end(printed: str) -> None:
    assert doubts_of(Counterparty(name=printed)) == ()


def test_a_name_is_prose_once_it_has_more_words_than_a_name() -> None:
    text = " ".join(["Zorbax"] * MOST_WORDS)
    assert not is_prose(text, text)
    assert is_prose(f"{text} Zorbax", f"{text} Zorbax")
