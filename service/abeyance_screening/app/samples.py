"""What publishers answered, kept in a folder: for whoever shall prove that it can be read."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import msgspec

from abeyance_screening.platform.server_answers import ServerAnswer, Witness

ANSWERS = "answers.json"
# A name of a file in a folder of samples has no more characters than this.
_LONGEST_NAME = 80
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")


class AnswerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a server, as `answers.json` lists it.

    `asked_for` is the code of the source, or of the place, that it was asked for. `sha256` and
    `size` are those of `file`, which is None where nothing came.
    """

    asked_for: str
    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    sha256: str
    size: int
    file: str | None


class Samples:
    """A folder of what servers answered: a file for each answer, and `answers.json` of them all.

    Nothing else is in the files: no question of anybody, and no cookies.
    """

    def __init__(self, folder: Path) -> None:
        """Take a folder, which is made where it is missing."""
        self._folder = folder
        self._records: list[AnswerRecord] = []

    @property
    def records(self) -> Sequence[AnswerRecord]:
        """Every answer so far, in the order in which they came."""
        return self._records

    def of(self, asked_for: str, at: datetime) -> Witness:
        """Return what keeps the answers that are asked for a source or place."""

        def keep(answer: ServerAnswer) -> None:
            number = 1 + sum(each.asked_for == asked_for for each in self._records)
            file = None
            if answer.content:
                file = f"{asked_for}/{number:02}-{_name_of(answer.url)}"
                path = self._folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(answer.content)
            self._records.append(
                AnswerRecord(
                    asked_for=asked_for,
                    url=answer.url,
                    at=at,
                    status=answer.status,
                    headers=answer.headers,
                    sha256=hashlib.sha256(answer.content).hexdigest(),
                    size=len(answer.content),
                    file=file,
                )
            )

        return keep

    def finish(self) -> None:
        """Write `answers.json`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        text = msgspec.json.format(msgspec.json.encode(self._records), indent=1)
        (self._folder / ANSWERS).write_bytes(text + b"\n")


def _name_of(url: str) -> str:
    """Return the last part of an address as the name of a file, in plain letters."""
    name = PurePosixPath(urlsplit(url).path).name
    plain = _STRANGE.sub("_", name)
    return plain.lstrip(".")[-_LONGEST_NAME:] or "answer"
