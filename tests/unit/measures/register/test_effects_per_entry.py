"""What is imposed on one entry: read from what the entry prints, never the union of a regime."""

from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import EntityType, Fact, Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.law.per_listing import imposed_on
from abeyance_screening.engine.measures.measure import Attachment, Effect, Measure, Printed
from abeyance_screening.engine.measures.register.check import faults
from abeyance_screening.engine.measures.register.register import Register
from abeyance_screening.engine.measures.status import ImposedBy, MeasureOnDay
from abeyance_screening.engine.screening.trade.items import Verdict
from abeyance_screening.engine.wording.status import duty
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load
from tests.unit.measures.register.trades import Trade, reached

REGISTER = load()
DAY = date(2026, 5, 1)
DAYS = Days(as_of=DAY, known_at=DAY)


def _listing(
    list_code: str,
    programme: str,
    kind: str,
    *values: str,
    party: EntityType | None = "person",
) -> Listing:
    return Listing(
        id=f"{list_code}-1",
        list_code=list_code,
        names=(Name(text="First", kind="primary"),),
        entity_type=party,
        programmes=(programme,),
        facts=tuple(Fact(kind=kind, value=value) for value in values),
    )


def _uk(programme: str, *sanctions: str, party: EntityType | None = "person") -> Listing:
    return _listing("uk_sl", programme, "sanctions_imposed", *sanctions, party=party)


def _ids(listing: Listing) -> list[str]:
    return [each.id for each in REGISTER.attached_to(listing)]


def _effects(measure_id: str, listing: Listing) -> tuple[list[str], ImposedBy]:
    imposed = imposed_on(REGISTER.get(measure_id), listing)
    said = [each.kind + (f": {each.what}" if each.what else "") for each in imposed.effects]
    return said, imposed.by


@pytest.mark.parametrize(
    ("list_code", "programme", "measure_id"),
    [
        pytest.param("us_ofac_sdn", "RUSSIA-EO14024", "us-ofac-russia-eo14024", id="Gazprombank"),
        pytest.param("us_ofac_sdn", "BELARUS", "us-ofac-belarus-eo13405", id="Belarus"),
        pytest.param("eu_fsf", "PRK", "eu-prk", id="a Korean company in the EU"),
    ],
)
def test_a_travel_ban_is_for_persons_alone(list_code: str, programme: str, measure_id: str):
    kinds = {
        party: {
            each.kind
            for each in imposed_on(
                REGISTER.get(measure_id), _listing(list_code, programme, "note", party=party)
            ).effects
        }
        for party in ("person", "organisation", "vessel", None)
    }
    assert "travel_ban" in kinds["person"] & kinds[None]
    assert "travel_ban" not in kinds["organisation"] | kinds["vessel"]
    assert all("blocked" in each for each in kinds.values())


def test_every_travel_ban_of_a_listing_says_whom_it_may_meet():
    """China bars the executives of a listed company, so that its bans are for companies too."""
    open_to_all = {
        each.id
        for each in REGISTER.measures
        if each.attaches and each.jurisdiction != "CN"
        for effect in each.effect
        if effect.kind == "travel_ban" and not (effect.parties or effect.printed)
    }
    assert not open_to_all


