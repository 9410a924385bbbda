"""A known vulnerability fails the check; packages nobody could be asked about are told."""

import json

import pytest

from tools.quality.advisories import found_in

WANTED = ("jinja2", "litestar", "msgspec")
FINDING = {"id": "GHSA-cpwx-vrp4-4pq7", "fix_versions": ["3.1.6"], "description": "…"}


def report(**packages: object) -> bytes:
    """As `pip-audit --format json` of 2.9 writes it."""
    told = [
        {"name": name, **(it if isinstance(it, dict) else {})} for name, it in packages.items()
    ]
    return json.dumps({"dependencies": told, "fixes": []}).encode()


def looked_up(*found: object) -> dict[str, object]:
    return {"version": "3.1.5", "vulns": list(found)}


# what it writes, and ends with success, where an index has no advisories at all
NOT_FOUND = {
    "skip_reason": "Dependency not found on PyPI and could not be audited: jinja2 (3.1.5)"
}
CLEAN = report(jinja2=looked_up(), litestar=looked_up(), msgspec=looked_up())
NOTHING = report(jinja2=NOT_FOUND, litestar=NOT_FOUND, msgspec=NOT_FOUND)
ONE = report(jinja2=looked_up(FINDING), litestar=looked_up(), msgspec=NOT_FOUND)


@pytest.mark.parametrize(
    ("reports", "vulnerable", "unknown"),
    [
        pytest.param([CLEAN, CLEAN], [], [], id="clean"),
        pytest.param([None, CLEAN], [], [], id="one service is away"),
        pytest.param([None, None], [], ["jinja2", "litestar", "msgspec"], id="both are away"),
        pytest.param([NOTHING, None], [], ["jinja2", "litestar", "msgspec"], id="it knows none"),
        pytest.param([b'{"dependencies": [', CLEAN], [], [], id="a report that is cut off"),
        pytest.param([ONE, None], ["jinja2"], ["msgspec"], id="a finding, and one not known"),
        pytest.param([CLEAN, ONE], ["jinja2"], [], id="only the second knows of it"),
    ],
)
def test_what_two_services_say_together(
    reports: list[bytes | None], vulnerable: list[str], unknown: list[str]
):
    found = found_in(WANTED, reports)
    assert [each.name for each in found.vulnerable] == vulnerable
    assert list(found.unknown) == unknown
    assert found.checked == len(WANTED) - len(unknown)


def test_a_finding_says_what_to_do():
    error, warning, told = found_in(WANTED, [ONE]).lines()
    assert error == "::error::jinja2 3.1.5: GHSA-cpwx-vrp4-4pq7, fixed in 3.1.6"
    assert warning == "::warning::not checked for vulnerabilities: msgspec"
    assert told == "2 packages checked, 1 vulnerable"
