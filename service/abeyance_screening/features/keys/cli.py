"""`abeyance keys`: the keys that callers show to the service."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click
import msgspec
from rich.table import Table

from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.features.keys.background import local_keys
from abeyance_screening.platform.access.identity import at_machine
from abeyance_screening.platform.access.keys import (
    ACCOUNT,
    MAX_OVERLAP_HOURS,
    OVERLAP,
    AccessKey,
    IssuedKey,
    KeyDraft,
)
from abeyance_screening.platform.access.pending_changes import PendingChange
from abeyance_screening.platform.cli.database import with_database
from abeyance_screening.platform.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    list_codes,
)
from abeyance_screening.platform.cli.output import minute, print_json, print_table, table_of
from abeyance_screening.platform.local_data import list_codes_of
from abeyance_screening.platform.settings import (
    LIMIT_NAMES,
    SCOPES,
    CallerLimits,
    Scope,
    read_limits,
    user_name,
)
from abeyance_screening.primitives.structs import copy_as

_ONCE = "Not shown again:"
# --- `abeyance keys`: make, list, rotate and revoke the keys that callers show to the service.


@click.group()
def keys() -> None:
    """Manage the keys that callers show to the service."""


# --- `abeyance keys add`: make a key.


class KeyOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance keys add`."""

    name: str
    account: str
    owner: str
    scopes: tuple[Scope, ...]
    expires_on: date | None
    networks: tuple[str, ...]
    lists: tuple[str, ...]
    threshold: float | None
    store: bool
    limits: tuple[str, ...]
    as_json: bool
    data_dir: Path | None


@keys.command(
    epilog=examples(
        "abeyance keys add anna --scope operator",
        "abeyance keys add erp --scope screen --scope read --expires-on 2027-11-01",
        "abeyance keys add desk --scope screen --owner purchasing --network 10.1.0.0/16",
        "abeyance keys add onboarding --scope screen --list un_sc --no-store",
        "abeyance keys add batch --scope screen --limit counterparties_per_day=100000",
        "abeyance keys add subsidiary --account subsidiary --scope screen",
    )
)
@click.argument("name")
@click.option(
    "--account",
    default=ACCOUNT,
    show_default=True,
    help="Whom its screenings belong to; keys of other accounts do not see them.",
)
@click.option("--owner", default=user_name, help="Who answers for the key [you].")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    required=True,
    help="What it may do; repeat it for several. `admin` may do all that concerns its account "
    "alone and manage its keys, `operator` may do all.",
)
@click.option(
    "--expires-on", type=Day(), help="The day (00:00 UTC) from which it is refused [never]."
)
@click.option(
    "--network",
    "networks",
    multiple=True,
    help="Take it only from this network or address; repeat it for several [any].",
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    shell_complete=list_codes,
    help="Search only these lists where a question names none; repeat it for several.",
)
@click.option("--threshold", type=float, help="The lowest score where a question states none.")
@click.option(
    "--store/--no-store", default=True, show_default=True, help="Keep questions with this key."
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help=f"How much it may ask, as {', '.join(LIMIT_NAMES)}; repeat it for several [those of the "
    "service].",
)
@as_json
@data_dir
@gathered(KeyOptions)
def add(options: KeyOptions) -> None:
    """Make a key called NAME, and print it. It is shown this once and cannot be read again.

    Every process of the service takes it within seconds. Only its SHA-256 is stored.
    """
    draft = copy_as(
        KeyDraft,
        options,
        expires_at=None
        if options.expires_on is None
        else datetime.combine(options.expires_on, time.min, UTC),
        defaults=QuestionDefaults(
            lists=options.lists or None, threshold=options.threshold, store=options.store
        ),
        limits=read_limits("--limit", options.limits),
    )
    issued = with_database(options.data_dir, lambda dsn: _add(dsn, draft))
    _print_issued(issued, is_json=options.as_json)


async def _add(dsn: str, draft: KeyDraft) -> IssuedKey:
    known = () if draft.defaults.lists is None else await list_codes_of(dsn)
    async with local_keys(dsn) as made:
        return await made.add(draft, known, at_machine(user_name()))


# --- `abeyance keys list`, `rotate` and `revoke`.


class KeyListOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance keys list`."""

    as_json: bool
    data_dir: Path | None


@keys.command("list", epilog=examples("abeyance keys list", "abeyance keys list --json"))
@as_json
@data_dir
@gathered(KeyListOptions)
def list_keys(options: KeyListOptions) -> None:
    """List every key, also revoked ones, without the keys themselves."""
    recorded = with_database(options.data_dir, _all_keys)
    if options.as_json:
        print_json(recorded)
        return
    print_table(table_of_keys(recorded, datetime.now(UTC)))


def table_of_keys(recorded: Iterable[AccessKey], now: datetime) -> Table:
    """Return keys as a table, one row each; however narrow it is, the ids stay whole.

    The account is shown where it is not `main`.
    """
    recorded = tuple(recorded)
    has_limits = any(key.limits != CallerLimits() for key in recorded)
    headings = ("Id", "Name", "Owner", "Scopes", "State", "Expires", "Last used")
    table = table_of(*headings, *["Limits"][:has_limits], whole="Id")
    for key in recorded:
        table.add_row(
            str(key.id),
            key.name if key.account == ACCOUNT else f"{key.name} ({key.account})",
            key.owner,
            ", ".join(key.scopes),
            _state(key, now),
            minute(key.expires_at, "never"),
            minute(key.last_used_at, "never"),
            *[_limits(key.limits)][:has_limits],
        )
    return table


class RotateOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance keys rotate`."""

    key_id: int
    overlap_hours: int
    as_json: bool
    data_dir: Path | None


@keys.command(
    epilog=examples("abeyance keys rotate 3", "abeyance keys rotate 3 --overlap-hours 0")
)
@click.argument("key_id", metavar="ID", type=click.IntRange(min=1))
@click.option(
    "--overlap-hours",
    type=click.IntRange(0, MAX_OVERLAP_HOURS),
    default=int(OVERLAP / timedelta(hours=1)),
    show_default=True,
    help="How long the old key works beside the new one; 0 stops it at once.",
)
@as_json
@data_dir
@gathered(RotateOptions)
def rotate(options: RotateOptions) -> None:
    """Replace the key with this ID by a new one with the same rights, and print it."""

    async def work(dsn: str) -> IssuedKey:
        async with local_keys(dsn) as kept:
            return await kept.rotate(
                options.key_id, at_machine(user_name()), timedelta(hours=options.overlap_hours)
            )

    _print_issued(with_database(options.data_dir, work), is_json=options.as_json)


class RevokeOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance keys revoke`."""

    key_id: int
    as_json: bool
    data_dir: Path | None


@keys.command(epilog=examples("abeyance keys revoke 3"))
@click.argument("key_id", metavar="ID", type=click.IntRange(min=1))
@as_json
@data_dir
@gathered(RevokeOptions)
def revoke(options: RevokeOptions) -> None:
    """Revoke the key with this ID for good: it stops within seconds, and stays on record."""

    async def work(dsn: str) -> AccessKey | PendingChange:
        async with local_keys(dsn) as kept:
            return await kept.revoke(options.key_id, at_machine(user_name()))

    revoked = with_database(options.data_dir, work)
    if options.as_json:
        print_json(revoked)
    elif isinstance(revoked, AccessKey):
        click.echo(f"Key {revoked.id}, {revoked.name}: revoked.")


async def _all_keys(dsn: str) -> tuple[AccessKey, ...]:
    async with local_keys(dsn) as kept:
        return await kept.all()


def _print_issued(issued: IssuedKey, *, is_json: bool) -> None:
    """Print a new key alone on standard output, so that a script can take it from there."""
    key, waits = issued.key, issued.waits
    if is_json:
        print_json({"secret": issued.secret, "key": key, "waits": waits})
        return
    if key is None:
        number = "" if waits is None else f" (change {waits.id})"
        click.echo(f"It works once a second admin has approved it{number}. {_ONCE}", err=True)
        click.echo(issued.secret)
        return
    click.echo(f"Key {key.id}, {key.name}: {', '.join(key.scopes)}. {_ONCE}", err=True)
    click.echo(issued.secret)
    if key.previous_until is not None:
        click.echo(f"The old one works until {minute(key.previous_until, '')}.", err=True)


def _state(key: AccessKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "works"


def _limits(limits: CallerLimits) -> str:
    """Return what is limited, as an option of `keys add` has it, and a dash for nothing."""
    numbers: dict[str, int | None] = msgspec.structs.asdict(limits)
    said = [f"{name}={number}" for name, number in numbers.items() if number is not None]
    return ", ".join(said) or "-"
