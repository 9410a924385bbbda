"""Make a register bundle: what a keeper does, in one command.

    python -m tools.keep --key signing.pem --by "A. Reader" --files FILES --out register.bundle

Of the register, of editions that publishers give no program, and of what was read until when, it
makes one signed file that installations fetch. FILES has a folder for each source, by its code
(`us_dod_1260h`, `eu_annexes_833`, `cn_announcements` …), with the files as the publisher gives
them. Each is read and put before the guards that a first edition must pass; what a bundle before
carries of other sources is carried on. Accepted drafts of `abeyance register watch` go into the
register first, and with --database what was confirmed on the page `/register/drafts`. What changed
since the bundle before is printed, and goes along.
"""

import asyncio
import hashlib
import io
import lzma
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click
import msgspec
import yaml

from abeyance_screening.app.doctor import Nowhere
from abeyance_screening.engine.lists.bundled import MANIFEST, BundledEdition, BundledFile
from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, load_files, whole_source
from abeyance_screening.engine.measures.measure import (
    Event,
    Measure,
    ShippedRegister,
    Words,
    without_record,
)
from abeyance_screening.engine.measures.places import (
    Proposal,
    place_of,
    places,
    read_proposals,
)
from abeyance_screening.engine.measures.register.read import (
    LEDGER,
    is_register_file,
    read_folder,
    read_ledger,
    register_folder,
    shipped,
    unrecorded,
    write_ledger,
)
from abeyance_screening.features.register.bundle_file import (
    REGISTER,
    BundleNotes,
    CarriedEdition,
    KeeperReading,
    RegisterBundle,
    SigningKey,
    make_bundle,
    open_bundle,
    signing_key,
)
from abeyance_screening.features.register.bundle_keys import TrustedKey, TrustedKeys, shown_id
from abeyance_screening.features.watch.drafts_page import IN_ENGLISH
from abeyance_screening.platform.cli.options import Day, gathered
from abeyance_screening.platform.local_data import local_board
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.primitives.errors import BadInputError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_EVENTS = "\n    events:\n"
_ENCRYPTED = b"ENCRYPTED"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class KeepOptions(msgspec.Struct, frozen=True):
    """The options of `python -m tools.keep`."""

    keys: tuple[Path, ...]
    by: str
    out: Path
    register: Path | None
    files: Path | None
    published: tuple[str, ...]
    accepted: tuple[Path, ...]
    database: str | None
    read: tuple[str, ...]
    read_all: date | None
    before: Path | None
    next_keys: Path | None


@click.command()
@click.option("--key", "keys", required=True, multiple=True, type=_FILE, help="Private key, PEM.")
@click.option("--by", required=True, help="The keeper's name, who has read what is new.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The bundle."
)
@click.option("--register", type=_FOLDER, help="Folder of the register [the program's own].")
@click.option("--files", type=_FOLDER, help="A folder a source, with its publisher's files.")
@click.option(
    "--published",
    multiple=True,
    metavar="SOURCE=DAY",
    help="The day of an edition that does not state it; repeat it for several.",
)
@click.option(
    "--accepted",
    multiple=True,
    type=_FILE,
    help="Proposals of `abeyance register watch`; those accepted go into the register.",
)
@click.option(
    "--database",
    metavar="URL",
    help="The installation on whose page drafts were confirmed: its own events go in as well.",
)
@click.option(
    "--read",
    multiple=True,
    metavar="PLACE=DAY",
    help="A place where acts appear, and until which day you have read it.",
)
@click.option("--read-all", type=Day(), help="You have read every place until this day.")
@click.option("--before", type=_FILE, help="The bundle before this one.")
@click.option("--next-keys", type=_FILE, help="Public keys trusted after this bundle, PEM.")
@gathered(KeepOptions)
def keep(options: KeepOptions) -> None:
    """Make a signed bundle of the register and of editions that publishers give no program."""
    keys, now = tuple(map(_key, options.keys)), datetime.now(UTC).replace(microsecond=0)
    before = None if options.before is None else _opened(options.before, keys, now)
    with TemporaryDirectory(prefix="abeyance-keep-") as made_in:
        folder, editions = Path(made_in) / "register", Path(made_in) / "editions"
        _copy_register(options, folder)
        for event in (*_accepted(options.accepted), *_confirmed(options.database, folder)):
            _write_event(folder, *event)
        _record(folder, now)
        _refuse_lost(before, shipped(folder))
        carried = _editions(options, before, editions, now)
        notes = BundleNotes(
            keeper=options.by,
            changes=tuple(_changes(before, shipped(folder), carried)),
            readings=tuple(_readings(options)),
        )
        next_keys = None if options.next_keys is None else options.next_keys.read_text("utf-8")
        content = make_bundle(folder, editions if carried else None, keys, now, next_keys, notes)
    made = _verified(content, keys, now, threshold=len(keys))
    options.out.write_bytes(content)
    _tell(options.out, made)


