"""`abeyance serve` brings lists up to date by itself, from a publisher on this machine."""

import select
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.publisher import Publisher
from tests.served import HANGS_AFTER_S, Served, abeyance, copy_directory, wait_for

FIXTURE = Path(__file__).parents[1] / "fixtures" / "un_sc" / "consolidated_2026.xml"
PRINTED_ON = b"2026-02-27"
# later than the bundled edition, so that nothing but its size speaks against it
LOADED_ON = b"2026-08-02"
PATH = "/scsanctions.un.org/resources/xml/en/consolidated.xml"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Offers the UN list of today and nothing else."""
    today = f"{datetime.now(UTC):%Y-%m-%d}".encode()
    with Publisher() as publisher:
        publisher.serve(PATH, FIXTURE.read_bytes().replace(PRINTED_ON, today))
        yield publisher


@pytest.fixture
def served(
    publisher: Publisher,
    loaded_directory: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Served]:
    monkeypatch.setenv("ABEYANCE_MIRROR", publisher.url(""))
    monkeypatch.setenv("ABEYANCE_REFRESH", "yes")
    running = Served(copy_directory(loaded_directory, tmp_path / "data"))
    yield running
    if running.process.poll() is None:
        running.stop()


def wait_for_refusal(served: Served) -> dict[str, object]:
    """The UN list, once the small file that the publisher offers was refused."""

    def told() -> dict[str, object]:
        coverage = served.get("/v1/search", name="Acme", lists="un_sc").json()["coverage"]
        return coverage["lists"][0]

    wait_for(lambda: told()["state"] == "kept", "something from the publisher")
    return told()


def test_it_asks_by_itself_keeps_the_good_edition_and_ends_with_the_service(
    served: Served, publisher: Publisher
):
    kept = wait_for_refusal(served)
    assert kept["entry_count"] == 1011
    assert "suddenly smaller: 23 entries after 1,011" in str(kept["reason"])
    assert len(publisher.asked(PATH)) == 1
    # the operator answers for it, and the next round of the publisher's own brings it in
    file = served.data_dir / "un.xml"
    file.write_bytes(FIXTURE.read_bytes().replace(PRINTED_ON, LOADED_ON))
    loaded = abeyance(
        served.data_dir, "load", "un_sc", "--file", str(file), "--accept-shrink", "--json"
    )
    assert loaded.returncode == 0, loaded.stderr
    assert '"outcome": "loaded"' in refreshed_once_free(served)
    check_refresher_ends(served)


def refreshed_once_free(served: Served) -> str:
    """The output of a refresh, once the service has asked for its other lists as well."""
    refreshed = list[CompletedProcess[str]]()

    def is_free() -> bool:
        refreshed.append(abeyance(served.data_dir, "refresh", "un_sc", "--json"))
        return "Another process is refreshing the lists" not in refreshed[-1].stderr

    wait_for(is_free, "the end of another refresh")
    assert refreshed[-1].returncode == 0, refreshed[-1].stderr
    return refreshed[-1].stdout


def check_refresher_ends(served: Served) -> None:
    """A killed service takes it along: it holds the other end of this pipe while it lives."""
    served.process.send_signal(signal.SIGKILL)
    served.process.wait(20)
    assert served.process.stdout is not None
    readable, _, _ = select.select([served.process.stdout], [], [], HANGS_AFTER_S)
    assert readable
    assert served.process.stdout.read() == ""
    served.process.stdout.close()
