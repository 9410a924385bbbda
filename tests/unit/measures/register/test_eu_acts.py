"""The European Union's acts: what they reach, how long they run, and whose words they stand on."""

import re
from datetime import date
from pathlib import Path

import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.calendar import CalendarFilter, coming
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.screening.trade.items import Verdict
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load
from tests.unit.measures.register.trades import Trade, reached

REGISTER = load()
TODAY = date(2026, 11, 27)
SAMPLES = Path(__file__).parents[3] / "fixtures" / "eu_fsf"
# What the list of March 2022 prints, and what came after it.
CODES = [
    "AFG", "BDI", "BLR", "CAF", "CHEM", "COD", "CYB", "EUAQ", "GIN", "GNB", "GTM", "HAM", "HR",
    "HTI", "IRN", "IRQ", "LBY", "MDA", "MLI", "MMR", "NIC", "PRK", "RUS", "RUSDA", "SDN", "SDNZ",
    "SOM", "SSD", "SYR", "TAQA", "TERR", "TUN", "TUR", "UKR", "VEN", "YEM", "ZWE",
]  # fmt: skip


def _word(measure_id: str, as_of: date = TODAY) -> str:
    return status_on(REGISTER.get(measure_id), as_of, TODAY).word


def test_a_centrifugal_pump_from_germany_to_russia_is_met_by_article_3k_which_is_in_force():
    assert "eu-russia-industrial-goods" in reached(Trade(("hs 841370",), "DE", "RU"))[Verdict.MET]
    measure = REGISTER.get("eu-russia-industrial-goods")
    assert "art. 3k" in measure.citation
    assert _word(measure.id) == "in_force"
    assert measure.words is not None
    assert [each.id for each in measure.events if each.words is not None] == ["expand-2024-06-25"]


@pytest.mark.parametrize(
    ("trade", "met"),
    [
        pytest.param(
            Trade(("hs 84137051",), "DE", "RU"), "eu-russia-industrial-goods", id="8 digits"
        ),
        pytest.param(
            Trade(("centrifugal pump",), "DE", "RU"), "eu-russia-industrial-goods", id="words"
        ),
        pytest.param(
            Trade(("hs 848210",), "IT", "RU"), "eu-russia-industrial-goods", id="bearings"
        ),
        pytest.param(Trade(("hs 270112",), "RU", "DE"), "eu-russia-coal", id="3j"),
        pytest.param(Trade(("hs 440710",), "RU", "DE"), "eu-russia-revenue-goods", id="3i"),
        pytest.param(Trade(("hs 710812",), "RU", "DE"), "eu-russia-gold", id="3o"),
        pytest.param(Trade(("hs 27101921",), "DE", "RU"), "eu-russia-aviation", id="3c"),
        pytest.param(Trade(("hs 90151000",), "DE", "RU"), "eu-russia-luxury-goods", id="3h"),
    ],
)
def test_goods_of_an_annex_that_was_read_are_met(trade: Trade, met: str):
    assert met in reached(trade)[Verdict.MET]


@pytest.mark.parametrize(
    ("trade", "asked"),
    [
        pytest.param(Trade(("steel coils",), "RU", "DE"), "eu-russia-steel", id="3g"),
        pytest.param(
            Trade(("hs 710231",), "IN", "DE"), "eu-russia-diamonds", id="3p, cut elsewhere"
        ),
        pytest.param(
            Trade(("diesel",), "IN", "DE"), "eu-russia-refined-from-russian-crude", id="3ma"
        ),
        pytest.param(Trade(("crude oil",), "RU", "IN"), "eu-russia-oil-price-cap", id="3n"),
        pytest.param(Trade(("sensor",), "DE", "RU"), "eu-russia-advanced-technology", id="2a"),
        pytest.param(Trade(("reactor vessel",), "DE", "RU"), "eu-russia-oil-refining", id="3b"),
        pytest.param(Trade(("drill pipe",), "DE", "RU"), "eu-russia-energy-equipment", id="3"),
        pytest.param(Trade(("radar",), "DE", "RU"), "eu-russia-maritime-navigation", id="3f"),
        pytest.param(
            Trade(("gearbox",), "DE", "KZ"), "eu-russia-transit-industrial-goods", id="transit"
        ),
        pytest.param(Trade(("pump",), "DE", "BY"), "eu-belarus-industrial-goods", id="Belarus"),
        pytest.param(Trade(("rifle",), "DE", "ZW"), "eu-zwe-arms-embargo", id="Zimbabwe"),
    ],
)
def test_what_no_code_decides_is_asked(trade: Trade, asked: str):
    assert asked in reached(trade)[Verdict.OPEN]


def test_a_pump_that_stays_in_the_union_or_goes_elsewhere_is_not_met():
    for destination in ("FR", "IN", "US"):
        assert "eu-russia-industrial-goods" not in {
            *reached(Trade(("hs 841370",), "DE", destination))[Verdict.MET],
            *reached(Trade(("hs 841370",), "DE", destination))[Verdict.OPEN],
        }


