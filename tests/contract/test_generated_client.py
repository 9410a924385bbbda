"""A Python client that is generated from the OpenAPI document gets whole answers, in types."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.later import DOCUMENT, from_later
from tests.served import listening

PACKAGE = "abeyance_client"
# The generator knows neither Atom nor files of tables, and must be told how to take them.
KINDS = {"application/atom+xml": "text/html"} | dict.fromkeys(
    (
        "application/x-ndjson",
        "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv; charset=utf-8",
    ),
    "application/octet-stream",
)
CONFIG = {"post_hooks": [], "content_type_overrides": KINDS}
DAY = date(2026, 8, 1)
QUESTION = {
    "counterparties": [
        {
            "name": "Rosoboroneksport",
            "id": "7",
            "countries": ["RU"],
            "identifiers": [{"value": "7718852163", "kind": "INN", "country": "RU"}],
            "owners": [{"name": "Rostec", "share": 100, "control": True}],
        },
        {"name": "Hangzhou Hikvision Digital Technology", "aliases": ["Hikvision"]},
        {"name": "Plain Bakery"},
    ],
    "as_of": "2026-08-01",
    "since": "2025-10-01",
    "threshold": 0.9,
    "transaction": {"origin": "CN", "destination": "US", "items": [{"description": "gallium"}]},
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The package of the client, and what its generator said."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    options = {
        "--path": str(DOCUMENT),
        "--meta": "none",
        "--output-path": str(folder / PACKAGE),
        "--config": str(folder / "config.json"),
    }
    words = [word for pair in options.items() for word in pair]
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield done.stdout + done.stderr
    sys.path.remove(str(folder))
    for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def client(generated: str, listed_database: str, bundled_index: ListingIndex) -> Iterator[Any]:
    """The generated client of a running service with the bundled lists."""
    assert generated
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    with listening(app) as address, made("client").Client(base_url=address, timeout=30) as client:
        yield client


def made(module: str) -> Any:
    """A module of the generated package."""
    return importlib.import_module(f"{PACKAGE}.{module}")


def endpoint(name: str) -> Any:
    return made(f"api.{name}")


def models() -> Any:
    return made("models")


def asked() -> Any:
    return models().ScreeningQuestion.from_dict(QUESTION)


def undeclared(value: object, at: str) -> Iterator[str]:
    """Every field of an answer that its type does not declare."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from undeclared(each, f"{at}[{number}]")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            inner = getattr(value, field.name)
            if field.name == "additional_properties":
                yield from (f"{at}.{name}" for name in inner)
            else:
                yield from undeclared(inner, f"{at}.{field.name}")
    elif isinstance(value, dict):
        yield at


def same_days(value: object) -> object:
    """JSON with moments as moments: `Z` and `+00:00` are the same."""
    if isinstance(value, dict):
        return {key: same_days(each) for key, each in value.items()}
    if isinstance(value, list):
        return [same_days(each) for each in value]
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def test_the_generator_warns_of_nothing(generated: str):
    assert "warning" not in generated.lower()
    schemas = json.loads(DOCUMENT.read_bytes())["components"]["schemas"]
    structs = [name for name, schema in schemas.items() if schema.get("type") == "object"]
    assert len(structs) > 100
    assert [name for name in structs if not hasattr(models(), name)] == []


