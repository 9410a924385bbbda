"""What names nobody meets nobody, a part says that it is one, and what is too little says so.

Asked over HTTP, over all lists that come with the program.
"""

import random
from collections.abc import Iterator
from http import HTTPStatus
from itertools import product
from statistics import median
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.names.form import names_nobody, normalise
from abeyance_screening.engine.names.form.word_types import printed_letters
from abeyance_screening.engine.screening.index.index import ListingIndex

AT_ONCE = 500
A_PART = "by a part of the field: "

# Legal forms in full and in short, and what firms there print beside a brand.
FORMS = {
    "ru": (
        "Акционерное общество",
        "Общество с ограниченной ответственностью",  # noqa: RUF001
        "ПАО",
        "торговый дом",
    ),
    "uk": ("Товариство з обмеженою відповідальністю", "Приватне акціонерне товариство"),
    "pl": (
        "Spółka z ograniczoną odpowiedzialnością",
        "Spółka Akcyjna",
        "Przedsiębiorstwo Handlowe",
    ),
    "tr": ("Anonim Şirketi", "Sanayi ve Ticaret Limited Şirketi", "Dış Ticaret A.Ş."),  # noqa: RUF001
    "latin": ("Limited Liability Company", "Joint Stock Company", "Technology Company Limited"),
    "ka": ("შეზღუდული პასუხისმგებლობის საზოგადოება", "სააქციო საზოგადოება"),
    "el": ("Ανώνυμη Εταιρεία", "Εταιρεία Περιορισμένης Ευθύνης"),
    "ar": ("شركة مساهمة", "شركة ذات مسؤولية محدودة"),
    "ja": ("株式会社", "有限会社", "合同会社"),
    "ko": ("주식회사", "유한회사"),
    "es": ("Sociedad Anónima", "Sociedad de Responsabilidad Limitada"),
}
WAYS = (
    "{form} «{brand}»",
    '{form} "{brand}"',
    "{form} {brand}",
    "{brand} {form}",
    "{brand}, {form}",
)
LATIN = [
    "Fialkova",
    "Romashkina",
    "Zvonarsk",
    "Tuborelli",
    "Plintusov",
    "Kvadrigo",
    "Belvanta",
    "Torfimex",
    "Ozerinka",
    "Lutomir",
    "Marvelin",
    "Grozdika",
    "Pelunova",
    "Sintarex",
    "Viskomond",
    "Harbinola",
    "Qustarel",
    "Dolmetra",
    "Yabrinsk",
    "Wolkerin",
]
CYRILLIC = [
    "Фиалка",
    "Ромашка",
    "Звонарск",
    "Туборелли",
    "Плинтусов",
    "Квадриго",
    "Бельванта",
    "Торфимекс",
    "Озеринка",
    "Лутомир",
    "Марвелин",
    "Гроздика",
    "Пелунова",
    "Синтарекс",
    "Вискомонд",
    "Харбинола",
    "Густарель",
    "Долметра",
    "Ябринск",
    "Волькерин",
]


def answers(client: TestClient[Litestar], *names: str) -> list[Any]:
    found = list[Any]()
    for start in range(0, len(names), AT_ONCE):
        asked = [{"name": name} for name in names[start : start + AT_ONCE]]
        answer = client.post("/v1/screenings", json={"counterparties": asked, "store": False})
        assert answer.status_code == HTTPStatus.OK, answer.text
        found += answer.json()["results"]
    return found


def may_hide(result: Any) -> list[str]:
    return [each["reason"] for each in result["warnings"] if each["may_hide"]]


def listed(index: ListingIndex, count: int, seed: int) -> Iterator[str]:
    """Yields the names of all lists in an order of its own."""
    draw = random.Random(seed)  # noqa: S311
    for place in draw.sample(range(len(index.names)), count):
        yield index.name(place).text


@pytest.mark.parametrize("language", FORMS)
def test_no_firm_is_met_by_its_legal_form_or_its_trade(
    client: TestClient[Litestar], language: str
):
    brands = CYRILLIC if language in {"ru", "uk"} else LATIN
    asked = {
        way.format(form=form, brand=brand): brand
        for form, way, brand in product(FORMS[language], WAYS, brands)
    }
    results = answers(client, *asked)
    assert len(results) >= 5 * 20 * 2
    for name, result in zip(asked, results, strict=True):
        for hit in result["hits"]:
            brand = printed_letters(asked[name])[:5]
            assert brand in printed_letters(hit["matched"]["query"]), (name, hit["matched"])


def test_a_listed_name_that_names_nobody_is_told_and_met_by_none(
    client: TestClient[Litestar], bundled_index: ListingIndex
):
    nobody = dict[str, None]()
    for place in range(len(bundled_index.names)):
        name = bundled_index.name(place)
        if name.kind != "primary" and names_nobody(normalise(name.text)):
            nobody[name.text] = None
    assert len(nobody) > 60
    assert {"Al", "TECHNOLOGY COMPANY LIMITED"} <= nobody.keys()
    for name, result in zip(nobody, answers(client, *nobody), strict=True):
        assert all(hit["matched"]["kind"] == "primary" for hit in result["hits"]), name
        assert result["hits"] or may_hide(result), name