@pytest.mark.parametrize(
    ("measure_id", "cliff"),
    [
        pytest.param("eu-russia-industrial-goods", date(2027, 7, 31), id="sectoral measures"),
        pytest.param("eu-belarus", date(2027, 2, 28), id="Belarus"),
        pytest.param("eu-mli", date(2026, 12, 14), id="Mali"),
        pytest.param("eu-ven", date(2027, 1, 10), id="Venezuela"),
        pytest.param("eu-ukr-msf", date(2027, 3, 6), id="misappropriation in Ukraine"),
        pytest.param("eu-syria", date(2027, 6, 1), id="Syria"),
        pytest.param("eu-tur", date(2026, 11, 30), id="Türkiye"),
        pytest.param("eu-hr", date(2026, 12, 8), id="human rights"),
        pytest.param("eu-ukr", date(2029, 9, 22), id="Ukraine, three more years"),
        pytest.param("eu-rusda", date(2027, 10, 9), id="hybrid activities of Russia"),
        pytest.param("eu-nic", date(2027, 10, 15), id="Nicaragua"),
        pytest.param("eu-bdi", date(2027, 10, 31), id="Burundi"),
    ],
)
def test_the_end_of_a_term_stands_in_the_calendar(measure_id: str, cliff: date):
    rows = coming(MeasureBoard(REGISTER), CalendarFilter(), Days(as_of=TODAY, known_at=TODAY))
    assert cliff in [each.stated_end for each in rows if each.measure_id == measure_id]


@pytest.mark.parametrize(
    "as_of",
    [date(2026, 9, 15), date(2026, 9, 16), TODAY, date(2027, 8, 1)],
    ids=str,
)
@pytest.mark.parametrize(
    "measure_id", ["eu-ukr", "eu-rusda", "eu-chem", "eu-russia-industrial-goods"]
)
def test_a_decision_that_ran_out_leaves_its_regulation_in_force(measure_id: str, as_of: date):
    """The Regulation has no end of its own, so that silence loosens nothing."""
    assert _word(measure_id, as_of) == "in_force"


def test_every_article_on_russia_and_belarus_knows_the_end_of_its_decision():
    terms = {
        each.id
        for each in REGISTER.measures
        for event in each.events
        if event.kind == "renew" and event.until in (date(2027, 7, 31), date(2027, 2, 28))
    }
    articles = {
        each.id
        for each in REGISTER.measures
        if re.search(r"833/2014 (art|Annex)|765/2006 art", each.citation)
    }
    assert len(articles) > 40
    # the first starts in parts, each on its day; the second ends when the Council decides
    assert articles - terms == {"eu-lng-19th-package", "eu-russia-oil-pipeline"}


@pytest.mark.parametrize("code", CODES)
def test_a_programme_has_its_act_its_words_and_its_first_day(code: str):
    found = [
        each
        for each in REGISTER.measures
        if any(at.list_code == "eu_fsf" and code in at.programmes for at in each.attaches)
    ]
    assert found
    for measure in found:
        assert re.search(r"Reg\. \(E[UC]\)|Common Position|No ", measure.citation)
        assert measure.ownership is not None
        assert measure.ownership.by
        assert measure.words is not None
        first = min(
            (each for each in measure.events if each.kind == "take_effect" and not each.slice),
            key=lambda each: (each.retracted_at is not None, each.effective_on or date.max),
        )
        assert first.exactness == "day"


def test_every_programme_that_the_samples_print_is_known():
    printed = {
        code
        for name in ("export_2020.xml", "export_2022.xml")
        for code in re.findall(r'programme="([A-Z]+)"', (SAMPLES / name).read_text())
    }
    assert len(printed) > 5
    assert printed <= {*CODES}


@pytest.mark.parametrize("measure_id", ["eu-belarus", "eu-irn", "eu-prk", "eu-ukr", "eu-rusda"])
def test_a_listing_has_the_freeze_and_the_travel_ban_alone(measure_id: str):
    assert [each.kind for each in REGISTER.get(measure_id).effect] == ["blocked", "travel_ban"]


@pytest.mark.parametrize(
    ("as_of", "word"),
    [
        pytest.param(date(2022, 6, 3), "published_not_effective", id="the day before"),
        pytest.param(date(2022, 6, 4), "in_force_eased", id="older contracts run on"),
        pytest.param(date(2023, 2, 5), "in_force", id="no longer"),
    ],
)
def test_the_oil_ban_began_on_the_4th_of_june_2022(as_of: date, word: str):
    assert _word("eu-russia-oil", as_of) == word


@pytest.mark.parametrize(
    ("as_of", "word"),
    [
        pytest.param(date(2026, 3, 17), "published_not_effective", id="the day before"),
        pytest.param(date(2026, 3, 18), "in_force_eased", id="older contracts run on"),
        pytest.param(TODAY, "in_force_eased", id="long-term contracts alone"),
        pytest.param(date(2027, 9, 29), "in_force_eased", id="the last day of the pipeline"),
        pytest.param(date(2027, 9, 30), "in_force", id="no contract any more"),
    ],
)
def test_the_ban_of_russian_gas_began_on_the_18th_of_march_2026(as_of: date, word: str):
    assert _word("eu-russia-gas-phase-out", as_of) == word


def test_a_first_day_that_was_only_a_year_is_still_answered_to_earlier_knowledge():
    year = next(each for each in REGISTER.get("eu-nic").events if each.id == "take-effect-2019")
    day = next(each for each in REGISTER.get("eu-nic").events if each.replaces == year.id)
    assert year.retracted_at is not None
    assert (year.exactness, day.effective_on) == ("year", date(2019, 10, 16))


def test_the_order_on_nexperia_stands_on_the_words_of_the_minister():
    order = REGISTER.get("nl-nexperia-order")
    worded = {each.id: each.words for each in order.events if each.words is not None}
    assert set(worded) == {"take-effect-2025-09-30", "suspend-2025-11-19"}
    assert worded["take-effect-2025-09-30"].language == "nl"
    assert order.words is not None
    assert _word("nl-nexperia-enterprise-chamber") == "in_force"