@pytest.mark.parametrize(
    ("measure", "listing", "effects", "by"),
    [
        pytest.param(
            "uk-russia-2019",
            _uk("RUS", "Asset freeze"),
            ["blocked"],
            "entry",
            id="a freeze and nothing else",
        ),
        pytest.param(
            "uk-russia-2019",
            _uk(
                "RUS",
                "Asset freeze",
                "Trust Services Sanctions",
                "Director Disqualification Sanction",
            ),
            ["blocked", "director_disqualification", "prohibition: trust services"],
            "entry",
            id="three sanctions, no travel ban",
        ),
        pytest.param(
            "uk-russia-2019",
            _uk("RUS", "Travel Ban"),
            ["travel_ban"],
            "entry",
            id="a travel ban alone is no freeze",
        ),
        pytest.param(
            "uk-belarus-2019",
            _uk(
                "BEL", "ASSET  FREEZE", "Director Disqualification Sanction", party="organisation"
            ),
            ["blocked", "director_disqualification"],
            "entry",
            id="case and blanks do not matter",
        ),
        pytest.param(
            "uk-russia-2019",
            _uk("RUS", "Asset freeze", "Something new"),
            ["blocked", "unknown: Something new"],
            "entry",
            id="what no effect names is not lost",
        ),
        pytest.param(
            "uk-russia-2019",
            _uk("RUS", party="organisation"),
            [
                "blocked",
                "director_disqualification",
                "prohibition: trust services",
                "prohibition: technical assistance relating to aircraft",
            ],
            "not_printed",
            id="nothing printed: what the regime can impose on an organisation",
        ),
        pytest.param(
            "uk-russia-ships",
            _uk("RUS", "Prohibition of port entry", party="vessel"),
            ["prohibition: access of the ship to ports of the United Kingdom"],
            "entry",
            id="a specified ship",
        ),
        pytest.param(
            "uk-dprk-2019",
            _uk("DPR", "Asset freeze", party="vessel"),
            ["blocked"],
            "entry",
            id="a frozen ship",
        ),
        pytest.param(
            "uk-dprk-2019",
            _uk("DPR", "De-flag", "Prohibition of port entry", party="vessel"),
            [
                "prohibition: access of the ship to ports of the United Kingdom",
                "prohibition: registration of the ship in the United Kingdom",
            ],
            "entry",
            id="a ship that is not frozen",
        ),
        pytest.param(
            "uk-afghanistan-2020",
            _uk("AFG", "Asset freeze", "Travel Ban"),
            ["blocked", "travel_ban", "prohibition: arms and related materiel"],
            "entry",
            id="arms are forbidden to whoever the UN names",
        ),
        pytest.param(
            "au-russia",
            _listing("au_dfat", "Autonomous (Russia)", "measure", "Targeted Financial Sanction"),
            ["blocked"],
            "entry",
            id="Australia: assets and no travel ban",
        ),
        pytest.param(
            "au-un-1970",
            _listing("au_dfat", "1970 (Libya)", "measure", "Arms Embargo", party="organisation"),
            ["prohibition: arms and related services"],
            "entry",
            id="Australia: arms alone",
        ),
        pytest.param(
            "ca-russia-debt",
            _listing("ca_sema", "Russia / Russie", "schedule", "3", party="organisation"),
            ["prohibition: new debt of longer than 90 days"],
            "entry",
            id="Canada: Schedule 3",
        ),
        pytest.param(
            "ca-belarus",
            _listing("ca_sema", "Belarus / Bélarus", "schedule", "1", party="organisation"),
            ["blocked"],
            "measure",
            id="Canada: a company does not travel",
        ),
        pytest.param(
            "us-ofac-glomag",
            _listing("us_ofac_sdn", "GLOMAG", "none"),
            ["blocked", "travel_ban"],
            "measure",
            id="a measure that does the same to all",
        ),
    ],
)
def test_imposes_on_an_entry_what_the_entry_prints(
    measure: str, listing: Listing, effects: list[str], by: ImposedBy
) -> None:
    assert _effects(measure, listing) == (effects, by)


@pytest.mark.parametrize(
    ("listing", "ids"),
    [
        pytest.param(
            _uk("RUS", "Prohibition of port entry", party="vessel"),
            ["uk-russia-ships"],
            id="a ship has no ownership rule and no freeze",
        ),
        pytest.param(
            _uk("RUS", "Travel Ban"),
            ["uk-russia-2019"],
            id="a travel ban carries nothing to what the person owns",
        ),
        pytest.param(
            _uk("RUS", "Asset freeze"),
            ["uk-russia-2019", "uk-ownership-and-control"],
            id="a freeze does",
        ),
        pytest.param(
            _listing("ca_sema", "Russia / Russie", "schedule", "1, Part 2"),
            ["ca-russia", "ca-deemed-ownership"],
            id="Schedule 1 is the freeze",
        ),
        pytest.param(
            _listing("ca_sema", "Russia / Russie", "schedule", "2"),
            ["ca-russia-debt", "ca-russia-securities"],
            id="Schedule 2: new debt and shares",
        ),
        pytest.param(
            _listing("ca_sema", "Russia / Russie", "schedule", "3"),
            ["ca-russia-debt"],
            id="Schedule 3: new debt",
        ),
        pytest.param(
            _listing("ca_sema", "Russia / Russie", "schedule", "1.1", party="vessel"),
            ["ca-russia-ships"],
            id="Schedule 1.1: ships",
        ),
        pytest.param(
            _listing("ca_sema", "Russia / Russie", "schedule", "14"),
            ["ca-sema-list", "not-in-register", "ca-deemed-ownership"],
            id="a schedule that nobody has read is not in the register",
        ),
    ],
)
def test_attaches_the_measures_of_the_entry_alone(listing: Listing, ids: list[str]) -> None:
    assert _ids(listing) == ids


def test_an_entry_without_the_fact_or_the_type_is_reached_by_every_measure_of_its_programme() -> (
    None
):
    found = _ids(_listing("ca_sema", "Russia / Russie", "other", party=None))

    assert found[:4] == ["ca-russia", "ca-russia-debt", "ca-russia-securities", "ca-russia-ships"]
    assert {"uk-russia-2019", "uk-russia-ships"} <= set(_ids(_uk("RUS", party=None)))


