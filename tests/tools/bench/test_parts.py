"""Samples of a serving process count for the innermost call that belongs to a part."""

from abeyance_screening.bench.cpu_shares import _PARTS, parts_of
from tests.repository import ROOT

SERVED = (
    "run (uvicorn/main.py:632);answer (service/abeyance_screening/platform/http/middleware.py:80)"
)
SCREENED = f"{SERVED};Desk.screen (service/abeyance_screening/engine/screening/desk.py:263)"


MATCH = "service/abeyance_screening/engine/names/match"


def test_a_sample_counts_for_the_innermost_part():
    hit = f"{SCREENED};Screener._hit (service/abeyance_screening/engine/screening/screen.py:516)"
    explained = f"{hit};NameIndex.explain ({MATCH}/index.py:205)"
    stacks = [
        f"{SERVED} 5",
        f"{SCREENED} 2",
        f"{SCREENED};give_turns (service/abeyance_screening/primitives/fair_scheduler.py:248) 1",
        f"{hit};decode (json/decoder.py:3) 4",
        f"{explained};lay_out_question ({MATCH}/layout.py:537) 7",
        "run (threading.py:900) 100",
    ]
    assert parts_of(stacks) == {
        "sockets, HTTP, routing": 5,
        "checking the question, turns": 3,
        "listings and parties of the hits": 4,
        "explaining hits": 7,
    }


def test_each_part_of_the_program_is_a_file_or_a_folder_that_is_there():
    names = [
        f"/{each.relative_to(ROOT).as_posix()}{'/' if each.is_dir() else ''}"
        for each in (ROOT / "service").rglob("*")
    ]
    others = {"asyncpg/", "litestar/", "uvicorn/"}
    gone = {part for part, _, _ in _PARTS if not any(part in name for name in names)}
    assert gone == others
