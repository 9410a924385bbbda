"""`abeyance load`: make files the current edition of a list, by hand."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import override

import click
import msgspec
from msgspec import UNSET, UnsetType

from service.app.lists import load_into
from service.cli.database import prepared_database
from service.cli.options import Day, as_json, data_dir, examples, gathered, settings_with
from service.cli.output import print_json, print_loads
from service.flow.load import ListFiles
from service.flow.wanted import wanted_by_name
from service.model.errors import BadInputError
from service.model.files import GivenFile
from service.model.terms import ExpectedEntries, TermsGiven

_NONE = "none"
# More digits than these are no number of days or entries, nor one that the database can hold.
_DAYS = re.compile(r"0*[1-9]\d{0,8}", re.ASCII)
_RANGE = re.compile(r"(\d{0,9})\.\.(\d{0,9})", re.ASCII)


class _MaxAge(click.ParamType[int | UnsetType | None]):
    """A number of days, or `none`."""

    name = "days"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | UnsetType | None:
        """Reads how old an edition may get; None for `none`, UNSET where nothing is given."""
        if value is UNSET:
            return UNSET
        printed = str(value)
        if printed == _NONE:
            return None
        if _DAYS.fullmatch(printed) is None:
            reason = f"{printed!r} is no number of days from 1 on, such as 30; or “{_NONE}”"
            self.fail(reason, param, ctx)
        return int(printed)


class _Expected(click.ParamType[ExpectedEntries | UnsetType | None]):
    """How many entries a list should have: `1900..2100`, `1900..`, `..2100`, or `none`."""

    name = "number..number"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ExpectedEntries | UnsetType | None:
        """Reads the two limits; None for `none`, UNSET where nothing is given."""
        if value is UNSET:
            return UNSET
        printed = str(value)
        if printed == _NONE:
            return None
        found = _RANGE.fullmatch(printed)
        if found is None or not any(found.groups()):
            reason = f"{printed!r} is no range such as 1900..2100, 1900.. or ..2100; or “{_NONE}”"
            self.fail(reason, param, ctx)
        limits = ExpectedEntries(*(int(each) if each else None for each in found.groups()))
        if not limits.holds(max(limits.least or 0, 1)):
            self.fail(f"{printed!r}: no number of entries is in that range", param, ctx)
        return limits


class LoadGiven(msgspec.Struct, frozen=True):
    """What was given on the command line."""

    wanted: str
    paths: tuple[Path, ...]
    published_on: date | None
    accept_shrink: bool
    max_age_days: int | UnsetType | None
    expect_entries: ExpectedEntries | UnsetType | None
    as_json: bool
    data_dir: Path | None


@click.command(
    epilog=examples(
        "abeyance load un_sc --file consolidated.xml",
        "abeyance load us_csl --file consolidated.json --published-on 2026-07-31",
        "abeyance load us_ofac_sdn --file sdn.csv --file alt.csv --file add.csv "
        "--file sdn_comments.csv",
        "abeyance load us_ofac_sdn --file downloads/ofac",
        "abeyance load my_list --file my_list.jsonl",
        "abeyance load my_list --file my_list.csv --max-age-days 30 --expect-entries 1900..2100",
    )
)
@click.argument("wanted", metavar="LIST")
@click.option(
    "--file",
    "paths",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    required=True,
    help="The file to load. Repeat it, or give a folder, where an edition is a set of files.",
)
@click.option(
    "--published-on",
    type=Day(),
    help="The day the file was published, where it does not say so itself.",
)
@click.option(
    "--accept-shrink",
    is_flag=True,
    help="Take the edition in although it lost many entries or names, or a well-known name.",
)
@click.option(
    "--max-age-days",
    type=_MaxAge(),
    default=UNSET,
    help="Of a list of your own: when it is too old to rest on; kept until told otherwise.",
)
@click.option(
    "--expect-entries",
    type=_Expected(),
    default=UNSET,
    help="Of a list of your own: how many entries it has, 1900..2100; kept as well.",
)
@as_json
@data_dir
@gathered(LoadGiven)
def load(given: LoadGiven) -> None:
    """Load a list from files.

    LIST is a list (us_bis_el), a source of several lists (us_csl), or a code of your own for a
    list of your own. What the files are is told by their content. An edition that is broken,
    older than the one here, or suddenly smaller or poorer in names is refused, and the good one
    stays.
    """
    wanted, terms = wanted_by_name(given.wanted), _terms(given)
    if not wanted.is_own and terms != TermsGiven():
        option = "--expect-entries" if terms.max_age_days is UNSET else "--max-age-days"
        raise BadInputError(
            option, f"is for a list of your own, and {wanted.name} is a public one"
        )
    to_load = ListFiles(
        wanted=wanted,
        files=tuple(_files(given.paths)),
        published_on=given.published_on,
        accepted=given.accept_shrink,
        terms=terms,
    )
    settings = settings_with(given.data_dir)
    with prepared_database(settings) as dsn:
        reports = asyncio.run(load_into(settings, dsn, to_load))
    (print_json if given.as_json else print_loads)(reports)
    if any(report.outcome == "refused" for report in reports):
        raise SystemExit(1)


def _terms(given: LoadGiven) -> TermsGiven:
    return TermsGiven(max_age_days=given.max_age_days, expected=given.expect_entries)


def _files(paths: tuple[Path, ...]) -> Iterator[GivenFile]:
    """The files, and of a folder those that stand right in it, by name, hidden ones left out."""
    for path in paths:
        if not path.is_dir():
            yield GivenFile(path.name, path.read_bytes())
            continue
        inside = sorted(
            each for each in path.iterdir() if each.is_file() and not each.name.startswith(".")
        )
        if not inside:
            raise BadInputError("--file", f"there is no file in {path}")
        yield from (GivenFile(each.name, each.read_bytes()) for each in inside)
