"""`abeyance erase`: list all that is kept about a name, and erase it."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import click
import msgspec

from abeyance_screening.features.erasure.columns import ELSEWHERE, PLACES
from abeyance_screening.features.erasure.names import read_names
from abeyance_screening.features.erasure.store import ErasureStore, ErasureTerms, NameRecord
from abeyance_screening.platform.access.keys import ACCOUNT
from abeyance_screening.platform.cli.database import with_database
from abeyance_screening.platform.cli.options import as_json, data_dir, examples, gathered
from abeyance_screening.platform.cli.output import minute, print_json, print_table, table_of
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import BadInputError

EXIT_REMAINS = 4
"""The exit status while anything in the database holds the name."""
_STANDARD_INPUT = "-"
_MEANWHILE = "it was written meanwhile: run the command again"
# So many ids are shown in a row; the others are in the JSON.
_MOST_IDS = 5


class EraseOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance erase`."""

    names: tuple[str, ...]
    counterparty: str | None
    account: str
    all_accounts: bool
    others_too: bool
    yes: bool
    as_json: bool
    data_dir: Path | None


class NameRecordGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Records of one place and account that hold the name.

    `erasing` says what erasing does to them, `stays` why it does nothing, where that is so.
    """

    place: str
    account: str | None
    count: int
    since: datetime
    ids: tuple[str, ...]
    erasing: str
    stays: str | None


class ErasureReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, whether it was erased, and what remains or would: here and elsewhere.

    `listed` is how many entries of lists have the name in them.
    """

    names_sha256: str
    erased: bool
    listed: int
    found: tuple[NameRecordGroup, ...]
    remains: tuple[NameRecordGroup, ...]
    elsewhere: tuple[str, ...] = ELSEWHERE

    @property
    def exit_status(self) -> int:
        """0 where nothing in the database holds the name."""
        held = self.remains if self.erased else self.found
        return EXIT_REMAINS if held else 0


@click.command(
    epilog=examples(
        "abeyance erase 'Anna Schmidt'",
        "abeyance erase 'Anna Schmidt' 'Schmidt, Anna' anna-schmidt --yes",
        "abeyance erase - --yes < names.txt",
        "abeyance erase --counterparty supplier-17 --json",
    )
    + "\n\nExit status: 0 nothing in the database holds the name; 1 refused or failed; 4 something"
    " does, or still does; 130 stopped by Ctrl-C."
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--counterparty",
    metavar="ID",
    help="Take the name and the other names of the counterparty with this id.",
)
@click.option(
    "--account", default=ACCOUNT, show_default=True, help="Only what is of this account."
)
@click.option("--all-accounts", is_flag=True, help="What is of any account.")
@click.option(
    "--others-too",
    is_flag=True,
    help="Delete other counterparties too that name it, such as those that it owns.",
)
@click.option("--yes", is_flag=True, help="Erase; without this, nothing is changed.")
@as_json
@data_dir
@gathered(EraseOptions)
def erase(options: EraseOptions) -> None:
    """List all that the database holds about NAME, or with --yes erase it.

    A name is found wherever it is part of a text, whatever the case and the spaces; give each
    spelling, and an id that is a name. With - for NAME, names are read from standard input, one a
    line, so that none is in the history of the shell or the list of processes. What the command
    cannot reach, such as backups, it names.
    """
    report = with_database(options.data_dir, lambda dsn: _report(dsn, options))
    if options.as_json:
        print_json(report)
    else:
        _print(report)
    raise SystemExit(report.exit_status)


async def _report(dsn: str, options: EraseOptions) -> ErasureReport:
    async with connected(dsn) as connection:
        store = ErasureStore(connection)
        terms = await _terms(store, options)
        listed, found = await store.count_listings(terms), await store.search(terms)
        remains = [each for each in found if each.stays is not None]
        if options.yes:
            await store.erase(terms, found)
            await store.vacuum()
            remains = [
                each if each.stays else msgspec.structs.replace(each, stays=_MEANWHILE)
                for each in await store.search(terms)
            ]
    return ErasureReport(
        names_sha256=terms.digest,
        erased=options.yes,
        listed=listed,
        found=_groups(found),
        remains=_groups(remains),
    )


async def _terms(store: ErasureStore, options: EraseOptions) -> ErasureTerms:
    """Return what is to be erased.

    Raises:
        BadInputError: There is no name, one that cannot be searched, or no such account.
        NotFoundError: The account has no counterparty with the id.
    """
    if bool(options.names) == (options.counterparty is not None):
        raise BadInputError("NAME", "give names, or --counterparty, and not both")
    await store.check_account(options.account)
    if options.counterparty is None:
        names = read_names("NAME", _given(options.names))
    else:
        called = await store.names_of(options.account, options.counterparty)
        names = read_names("--counterparty", called)
    return ErasureTerms(
        names=names,
        account=None if options.all_accounts else options.account,
        others_too=options.others_too,
    )


def _given(names: Iterable[str]) -> Iterable[str]:
    for each in names:
        if each == _STANDARD_INPUT:
            yield from filter(str.strip, sys.stdin.read().splitlines())
        else:
            yield each


def _groups(records: Iterable[NameRecord]) -> tuple[NameRecordGroup, ...]:
    """Return records by place, account and why they stay, the places in their order."""
    order = {each.title: place for place, each in enumerate(PLACES)}

    def key(record: NameRecord) -> tuple[int, str, str]:
        return order[record.place.title], record.account or "", record.stays or ""

    groups = [list(group) for _, group in groupby(sorted(records, key=key), key)]
    return tuple(
        NameRecordGroup(
            place=group[0].place.title,
            account=group[0].account,
            count=len(group),
            since=min(each.at for each in group).astimezone(UTC),
            ids=tuple(each.id for each in group),
            erasing=group[0].place.deed,
            stays=group[0].stays,
        )
        for group in groups
    )


def _print(report: ErasureReport) -> None:
    if report.listed:
        entries = plural(report.listed, "entry", "entries")
        click.echo(
            f"The name is on lists too, in {entries}, which stay. A record in which such an entry "
            "was found is taken for one about the name."
        )
    if not report.found:
        click.echo("Nothing in the database holds the name.")
    elif not report.erased:
        _print_groups("Found; --yes erases it:", report.found)
    else:
        _print_groups("Erased:", [each for each in report.found if each.stays is None])
        _print_groups("Remains in the database:", report.remains)
        if not report.remains:
            click.echo("Nothing in the database holds the name any more.")
    click.echo("Not reached by this command:" if report.erased else "Not reached in any case:")
    for each in report.elsewhere:
        click.echo(f"  - {each}")


def _print_groups(heading: str, groups: Sequence[NameRecordGroup]) -> None:
    if not groups:
        return
    click.echo(heading)
    table = table_of("Place", "Account", "Records", "Since", "Ids", "Erasing", whole="Since")
    for each in groups:
        more = f", and {each.count - _MOST_IDS} more" if each.count > _MOST_IDS else ""
        ids = f"{', '.join(each.ids[:_MOST_IDS])}{more}"
        what = each.erasing if each.stays is None else f"stays: {each.stays}"
        since = minute(each.since, "")
        table.add_row(each.place, each.account or "", str(each.count), since, ids, what)
    print_table(table)
