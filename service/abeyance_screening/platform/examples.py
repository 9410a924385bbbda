"""The requests that the examples of the API document are made of; a feature names its own."""

from collections.abc import Mapping
from typing import NamedTuple

DAYS = "as_of=2026-11-24&known_at=2026-11-24"
"""The days of a question, as parameters, so that its answer is the same tomorrow."""


class Exchange(NamedTuple):
    """A request of an operation, by its id, to a new service with the lists of the program.

    `{…}` in `request` is what an earlier answer gave, also one of another feature. `found` names
    what later requests take from this answer, with the path to it: `results.0.id`. A `body` that
    is a text is CSV unless `headers` say otherwise, any other is sent as JSON. One that is `last`
    is asked after all others, since it changes what they answer.
    """

    operation: str
    request: str
    body: object = None
    found: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    last: bool = False
