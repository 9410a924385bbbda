"""What `abeyance bench speed` measures over HTTP: an empty endpoint, and screenings in three ways.

Single screenings are sent as fast as the service answers, then by clients that each wait for an
answer, and at last many in a request.
"""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from itertools import batched
from statistics import median

import msgspec
from rich.console import Console

from abeyance_screening.bench.http import (
    HttpFigures,
    KeyedFigures,
    Load,
    by_turns,
    get,
    load,
    post,
    running_service,
)
from abeyance_screening.bench.table import table_with
from abeyance_screening.primitives.errors import BadInputError

_EMPTY = "GET /healthz"
_PATH = "/v1/screenings"
_SCREENING = f"POST {_PATH}"
# So many clients, each with one request at a time, wait as the callers of a busy service do.
_CLIENTS = 32
# A request of that many names, half of them listed, takes a fraction of a second; two at a time
# keep the service busy.
_BATCH, _BATCHES_AT_ONCE = 500, 2


class RateFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a service: an empty endpoint, single screenings, clients that wait, batches.

    `share` is what single screenings a second and core are of the requests of the empty endpoint;
    `keyed` compares screenings with and without a key. What was not measured is empty or None.
    """

    requests: tuple[HttpFigures, ...] = ()
    share: float | None = None
    keyed: KeyedFigures | None = None


def measure_rates(
    names: Sequence[str], seconds: float, turns: int, *, keep_screenings: bool
) -> RateFigures:
    """Start a service and send it loads that ask about these names, `seconds` each.

    Raises:
        BadInputError: The system is not Linux.
    """
    if not sys.platform.startswith("linux"):
        raise BadInputError(
            "--http", "needs Linux, as CPU seconds are read from /proc; use --no-http"
        )
    single = _bodies_of(names, 1)
    with ExitStack() as stack:
        run = partial(running_service, keep_screenings=keep_screenings)
        service = stack.enter_context(run())
        requests = tuple(load(each, service, seconds) for each in _loads(names, single))
        keyed = None
        if turns:
            services = service, stack.enter_context(run(with_key=True))
            keyed = by_turns(_SCREENING, (_PATH, single), services, turns, seconds)
    empty, screening, *_ = requests
    return RateFigures(requests=requests, share=screening.a_core / empty.a_core, keyed=keyed)


def _loads(names: Sequence[str], single: Sequence[bytes]) -> tuple[Load, ...]:
    screenings, batches = post(_PATH, single), post(_PATH, _bodies_of(names, _BATCH))
    return (
        Load(endpoint=_EMPTY, requests=[get("/healthz")], names=0),
        Load(endpoint=_SCREENING, requests=screenings),
        Load(endpoint=_SCREENING, requests=screenings, connections=_CLIENTS, pipelined=1),
        Load(
            endpoint=_SCREENING,
            requests=batches,
            connections=_BATCHES_AT_ONCE,
            pipelined=1,
            names=min(_BATCH, len(names)),
        ),
    )


def _bodies_of(asked: Sequence[str], size: int) -> list[bytes]:
    """Return bodies that ask about so many names each; names that fill none are left out."""
    size = min(size, len(asked))
    return [
        msgspec.json.encode({"counterparties": [{"name": name} for name in names]})
        for names in batched(asked[: len(asked) // size * size], size, strict=True)
    ]


def print_rates(rates: RateFigures) -> None:
    """Print the figures of a service, a row for each load."""
    table = table_with(
        *("Request", "Names", "Connections", "Sent ahead", "A second", "A second a core"),
        *("Names a second", "Names a core", "p50 ms", "p99 ms"),
    )
    for each in rates.requests:
        table.add_row(
            each.endpoint,
            f"{each.names}",
            f"{each.connections}",
            f"{each.pipelined}",
            f"{each.a_second:,.0f}",
            f"{each.a_core:,.0f}",
            f"{each.a_second * each.names:,.0f}",
            f"{each.a_core * each.names:,.0f}",
            f"{each.p50_ms:.1f}",
            f"{each.p99_ms:.1f}",
        )
    console = Console(highlight=False)
    console.print(table)
    if rates.share is not None:
        console.print(f"Single screenings reach {rates.share:.1%} of the empty endpoint.")
    if rates.keyed is not None:
        console.print(
            f"By turns: {median(rates.keyed.without_key):,.0f} a second and core without a key, "
            f"{median(rates.keyed.with_key):,.0f} with one and limits: {rates.keyed.share:.1%}."
        )
