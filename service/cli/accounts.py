"""`abeyance keys`, `sessions`, `audit` and `screenings`: who may ask, and what is kept of them."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import click
import msgspec
from rich.table import Table

from service.access.audit import Audit, AuditQuery
from service.access.keys import (
    ACCOUNT,
    MAX_OVERLAP_HOURS,
    OVERLAP,
    AccessKey,
    IssuedKey,
    KeyDraft,
    QuestionDefaults,
)
from service.access.people import UserSession
from service.app import utc_now
from service.app.upkeep import kept_of, list_codes_of, local_keys
from service.cli.answering import opened_database
from service.cli.options import (
    Day,
    as_json,
    data_dir,
    examples,
    gathered,
    list_codes,
    settings_with,
)
from service.cli.output import print_json, print_table, table_of
from service.errors import NotFoundError
from service.screening.kept import KeptQuery, ScreeningPage, kept_page
from service.screening.question import MAX_LIMIT
from service.settings import LIMIT_NAMES, SCOPES, CallerLimits, Scope, read_limits, user_name
from service.store.access import StoredAudit, UserSessionStore
from service.store.sql import connected
from service.store.written import ListedScreening

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
        "abeyance keys add anna --scope admin",
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
    help="What it may do; repeat it for several. `admin` may do all, and manage keys.",
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
    draft = KeyDraft(
        name=options.name,
        account=options.account,
        owner=options.owner,
        scopes=options.scopes,
        expires_at=None
        if options.expires_on is None
        else datetime.combine(options.expires_on, time.min, UTC),
        networks=options.networks,
        defaults=QuestionDefaults(
            lists=options.lists or None, threshold=options.threshold, store=options.store
        ),
        limits=read_limits("--limit", options.limits),
    )
    issued = _with_database(options.data_dir, lambda dsn: _add(dsn, draft))
    _print_issued(issued, is_json=options.as_json)


async def _add(dsn: str, draft: KeyDraft) -> IssuedKey:
    known = () if draft.defaults.lists is None else await list_codes_of(dsn)
    async with local_keys(dsn) as made:
        return await made.add(draft, known, user_name())


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
    recorded = _with_database(options.data_dir, _all_keys)
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
            _minute(key.expires_at, "never"),
            _minute(key.last_used_at, "never"),
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
                options.key_id, user_name(), timedelta(hours=options.overlap_hours)
            )

    _print_issued(_with_database(options.data_dir, work), is_json=options.as_json)


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

    async def work(dsn: str) -> AccessKey:
        async with local_keys(dsn) as kept:
            return await kept.revoke(options.key_id, user_name())

    revoked = _with_database(options.data_dir, work)
    if options.as_json:
        print_json(revoked)
    else:
        click.echo(f"Key {revoked.id}, {revoked.name}: revoked.")


def _with_database[T](folder: Path | None, work: Callable[[str], Coroutine[None, None, T]]) -> T:
    """Do some work with the command's database, which needs no lists for it."""
    with opened_database(settings_with(folder)) as dsn:
        return asyncio.run(work(dsn))


async def _all_keys(dsn: str) -> tuple[AccessKey, ...]:
    async with local_keys(dsn) as kept:
        return await kept.all()


def _print_issued(issued: IssuedKey, *, is_json: bool) -> None:
    """Print a new key alone on standard output, so that a script can take it from there."""
    key = issued.key
    if is_json:
        print_json({"secret": issued.secret, "key": key})
        return
    click.echo(f"Key {key.id}, {key.name}: {', '.join(key.scopes)}. Not shown again:", err=True)
    click.echo(issued.secret)
    if key.previous_until is not None:
        click.echo(f"The old one works until {_minute(key.previous_until, '')}.", err=True)


