"""The whole company in the first line: household names, against listings assigned by reading."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.measures.severity import effect_rank, severity
from abeyance_screening.engine.screening.answer import ListingAnswer
from abeyance_screening.engine.screening.family_answer import FamilyAnswer
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.integration.conftest import wait_until_ready

_NAMES = Path(__file__).parent.parent / "fixtures" / "households" / "names.jsonl"
_DAY = "2026-11-30"
# Of a hundred names, so many answers may have the law of a stranger in.
_MOST_STRANGERS = 0.02
# So many names the lists should have had: as said, and in all.
_FEWEST, _FEWEST_SAID = 500, 200


class Household(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name, and the listings that a reader assigned to its party."""

    asked: str
    how: Literal["said", "printed"]
    own: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    again: str
    leads: str = ""

    @property
    def lists(self) -> frozenset[str]:
        return frozenset(map(_list_of, self.own))


class _Searched(msgspec.Struct, frozen=True):
    answer: FamilyAnswer


class Asked(msgspec.Struct, frozen=True):
    """A name, its answer, and the effects of the strictest law on what it may count."""

    name: Household
    answer: FamilyAnswer
    effects: frozenset[str | None]

    @property
    def missing(self) -> frozenset[str]:
        return self.name.lists - frozenset(self.answer.lists)

    @property
    def strange(self) -> frozenset[str]:
        return frozenset(self.answer.lists) - self.name.lists - {*map(_list_of, self.name.perhaps)}

    @property
    def effect(self) -> str | None:
        return None if self.answer.strictest is None else self.answer.strictest.effect


@pytest.fixture(scope="module")
def asked(listed_for_all: str, bundled_index: ListingIndex) -> Iterator[list[Asked]]:
    lines = _NAMES.read_bytes().splitlines()
    names = [msgspec.json.decode(line, type=Household) for line in lines]
    settings = Settings(data_dir=Path(), database_url=listed_for_all)
    with TestClient(create_app(settings, bundled_index)) as client:
        wait_until_ready(client)
        law = _Law(client)
        yield [Asked(each, _answer(client, each.asked), law.effects(each)) for each in names]


def _answer(client: TestClient[Litestar], name: str) -> FamilyAnswer:
    parameters = {"name": name, "as_of": _DAY, "limit": 1}
    response = client.get("/v1/search", params=parameters)
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=_Searched).answer


class _Law:
    """The law on listings, each asked for by its id."""

    def __init__(self, client: TestClient[Litestar]) -> None:
        self._client = client
        self._known: dict[str, ListingAnswer] = {}

    def effects(self, name: Household) -> frozenset[str | None]:
        """Return the strictest effect on the own listings, and on these with any of the others."""
        own = self._strictest(name.own)
        return frozenset({own, *(self._strictest((*name.own, each)) for each in name.perhaps)})

    def _strictest(self, listings: tuple[str, ...]) -> str | None:
        found = [
            (severity(measure, _list_of(each)), min(measure.effect, key=effect_rank).kind)
            for each in listings
            for measure in self._of(each).measures
            if measure.condition is None and all(e.kind != "easing" for e in measure.effect)
        ]
        return min(found)[1] if found else None

    def _of(self, listing: str) -> ListingAnswer:
        if listing not in self._known:
            response = self._client.get(f"/v1/listings/{listing}", params={"as_of": _DAY})
            assert response.status_code == 200, (listing, response.text)
            self._known[listing] = msgspec.json.decode(response.content, type=ListingAnswer)
        return self._known[listing]


def _list_of(listing: str) -> str:
    return listing.partition("-")[0]


def test_there_are_500_names_and_200_of_them_as_people_say_them(asked: list[Asked]):
    names = [each.name for each in asked]
    assert len({each.asked for each in names}) == len(names) >= _FEWEST
    assert sum(each.how == "said" for each in names) >= _FEWEST_SAID


def test_no_list_that_has_the_company_is_missing_from_the_first_line(asked: list[Asked]):
    missing = {each.name.asked: sorted(each.missing) for each in asked if each.missing}
    assert missing == {}


def test_hardly_a_strangers_law_is_in_the_first_line(asked: list[Asked]):
    strange = {each.name.asked: sorted(each.strange) for each in asked if each.strange}
    assert len(strange) <= _MOST_STRANGERS * len(asked), strange


def test_the_party_that_a_reader_means_leads_the_answer(asked: list[Asked]):
    led = {each.name.asked: each.answer.parties[:1] for each in asked if each.name.leads}
    assert led == {each.name.asked: (each.name.leads,) for each in asked if each.name.leads}


def test_the_strictest_effect_is_the_one_on_the_companys_own_listings(asked: list[Asked]):
    right = (each for each in asked if not each.missing and not each.strange)
    wrong = {
        each.name.asked: (each.effect, sorted(map(str, each.effects)))
        for each in right
        if each.effect not in each.effects
    }
    assert wrong == {}
