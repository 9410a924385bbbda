"""A copy of the program's register as it was read, so that a start parses no YAML.

Two megabytes of YAML take half a second to read and check, and are the same at every start.
"""

import logging
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from abeyance_screening.engine.measures.measure import ShippedRegister
from abeyance_screening.engine.measures.register.read import (
    is_register_file,
    register_folder,
    shipped,
)
from abeyance_screening.engine.screening.index.files import engine_digest
from abeyance_screening.primitives.atomic_files import whole_file

logger = logging.getLogger(__name__)
_DIGEST_BYTES = 32


def read_shipped(copy: Path, folder: Traversable | None = None) -> ShippedRegister:
    """Return the register of a folder, from the file `copy` if that was made from the same one.

    `folder` is by default the register that comes with the program. The file names the digest of
    all that the register was read from, YAML, ledger and code, and the digest of its own content.
    Where either is another, or there is no file, the register is read from its folder and the
    file is written anew; where it cannot be written, the next start reads the folder too.
    """
    where = folder or register_folder()
    basis = _basis_of(where)
    if (known := _read(copy, basis)) is not None:
        return known
    register = shipped(where)
    body = msgspec.msgpack.encode(register)
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(copy, is_private=True) as file:
            file.write(basis + sha256(basis + body).digest() + body)
    except OSError as error:
        logger.info("register.copy_unwritten", extra={"reason": error.strerror})
    return register


def _read(copy: Path, basis: bytes) -> ShippedRegister | None:
    """Return the register in a file; None unless it is whole and made from what has this basis."""
    try:
        content = copy.read_bytes()
    except OSError:
        return None
    made_from, digest = content[:_DIGEST_BYTES], content[_DIGEST_BYTES : 2 * _DIGEST_BYTES]
    body = content[2 * _DIGEST_BYTES :]
    if made_from != basis:
        return None
    if digest != sha256(basis + body).digest():
        logger.warning("register.copy_damaged", extra={"file": copy.name})
        return None
    return msgspec.msgpack.decode(body, type=ShippedRegister)


def _basis_of(folder: Traversable) -> bytes:
    """Return the digest of the files of a register and of the code that reads and checks them."""
    digest = sha256(engine_digest() + f"msgspec {msgspec.__version__}".encode())
    for each in _in_order(folder):
        content = each.read_bytes()
        digest.update(f"{each.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.digest()


def _in_order(folder: Traversable) -> Iterator[Traversable]:
    files = (each for each in folder.iterdir() if is_register_file(each.name))
    yield from sorted(files, key=lambda each: each.name)