def _state(key: AccessKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "works"


def _limits(limits: CallerLimits) -> str:
    """Return what is limited, as an option of `keys add` has it, and a dash for nothing."""
    numbers: dict[str, int | None] = msgspec.structs.asdict(limits)
    said = [f"{name}={number}" for name, number in numbers.items() if number is not None]
    return ", ".join(said) or "-"


def _minute(moment: datetime | None, otherwise: str) -> str:
    if moment is None:
        return otherwise
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# --- `abeyance sessions`: who has logged in, and how somebody is logged out.


@click.group()
def sessions() -> None:
    """Show who has logged in to the desk, and log somebody out."""


@sessions.command("list", epilog=examples("abeyance sessions list"))
@as_json
@data_dir
def list_sessions(*, as_json: bool, data_dir: Path | None) -> None:
    """List the sessions that go on, by the names of their users."""
    with opened_database(settings_with(data_dir)) as dsn:
        found = asyncio.run(_all_sessions(dsn))
    if as_json:
        print_json(found)
        return
    table = table_of("User", "Account", "Scopes", "Began", "Last used", "Ends by")
    for each in found:
        times = (each.made_at, each.last_used_at, each.expires_at)
        moments = (f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" for at in times)
        table.add_row(each.user_name, each.account, " ".join(each.scopes), *moments)
    print_table(table)


@sessions.command("end", epilog=examples("abeyance sessions end anna"))
@click.argument("name")
@data_dir
def end_sessions(*, name: str, data_dir: Path | None) -> None:
    """End all sessions of the user NAME, everywhere within two seconds."""
    with opened_database(settings_with(data_dir)) as dsn:
        ended = asyncio.run(_end(dsn, name))
    click.echo(f"{ended} sessions of {name} ended" if ended != 1 else f"1 session of {name} ended")


async def _all_sessions(dsn: str) -> tuple[UserSession, ...]:
    async with connected(dsn) as connection:
        return await UserSessionStore(connection).all(utc_now())


async def _end(dsn: str, name: str) -> int:
    async with connected(dsn) as connection:
        return await UserSessionStore(connection).end_all_of(name, utc_now(), user_name())


# --- `abeyance audit`: print who did what, from the database itself.


class AuditOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance audit`."""

    since: date | None
    until: date | None
    actor: str | None
    action: str | None
    about: str | None
    account: str
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance audit --since 2026-11-01",
        "abeyance audit --action key.revoked",
        "abeyance audit --json > audit.ndjson",
    )
)
@click.option("--since", type=Day(), help="From the beginning of this day on, in UTC.")
@click.option("--until", type=Day(), help="Before the beginning of this day, in UTC.")
@click.option("--actor", help="Only by this actor.")
@click.option("--action", help="Only this action, as `key.revoked`.")
@click.option("--about", help="Only about this: the id of a key, a list, a screening.")
@click.option("--account", default=ACCOUNT, show_default=True, help="Whose affairs.")
@as_json
@data_dir
@gathered(AuditOptions)
def audit(options: AuditOptions) -> None:
    """Print the audit log, the oldest entry first; with --json one entry a line."""
    asked = AuditQuery(
        account=options.account,
        newest_first=False,
        since=_beginning(options.since),
        until=_beginning(options.until),
        actor=options.actor,
        action=options.action,
        about=options.about,
    )
    with opened_database(settings_with(options.data_dir)) as dsn:
        asyncio.run(_print(dsn, asked, is_json=options.as_json))


async def _print(dsn: str, asked: AuditQuery, *, is_json: bool) -> None:
    encode = msgspec.json.Encoder().encode_lines
    table = table_of("At", "Actor", "Action", "About", "Details")
    async with connected(dsn) as connection:
        store = StoredAudit(connection)
        async for entries in Audit(lambda: store, utc_now).all(asked):
            if is_json:
                click.echo(encode(entries), nl=False)
                continue
            for each in entries:
                details = ", ".join(f"{key} {value}" for key, value in each.details.items())
                at = f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
                table.add_row(at, each.actor, each.action, each.about, details)
    if not is_json:
        print_table(table)


def _beginning(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, UTC)


# --- `abeyance screenings`: list and delete the screenings that a database keeps.

_ACCOUNT_HELP = "The account whose screenings they are."
# So many ids are shown in a row; the others are in the JSON.
_MOST_IDS = 5


@click.group()
def screenings() -> None:
    """List and delete the screenings that a database keeps."""


class ScreeningListOptions(msgspec.Struct, frozen=True):
    """The options of `abeyance screenings list`."""

    account: str
    from_day: date | None
    until_day: date | None
    counterparty_id: str | None
    limit: int
    cursor: str | None
    as_json: bool
    data_dir: Path | None


@screenings.command(
    "list",
    epilog=examples(
        "abeyance screenings list",
        "abeyance screenings list --from 2026-11-01 --until 2026-11-30",
        "abeyance screenings list --counterparty-id C-1 --json",
    ),
)
@click.option("--account", default=ACCOUNT, show_default=True, help=_ACCOUNT_HELP)
@click.option(
    "--from", "from_day", type=Day(), help="Only those asked on this day (UTC) or later."
)
@click.option("--until", "until_day", type=Day(), help="Only those asked on this day or before.")
@click.option("--counterparty-id", help="Only those about a counterparty with this id of yours.")
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=100,
    show_default=True,
    help="The most screenings that are listed.",
)
@click.option("--cursor", help="Go on after the last one listed; the command before prints it.")
@as_json
@data_dir
@gathered(ScreeningListOptions)
def list_screenings(options: ScreeningListOptions) -> None:
    """List the screenings that are kept, the newest first, without any name."""
    asked = KeptQuery(
        from_day=options.from_day,
        until_day=options.until_day,
        counterparty_id=options.counterparty_id,
        limit=options.limit,
        cursor=options.cursor,
    )
    settings = settings_with(options.data_dir)

    async def read(dsn: str) -> ScreeningPage:
        async with kept_of(options.account, settings, dsn) as kept:
            return await kept_page(kept, asked)

    with opened_database(settings) as dsn:
        page = asyncio.run(read(dsn))
    if options.as_json:
        print_json(page)
        return
    print_table(table_of_screenings(page.items))
    if page.next_cursor is not None:
        click.echo(f"More: --cursor {page.next_cursor}", err=True)


def table_of_screenings(items: Iterable[ListedScreening]) -> Table:
    """Return kept screenings as a table, one row each, with whole ids."""
    table = table_of("Id", "Asked", "Outcome", "Counterparties", whole="Id")
    for each in items:
        asked = f"{each.asked_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        table.add_row(str(each.id), asked, each.outcome or "not read yet", _counterparties(each))
    return table


def _counterparties(each: ListedScreening) -> str:
    ids = each.counterparty_ids or ()
    more = f", and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
    named = f": {', '.join(ids[:_MOST_IDS])}{more}" if ids else ""
    return "" if each.counterparty_count is None else f"{each.counterparty_count}{named}"


class ScreeningDeleteOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance screenings delete`."""

    ids: tuple[UUID, ...]
    account: str
    data_dir: Path | None


@screenings.command(
    epilog=examples("abeyance screenings delete 3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f")
)
@click.argument("ids", metavar="ID...", type=click.UUID, nargs=-1, required=True)
@click.option("--account", default=ACCOUNT, show_default=True, help=_ACCOUNT_HELP)
@data_dir
@gathered(ScreeningDeleteOptions)
def delete(options: ScreeningDeleteOptions) -> None:
    """Delete the screenings with these IDs for good, questions and answers."""
    settings = settings_with(options.data_dir)

    async def work(dsn: str) -> None:
        async with kept_of(options.account, settings, dsn) as kept:
            for key in options.ids:
                if not await kept.delete(key):
                    raise NotFoundError("screening", str(key))
                click.echo(f"Screening {key}: deleted.")

    with opened_database(settings) as dsn:
        asyncio.run(work(dsn))
