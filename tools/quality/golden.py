"""Record the answers of one version, and compare them with those of another.

    python -m tools.quality.golden questions OUT.jsonl --listed NAMES.txt --ordinary GLEIF.csv
    python -m tools.quality.golden ask http://127.0.0.1:8080 OUT.jsonl ANSWERS --data-dir FOLDER
    python -m tools.quality.golden compare ANSWERS OTHER

Before and after a change that must change no answer (files that move, a rewritten reader), `ask`
the same questions of both versions, each with a copy of the same data. Start the service of each
from its own checkout; the command line is that of the checkout in which `ask` is run, or of
`--checkout`. Ask both on one day, in UTC: the age of a list counts from today.

Questions are JSON lines (see `golden_questions`); ANSWERS is a folder with one file a question.
Files among the answers are recorded as text. Ids and moments differ between any two answers, so
`compare` leaves them out. A word renamed on purpose is passed to it as `--word OLD=NEW`.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec

from tools.quality.golden_answers import ASKED_ON, compare, text_of
from tools.quality.golden_questions import Question, Step, make_questions

_AT_ONCE = 4
_ANSWER_WITHIN_S = 300
# A job that is not over after so many looks is stuck; one of some hundred rows takes seconds.
_LOOKS, _PAUSE_S = 1_500, 0.2
_HEADERS = ("content-type", "content-disposition", "location")
# A terminal of one width and no colours, and nothing of the caller's own settings.
_TERMINAL = {"COLUMNS": "100", "LINES": "50", "NO_COLOR": "1", "TERM": "dumb"}


class Version(NamedTuple):
    """What is asked: a service, the command `abeyance` of its checkout, and its data folder."""

    url: str
    program: Path
    data: Path | None


def main() -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("questions")
    making.add_argument("out", type=Path)
    making.add_argument("--listed", type=Path, required=True, help="listed names, a line each")
    making.add_argument("--ordinary", type=Path, required=True, help="CSV with LegalName")
    asking = commands.add_parser("ask")
    asking.add_argument("url")
    asking.add_argument("questions", type=Path)
    asking.add_argument("answers", type=Path)
    asking.add_argument("--checkout", type=Path, default=Path(), help="whose command is run")
    asking.add_argument("--data-dir", type=Path, help="data of the command line in process")
    comparing = commands.add_parser("compare")
    comparing.add_argument("one", type=Path)
    comparing.add_argument("other", type=Path)
    comparing.add_argument("--word", action="append", default=[], metavar="OLD=NEW")
    options = parser.parse_args()
    match options.command:
        case "questions":
            count = make_questions(options.out, options.listed, options.ordinary)
            print(f"{count} questions")
        case "ask":
            program = program_of(options.checkout)
            asked = Version(options.url, program, options.data_dir)
            print(f"{ask_all(asked, options.questions, options.answers)} answers")
        case _:
            words = dict(each.split("=", 1) for each in options.word)
            sys.exit(compare(options.one, options.other, words))


def program_of(checkout: Path) -> Path:
    """Return the command `abeyance` of a checkout, which its own environment has."""
    found = next(checkout.resolve().glob(".venv/*/abeyance*"), None)
    if found is None:
        sys.exit(f"{checkout} has no .venv with the command abeyance: run uv sync there")
    return found


def ask_all(version: Version, questions: Path, answers: Path) -> int:
    """Ask every question, and write each answer to a file named by the question's digest.

    Commands in process are left out where no data folder is given.

    Returns:
        The number of answers.
    """
    answers.mkdir(parents=True, exist_ok=True)
    (answers / ASKED_ON).write_text(f"{datetime.now(UTC):%Y-%m-%d}", "utf-8")
    lines = questions.read_bytes().splitlines()
    asked = [(line, msgspec.json.decode(line, type=Question)) for line in lines]
    if version.data is None:
        asked = [each for each in asked if each[1].kind != "command"]
    with (
        httpx.Client(base_url=version.url, timeout=_ANSWER_WITHIN_S) as client,
        ThreadPoolExecutor(_AT_ONCE) as threads,
    ):
        given = threads.map(lambda each: answer(client, version, each[1]), asked)
        for (line, _), text in zip(asked, given, strict=True):
            name = hashlib.sha256(line).hexdigest()[:20]
            (answers / name).write_text(f"{line.decode()}\n{text}", "utf-8")
    return len(asked)


def answer(client: httpx.Client, version: Version, question: Question) -> str:
    """Return the answer to one question as text, files in it too."""
    if question.arguments:
        return _ran(version, question)
    texts: list[str] = []
    at = ""
    for step in question.steps:
        path = step.path.replace("{at}", at)
        answered = _sent(client, path, step)
        at = urlsplit(answered.headers.get("location", at)).path
        headers = (f"{name}: {answered.headers.get(name, '')}" for name in _HEADERS)
        content = text_of(answered.content)
        texts.append("\n".join((f"{path} {answered.status_code}", *headers, content)))
    return "\n".join(texts)


def _sent(client: httpx.Client, path: str, step: Step) -> httpx.Response:
    """Send one request, and again until the field `until` of its answer has a value."""
    if step.body is not None:
        return client.post(path, json=step.body)
    if step.form is not None:
        return client.post(path, data=step.form)
    if step.file is not None:
        return client.post(path, files={"file": step.file})
    if step.text is not None:
        return client.post(path, content=step.text.encode(), headers={"content-type": step.type})
    answered = client.get(path)
    for _ in range(_LOOKS):
        if step.until is None or not answered.is_success or answered.json()[step.until]:
            return answered
        time.sleep(_PAUSE_S)
        answered = client.get(path)
    sys.exit(f"{path} still has no {step.until}: does the service work on jobs?")


def _ran(version: Version, question: Question) -> str:
    """Run a command in a folder with its files, and return what it printed and wrote."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ABEYANCE_")}
    where = "ABEYANCE_URL" if question.kind == "cli" else "ABEYANCE_DATA_DIR"
    address = version.url if question.kind == "cli" else str(version.data)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in question.files.items():
            (folder / file).write_text(text, "utf-8")
        ran = subprocess.run(
            [str(version.program), *question.arguments],
            capture_output=True,
            check=False,
            cwd=folder,
            env=kept | _TERMINAL | {where: address},
        )
        new = sorted(each for each in folder.iterdir() if each.name not in question.files)
        parts = (
            (f"exit status {ran.returncode}",),
            ("standard output", text_of(ran.stdout), "standard error", text_of(ran.stderr)),
            *((f"file {each.name}", text_of(each.read_bytes())) for each in new),
        )
        return "\n".join(chain.from_iterable(parts)).replace(address, "…")


if __name__ == "__main__":
    main()
