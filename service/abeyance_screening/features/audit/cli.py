"""`abeyance audit`: print the audit log."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec

from abeyance_screening.features.audit.linking import linked_head
from abeyance_screening.platform.access.audit_chain import AuditChain, ChainHead, read_head
from abeyance_screening.platform.access.audit_log import Audit, AuditQuery, StoredAudit
from abeyance_screening.platform.access.keys import ACCOUNT
from abeyance_screening.platform.cli.database import opened_database
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_lines, print_table, table_of
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.primitives.days import beginning_of, plural, utc_now

# --- `abeyance audit`: print who did what, from the database itself.


class AuditOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance audit`."""

    since: date | None
    until: date | None
    actor: str | None
    action: str | None
    about: str | None
    account: str
    all_accounts: bool
    check: bool
    heads: tuple[str, ...]
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance audit --since 2026-11-01",
        "abeyance audit --action key.revoked",
        "abeyance audit --all-accounts --json > audit.ndjson",
        "abeyance audit --check",
    )
)
@click.option("--since", type=Day(), help="From the beginning of this day on, in UTC.")
@click.option("--until", type=Day(), help="Before the beginning of this day, in UTC.")
@click.option("--actor", help="Only by this actor.")
@click.option("--action", help="Only this action, as `key.revoked`.")
@click.option("--about", help="Only about this: the id of a key, a list, a screening.")
@click.option("--account", default=ACCOUNT, show_default=True, help="Whose affairs.")
@click.option("--all-accounts", is_flag=True, help="The affairs of all accounts.")
@click.option(
    "--check", is_flag=True, help="Print no entry, but whether each is still what was written."
)
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="HEAD",
    help="Check against this head, which was printed and kept before; repeat it for several.",
)
@as_json
@data_dir
@gathered(AuditOptions)
def audit(options: AuditOptions) -> None:
    """Print the audit log, the oldest entry first; with --json one entry a line.

    Its last line, on standard error, is the head of the chain of all entries. Keep it elsewhere:
    --check with --head tells later whether an entry was changed, cut off, swapped or put in. The
    exit status is 1 then.
    """
    kept = [read_head("--head", each) for each in options.heads]
    if options.check or kept:
        with opened_database(settings_with(options.data_dir)) as dsn:
            asyncio.run(_check(dsn, kept))
        return
    asked = AuditQuery(
        account=None if options.all_accounts else options.account,
        newest_first=False,
        since=_beginning(options.since),
        until=_beginning(options.until),
        actor=options.actor,
        action=options.action,
        about=options.about,
    )
    with opened_database(settings_with(options.data_dir)) as dsn:
        asyncio.run(_print(dsn, asked, is_json=options.as_json))


async def _print(dsn: str, query: AuditQuery, *, is_json: bool) -> None:
    encode = msgspec.json.Encoder().encode_lines
    table = table_of("At", "Account", "Actor", "Action", "About", "Outcome", "Details")
    async with connected(dsn) as connection:
        store = StoredAudit(connection)
        async for entries in Audit(lambda: store, utc_now).all(query):
            if is_json:
                print_lines(encode(entries))
                continue
            for each in entries:
                details = ", ".join(f"{key} {value}" for key, value in each.details.items())
                at = f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
                who = at, each.account, each.actor
                table.add_row(*who, each.action, each.about, each.outcome or "", details)
        head = await linked_head(connection)
    if not is_json:
        print_table(table)
    click.echo(f"Head: {head.text}", err=True)


async def _check(dsn: str, kept: Sequence[ChainHead]) -> None:
    async with connected(dsn) as connection:
        head = await linked_head(connection)
        fault = await AuditChain(connection).fault(kept)
    if fault is not None:
        click.echo(f"The audit log is not what was written: {fault}.")
        raise SystemExit(1)
    against = f", as when {plural(len(kept), 'head')} was kept" if kept else ""
    click.echo(f"{plural(head.count, 'entry', 'entries')} as written{against}. Head: {head.text}")


def _beginning(day: date | None) -> datetime | None:
    return None if day is None else beginning_of(day)
