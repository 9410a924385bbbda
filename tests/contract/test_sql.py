"""The headers of sql/queries are contracts, compared with what PostgreSQL prepares."""

import re

import asyncpg
import pytest

from service.store.sql import connected, migrate, queries

OF_AN_ACCOUNT = re.compile(
    r"\b(screening|table_result(_part)?|idempotency_key|job_(piece|chunk))\b"
    r"|\b(from|join|into|update) job\b"
)
# These delete what is old, or find what is to be read, and show nothing of it.
OF_ALL_ACCOUNTS = {
    "delete_old_screenings",
    "delete_old_table_results",
    "delete_old_idempotency_keys",
    "delete_empty_jobs",
    "delete_expired_jobs",
    "delete_job_rows",
    "delete_unused_bases",
    "screenings_to_describe",
}
# A worker does the jobs of all accounts, which it is handed by their ids from the queue; only
# workers call these, and no caller of the service reaches them.
OF_WORKERS = {
    "add_job_chunk",
    "fail_job",
    "finish_job",
    "finish_job_chunk",
    "finish_reading",
    "job_at_work",
    "job_backlog",
    "job_chunk_to_do",
    "job_chunks_read",
    "job_progress",
    "jobs_that_ended",
    "next_job_piece",
    "pin_job",
    "queue_lost_chunks",
    "queue_lost_readings",
    "repin_job",
    "set_job_head",
}
# The names PostgreSQL has for types inside, and those that headers use.
_SHORT_NAMES = {"int8": "bigint", "int4": "integer", "bool": "boolean"}


@pytest.fixture(params=sorted(queries()))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


async def test_a_query_takes_and_returns_what_its_header_says(name: str, fresh_database: str):
    async with connected(fresh_database) as connection:
        await migrate(connection)
        # the temporary tables, which queries name that are only asked while they are there
        await connection.execute(queries()["make_staging"].text)
        await connection.execute(queries()["make_entity_staging"].text)
        prepared = await connection.prepare(queries()[name].text)
        header = queries()[name].header
        assert [_type(each) for each in prepared.get_parameters()] == _types(header, "takes")
        assert [(each.name, _type(each.type)) for each in prepared.get_attributes()] == _columns(
            header
        )


async def test_a_header_says_what_the_query_is_for(name: str):
    first = queries()[name].header.splitlines()[0]
    assert first[0].isupper()
    assert first.endswith(".")


def test_a_query_on_what_an_account_keeps_names_the_account(name: str):
    query = queries()[name]
    if name in OF_ALL_ACCOUNTS:
        assert set(dict(_columns(query.header))) <= {"id", "account", "key", "digest"}
    elif OF_AN_ACCOUNT.search(query.text) and name not in OF_WORKERS:
        assert _line(query.header, "takes").startswith("account text")
        assert re.search(
            r"account = \$1::text|insert into \w+( as kept)? \(\s*account, ", query.text
        )


def test_an_ordered_query_says_so_in_its_header(name: str):
    query = queries()[name]
    assert ("order by" in query.text) == ("order:" in query.header)


def _type(type_: asyncpg.Type) -> str:
    return _SHORT_NAMES.get(type_.name, type_.name)


def _line(header: str, key: str) -> str:
    found = re.search(rf"^{key}: (.*)$", header, re.MULTILINE)
    assert found is not None, f"the header has no line {key!r}"
    return "" if found.group(1) == "nothing" else found.group(1)


def _types(header: str, key: str) -> list[str]:
    line = _line(header, key)
    return [each.split()[1] for each in line.split(", ")] if line else []


def _columns(header: str) -> list[tuple[str, str]]:
    line = _line(header, "returns")
    words = [each.split() for each in line.split(", ")] if line else []
    return [(name, type_) for name, type_ in words]
