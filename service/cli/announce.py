"""Says where the service is once it answers, and now and then what it still waits for."""

import shlex
import time

import click
import httpx
import msgspec

# The first start takes some 20 s on two cores, so that a usual one says nothing. Each later word
# comes after twice as long, so that a night of waiting is a dozen lines.
PATIENCE_S = 30.0
# At first somebody sits and waits; later once a second is enough.
LOOK_EVERY_S = 0.1
LOOK_LATER_EVERY_S = 1.0
ANSWERS_WITHIN_S = 2.0


class _Refusal(msgspec.Struct, frozen=True):
    """The part of a problem document that says why a service is not ready."""

    detail: str


def announce(address: str, patience_s: float = PATIENCE_S) -> None:
    """Waits until the service answers, however long that takes, and prints its address.

    What it waits for is said on standard error after `patience_s`, and then each time after twice
    as long.
    """
    started, say_after_s = time.monotonic(), patience_s
    # One client for all: each that is made reads all certificates anew.
    with httpx.Client(timeout=ANSWERS_WITHIN_S) as client:
        while (missing := _missing(client, address)) is not None:
            waited_s = time.monotonic() - started
            if waited_s >= say_after_s:
                click.echo(f"abeyance: not ready after {waited_s:.0f} s: {missing}", err=True)
                say_after_s = 2 * waited_s
            time.sleep(LOOK_EVERY_S if waited_s < patience_s else LOOK_LATER_EVERY_S)
    url = shlex.quote(f"{address}/v1/search?name=Hikvision")
    click.echo(f"Abeyance answers at {address}\nTry it: curl -s {url}")


def _missing(client: httpx.Client, address: str) -> str | None:
    """What the service still lacks; None once it is ready."""
    try:
        answer = client.get(f"{address}/readyz")
    except httpx.TimeoutException:
        return f"it does not answer within {ANSWERS_WITHIN_S:.0f} s"
    except httpx.HTTPError:
        return "it does not listen yet: lists are being loaded, or the index is being built"
    if answer.is_success:
        return None
    try:
        return msgspec.json.decode(answer.content, type=_Refusal).detail
    except (msgspec.DecodeError, UnicodeDecodeError):
        return f"it answers with status {answer.status_code}"
