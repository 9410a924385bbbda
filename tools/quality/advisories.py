"""Check the packages of `uv.lock` for known vulnerabilities, and say what could not be checked.

    python -m tools.quality.advisories

pip-audit ends with success where the service of advisories knows none of the packages, and fails
alike for a vulnerability and for a service that is away. Here a vulnerability fails, whichever of
two services knows of it. Packages that neither could be asked about are a warning of the workflow:
no failure of somebody else's service keeps a change out, and none is taken for a clean result.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

SERVICES = ("pypi", "osv")
_EXPORT = ("uv", "export", "--quiet", "--frozen", "--all-extras", "--no-emit-project")
# As many packages are named in a warning.
_MOST_NAMED = 10


class Vulnerability(msgspec.Struct, frozen=True):
    """A known vulnerability of a package, with the versions that do not have it."""

    id: str
    fix_versions: tuple[str, ...] = ()


class Package(msgspec.Struct, frozen=True):
    """A package as pip-audit tells of it: looked up, or left out with the reason."""

    name: str
    version: str = ""
    vulns: tuple[Vulnerability, ...] = ()
    skip_reason: str | None = None


class _Report(msgspec.Struct, frozen=True):
    """The report of pip-audit."""

    dependencies: tuple[Package, ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Which packages are vulnerable, and which nobody could be asked about."""

    vulnerable: tuple[Package, ...]
    unknown: tuple[str, ...]
    checked: int

    def lines(self) -> Iterator[str]:
        """Yield what to print, with GitHub's marks for an error and a warning."""
        for each in self.vulnerable:
            for one in each.vulns:
                fixed = ", ".join(one.fix_versions) or "no version yet"
                yield f"::error::{each.name} {each.version}: {one.id}, fixed in {fixed}"
        if self.unknown:
            named = ", ".join(self.unknown[:_MOST_NAMED])
            more = len(self.unknown) - _MOST_NAMED
            rest = f" and {more} more" if more > 0 else ""
            yield f"::warning::not checked for vulnerabilities: {named}{rest}"
        yield f"{self.checked} packages checked, {len(self.vulnerable)} vulnerable"


def found_in(wanted: Sequence[str], reports: Sequence[bytes | None]) -> Found:
    """Return what the reports of several services say together; None of a service that was away.

    `wanted` are the names of all packages.
    """
    read = [_read(each) for each in reports if each is not None]
    looked_up = [each for report in read for each in report if each.skip_reason is None]
    vulnerable = {each.name: each for each in looked_up if each.vulns}
    checked = {each.name for each in looked_up}
    return Found(
        vulnerable=tuple(vulnerable[name] for name in sorted(vulnerable)),
        unknown=tuple(sorted(set(wanted) - checked)),
        checked=len(checked),
    )


def _read(report: bytes) -> tuple[Package, ...]:
    try:
        return msgspec.json.decode(report, type=_Report).dependencies
    except msgspec.MsgspecError:
        # it was cut off: nothing in it counts as looked up
        return ()


def _audited(service: str, requirements: Path) -> bytes | None:
    """Return the report of one service; None where there is none."""
    report = requirements.with_name(f"{service}.json")
    options = ("--disable-pip", "--require-hashes", "--vulnerability-service", service)
    command = ("uvx", "pip-audit", *options, "--format", "json", "--output", str(report))
    subprocess.run([*command, "--requirement", str(requirements)], check=False)
    return report.read_bytes() if report.is_file() else None


def _names(requirements: str) -> tuple[str, ...]:
    lines = (line.split("==")[0] for line in requirements.splitlines() if "==" in line)
    return tuple(sorted({name.strip() for name in lines if not name.startswith((" ", "#"))}))


def main() -> None:
    """Print what is known, and fail if a package is vulnerable."""
    with TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        subprocess.run([*_EXPORT, "--output-file", str(requirements)], check=True)
        reports = [_audited(each, requirements) for each in SERVICES]
        found = found_in(_names(requirements.read_text("utf-8")), reports)
    for line in found.lines():
        click.echo(line)
    sys.exit(bool(found.vulnerable))


if __name__ == "__main__":
    main()