@pytest.mark.parametrize(
    ("value", "counts"),
    [("1", True), ("1, Part 2", True), ("1.1", False), ("11", False), ("2", False)],
)
def test_a_value_counts_whole_or_up_to_a_comma(value: str, counts: bool) -> None:
    listing = _listing("ca_sema", "Russia / Russie", "schedule", value)

    assert ("ca-russia" in _ids(listing)) is counts


def _shown(listing: Listing) -> dict[str, MeasureOnDay]:
    board = MeasureBoard(REGISTER)
    return {each.id: each for each in board.of_prints((listing,), DAYS)}


def test_a_hit_says_what_is_imposed_on_that_entry_in_words() -> None:
    shown = _shown(_uk("RUS", "Travel Ban"))["uk-russia-2019"]

    assert shown.imposed == "entry"
    assert duty(shown) == "Entry and transit are forbidden."


def test_a_hit_on_an_edition_without_the_column_says_all_that_may_be_imposed() -> None:
    shown = _shown(_uk("RUS"))["uk-russia-2019"]

    assert shown.imposed == "not_printed"
    assert duty(shown).startswith("Its funds and assets are frozen")
    assert duty(shown).endswith("is not printed in the edition at hand: assume all of them.")


@pytest.mark.parametrize(
    ("list_code", "programme", "printed", "measure_id", "forbidden"),
    [
        pytest.param(
            "us_ofac_ssi",
            "UKRAINE-EO13662",
            ("executive_order_13662_directive_determination", "Subject to Directive 2"),
            "us-ofac-ssi",
            "prohibition: new debt over 60 days (Directive 2)",
            id="sectoral",
        ),
        pytest.param(
            "us_ofac_mbs",
            "RUSSIA-EO14024",
            (
                "executive_order_14024_directive_information",
                "Subject to Directive 3 - All transactions in, provision of financing for, and",
            ),
            "us-ofac-mbs-russia-eo14024",
            "prohibition: new debt over 14 days and new equity (Directive 3)",
            id="menu-based, with the directive's words",
        ),
        pytest.param(
            "us_ofac_mbs",
            "RUSSIA-EO14024",
            (
                "executive_order_14024_directive_information",
                "Subject to Directive 1a - As of the effective date, participation in the",
            ),
            "us-ofac-mbs-russia-eo14024",
            "prohibition: sovereign debt (Directive 1A)",
            id="1A, which is not 1",
        ),
    ],
)
def test_a_directive_that_the_entry_prints_is_imposed_and_no_other(
    list_code: str, programme: str, printed: tuple[str, str], measure_id: str, forbidden: str
) -> None:
    named = _listing(list_code, programme, *printed, party="organisation")
    assert _effects(measure_id, named) == ([forbidden], "entry")
    unnamed = _listing(list_code, programme, "title", "none", party="organisation")
    effects, by = _effects(measure_id, unnamed)
    assert (len(effects) > 3, by) == (True, "not_printed")


def test_a_measure_by_itself_shows_all_that_it_can_impose() -> None:
    shown = MeasureBoard(REGISTER).one("uk-russia-2019", DAYS)

    assert shown.imposed == "measure"
    assert len(shown.effect) == len(REGISTER.get("uk-russia-2019").effect)


def test_an_effect_is_imposed_even_where_the_type_speaks_against_all_of_them() -> None:
    measure = _made(Effect(kind="travel_ban", parties=("person",)))

    assert imposed_on(measure, _uk("RUS", party="vessel")).effects == (Effect(kind="travel_ban"),)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"plain": None}, "plain"),
        ({"attaches": ()}, "effect[0]"),
        (
            {"effect": (Effect(kind="blocked", printed=Printed(kind="x", values=())),)},
            "effect[0].printed.values",
        ),
        (
            {"effect": (Effect(kind="blocked", printed=Printed(kind=" ", values=("a",))),)},
            "effect[0].printed.kind",
        ),
        (
            {"attaches": (Attachment(list_code="uk_sl", only_alone=True, parties=("vessel",)),)},
            "attaches[0].only_alone",
        ),
    ],
)
def test_the_check_names_the_field(change: dict[str, object], field: str) -> None:
    measure = _made(Effect(kind="blocked", printed=Printed(kind="x", values=("a",))))
    changed = msgspec.structs.replace(measure, **change)

    assert field in {fault.field for fault in faults([("uk.yaml", changed)])}


def _made(*effects: Effect) -> Measure:
    return Measure(
        id="made-up",
        title="Made up",
        authority="FCDO",
        jurisdiction="UK",
        kind="programme",
        citation="SI 2026/1",
        effect=effects,
        attaches_by=("listing",),
        attaches=(Attachment(list_code="uk_sl", programmes=("RUS",)),),
        plain="Each entry prints what is imposed on it.",
        confidence="general_knowledge",
        events=(),
    )


