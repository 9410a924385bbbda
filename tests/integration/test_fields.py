"""A listed name anywhere in a name field is found, or the answer says what was not compared."""

import csv
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.engine.screening.field import parts
from abeyance_screening.engine.screening.field.codes import decoded
from abeyance_screening.engine.screening.field.parts import MOST_PARTS, FieldReading, read_field

FIXTURES = Path(__file__).parents[1] / "fixtures"
# Later days are incomplete by age.
TERMS = {
    "as_of": "2026-07-31",
    "known_at": "2026-07-31",
    "lists": ["us_bis_el", "us_ofac_sdn"],
    "store": False,
}
with (FIXTURES / "fields" / "listed_in_fields.jsonl").open(encoding="utf-8") as lines:
    FIELDS = [msgspec.json.decode(line, type=dict[str, str]) for line in lines]
OTHER = "Muster Gartenbau GmbH"


def answers(client: TestClient[Litestar], *parties: dict[str, Any], **terms: Any) -> list[Any]:
    body = {"counterparties": list(parties), **TERMS, **terms}
    answer = client.post("/v1/screenings", json=body)
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert answer.json()["coverage"]["complete"]
    return answer.json()["results"]


def named(client: TestClient[Litestar], *names: str, **terms: Any) -> list[Any]:
    return answers(client, *({"name": each} for each in names), **terms)


def met(result: Any) -> set[str]:
    return {each["listing"]["names"][0]["text"] for each in result["hits"]}


def ordinary_names() -> list[str]:
    with (FIXTURES / "bench" / "gleif.csv").open(encoding="utf-8") as rows:
        return [row["LegalName"] for row in csv.DictReader(rows)]


def test_no_field_with_a_listed_name_in_it_is_clear(client: TestClient[Litestar]):
    results = named(client, *(each["name"] for each in FIELDS))
    assert len(results) > 444
    silent = [each["name"] for each in results if each["outcome"] == "no_hits"]
    assert silent == []
    # a short name and one of common words are told, since ordinary names have them too
    told = {each["name"] for each in FIELDS if each["kind"] in {"short", "common"}}
    hidden = [
        each["name"]
        for each in results
        if each["outcome"] == "incomplete" and each["name"] not in told
    ]
    # letters that are lost for good or in no encoding, and the name of a ship that is one word
    assert len(hidden) <= len(results) / 80, hidden


def test_both_parties_of_a_field_are_found(client: TestClient[Litestar]):
    for between in ("; ", "\n", " | ", ", ", " & ", " formerly ", " c/o "):
        (result,) = named(client, f"Bank Melli Iran{between}Rosoboronexport OAO")
        lists = met(result)
        assert "BANK MELLI IRAN" in lists, between
        assert any("ROSOBORONEKSPORT" in each or "ROSOBORONEXPORT" in each for each in lists), (
            between,
            lists,
        )


def test_what_met_is_told_by_the_part_of_the_field(client: TestClient[Litestar]):
    (result,) = named(client, f"{OTHER}; Rosoboronexport")
    assert result["hits"][0]["matched"]["query"] == "Rosoboronexport"


def test_an_address_with_a_name_before_it_is_read(client: TestClient[Litestar]):
    (plain, care_of) = answers(
        client,
        {"name": OTHER, "addresses": ["Gartenweg 4, 38100 Braunschweig"]},
        {"name": OTHER, "addresses": ["c/o Rosoboronexport, Gartenweg 4, 38100 Braunschweig"]},
    )
    assert plain["outcome"] == "no_hits"
    assert care_of["outcome"] == "hits"


def test_ordinary_names_get_hardly_an_alert_or_a_warning_more(client: TestClient[Litestar]):
    names = ordinary_names()
    results = named(client, *names)
    assert sum(each["outcome"] == "hits" for each in results) <= 2
    short = [each for each in results if len(each["name"].split()) <= 10]
    assert sum(bool(each["warnings"]) for each in short) <= len(names) / 100


def test_words_written_together_in_a_companys_name_are_no_names_apart(
    client: TestClient[Litestar],
):
    companies = (
        "BAIC BluePark New Energy Technology Co., Ltd.",
        "HuBei NengTer Technology CO.,Ltd",
        "XiaMen HongXin Electron-tech Group Co.,Ltd",
    )
    for name in companies:
        answer = client.get("/v1/search", params={"name": name, "as_of": TERMS["as_of"]}).json()
        near = [each["matched"]["text"] for each in answer["hits"] if each["score"] > 0.7]
        assert near == [], name
    (found,) = named(client, "HikvisionDigital Technology Co., Ltd.")
    assert found["outcome"] == "hits"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("\u041f\u043e\u043b???\u0432\u043e", "signs in the place of letters"),
        ("R\u043es\u043eb\u043er\u043enexport", "mixes letters of two scripts"),
        ("%D0%90%D0%BD%D0%BD%D0%B0", "also read as '\u0410\u043d\u043d\u0430'"),
        ("; ".join(f"Muster {each} GmbH" for each in "ABCDEFGHIJKLMNOPQRST"), "were compared"),
        ("a/b/c " + "/".join(f"wort{each}" for each in range(12)), "among that many words"),
        (
            "\u6211\u4eec\u5c06\u8d27\u7269\u8fd0\u9001\u7ed9\u5ba2\u6237\u8bf7\u5c3d\u5feb\u786e\u8ba4",
            "sentence without blanks",
        ),
    ],
)
def test_what_cannot_be_compared_or_was_guessed_is_said(
    client: TestClient[Litestar], name: str, reason: str
):
    (result,) = named(client, name)
    assert any(reason in each["reason"] for each in result["warnings"]), result["warnings"]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        pytest.param("Roso boron export", "ROSOBORO", id="a word in syllables"),
        pytest.param("Poco6opoHekcnopT", "ROSOBORO", id="Latin letters for Cyrillic ones"),
        pytest.param("Kundenakte Rosoboronexport neu", "ROSOBORO", id="a word among others"),
        pytest.param("Muster GmbH Kundenakte Bank Melli", "BANK MELLI", id="behind a legal form"),
        pytest.param("payment to ACS SYSTEMS LIMITED", "ACS SYSTEMS", id="no rare word"),
    ],
)
def test_a_listed_name_is_found_by_its_letters(
    client: TestClient[Litestar], name: str, listed: str
):
    (result,) = named(client, name)
    assert any(listed in each["matched"]["text"].upper() for each in result["hits"]), result