def test_every_generated_name_is_one_of_words(generated: str):
    """Not one is `Search200Response` or `Type0`: so a generator numbers what has no name."""
    assert generated
    numbered = re.compile(r"\d|Inner$|OneOf|AnyOf")
    assert [each for each in models().__all__ if numbered.search(each)] == []
    document = json.loads(DOCUMENT.read_bytes())
    answers = [
        (operation["operationId"], content["schema"])
        for methods in document["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
    ]
    assert [name for name, schema in answers if {"oneOf", "anyOf"} & schema.keys()] == []


def test_every_whole_number_has_64_bits_and_a_bound_that_a_generator_reads_exactly():
    """Go and Java take one without a format for 32 bits: the bound of an id does not compile."""
    objects: list[dict[str, Any]] = []
    json.loads(DOCUMENT.read_bytes(), object_hook=lambda each: objects.append(each) or each)
    whole = [each for each in objects if each.get("type") == "integer"]
    assert len(whole) > 50
    assert {each.get("format") for each in whole} == {"int64"}
    assert [each for each in whole if each.get("maximum", 0) > 2**53] == []


def test_only_what_must_be_given_is_asked_for(generated: str):
    """What has a default is optional: a generator takes a `default` for a field that is there."""
    assert generated
    schemas = json.loads(DOCUMENT.read_bytes())["components"]["schemas"]
    fields = [
        (name, field)
        for name, schema in schemas.items()
        for field, kind in schema.get("properties", {}).items()
        if "default" in kind
    ]
    assert fields == []
    party = models().Counterparty(name="Plain Bakery")
    question = models().ScreeningQuestion(counterparties=[party])
    assert question.to_dict() == {"counterparties": [{"name": "Plain Bakery"}]}


def test_a_search_is_answered_in_types(client: Any):
    answer = endpoint("screening.search").sync(client=client, name="Hikvision", as_of=DAY)
    assert type(answer) is models().SearchAnswer
    assert answer.outcome == "hits"
    assert answer.as_of == DAY
    assert type(answer.coverage) is models().Coverage
    hit = answer.hits[0]
    assert (type(hit), type(hit.listing)) == (models().Hit, models().Listing)
    assert "hikvision" in hit.listing.names[0].text.lower()
    assert {type(each) for each in hit.measures} == {models().MeasureOnDay}


def test_a_screening_is_answered_in_types_and_comes_back(client: Any):
    answer = endpoint("screening.screen").sync(client=client, body=asked())
    assert type(answer) is models().ScreeningAnswer
    assert answer.stored is True
    first, second, _ = answer.results
    assert type(first.ownership) is models().OwnershipResult
    assert {each.outcome for each in (first, second)} == {"hits"}
    again = endpoint("screening.get_screening").sync(client=client, screening_id=answer.id)
    assert again == answer


def test_a_brief_search_is_answered_in_types(client: Any):
    answer = endpoint("screening.search").sync(
        client=client, name="Hikvision", as_of=DAY, view=models().SearchView.BRIEF
    )
    assert type(answer) is models().BriefSearch
    assert (answer.view, answer.outcome) == ("brief", "hits")
    hit = answer.hits[0]
    assert type(hit) is models().BriefHit
    listing = answer.listings[hit.listing]
    assert type(listing) is models().BriefListing
    assert listing.name.startswith("Hangzhou Hikvision")
    assert {type(answer.measures[each]) for each in hit.measures} == {models().BriefMeasure}


def test_a_brief_answer_without_hits_is_not_taken_for_a_full_one(client: Any):
    view = models().SearchView.BRIEF
    answer = endpoint("screening.search").sync(client=client, name="Plain Bakery", view=view)
    assert type(answer) is models().BriefSearch


def test_a_calendar_is_answered_in_types(client: Any):
    page = endpoint("measures.list_coming_changes").sync(client=client, as_of=DAY, limit=5)
    assert type(page) is models().CalendarPage
    assert {type(each) for each in page.items} == {models().ComingChange}
    assert all(isinstance(each.on, date) for each in page.items)


def test_a_client_of_last_year_reads_words_and_fields_of_this_year(client: Any):
    """Every choice of words has one that the client never saw, and every object a new field."""
    asked_for = endpoint("screening.screen").sync_detailed(client=client, body=asked())
    changed: set[str] = set()
    answer = json.loads(asked_for.content)
    later = from_later(answer, "ScreeningAnswer", changed)
    assert {"Status", "Outcome", "ListState", "EffectKind"} <= changed
    read = models().ScreeningAnswer.from_dict(later)
    assert {each.outcome for each in read.results} == {"word_of_later"}
    statuses = {each.status for each in read.results[0].hits[0].measures}
    assert statuses == {"word_of_later"}
    assert same_days(read.to_dict()) == same_days(later)


def test_the_lists_are_answered_in_types(client: Any):
    page = endpoint("lists.list_lists").sync(client=client)
    assert type(page) is models().ListPage
    assert {type(each) for each in page.items} == {models().ListShown}
    assert "us_bis_el" in {each.coverage.code for each in page.items}


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        pytest.param("screening.search", {"name": "x" * 5000}, "name", id="search"),
        pytest.param(
            "measures.get_measure", {"measure_id": "none-such"}, None, id="no such measure"
        ),
        pytest.param("screening.get_screening", {"screening_id": UUID(int=0)}, None, id="no such"),
    ],
)
def test_an_error_is_a_problem_in_types(
    client: Any, name: str, given: dict[str, object], field: str | None
):
    problem = endpoint(name).sync(client=client, **given)
    assert type(problem) is models().Problem
    assert problem.status == (404 if field is None else 400)
    assert problem.title
    if field is not None:
        assert [each.field for each in problem.errors] == [field]


def _first_list(client: Any) -> tuple[str, int]:
    page = endpoint("changes.list_changes").sync(client=client, limit=1)
    return page.items[0].list_code, page.items[0].edition


WHOLE: list[tuple[str, Callable[[Any], dict[str, object]]]] = [
    ("screening.search", lambda _: {"name": "Hikvision", "since": date(2025, 10, 1)}),
    ("screening.screen", lambda _: {"body": asked()}),
    ("lists.list_lists", lambda _: {}),
    ("lists.list_editions", lambda client: {"list_code": _first_list(client)[0]}),
    ("lists.get_listing", lambda client: {"listing_id": _listing(client)}),
    ("changes.list_changes", lambda _: {"limit": 100}),
    ("measures.list_measures", lambda _: {"limit": 100}),
    ("measures.get_measure", lambda _: {"measure_id": "us-bis-affiliates-rule"}),
    (
        "measures.diff_measure",
        lambda _: {
            "measure_id": "us-bis-affiliates-rule",
            "from_": date(2025, 10, 1),
            "to": date(2025, 12, 1),
        },
    ),
    ("measures.list_coming_changes", lambda _: {}),
    ("measures.restrictions", lambda _: {"origin": "CN", "destination": "US"}),
    ("running_it.health", lambda _: {}),
    ("running_it.readiness", lambda _: {}),
]


def _listing(client: Any) -> str:
    answer = endpoint("screening.search").sync(client=client, name="Hikvision")
    return answer.hits[0].listing.id


@pytest.mark.parametrize(("name", "given"), [pytest.param(*each, id=each[0]) for each in WHOLE])
def test_an_answer_is_read_whole(
    client: Any, name: str, given: Callable[[Any], dict[str, object]]
):
    answer = endpoint(name).sync_detailed(client=client, **given(client))
    assert answer.status_code == 200, answer.content
    assert list(undeclared(answer.parsed, "$")) == []
    assert same_days(answer.parsed.to_dict()) == same_days(json.loads(answer.content))