def _key(path: Path) -> SigningKey:
    pem = path.read_bytes()
    password = None
    if _ENCRYPTED in pem:
        password = str(click.prompt("Password of the key", hide_input=True, err=True))
    return signing_key("--key", pem, password)


def _tell(out: Path, made: RegisterBundle) -> None:
    signers = ", ".join(map(shown_id, made.signed_by))
    click.echo(f"{out}: revision {made.register.revision:,}, signed by {signers}")
    for each in made.editions:
        click.echo(f"  carries {each.edition.source} of {each.edition.published_on}")
    for change in made.notes.changes:
        click.echo(f"  changes {change}")
    for reading in made.notes.readings:
        click.echo(f"  {reading.place}: read until {reading.until} by {reading.read_by}")


# --- The register: a copy of it, with the drafts that a person has accepted.


def _copy_register(options: KeepOptions, folder: Path) -> None:
    """Copy the register: that of a folder, else of the bundle before, else of the program."""
    folder.mkdir()
    if options.register is None and options.before is not None:
        for name, content in _register_in(options.before.read_bytes()):
            (folder / name).write_bytes(content)
        return
    for each in (options.register or register_folder()).iterdir():
        if is_register_file(each.name):
            (folder / each.name).write_bytes(each.read_bytes())


def _register_in(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the register in a bundle that was verified."""
    envelope = msgspec.json.decode(content, type=_Envelope)
    with zipfile.ZipFile(io.BytesIO(envelope.payload)) as archive:
        for name in archive.namelist():
            if name.startswith(REGISTER):
                yield name.removeprefix(REGISTER), archive.read(name)


class _Envelope(msgspec.Struct, frozen=True):
    """What is signed, in base64."""

    payload: bytes


def _refuse_lost(before: RegisterBundle | None, register: ShippedRegister) -> None:
    """Refuse a register that lacks an event of the bundle before: nobody would take it up.

    Raises:
        BadInputError: An event is gone.
    """
    events = {(each.id, event.id) for each in register.measures for event in each.events}
    for measure in () if before is None else before.register.measures:
        for event in measure.events:
            if (measure.id, event.id) not in events:
                reason = f"lacks {event.id} of {measure.id}, which the bundle before has"
                raise BadInputError("--register", reason)


def _accepted(files: Sequence[Path]) -> Iterator[tuple[str, Event]]:
    """Yield the measure and event of each accepted proposal.

    Raises:
        BadInputError: One names no measure, or something is still to be found out.
    """
    for file in files:
        for proposal in read_proposals(file.read_text("utf-8")):
            if proposal.accepted:
                yield _finished(proposal), proposal.event


def _confirmed(database: str | None, folder: Path) -> Iterator[tuple[str, Event]]:
    """Yield the measure and each event that an operator has recorded, as a register has them.

    One that was taken back is left out, and so is one that the folder already has.
    """
    if database is None:
        return
    measures, _ = read_folder(folder)
    known = {(each.id, event.id) for each in measures for event in each.events}
    for measure in asyncio.run(local_board(database)).register.measures:
        for event in measure.events:
            is_own = event.origin == "operator" and event.retracted_at is None
            if is_own and (measure.id, event.id) not in known:
                yield measure.id, _with_words(event)


def _with_words(event: Event) -> Event:
    """Return an operator's event as the register has it: with the words that it was read by.

    Words in another language need an English translation, which the page of drafts puts into the
    note; without one the event counts as read, but not as verified by the act's words.
    """
    event, recorded_at = without_record(event), event.recorded_at
    if event.confidence != "verified_primary" or event.words or event.source is None:
        return event
    english = (event.note or "").partition(IN_ENGLISH)[2] or None
    is_foreign = event.quote is not None and _CHINESE.search(event.quote) is not None
    if event.quote is None or recorded_at is None or (is_foreign and english is None):
        return msgspec.structs.replace(event, confidence="verified_secondary")
    words = Words(
        quote=event.quote,
        url=event.source.url,
        read_on=recorded_at.date(),
        sha256=hashlib.sha256(event.quote.encode()).hexdigest(),
        language="zh" if is_foreign else "en",
        translation=english if is_foreign else None,
    )
    return msgspec.structs.replace(event, words=words, quote=None, note=None)


def _finished(proposal: Proposal) -> str:
    if proposal.measure is None:
        raise BadInputError("--accepted", f"{proposal.document}: names no measure")
    if proposal.missing:
        reason = f"{proposal.document}: still to be found out: {proposal.missing[0]}"
        raise BadInputError("--accepted", reason)
    return proposal.measure


def _write_event(folder: Path, measure: str, event: Event) -> None:
    """Write an event at the head of a measure's events, in the file that has the measure.

    Raises:
        BadInputError: No file has it.
    """
    number = hashlib.sha256(msgspec.json.encode(event)).hexdigest()[:8]
    named = msgspec.structs.replace(event, id=event.id or f"{event.kind}-{number}")
    text_of_event = yaml.safe_dump(
        [cast("object", msgspec.to_builtins(named, builtin_types=(date,)))],
        sort_keys=False,
        allow_unicode=True,
        width=96,
    )
    indented = "".join(f"      {line}\n" for line in text_of_event.splitlines())
    for file in sorted(folder.glob("*.yaml")):
        text = file.read_text("utf-8")
        start = text.find(f"- id: {measure}\n")
        if start >= 0:
            place = text.index(_EVENTS, start) + len(_EVENTS)
            file.write_text(text[:place] + indented + text[place:], "utf-8")
            return
    raise BadInputError("--accepted", f"no file of the register has the measure {measure}")


def _record(folder: Path, now: datetime) -> None:
    """Enter what is new in the ledger, as `abeyance register record` does."""
    measures, faults = read_folder(folder)
    for fault in faults:
        raise fault
    ledger = read_ledger(folder)
    lines = [*ledger, *unrecorded(measures, ledger, now)]
    (folder / LEDGER).write_text(write_ledger(lines), "utf-8")


# --- Editions: read, guarded, packed.


def _editions(
    options: KeepOptions, before: RegisterBundle | None, folder: Path, now: datetime
) -> tuple[BundledEdition, ...]:
    """Write the editions that the bundle carries, and their manifest; return them."""
    folder.mkdir()
    days = dict(_pairs("--published", options.published))
    found: dict[str, BundledEdition] = {}
    for each in () if before is None else before.editions:
        found[each.edition.source] = _packed(each.edition, each.files, folder)
    for source in sorted(options.files.iterdir()) if options.files is not None else ():
        if source.is_dir():
            paths = sorted(each for each in source.iterdir() if each.is_file())
            files = tuple(GivenFile(each.name, each.read_bytes()) for each in paths)
            edition = asyncio.run(_read(source.name, files, days, now))
            found[source.name] = _packed(edition, files, folder)
    editions = tuple(found.values())
    (folder / MANIFEST).write_bytes(msgspec.json.encode(editions))
    return editions


async def _read(
    code: str, files: tuple[GivenFile, ...], days: Mapping[str, str], now: datetime
) -> BundledEdition:
    """Read the files of a source as an installation will, and return its edition.

    Raises:
        BadInputError: There is no such source, its day is not known, or a list is refused.
        ListRefusedError: The files cannot be read.
    """
    source = SOURCE_BY_CODE.get(code)
    if source is None:
        raise BadInputError("--files", f"{code!r} is no source")
    given = days.get(source.code)
    on = None if given is None else date.fromisoformat(given)
    wanted = whole_source(source.code)
    asked = ListFiles(wanted=wanted, files=files, published_on=on, offered_at=now)
    reports = await load_files(Nowhere(), asked, now, ReaderHere())
    for report in reports:
        if report.outcome == "refused":
            raise BadInputError("--files", f"{report.list_code}: {report.reason}")
    stated = [each.published_on for each in reports if each.published_on is not None]
    if not stated:
        reason = f"{source.code} does not state its day; give --published {source.code}=DAY"
        raise BadInputError("--published", reason)
    return BundledEdition(
        source=source.code,
        published_on=max(stated),
        files=(),
        licence=source.licence,
        offered_on=now.date(),
    )


def _packed(edition: BundledEdition, files: Sequence[GivenFile], folder: Path) -> BundledEdition:
    packed: list[BundledFile] = []
    for each in files:
        name = f"{edition.source}-{each.name.removeprefix(f'{edition.source}-')}.xz"
        (folder / name).write_bytes(lzma.compress(each.content))
        digest = hashlib.sha256(each.content).hexdigest()
        packed.append(BundledFile(file=name, sha256=digest))
    return msgspec.structs.replace(edition, files=tuple(packed))


# --- What is said of it: what changed, and who read what until when.


def _changes(
    before: RegisterBundle | None,
    register: ShippedRegister,
    editions: Sequence[BundledEdition],
) -> Iterator[str]:
    """Yield what is new since the bundle before, or since the program's own register."""
    earlier = shipped() if before is None else before.register
    old = {each.id: each for each in earlier.measures}
    for measure in register.measures:
        yield from _changes_of(old.get(measure.id), measure)
    carried = () if before is None else before.editions
    known = {each.edition.source: _digests(each) for each in carried}
    for edition in editions:
        if known.get(edition.source) != {each.sha256 for each in edition.files}:
            yield f"{edition.source}: edition of {edition.published_on}"


def _digests(carried: CarriedEdition) -> set[str]:
    return {hashlib.sha256(each.content).hexdigest() for each in carried.files}


def _changes_of(old: Measure | None, new: Measure) -> Iterator[str]:
    if old is None:
        yield f"{new.id}: new measure, {new.citation}"
        return
    known = {each.id: each for each in old.events}
    for event in new.events:
        if event.id not in known:
            yield f"{new.id}: {event.kind}, {event.citation or event.id}"
        elif event.retracted_at is not None and known[event.id].retracted_at is None:
            yield f"{new.id}: {event.id} retracted"


def _readings(options: KeepOptions) -> Iterator[KeeperReading]:
    found: dict[str, date] = {}
    if options.read_all is not None:
        found = dict.fromkeys((each.id for each in places()), options.read_all)
    for name, day in _pairs("--read", options.read):
        found[place_of(name).id] = date.fromisoformat(day)
    for place, until in sorted(found.items()):
        yield KeeperReading(place=place, until=until, read_by=options.by)


def _pairs(option: str, given: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in given:
        name, equals, day = each.partition("=")
        try:
            date.fromisoformat(day)
        except ValueError as error:
            reason = f"{each!r} is not written NAME=2026-11-29"
            raise BadInputError(option, reason) from error
        if not equals or not name:
            raise BadInputError(option, f"{each!r} is not written NAME=2026-11-29")
        yield name, day


def _opened(path: Path, keys: Sequence[SigningKey], now: datetime) -> RegisterBundle:
    """Return the bundle before; one of the keys must have signed it."""
    return _verified(path.read_bytes(), keys, now, threshold=1)


def _verified(
    content: bytes, keys: Sequence[SigningKey], now: datetime, *, threshold: int
) -> RegisterBundle:
    """Return a bundle as a receiver who trusts these keys sees it."""
    trusted = tuple(TrustedKey(key=each.public_key) for each in keys)
    return open_bundle(content, TrustedKeys(keys=trusted, threshold=threshold), now.date())


if __name__ == "__main__":
    keep()