def test_a_part_of_a_field_says_so_and_is_never_the_same_name(
    client: TestClient[Litestar], bundled_index: ListingIndex
):
    names = [*listed(bundled_index, 240, seed=4)]
    fields = [
        field.format(one, other)
        for one, other in zip(names[::2], names[1::2], strict=True)
        for field in ("{}; {}", "{} and {}", "Payment to {} for {}")
    ]
    parts = whole = 0
    for field, result in zip(fields, answers(client, *fields), strict=True):
        for hit in result["hits"]:
            met, is_part = hit["matched"]["query"], A_PART in (hit["explanation"]["manner"] or "")
            within = printed_letters(met) != printed_letters(field)
            if within and printed_letters(met) in printed_letters(field) and is_part:
                parts += 1
                assert not hit["explanation"]["exact"]
                assert hit["score"] < 0.983, (field, hit["matched"])
            else:
                whole += 1
    assert parts > 150
    assert whole > 10


@pytest.mark.parametrize(
    "name",
    [
        "Gazprom Dobycha Noyabrsk, OOO",
        "TRANSNEFT-DRUZHBA, AO",
        "Shenzhen HiSilicon Technologies Co., Electrical Research Center",
        "ZAKRYTOE AKTSIONERNOE OBSHCHESTVO SBERBANK -TEKHNOLOGII",
    ],
)
def test_a_subsidiary_stands_before_the_parent_whose_name_it_begins_with(
    client: TestClient[Litestar], name: str
):
    (result,) = answers(client, name)
    best, *others = result["hits"]
    assert best["score"] == 1.0
    assert printed_letters(best["matched"]["text"]) == printed_letters(name)
    parents = [each for each in others if A_PART in (each["explanation"]["manner"] or "")]
    assert all(each["score"] < 0.95 for each in parents)


@pytest.mark.parametrize("room", [35, 30])
def test_a_name_that_is_cut_within_a_word_is_met_or_says_that_it_may_be_cut(
    client: TestClient[Litestar], bundled_index: ListingIndex, room: int
):
    names = [
        name
        for name in listed(bundled_index, 9_000, seed=room)
        if name.isascii() and len(name) > room + 2 and name[room - 1 : room + 1].isalpha()
    ]
    cut = [*dict.fromkeys(name[:room] for name in names)][:400]
    results = answers(client, *cut)
    silent = [each["name"] for each in results if not each["hits"] and not may_hide(each)]
    assert len(cut) > 300
    assert silent == []
    met = [each for each in results if each["hits"]]
    assert len(met) >= 0.9 * len(cut)


def test_a_brand_beside_a_trade_scores_alike_whatever_its_length(
    client: TestClient[Litestar], bundled_index: ListingIndex
):
    brands = dict[str, None]()
    for name in listed(bundled_index, 30_000, seed=8):
        form = normalise(name)
        is_brand = len(form.words) == 1 and name.isascii() and name.isalpha()
        if is_brand and form.words[0].weight == 1.0 and not form.words[0].is_trade_word:
            brands[name] = None
    by_length = {
        length: [each for each in brands if len(each) == length][:25] for length in range(6, 11)
    }
    for trade in ("Energy", "Energija", "Logistika"):
        best = list[float]()
        for some in by_length.values():
            results = answers(client, *(f"{brand} {trade}" for brand in some))
            silent = [each["name"] for each in results if not each["hits"] and not may_hide(each)]
            assert silent == []
            scores = [hit["score"] for each in results for hit in each["hits"][:1]]
            best.append(median(scores))
        assert max(best) - min(best) < 0.08, (trade, best)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("44 Zakharova str., Minsk, 220034, Belarus", "looks like an address"),
        ("P.O. Box 16595-365, Tehran, Iran (Islamic Republic of)", "looks like an address"),
        ("ul. Marata D. 47 B, Tula, Tula region, 300004, Russia", "looks like an address"),
        ("Lukashenko", "listed persons, such as"),
        ("Maduro", "listed persons, such as MADURO"),
        ("Kim", "listed persons, such as"),
    ],
)
def test_what_is_too_little_for_a_name_says_so(client: TestClient[Litestar], name: str, told: str):
    (result,) = answers(client, name)
    assert result["hits"] == []
    assert any(told in each for each in may_hide(result)), result["warnings"]


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("DJO Global", "of Iran, perhaps meant by “DJO Global” (“DIO”, not “DJO”)"),
        ("SMC Corporation", "of Cuba, perhaps meant by “SMC Corporation” (initials alone)"),
        ("Alpha Bank", "of Russia, perhaps meant by “Alpha Bank” (“Alfa”, not “Alpha”)"),
        ("Huriya Private FZE", "HURIYA PRIVATE FZE LLE"),
    ],
)
def test_a_name_that_is_nearly_a_listed_one_is_perhaps_meant(
    client: TestClient[Litestar], name: str, beginning: str
):
    (result,) = answers(client, name)
    assert beginning in result["answer"]["sentence"].partition(": on ")[0]
