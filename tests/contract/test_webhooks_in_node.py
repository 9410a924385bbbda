"""A webhook is verified in Node.js by `standardwebhooks` and by `svix`, with either secret.

The libraries come from npm, in the versions of `webhooks/package.json`. Where Node.js or the
registry is missing, the test is skipped and says why.
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from abeyance_screening.features.webhooks.sending import body_of, secret_text, signed
from abeyance_screening.features.webhooks.store import ClaimedDelivery
from abeyance_screening.platform.events import EventCause, EventData

PROGRAM = Path(__file__).parent / "webhooks"
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the program, with its libraries."""
    if shutil.which("npm") is None:
        pytest.skip("no npm: no webhook was verified in Node.js")
    folder = tmp_path_factory.mktemp("webhooks")
    for each in PROGRAM.iterdir():
        shutil.copy(each, folder)
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if installed.returncode != 0:
        pytest.skip(f"npm could not install package.json: {installed.stderr[-300:]}")
    return folder


@pytest.mark.parametrize("secret", [OLD, NEW], ids=["the old secret", "the new secret"])
def test_a_delivery_is_verified_in_node(verifier: Path, secret: bytes):
    now = datetime.now(UTC)
    sent = ClaimedDelivery(
        id=uuid4(),
        account="main",
        webhook=uuid4(),
        event=7,
        type="hit.new",
        made_at=now,
        tries=1,
        round_tries=1,
        url="https://erp.example/hook",
        names=True,
        secret=NEW,
        previous_secret=OLD,
        at=now,
        counterparty="Größe 7",
        data=EventData(cause=EventCause(kind="day"), after="Рособоронэкспорт — 国防 «»"),
    )
    body = body_of(sent)
    given = {"secret": secret_text(secret), "body": body, "headers": signed(sent, body, now)}
    done = subprocess.run(
        ["node", "verify.js"],
        cwd=verifier,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "standardwebhooks hit.new",
        "standardwebhooks refuses what was changed",
        "svix hit.new",
        "svix refuses what was changed",
    ]
