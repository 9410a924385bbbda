"""Trace one question through the service: print the modules that it enters, in order.

    python -m tools.walk                       a name over HTTP and on the page
    python -m tools.walk --name Hikvision --json

The service runs in this process on the embedded database, or on that of `DATABASE_URL`. Each
question is asked once, so that everything is loaded, and then traced several times. A question
enters a module when one of the module's functions is called each time: what is called only
sometimes belongs to work that runs beside answering. A folder is the first three parts of the
name of a module (`engine.screening`). The aim is few folders, each entered once.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType

import click
import httpx
import msgspec
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app.application import create_app
from abeyance_screening.platform.cli.database import prepared_database
from abeyance_screening.platform.settings import Settings, read_settings

type Ask = Callable[[TestClient[Litestar]], httpx.Response]

_TOOL = sys.monitoring.PROFILER_ID
_ROOT = Path(__file__).parents[1]
_SOURCE = _ROOT / "service"
_READY_WITHIN_S = 300
_GLANCE_EVERY_S = 0.2
# Other work comes round about once a second, so it is not there each of so many times.
_TIMES, _PAUSE_S = 10, 0.3


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """One question, and the modules of the service that it entered, in order."""

    question: str
    modules: tuple[str, ...]

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the folders that were entered, in order."""
        return tuple(dict.fromkeys(".".join(each.split(".")[:3]) for each in self.modules))


def walk(question: str, ask: Callable[[], object]) -> Walk:
    """Call `ask`, and record each module of the service in which a function is called."""
    entered: dict[str, None] = {}

    def begin(code: CodeType, _offset: int) -> object:
        path = Path(code.co_filename)
        if path.is_relative_to(_SOURCE):
            entered[".".join(path.relative_to(_SOURCE).with_suffix("").parts)] = None
        return sys.monitoring.DISABLE

    monitoring = sys.monitoring
    monitoring.use_tool_id(_TOOL, "walk")
    monitoring.register_callback(_TOOL, monitoring.events.PY_START, begin)
    monitoring.restart_events()
    monitoring.set_events(_TOOL, monitoring.events.PY_START)
    try:
        ask()
    finally:
        monitoring.set_events(_TOOL, 0)
        monitoring.register_callback(_TOOL, monitoring.events.PY_START, None)
        monitoring.free_tool_id(_TOOL)
    return Walk(
        question=question, modules=tuple(each.removesuffix(".__init__") for each in entered)
    )


def repeated_walk(question: str, ask: Callable[[], object], pause_s: float = _PAUSE_S) -> Walk:
    """Trace a question several times, and keep the modules that it entered each time."""
    first, *others = (_paused_walk(question, ask, pause_s) for _ in range(_TIMES))
    always = set(first.modules).intersection(*(each.modules for each in others))
    return Walk(question=question, modules=tuple(each for each in first.modules if each in always))


def _paused_walk(question: str, ask: Callable[[], object], pause_s: float) -> Walk:
    time.sleep(pause_s)
    return walk(question, ask)


def walks(client: TestClient[Litestar], name: str) -> tuple[Walk, ...]:
    """Trace a question about one name over HTTP and on the page, once everything is loaded."""
    body = {"counterparties": [{"name": name}]}
    questions: Mapping[str, Ask] = {
        "POST /v1/screenings": lambda client: client.post("/v1/screenings", json=body),
        "GET / (the page)": lambda client: client.get("/", params={"name": name}),
    }
    walked: list[Walk] = []
    for question, ask in questions.items():
        ask(client).raise_for_status()
        walked.append(repeated_walk(question, lambda ask=ask: ask(client).raise_for_status()))
    return tuple(walked)


@click.command()
@click.option("--name", default="Hikvision", help="The name to ask for.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Folder of the embedded database."
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
def main(name: str, data_dir: Path | None, *, is_json: bool) -> None:
    """Print the modules that a question about one name enters."""
    settings = read_settings()
    if data_dir is not None:
        settings = msgspec.structs.replace(settings, data_dir=data_dir)
    for each in _walked(settings, name):
        if is_json:
            click.echo(json.dumps({"question": each.question, "modules": each.modules}))
            continue
        click.echo(f"{each.question}: {len(each.modules)} modules in {len(each.folders)} folders")
        for module in each.modules:
            click.echo(f"  {module}")


def _walked(settings: Settings, name: str) -> tuple[Walk, ...]:
    with prepared_database(settings) as dsn:
        app = create_app(msgspec.structs.replace(settings, database_url=dsn))
        with TestClient(app) as client:
            _wait_until_ready(client)
            return walks(client, name)


def _wait_until_ready(client: TestClient[Litestar]) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while not (answer := client.get("/readyz")).is_success:
        if time.monotonic() > until:
            answer.raise_for_status()
        time.sleep(_GLANCE_EVERY_S)


if __name__ == "__main__":
    main()
