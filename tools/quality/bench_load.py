"""Measure the time and memory of loading lists: the bundled ones and any files given.

    python -m tools.quality.bench_load un_sc=consolidated.xml us_ofac_sdn=folder/of/csv …

Each argument is a list code and a file, or a folder whose files make one edition. Everything is
loaded into a fresh embedded PostgreSQL, in the order given, after the bundled editions. A file
that is refused is timed as well, and its reason printed. Memory is the peak of this process,
without that of PostgreSQL.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.load import ListFiles, wanted_by_name
from abeyance_screening.features.lists.load import load_into
from abeyance_screening.platform.local_data import prepare
from abeyance_screening.platform.postgres import embedded_postgres
from abeyance_screening.platform.settings import Settings
from abeyance_screening.primitives.errors import AbeyanceError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", nargs="*", metavar="LIST=PATH")
    given = [each.split("=", 1) for each in parser.parse_args().lists]
    with (
        tempfile.TemporaryDirectory() as folder,
        embedded_postgres(Path(folder)) as dsn,
    ):
        started = time.perf_counter()
        asyncio.run(prepare(dsn))
        total = report("the bundled editions", time.perf_counter() - started, "")
        for code, path in given:
            total += timed(dsn, code, Path(path))
        report("all together", total, f"peak {peak_mb():.0f} MB")


def timed(dsn: str, code: str, path: Path) -> float:
    started = time.perf_counter()
    files = ListFiles(wanted=wanted_by_name(code), files=tuple(files_of(path)))
    try:
        reports = asyncio.run(load_into(Settings(data_dir=Path()), dsn, files))
        outcome = "; ".join(
            f"{each.list_code} {each.outcome} {each.entry_count} {each.reason or ''}"
            for each in reports
        )
    except AbeyanceError as error:
        outcome = f"refused: {error}"
    return report(f"{code} {path.name}", time.perf_counter() - started, outcome)


def files_of(path: Path) -> Iterator[GivenFile]:
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    yield from (GivenFile(each.name, each.read_bytes()) for each in paths)


def report(what: str, seconds: float, outcome: str) -> float:
    sys.stdout.write(f"{seconds:7.2f} s  {what}  {outcome[:300]}\n")
    sys.stdout.flush()
    return seconds


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