def test_a_word_that_is_all_of_a_listed_name_is_told_where_it_may_be_another(
    client: TestClient[Litestar],
):
    found, ship, short = named(
        client, "Huawei Technologies", "Muster Gartenbau GmbH, ARVIN", "Huawei Gartenbau"
    )
    assert found["warnings"] == []
    for result, word in ((ship, "ARVIN"), (short, "Huawei")):
        assert result["outcome"] in {"incomplete", "hits"}
        assert any(f"the word {word}" in each["reason"] for each in result["warnings"])


def test_what_was_read_otherwise_is_a_warning(client: TestClient[Litestar]):
    syllables, lookalike = named(client, "ROSO BORON EXPORT", "Poco6opoHekcnopT")
    assert "one word that was parted" in syllables["warnings"][0]["reason"]
    assert "also read as" in lookalike["warnings"][0]["reason"]
    (plain,) = named(client, "Gar ten bau")
    assert (plain["outcome"], plain["warnings"]) == ("no_hits", [])


def test_a_threshold_above_the_services_own_hides_nothing(client: TestClient[Litestar]):
    (usual,) = named(client, "Rosoboronexport")
    (strict,) = named(client, "Rosoboronexport", threshold=0.999)
    assert usual["outcome"] == "hits"
    assert (strict["outcome"], strict["hits"]) == ("incomplete", [])
    (warning,) = strict["warnings"]
    score = usual["hits"][0]["score"]
    assert f"meets it with {score:.2f}: below the threshold of 1.00" in warning["reason"]
    (clear,) = named(client, "Zimtstern Quedlinburg", threshold=0.999)
    assert (clear["outcome"], clear["warnings"]) == ("no_hits", [])


# --- The parts themselves.


@settings(max_examples=300)
@given(st.text(max_size=500))
def test_any_text_is_read(text: str):
    reading = read_field(text)
    assert len(reading.parts) <= MOST_PARTS
    assert all(part.text.strip() for part in reading.parts)


@given(st.lists(st.sampled_from("ABCDEFGH"), min_size=2, max_size=6, unique=True), st.data())
def test_each_party_between_certain_signs_is_a_part(letters: list[str], data: st.DataObject):
    names = [f"Muster {letter * 3} GmbH" for letter in letters]
    signs = data.draw(st.lists(st.sampled_from([";", "\n", "\t", " | "]), min_size=len(names)))
    text = "".join(f"{name}{sign}" for name, sign in zip(names, signs, strict=False))
    assert {*names} <= {part.text for part in read_field(text).parts}


@given(st.text("\u0410\u0411\u0412\u0413\u0414\u0430\u0431\u0432\u0433\u0434 ", min_size=4))
def test_a_text_in_a_code_is_read_as_what_it_says(text: str):
    text = f"\u0414\u0430{text.strip()}"
    codes = [
        "".join(f"&#{ord(each)};" for each in text),
        "".join(f"\\u{ord(each):04x}" for each in text),
        "".join(f"%{byte:02X}" for byte in text.encode()),
        json.dumps(text)[1:-1],
    ]
    for code in codes:
        assert text in decoded(code), code


@pytest.mark.parametrize(
    "name",
    [
        "Peeters & Zonen BV",
        "AT&T Inc.",
        "Ma\u00eetre Corbeau SARL",
        "L'Or\u00e9al S.A.",
        "C\u00f4te d'Azur &amp; Fils",
        "O\u00dc \u00c4\u00f6l\u00fc",
        "100% Bio GmbH",
    ],
)
def test_no_ordinary_name_is_taken_for_a_wrong_encoding(name: str):
    assert all(each == "C\u00f4te d'Azur & Fils" for each in decoded(name))


# --- What most fields show at a glance.


def holds(reading: FieldReading) -> tuple[object, ...]:
    """What a reading holds, but for texts that are one name each."""
    texts = {" ".join(each.split()) for each in reading.texts if list(parts.perhaps_in(each))[1:]}
    return {*reading.parts}, texts, reading.unspaced, reading.doubts


_LETTERS = st.sampled_from("abXY \u00e9\u00dc-.,&()/+0123:;\"'\u0436") | st.sampled_from(
    [" - ", " GmbH", " Ltd.", " S.A.", " ex ", " c/o ", " f/k/a ", " for ", " and ", "Co.", " 2) "]
)


@settings(max_examples=500)
@given(st.lists(_LETTERS, max_size=24).map("".join))
def test_a_glance_sees_what_a_close_reading_sees(text: str):
    glance, close = parts.glance(text), parts.read_closely(text)
    if glance is not None:
        assert holds(glance) == holds(close)
        assert {*glance.sides} <= {*close.sides}


def test_a_glance_is_enough_for_ordinary_names():
    names, found = ordinary_names(), [each["name"] for each in FIELDS]
    closely = [each for each in names if parts.glance(each) is None]
    assert len(closely) < len(names) / 8, closely
    for name in (*names, *found):
        glance, close = parts.glance(name), parts.read_closely(name)
        assert glance is None or holds(glance) == holds(close), name
