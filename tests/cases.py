"""Many cases of one kind in one test: all are tried, and those that fail are told by name.

A case of `pytest.mark.parametrize` takes some milliseconds in each process that collects it and
runs tests, which is more than most of the checks on a whole register or table take themselves.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import update_wrapper

import pytest


def for_each(
    names: str, cases: Mapping[str, object]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a test with each case, which is given as these arguments; the others are fixtures.

    Of several arguments, separated by commas, a case has as many values.
    """
    arguments = names.split(", ")

    def decorate(check: Callable[..., None]) -> Callable[..., None]:
        def try_all(**fixtures: object) -> None:
            assert cases, "no case"
            failed = {}
            for label, case in cases.items():
                values = case if isinstance(case, tuple) and len(arguments) > 1 else (case,)
                given = dict(zip(arguments, values, strict=True))
                try:
                    check(**given, **fixtures)
                except (AssertionError, pytest.fail.Exception) as error:
                    failed[label] = str(error)
                except Exception as error:
                    error.add_note(f"in the case {label}")
                    raise
            if failed:
                pytest.fail("\n".join(f"{label}: {said}" for label, said in failed.items()))

        told = inspect.signature(check)
        update_wrapper(try_all, check)
        del vars(try_all)["__wrapped__"]
        kept = [each for name, each in told.parameters.items() if name not in arguments]
        try_all.__signature__ = told.replace(parameters=kept)
        return try_all

    return decorate
