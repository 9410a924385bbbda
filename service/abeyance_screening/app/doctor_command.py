"""`abeyance doctor`: ask every publisher once, and say what a refresh would load."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from abeyance_screening.app.doctor import Diagnosis, SourceHealth, diagnose
from abeyance_screening.app.samples import ANSWERS, Samples
from abeyance_screening.engine.lists.profile import (
    BY_HAND,
    BY_QUESTION,
    DEFAULT,
    ListProfile,
    check_profile_names,
)
from abeyance_screening.engine.screening.coverage_line import profiles_named
from abeyance_screening.features.audit.linking import AuditHealth, audit_health
from abeyance_screening.features.watch.look import PlaceSample
from abeyance_screening.platform.cli.database import database_there
from abeyance_screening.platform.cli.options import as_json, examples, gathered
from abeyance_screening.platform.cli.output import (
    Terminal,
    print_json,
    print_table,
    table_of_lists,
)
from abeyance_screening.platform.postgres.database import DatabaseRefusedError
from abeyance_screening.platform.settings import Settings, read_settings
from abeyance_screening.primitives.days import plural
from abeyance_screening.primitives.errors import (
    AbeyanceError,
    BadInputError,
    EmbeddedPostgresError,
)

# --- `abeyance doctor`: ask every source once, and store nothing.


class DoctorOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance doctor`."""

    wanted: tuple[str, ...]
    mirror: str | None
    profiles: tuple[str, ...]
    keep: Path | None
    as_json: bool


@click.command(
    epilog=examples(
        "abeyance doctor",
        "abeyance doctor us_bis_dpl jp_meti_ru",
        "abeyance doctor --mirror https://mirror.example/lists",
        "abeyance doctor --profile us --profile eu",
        "abeyance doctor us_cbp_wro --keep answers/",
        "abeyance doctor --json",
    )
)
@click.argument("wanted", metavar="[LIST]...", nargs=-1)
@click.option(
    "--mirror",
    metavar="URL",
    help="Ask this copy of the publishers' files instead [ABEYANCE_MIRROR].",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    help="Required is what this profile names: us, eu …; repeat it for several "
    "[ABEYANCE_PROFILE].",
)
@click.option(
    "--keep",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep what each publisher answered in this folder, refusals too, and ask the places "
    "where acts appear as well.",
)
@as_json
@gathered(DoctorOptions)
def doctor(options: DoctorOptions) -> None:
    """Ask the publisher of every list once, and say what a refresh would load.

    Asked is what `abeyance refresh` asks, with the same addresses and in the same order. Each file
    is downloaded and read as by a refresh, and nothing of it is stored; no database is needed.
    Where there is one, the profile that was chosen in the service, and the keys that a bundle
    handed over to, count as for a refresh; its audit log is checked, and the head of its chain is
    printed: keep it, for `abeyance audit --check`. A list
    that needs a person is fine if the program or the register bundle of ABEYANCE_REGISTER_URL
    brings it fresh. The exit status is 0 only if all required lists are fine: without a LIST those
    with a download address, or what ABEYANCE_PROFILE or ABEYANCE_REQUIRED_LISTS requires.

    --keep writes a file for each answer, and answers.json with its address, status, header fields,
    hash and size. A file that this program could not read is a fixture for the one that shall.
    """
    settings = _settings(options)
    samples = None if options.keep is None else Samples(options.keep)
    with Terminal(stderr=True).status("Asking …") as status, ExitStack() as stack:
        dsn, not_asked = _database(stack, settings)
        diagnosis = asyncio.run(
            diagnose(
                settings,
                options.wanted,
                finished=lambda source: status.update(f"{source.code}: {source.publisher} …"),
                samples=samples,
                dsn=dsn,
            )
        )
        status.update("Checking the audit log …")
        audit, unread = _audit(dsn)
    known = not_asked or unread or diagnosis.not_asked
    diagnosis = msgspec.structs.replace(diagnosis, audit=audit, not_asked=known)
    if samples is not None and options.keep is not None:
        samples.finish()
        kept = f"{plural(len(samples.records), 'answer')} kept in {options.keep}"
        click.echo(f"{kept}, listed in {ANSWERS}.", err=True)
    (print_json if options.as_json else _print_diagnosis)(diagnosis)
    if not diagnosis.is_fine:
        raise SystemExit(1)