def test_the_register_has_an_index_of_what_is_made_up() -> None:
    register = Register([_made(Effect(kind="blocked")), REGISTER.get("not-in-register")])

    assert [each.id for each in register.attached_to(_uk("RUS"))] == ["made-up"]


@pytest.mark.parametrize(
    ("trade", "verdict", "measures"),
    [
        pytest.param(
            Trade(("valves",), "GB", "RU"),
            Verdict.OPEN,
            {"uk-russia-energy-goods", "uk-russia-g7-dependency"},
            id="UK to Russia",
        ),
        pytest.param(
            Trade(("hs 710421",), "IN", "GB"),
            Verdict.OPEN,
            {"uk-russia-synthetic-diamonds"},
            id="synthetic diamonds by way of India",
        ),
        pytest.param(
            Trade(("valves",), "CA", "RU"),
            Verdict.OPEN,
            {
                "ca-russia-restricted-goods",
                "ca-russia-luxury-goods",
                "ca-russia-industrial-goods",
                "ca-russia-arms",
            },
            id="Canada to Russia",
        ),
        pytest.param(
            Trade(("jet fuel",), "CA", "RU"), Verdict.OPEN, {"ca-russia-jet-fuel"}, id="jet fuel"
        ),
        pytest.param(
            Trade(("steel pipes",), "RU", "CA"),
            Verdict.OPEN,
            {"ca-russia-metals", "ca-russia-revenue-goods"},
            id="Russian metals to Canada",
        ),
        pytest.param(
            Trade(("crude oil",), "RU", "CA"),
            Verdict.MET,
            {"ca-russia-petroleum"},
            id="Russian oil to Canada",
        ),
        pytest.param(
            Trade(("coal",), "RU", "CA"), Verdict.MET, {"ca-russia-coal"}, id="Russian coal"
        ),
        pytest.param(
            Trade(("diamonds",), "RU", "CA"), Verdict.OPEN, {"ca-russia-diamonds"}, id="diamonds"
        ),
        pytest.param(
            Trade(("computers",), "CA", "BY"),
            Verdict.OPEN,
            {"ca-belarus-restricted-goods"},
            id="Canada to Belarus",
        ),
        pytest.param(
            Trade(("toys",), "CA", "KP"), Verdict.MET, {"ca-dprk"}, id="anything to North Korea"
        ),
        pytest.param(
            Trade(("machine tools",), "CH", "RU"),
            Verdict.OPEN,
            {
                "ch-russia-dual-use",
                "ch-russia-advanced-goods",
                "ch-russia-aviation",
                "ch-russia-oil-refining",
            },
            id="Switzerland to Russia",
        ),
        pytest.param(
            Trade(("sensors",), "CH", "IR"),
            Verdict.OPEN,
            {"ch-iran-dual-use", "ch-iran-uav", "ch-iran-oil-gas-equipment"},
            id="Switzerland to Iran",
        ),
        pytest.param(
            Trade(("crude oil",), "IR", "CH"),
            Verdict.MET,
            {"ch-iran-crude-oil"},
            id="Iranian oil to Switzerland",
        ),
        pytest.param(
            Trade(("machine tools",), "JP", "RU"),
            Verdict.OPEN,
            {"jp-russia-goods"},
            id="Japan to Russia",
        ),
    ],
)
def test_goods_meet_the_bans_of_the_place_they_leave_or_enter(
    trade: Trade, verdict: Verdict, measures: set[str]
) -> None:
    assert measures <= reached(trade)[verdict]


@pytest.mark.parametrize(
    ("listing", "measure"),
    [
        (_listing("ca_sema", "Haiti", "schedule", "1"), "ca-haiti"),
        (_listing("ca_sema", "Guatemala", "schedule", "1"), "ca-guatemala"),
        (_listing("ca_sema", "Moldova", "schedule", "1"), "ca-moldova"),
        (_listing("ca_sema", "Sri Lanka", "schedule", "1"), "ca-sri-lanka"),
        (_listing("ca_sema", "Sudan", "schedule", "1"), "ca-sudan"),
        (_listing("ch_seco", "Ukraine", "none"), "ch-seco-ukraine"),
        (_listing("ch_seco", "Iran", "none"), "ch-seco-iran"),
        (_listing("ch_seco", "Myanmar", "none"), "ch-seco-myanmar"),
        (_listing("ch_seco", "Syria", "none"), "ch-seco-syria"),
    ],
)
def test_later_regimes_reach_their_listings(listing: Listing, measure: str) -> None:
    assert measure in _ids(listing)
