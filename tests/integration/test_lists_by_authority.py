"""A question about a party of each smaller list: from the publisher's file to the answer."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, load_files, wanted_by_name
from abeyance_screening.engine.screening.answer import CounterpartyResult, Coverage
from abeyance_screening.engine.screening.coverage import chosen_codes, coverage_of
from abeyance_screening.engine.screening.index.current import CurrentIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.primitives.days import Days
from tests.integration.played import BOARD

NOW = datetime(2026, 7, 25, 12, tzinfo=UTC)
DAY = NOW.date()
FIXTURES = Path(__file__).parents[1] / "fixtures"
CUBA = "us_state_crl/2025-07-14_cuba-restricted-list.html"
FRANCE = "fr_gels/registre.json"
PACIFIC = "nz_russia/Russia-Sanctions-Register.xlsx"
UKRAINE = "ua_nsdc/legal.json"
AWARDS = "us_sam/SAM_Exclusions_Public_Extract_V2.csv"
BANK = "wb_debarred/SANCTIONED_FIRM.json"
BELGIUM = "be_finance/consolidated-list.csv"
RESEARCH = "ca_nro/named-research-organizations.html"
CZECHIA = "cz_mzv/seznam.csv"
POLAND = "pl_mswia/lista.html"
LABOUR = "us_cbp_wro/withhold-release-orders-findings.csv"


@pytest.fixture
async def store(fresh_database: str) -> AsyncIterator[StoreOnConnection]:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate listing_version, edition, load_attempt cascade")
        yield StoreOnConnection(connection)


async def give(store: StoreOnConnection, place: str) -> None:
    file = GivenFile(place, (FIXTURES / place).read_bytes())
    wanted = wanted_by_name(place.partition("/")[0])
    given = ListFiles(wanted=wanted, files=(file,), last_modified_on=DAY)
    assert await load_files(store, given, NOW, ReaderHere())


async def searched(store: StoreOnConnection) -> Coverage:
    """What a question that names no list would search."""
    lists = await store.read_lists()
    return coverage_of(lists, chosen_codes(lists, None), Days(as_of=DAY, known_at=DAY))


async def ask(store: StoreOnConnection, name: str) -> CounterpartyResult:
    current = CurrentIndex()
    await current.catch_up(store)
    days = Days(as_of=DAY, known_at=DAY)
    asked = ScreeningQuestion(counterparties=(Counterparty(name=name),))
    question = question_from(asked, days)
    screener = Screener(current.get(), BOARD, question, DAY)
    return await screener.result(question.counterparties[0])


@pytest.mark.parametrize(
    ("place", "name", "listing", "measures"),
    [
        pytest.param(
            CUBA,
            "AIS Remesas",
            "American International Services",
            {"us-ofac-cuba-restricted": "in_force", "us-bis-cuba-restricted": "in_force"},
            id="Cuba Restricted List, by an alias",
        ),
        pytest.param(
            LABOUR,
            "Laglove (M) Sdn Bhd",
            "Brightway Holdings Sdn Bhd",
            {"us-cbp-wro": "in_force"},
            id="withhold release order, by its second party",
        ),
        pytest.param(
            LABOUR,
            "Kingtom Aluminio",
            "Kingtom Aluminio S.R.L.",
            {"us-cbp-finding": "in_force"},
            id="finding",
        ),
        pytest.param(
            LABOUR,
            "Central Romana Corporation",
            "Central Romana Corporation Limited",
            {"us-cbp-forced-labour-ended": "in_force"},
            id="order that CBP has ended",
        ),
        pytest.param(
            RESEARCH,
            "METFAZ",
            "Explosion and Impact Technology Research Centre",
            {"ca-named-research-organizations": "in_force"},
            id="named research organisation, by an alias",
        ),
        pytest.param(
            FRANCE,
            "Centre Zahra",
            "Centre Zahra France",
            {"fr-gels-avoirs": "in_force"},
            id="French freeze",
        ),
        pytest.param(
            PACIFIC,
            "Promsvyazbank",
            "Promsvyazbank",
            {"nz-russia-sanctions": "in_force"},
            id="New Zealand's register",
        ),
        pytest.param(
            UKRAINE,
            "Sberbank of Russia",
            "Публічне акціонерне товариство «Сбербанк Росії»",
            {"ua-sanctions": "in_force"},
            id="Ukraine's register, by an alias",
        ),
        pytest.param(
            UKRAINE,
            "Вигадане товариство",
            "Вигадане товариство",
            {"ua-sanctions-not-active": "in_force"},
            id="Ukraine's register, taken off",
        ),
        pytest.param(
            AWARDS,
            "Invented Marine Supply",
            "Invented Marine Supply LLC",
            {"us-sam-exclusion": "in_force"},
            id="SAM exclusion",
        ),
        pytest.param(
            BANK,
            "Agua Inventada S.A.",
            "INVENTED WATER S.A.",
            {"wb-debarment": "in_force"},
            id="World Bank debarment, by an alias",
        ),
        pytest.param(
            BELGIUM,
            "OJSC Concern Almaz-Antey",
            "Almaz-Antey",
            {"be-financial-sanctions": "in_force"},
            id="Belgian list, by an alias",
        ),
        pytest.param(
            CZECHIA,
            "Goszagransobstvennost",
            "Federální státní unitární podnik „Podnik pro správu majetku v zahraničí“ Kanceláře "
            "prezidenta Ruské federace (Goszagransobstvennost)",
            {"cz-national-sanctions": "in_force"},
            id="Czech list, by its short name",
        ),
        pytest.param(
            POLAND,
            "Viatcheslav Moshe Kantor",
            "KANTOR Wiaczesław Mosze",
            {"pl-sanctions-list": "in_force"},
            id="Polish list, by another spelling",
        ),
        pytest.param(
            PACIFIC,
            "Invented Trading LLC",
            "Invented Trading LLC",
            {"nz-russia-not-sanctioned": "in_force"},
            id="New Zealand's register, removed",
        ),
        pytest.param(
            PACIFIC,
            "Sea Horizon",
            "SCF Primorye",
            {"nz-russia-sanctions": "in_force"},
            id="New Zealand's register, a ship by another name",
        ),
    ],
)
async def test_a_listed_name_is_a_hit_with_its_measures(
    store: StoreOnConnection, place: str, name: str, listing: str, measures: dict[str, str]
):
    await give(store, place)
    best = (await ask(store, name)).hits[0]
    assert best.listing.primary_name == listing
    assert {each.id: each.status for each in best.measures} == measures


@pytest.mark.parametrize("status", [b",Paused,", b",,"], ids=["unknown", "blank"])
async def test_an_order_of_unknown_status_is_treated_as_restricted(
    store: StoreOnConnection, status: bytes
):
    content = (FIXTURES / LABOUR).read_bytes().replace(b",Inactive,", status)
    file = GivenFile("orders.csv", content)
    given = ListFiles(wanted=wanted_by_name("us_cbp_wro"), files=(file,), last_modified_on=DAY)
    await load_files(store, given, NOW, ReaderHere())
    best = (await ask(store, "Central Romana Corporation")).hits[0]
    assert {each.id: each.status for each in best.measures} == {
        "not-in-register": "unknown",
        "us-cbp-wro": "in_force",
    }


@pytest.mark.parametrize(
    "place",
    [CUBA, LABOUR, RESEARCH, FRANCE, PACIFIC, UKRAINE, AWARDS, BANK, BELGIUM, CZECHIA, POLAND],
)
async def test_a_list_is_searched_once_loaded_and_named_until_then(
    store: StoreOnConnection, place: str
):
    code = place.partition("/")[0]
    before = await searched(store)
    assert code in {each.code for each in before.not_loaded}
    assert code not in {each.code for each in before.lists}
    await give(store, place)
    assert code in {each.code for each in (await searched(store)).lists}