def _settings(options: DoctorOptions) -> Settings:
    settings = read_settings()
    if options.mirror is not None:
        settings = msgspec.structs.replace(settings, mirror=_mirror(options.mirror))
    if options.profiles:
        check_profile_names("--profile", options.profiles)
        profile = ListProfile(names=options.profiles)
        settings = msgspec.structs.replace(settings, profile=profile)
    return settings


def _database(stack: ExitStack, settings: Settings) -> tuple[str | None, str | None]:
    """Return the address of this installation's database, and why it cannot be asked."""
    try:
        return stack.enter_context(database_there(settings)), None
    except (EmbeddedPostgresError, DatabaseRefusedError) as error:
        return None, str(error)


def _audit(dsn: str | None) -> tuple[AuditHealth | None, str | None]:
    """Return how the audit log of this installation is, and why it cannot be asked."""
    try:
        return None if dsn is None else asyncio.run(audit_health(dsn)), None
    except AbeyanceError as error:
        return None, str(error)


def _print_diagnosis(diagnosis: Diagnosis) -> None:
    """Print a table of the sources, and below it what is wrong and what an operator should do."""
    console = Terminal(soft_wrap=True)
    table = table_of_lists("Source", "Health", "Format", "Published", "Entries", "kB")
    for each in diagnosis.sources:
        table.add_row(
            each.source,
            each.health,
            _format_known(each),
            str(each.published_on or ""),
            "" if each.entries is None else f"{each.entries:,}",
            "" if each.size is None else f"{each.size / 1_000:,.0f}",
        )
    print_table(table, console)
    for each in diagnosis.sources:
        read = None if each.format is None else f"read as {each.format}"
        advice = None if each.advice is None else f"→ {each.advice}"
        lines = (*each.addresses, *filter(None, (read, each.reason, advice)))
        if lines:
            text = "\n  ".join((each.source, *lines))
            console.print(text, highlight=False, markup=False)
    for line in _place_lines(diagnosis.places):
        console.print(line, highlight=False, markup=False)
    console.print(_verdict(diagnosis), highlight=False, markup=False)


def _place_lines(asked: Sequence[PlaceSample]) -> Iterator[str]:
    """Yield how the places where acts appear could be read, and which could not."""
    if not asked:
        return
    untried = [each for each in asked if not each.was_tried]
    read = sum(each.reason is None for each in asked)
    yield (
        f"{plural(len(asked), 'place')} where acts appear, {len(untried)} of them never tried on "
        f"a real page before: {read} could be read."
    )
    for each in asked:
        if each.reason is not None:
            yield f"{each.place}\n  {each.reason}"


def _format_known(health: SourceHealth) -> str:
    """Write whether a file came whose format can be read; nothing where no file came."""
    if health.format is not None:
        return "known"
    return "not known" if health.health == "refused" else ""


def _verdict(diagnosis: Diagnosis) -> str:
    """Write the register bundle, and the required lists that are not fine, as lines."""
    lines = [*filter(None, (diagnosis.clock, diagnosis.reading.sentence))]
    if diagnosis.not_asked is not None:
        lines.append(
            f"What was chosen in the service is not known ({diagnosis.not_asked}): required is "
            "what the settings say."
        )
    if diagnosis.profile == BY_HAND:
        lines.append("Required is what was named list by list.")
    elif diagnosis.profile not in {DEFAULT, BY_QUESTION}:
        named = profiles_named(diagnosis.profile.split(","))
        lines.append(f"Required is what {named} asks for.")
    for need in diagnosis.reading.needs:
        because = f", required: {need.required_because}" if need.required_because else ""
        lines.append(f"  {need.title} ({need.code}{because}): {need.reason}")
    bundle = diagnosis.bundle
    if bundle is not None and bundle.reason is not None:
        lines.append(f"Register bundle: {bundle.reason}")
    elif bundle is not None:
        carried = ", ".join(bundle.sources) or "no list"
        lines.append(f"Register bundle: fine, revision {bundle.revision:,}, with {carried}")
    lines += [] if diagnosis.audit is None else [diagnosis.audit.line]
    if diagnosis.lacking:
        lines.append(f"Required lists that are not fine: {', '.join(diagnosis.lacking)}")
    else:
        lines.append("All required lists are fine.")
    return "\n".join(lines)


def _mirror(given: str) -> str | None:
    try:
        return read_settings({"ABEYANCE_MIRROR": given}).mirror
    except BadInputError as error:
        raise BadInputError("--mirror", error.reason) from None
