"""More examples for tests of properties than they ask for themselves."""

from collections.abc import Callable

from hypothesis import is_hypothesis_test, settings

_OWN = "_hypothesis_internal_use_settings"
"""Where hypothesis keeps what `@settings` says of a test; tests/unit/test_examples.py would see
another place."""


def multiply(test: Callable[..., object], times: int) -> None:
    """Try `times` as many examples in a test that says how many; others go by the profile."""
    test = getattr(test, "__func__", test)
    own: settings | None = getattr(test, _OWN, None)
    if is_hypothesis_test(test) and own is not None:
        setattr(test, _OWN, settings(own, max_examples=own.max_examples * times))
