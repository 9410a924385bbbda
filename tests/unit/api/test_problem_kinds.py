"""Every problem that the service can answer with is explained at its address."""

import ast
from http import HTTPStatus
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.platform.http.problem_kinds import KINDS, kind_of, type_of_status
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import AbeyanceError, ElsewhereError, TooMuchWorkError
from tests.contract.test_structure import modules_of

# What is answered by the framework, or named by its status in the code.
OF_THE_FRAMEWORK = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
# Functions and exceptions that make a problem of a status.
MADE_BY = {"plain_problem", "problem_named", "answer_problem", "problem_bytes", "_refuse"}


@pytest.fixture(scope="module")
def client() -> TestClient[Litestar]:
    """A client of an application that never started: the pages of problems need nothing."""
    return TestClient(create_app(Settings(data_dir=Path(), database_url="postgresql://")))


def errors(kind: type[AbeyanceError] = AbeyanceError) -> set[type[AbeyanceError]]:
    return {kind}.union(*map(errors, kind.__subclasses__()))


def statuses_named() -> set[HTTPStatus]:
    """The statuses that the code makes problems of without an error of our own."""
    return {
        HTTPStatus[attribute.attr]
        for module in modules_of("service")
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call) and _name(call.func) in MADE_BY | {"HTTPException"}
        for attribute in ast.walk(call)
        if isinstance(attribute, ast.Attribute) and _name(attribute.value) == "HTTPStatus"
    }


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def test_every_error_that_is_answered_has_its_slug_in_the_table():
    unmade = {each: each.__new__(each) for each in errors()}
    kinds = {each: kind_of(error) for each, error in unmade.items()}
    assert {kind.slug for kind in kinds.values() if kind is not None} <= KINDS.keys()
    known = {each for each, kind in kinds.items() if kind is not None}
    assert {KINDS[each.slug].title for each in known} == {
        each.title for each in known if each.title == KINDS[each.slug].title
    }


def test_an_error_without_a_slug_of_its_own_is_of_the_kind_of_its_base():
    kind = kind_of(ElsewhereError("this key is not taken from here", 7))
    assert kind is not None
    assert (kind.slug, kind.status) == ("forbidden", HTTPStatus.FORBIDDEN)


def test_every_status_that_the_code_names_is_in_the_table():
    named = statuses_named()
    assert {HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE} <= named
    addresses = {each.address for each in KINDS.values()}
    assert {type_of_status(each) for each in named | OF_THE_FRAMEWORK} <= addresses


def test_a_status_that_nobody_names_has_the_type_of_the_rfc():
    assert type_of_status(HTTPStatus.IM_A_TEAPOT) == "about:blank"


def test_one_slug_is_one_kind():
    assert len({(each.slug, each.status, each.cause) for each in KINDS.values()}) == len(KINDS)
    assert [each.status for each in KINDS.values()] == sorted(
        each.status for each in KINDS.values()
    )


@pytest.mark.parametrize("slug", KINDS)
def test_the_type_of_a_problem_is_an_address_that_explains_it(
    client: TestClient[Litestar], slug: str
):
    kind = KINDS[slug]
    page = client.get(kind.address)
    assert page.status_code == HTTPStatus.OK
    assert page.headers["content-type"].startswith("text/html")
    assert f"<title>{kind.title}".replace("'", "&#39;") in page.text
    assert "What to do" in page.text
    assert kind.cause.endswith(".")
    assert kind.cure.endswith(".")


def test_all_kinds_are_on_one_page(client: TestClient[Litestar]):
    page = client.get("/problems").text
    assert [each for each in KINDS.values() if f'href="{each.address}"' not in page] == []


def test_no_other_address_is_one_of_problems(client: TestClient[Litestar]):
    answer = client.get("/problems/none-such", headers={"accept": "text/html"})
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_problem_has_its_status_in_words_that_do_not_depend_on_python():
    """Python 3.13 renamed two statuses, and a `type` never changes."""
    assert type_of_status(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) == "/problems/content-too-large"
    kind = kind_of(TooMuchWorkError(10.0))
    assert kind is not None
    assert kind.address == "/problems/too-much-work"
