"""The headers of sql/queries are contracts, compared with what PostgreSQL prepares."""

import re

import asyncpg
import pytest

from abeyance_screening.platform.postgres.database import NamedQuery, connected, queries
from abeyance_screening.platform.postgres.migrations import migrate

OF_AN_ACCOUNT = re.compile(
    r"\b(screening|table_result(_part)?|idempotency_key|job_(piece|chunk))\b"
    r"|\b(from|join|into|update) (job|event|judgement|counterparty|webhook|webhook_delivery)\b"
)
# These delete what is old, or find what is to be read, and show nothing of it.
OF_ALL_ACCOUNTS = {
    "delete_old_screenings",
    "delete_old_events",
    "delete_old_table_results",
    "delete_old_deliveries",
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
    "set_job_reading",
    "job_at_work",
    "job_backlog",
    "job_chunk_to_do",
    "job_chunks_read",
    "job_progress",
    "jobs_that_ended",
    "next_job_piece",
    "open_jobs",
    "pin_job",
    "queue_lost_chunks",
    "queue_lost_readings",
    "repin_job",
    "set_job_head",
    # webhooks are sent by every process, each delivery with the account that it is of
    "claim_deliveries",
    "disable_webhook",
    "note_delivered",
    "note_failed",
    "note_failing",
    "webhooks_at_work",
}
# Whoever screens all counterparties again, whosever they are; no caller reaches them.
OF_RESCREENING = {
    "answer_counterparties",
    "changed_by_scorer",
    "counterparties_after",
    "counterparties_judged_until",
    "judgements_that_hold",
    "last_counterparty_written",
    "lead_days_asked_for",
    "lock_counterparties",
    "pending_counterparties",
    "reopen_judgements",
    "set_outdated_pending",
}
# The command on the machine of the service, which erases a name in one account and tells of all.
OF_ERASURE = {name for name in queries() if name.startswith(("erasure_", "erase_"))}
type Contract = tuple[list[str], list[tuple[str, str]]]
"""The types of what a query takes, and the names and types of what it returns, in their order."""
# The names PostgreSQL has for types inside, and those that headers use.
_SHORT_NAMES = {"int8": "bigint", "int4": "integer", "bool": "boolean"}


QUERIES = queries()


async def test_every_query_takes_and_returns_what_its_header_says(fresh_database: str):
    async with connected(fresh_database) as connection:
        await migrate(connection)
        # the temporary tables, which queries name that are only asked while they are there
        await connection.execute(QUERIES["make_staging"].text)
        await connection.execute(QUERIES["make_entity_staging"].text)
        found = {name: await _prepared(connection, each) for name, each in QUERIES.items()}
    assert found == {name: _declared(each) for name, each in QUERIES.items()}


def test_every_header_says_what_the_query_is_for():
    firsts = {name: each.header.splitlines()[0] for name, each in QUERIES.items()}
    assert {
        name: first
        for name, first in firsts.items()
        if not (first[0].isupper() and first.endswith("."))
    } == {}


def test_every_query_on_what_an_account_keeps_names_the_account():
    shown_of_all = {
        name: sorted(shown)
        for name in sorted(OF_ALL_ACCOUNTS)
        if (
            shown := set(dict(_columns(QUERIES[name].header))) - {"id", "account", "key", "digest"}
        )
    }
    assert shown_of_all == {}
    of_an_account = {
        name: each
        for name, each in QUERIES.items()
        if OF_AN_ACCOUNT.search(each.text)
        and name not in OF_ALL_ACCOUNTS | OF_WORKERS | OF_RESCREENING | OF_ERASURE
    }
    assert of_an_account
    assert [name for name, each in of_an_account.items() if not _names_the_account(each)] == []


def test_every_ordered_query_says_so_in_its_header():
    assert [
        name
        for name, each in QUERIES.items()
        if ("order by" in each.text) != ("order:" in each.header)
    ] == []


@pytest.mark.parametrize(
    ("text", "header", "is_named"),
    [
        ("where account = $1::text", "takes: account text, id uuid", True),
        ("where id = $2", "takes: account text, id uuid", False),
        ("where account = $1::text", "takes: id uuid, account text", False),
        ("insert into screening (\n  account, id", "takes: account text, id uuid", True),
    ],
    ids=["named", "not asked for", "not the first", "inserted"],
)
def test_a_query_that_names_its_account_is_told_from_one_that_does_not(
    text: str, header: str, is_named: bool
):
    assert _names_the_account(NamedQuery(text=text, header=header)) is is_named


def _names_the_account(query: NamedQuery) -> bool:
    takes_it = _line(query.header, "takes").startswith("account text")
    asks_for_it = re.search(
        r"account = \$1::text|insert into \w+( as kept)? \(\s*account, ", query.text
    )
    return takes_it and asks_for_it is not None


async def _prepared(connection: asyncpg.Connection, query: NamedQuery) -> Contract | str:
    """What PostgreSQL makes of a query: what it takes and returns, or why it is none."""
    try:
        prepared = await connection.prepare(query.text)
    except asyncpg.PostgresError as error:
        return str(error)
    return (
        [_type(each) for each in prepared.get_parameters()],
        [(each.name, _type(each.type)) for each in prepared.get_attributes()],
    )


def _declared(query: NamedQuery) -> Contract:
    return _types(query.header, "takes"), _columns(query.header)


def _type(type_: asyncpg.Type) -> str:
    return _SHORT_NAMES.get(type_.name, type_.name)


def _line(header: str, key: str) -> str:
    found = re.search(rf"^{key}: (.*)$", header, re.MULTILINE)
    assert found is not None, f"no line {key!r} in the header {header!r}"
    return "" if found.group(1) == "nothing" else found.group(1)


def _types(header: str, key: str) -> list[str]:
    line = _line(header, key)
    return [each.split()[1] for each in line.split(", ")] if line else []


def _columns(header: str) -> list[tuple[str, str]]:
    line = _line(header, "returns")
    words = [each.split() for each in line.split(", ")] if line else []
    return [(name, type_) for name, type_ in words]
