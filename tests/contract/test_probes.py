"""No container is unhealthy because it starts slowly: `docker compose up --wait` waits for it."""

import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SECONDS = {"s": 1, "m": 60, "h": 3600}
# A start takes some 100 s of CPU: with a thirtieth of a core it has this long.
LOADED_WITHIN_S = 3_000


class _Compose(yaml.SafeLoader):
    """Reads the files, whose tag `!reset` leaves something out."""


_Compose.add_constructor("!reset", lambda _loader, _node: None)


def probe_of_the_image() -> dict[str, str]:
    (options,) = re.findall(
        r"^HEALTHCHECK (.*?)\s*\\?\n", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    return dict(re.findall(r"--(\S+?)=(\S+)", options))


def probes() -> dict[str, dict[str, str]]:
    """Every probe, with the options as a Dockerfile names them."""
    found = {"Dockerfile": probe_of_the_image()}
    for path in sorted(ROOT.glob("compose*.yaml")):
        project: dict[str, Any] = yaml.load(path.read_text(), _Compose)  # noqa: S506 - a SafeLoader
        for name, service in project["services"].items():
            if "healthcheck" in service:
                options = service["healthcheck"].items()
                found[f"{path.name}: {name}"] = {
                    key.replace("_", "-"): value for key, value in options
                }
    return found


def seconds(printed: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([smh])", printed).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return int(number) * SECONDS[unit]


def test_the_probes_are_those_of_the_service_and_its_database():
    assert set(probes()) == {"Dockerfile", "compose.yaml: postgres"}


@pytest.mark.parametrize("name", probes())
def test_no_probe_counts_against_a_container_that_starts_slowly(name: str):
    assert seconds(probes()[name].get("start-period", "0s")) >= LOADED_WITHIN_S


@pytest.mark.parametrize("name", probes())
def test_a_container_that_has_started_is_seen_within_a_second(name: str):
    """Within the start period that interval counts, which is 5 s unless it is set."""
    assert seconds(probes()[name].get("start-interval", "5s")) <= 1


@pytest.mark.parametrize(
    ("status", "is_ready"), [(200, True), (503, False), (421, False), (None, False)]
)
def test_the_probe_of_the_image_tells_a_ready_service(status: int | None, is_ready: bool):
    (command,) = re.findall(
        r"^HEALTHCHECK .*\n +CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    )
    _, *words = json.loads(command)
    assert "8080" in words[-1]
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        words[-1] = words[-1].replace("8080", str(port))
        if status is None:
            server.close()
        else:
            threading.Thread(target=answer_once, args=(server, status), daemon=True).start()
        done = subprocess.run(
            [sys.executable, *words], check=False, capture_output=True, timeout=60
        )
    assert (done.returncode == 0) is is_ready, done.stderr


def answer_once(server: socket.socket, status: int) -> None:
    """Answer like the service, which is asked by a name that it takes."""
    connection, _ = server.accept()
    with connection:
        asked = connection.recv(1_000)
        assert asked.startswith(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n")
        connection.sendall(b"HTTP/1.1 %d Whatever\r\ncontent-length: 0\r\n\r\n" % status)
