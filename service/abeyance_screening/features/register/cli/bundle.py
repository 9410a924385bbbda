"""`abeyance register bundle`, `verify` and `state`: the register as a signed file."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import click
import msgspec

from abeyance_screening.engine.measures.register.read import register_folder
from abeyance_screening.engine.wording.answers import register_in_words
from abeyance_screening.features.register.bundle_file import (
    RegisterBundle,
    SigningKey,
    make_bundle,
    open_bundle,
    signing_key,
)
from abeyance_screening.features.register.bundle_keys import (
    TrustedKey,
    TrustedKeys,
    read_keys,
    shown_id,
)
from abeyance_screening.features.register.bundles import needed_keys
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.cli.options import (
    as_json,
    data_dir,
    examples,
    gathered,
    settings_with,
)
from abeyance_screening.platform.cli.output import print_json, write_file
from abeyance_screening.platform.local_data import register_state
from abeyance_screening.platform.settings import read_settings
from abeyance_screening.primitives.errors import BadInputError

_ENCRYPTED = b"ENCRYPTED"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class BundleOptions(msgspec.Struct, frozen=True):
    """The arguments and options of `abeyance register bundle`."""

    folder: Path | None
    out: Path
    keys: tuple[Path, ...]
    next_keys: Path | None
    editions: Path | None


class BundledList(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that a bundle carries, as `verify` prints it."""

    source: str
    published_on: date
    offered_on: date | None


class VerifiedBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A verified bundle, as `verify` prints it."""

    revision: int
    made_at: datetime
    measures: int
    events: int
    editions: tuple[BundledList, ...]
    signed_by: tuple[str, ...]
    sha256: str
    hands_over_to: tuple[str, ...]


@click.command(
    epilog=examples(
        "abeyance register bundle --out register.bundle --key signing.pem",
        "abeyance register bundle FOLDER --editions lists/editions --out register.bundle"
        " --key signing.pem",
    )
)
@click.argument("folder", required=False, type=_FOLDER)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
@click.option(
    "--key",
    "keys",
    required=True,
    multiple=True,
    type=_FILE,
    help="An Ed25519 private key, a PEM file as `openssl genpkey -algorithm ed25519` writes it; "
    "repeat it where several must sign.",
)
@click.option(
    "--next-keys",
    type=_FILE,
    help="A PEM file of the public keys that are trusted after this bundle, if they change; "
    "enough of them and of those before must sign it.",
)
@click.option(
    "--editions",
    type=_FOLDER,
    help="A folder of list editions to carry along, with their manifest.json.",
)
@gathered(BundleOptions)
def bundle(options: BundleOptions) -> None:
    """Write a register and its ledger as one signed file.

    Without FOLDER it is the register that comes with the program. The register must pass
    `abeyance register check`.
    """
    keys = tuple(map(_signing_key, options.keys))
    now = datetime.now(UTC).replace(microsecond=0)
    content = make_bundle(
        options.folder or register_folder(),
        options.editions,
        keys,
        now,
        None if options.next_keys is None else options.next_keys.read_text("utf-8"),
    )
    signers = tuple(TrustedKey(key=each.public_key) for each in keys)
    made = open_bundle(content, TrustedKeys(keys=signers, threshold=len(keys)), now.date())
    write_file(options.out, "--out", content)
    click.echo(f"{options.out}: {_in_words(_of(made))}")


@click.command(
    epilog=examples(
        "abeyance register verify register.bundle",
        "abeyance register verify register.bundle --key public.pem --json",
    )
)
@click.argument("file", type=_FILE)
@click.option(
    "--key", type=_FILE, help="A PEM file of the public keys to trust [ABEYANCE_REGISTER_KEY]."
)
@as_json
def verify(file: Path, key: Path | None, *, as_json: bool) -> None:
    """Verify the signature of a bundle, and check everything in it.

    A bundle that `refresh` would refuse for itself is refused here with the same reason. Whether
    it is newer than the register in force is not asked.
    """
    settings = read_settings()
    if key is not None:
        settings = msgspec.structs.replace(settings, register_key=key)
    verified = _of(open_bundle(file.read_bytes(), needed_keys(settings), datetime.now(UTC).date()))
    if as_json:
        print_json(verified)
    else:
        click.echo(_in_words(verified))


@click.command(epilog=examples("abeyance register state", "abeyance register state --json"))
@as_json
@data_dir
def state(data_dir: Path | None, *, as_json: bool) -> None:
    """Show which register is in force, how the last bundle ended, and what waits to be read."""
    with prepared_database(settings_with(data_dir)) as dsn:
        register = asyncio.run(register_state(dsn))
    if as_json:
        print_json(register)
    else:
        for sentence in register_in_words(register):
            click.echo(sentence)


def _signing_key(path: Path) -> SigningKey:
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise BadInputError("--key", f"cannot be read: {error.strerror}") from error
    password = None
    if _ENCRYPTED in pem:
        password = str(click.prompt("Password of the key", hide_input=True, err=True))
    return signing_key("--key", pem, password)


def _of(made: RegisterBundle) -> VerifiedBundle:
    return VerifiedBundle(
        revision=made.register.revision,
        made_at=made.made_at,
        measures=len(made.register.measures),
        events=sum(len(each.events) for each in made.register.measures),
        editions=tuple(
            BundledList(
                source=each.edition.source,
                published_on=each.edition.published_on,
                offered_on=each.edition.offered_on,
            )
            for each in made.editions
        ),
        signed_by=made.signed_by,
        sha256=made.sha256,
        hands_over_to=() if made.next_keys is None else read_keys("keys", made.next_keys).ids,
    )


def _in_words(made: VerifiedBundle) -> str:
    lists = "".join(f", {each.source} of {each.published_on}" for each in made.editions)
    over = ", ".join(map(shown_id, made.hands_over_to))
    return (
        f"revision {made.revision:,} of {made.made_at.date()}, {made.measures} measures and "
        f"{made.events} events{lists}; signed by {', '.join(map(shown_id, made.signed_by))}"
        f"{f'; hands over to {over}' if over else ''}"
    )
