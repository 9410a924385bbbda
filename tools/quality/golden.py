"""Record the answers of a running service, and compare them with those of another version.

    python -m tools.quality.golden questions OUT.jsonl --listed NAMES.txt --ordinary GLEIF.csv
    python -m tools.quality.golden ask http://127.0.0.1:8080 OUT.jsonl ANSWERS
    python -m tools.quality.golden compare ANSWERS OTHER

Before and after a change that must change no answer (files that move, a rewritten reader), `ask`
the same questions of a service that has loaded the same lists. Questions are JSON lines of a way
to ask (`http`, `page`, `cli`) and its arguments; ANSWERS is a folder with one file a question. Ids
and times of asking, which differ between any two answers, are blanked.
"""

import argparse
import csv
import hashlib
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import httpx

DAYS = ("2026-11-24", "2026-06-01", "2025-10-15", "2025-12-01", "2024-05-03", "2026-11-10")
ITEMS = (
    "dysprosium oxide",
    "gallium",
    "H200",
    "8413.70",
    "3A001",
    "crude oil",
    "lithium batteries",
)
PLACES = ("CN", "US", "RU", "DE", "IR", "SY", "JP", "KP")
BAD = (
    {},
    {"counterparties": []},
    {"counterparties": [{"name": ""}]},
    {"counterparties": [{"name": " "}]},
    {"counterparties": [{"name": "A", "nmae": "b"}]},
    {"counterparties": [{"name": "Acme"}], "threshold": 7},
    {"counterparties": [{"name": "Acme"}], "as_of": "2026-02-31"},
    {"counterparties": [{"name": "Acme"}], "lists": ["nope"]},
    {"counterparties": [{"name": "Acme", "countries": ["ZZ"]}]},
    {"counterparties": [{"name": "Acme", "owners": [{"name": "B", "share": 101}]}]},
    {"counterparties": [{"name": "x" * 501}]},
    {"counterparties": [{"name": "GmbH"}], "as_of": "2026-11-24"},
)
_BLANKED = re.compile(
    r'"(?:id|asked_at|loaded_at)":"[^"]*"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: UTC|Z)?"
)
_AT_ONCE = 4


def main() -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("questions")
    making.add_argument("out", type=Path)
    making.add_argument("--listed", type=Path, required=True, help="listed names, a line each")
    making.add_argument("--ordinary", type=Path, required=True, help="CSV with LegalName")
    asking = commands.add_parser("ask")
    asking.add_argument("url")
    asking.add_argument("questions", type=Path)
    asking.add_argument("answers", type=Path)
    comparing = commands.add_parser("compare")
    comparing.add_argument("one", type=Path)
    comparing.add_argument("other", type=Path)
    options = parser.parse_args()
    match options.command:
        case "questions":
            make_questions(options.out, options.listed, options.ordinary)
        case "ask":
            ask_all(options.url, options.questions, options.answers)
        case _:
            sys.exit(compare(options.one, options.other))


def make_questions(out: Path, listed: Path, ordinary: Path) -> None:
    """Write 2,000 questions: listed and ordinary names, owners, goods, past days, bad input."""
    chance = random.Random(18)  # noqa: S311 - a choice that can be repeated
    names = chance.sample(listed.read_text("utf-8").splitlines(), 1316)
    with ordinary.open(encoding="utf-8") as table:
        plain = [row["LegalName"] for row in csv.DictReader(table)]
    plain = chance.sample(plain, min(300, len(plain)))
    questions = [
        *_searches(names, plain, chance),
        *_screenings(names, chance),
        *_others(names, chance),
    ]
    out.write_text(
        "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in questions), "utf-8"
    )
    print(f"{len(questions)} questions")


def _searches(
    names: list[str], plain: list[str], chance: random.Random
) -> Iterator[dict[str, object]]:
    for place, name in enumerate([*names[:916], *plain]):
        day = DAYS[0] if place % 3 else chance.choice(DAYS)
        yield {"http": "/v1/search?" + urlencode({"name": name, "as_of": day, "known_at": day})}
    for name in names[916:1216]:
        query = {"name": name, "as_of": DAYS[0], "known_at": DAYS[0]}
        yield {"page": "/?" + urlencode(query)}
    for name in names[1216:1256]:
        days = ["--as-of", DAYS[0], "--known-at", DAYS[0]]
        yield {"cli": ["screen", "--limit", "3", "--exit-zero", *days, "--", name]}


def _screenings(names: list[str], chance: random.Random) -> Iterator[dict[str, object]]:
    for place in range(150):
        owners = [
            {"name": name, "share": chance.choice((10, 25, 30, 50))}
            for name in chance.sample(names, 2)
        ]
        body = {"counterparties": [{"name": f"Plain Bakery {place}", "owners": owners}]}
        yield {"http": "/v1/screenings", "body": body | {"as_of": DAYS[0], "known_at": DAYS[0]}}
    for body in BAD:
        yield {"http": "/v1/screenings", "body": body}


def _others(names: list[str], chance: random.Random) -> Iterator[dict[str, object]]:
    for item in ITEMS:
        for origin in PLACES:
            for destination in PLACES[:4]:
                trade = {"item": item, "origin": origin, "destination": destination}
                day = {"as_of": chance.choice(DAYS), "known_at": DAYS[0]}
                yield {"http": "/v1/restrictions?" + urlencode(trade | day)}
    for day in DAYS:
        days = urlencode({"as_of": day, "known_at": day})
        yield {"http": f"/v1/measures?{days}"}
        yield {"page": f"/measures?{days}"}
        yield {"page": f"/calendar?{days}"}
        yield {"http": f"/v1/calendar?{days}"}
        yield {"cli": ["measures", "--as-of", day, "--known-at", day]}
        yield {"cli": ["calendar", "--as-of", day, "--known-at", day]}
    for number in range(20):
        days = {"as_of": DAYS[number % len(DAYS)], "known_at": DAYS[0]}
        counterparty = {"name": names[number], "as_of": days["as_of"], "since": "2024-05-03"}
        yield {"http": "/v1/search?" + urlencode(counterparty | {"known_at": DAYS[0]})}
    yield {"http": "/openapi.json"}
    yield {"http": "/v1/lists"}


def ask_all(url: str, questions: Path, answers: Path) -> None:
    """Ask every question, and write each answer to a file named by the question's digest."""
    answers.mkdir(parents=True, exist_ok=True)
    asked = [json.loads(line) for line in questions.read_text("utf-8").splitlines()]
    with (
        httpx.Client(base_url=url, timeout=120) as client,
        ThreadPoolExecutor(_AT_ONCE) as threads,
    ):
        for question, answer in zip(
            asked, threads.map(lambda each: _answer(client, url, each), asked), strict=True
        ):
            text = f"{json.dumps(question, ensure_ascii=False)}\n{_BLANKED.sub('…', answer)}"
            name = hashlib.sha256(json.dumps(question).encode()).hexdigest()[:20]
            (answers / name).write_text(text, "utf-8")
    print(f"{len(asked)} answers in {answers}")


def _answer(client: httpx.Client, url: str, question: dict[str, object]) -> str:
    if "cli" in question:
        subcommand, *arguments = cast("list[str]", question["cli"])
        command = [sys.executable, "-m", "service", subcommand, "--url", url, *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        return f"{ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    path = str(question.get("http") or question["page"])
    body = question.get("body")
    answered = client.get(path) if body is None else client.post(path, json=body)
    return f"{answered.status_code}\n{answered.text}"


def compare(one: Path, other: Path) -> int:
    """Print which answers differ, and where; return 1 if any does, else 0."""
    differing = 0
    for before in sorted(one.iterdir()):
        after = other / before.name
        texts = before.read_text("utf-8"), after.read_text("utf-8") if after.exists() else ""
        if texts[0] != texts[1]:
            differing += 1
            at = next((n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), 0)
            question = texts[0].partition("\n")[0]
            print(
                f"{question}\n- {texts[0][at - 60 : at + 90]!r}\n+ {texts[1][at - 60 : at + 90]!r}"
            )
    print(f"{differing} of {len(list(one.iterdir()))} answers differ")
    return int(differing > 0)


if __name__ == "__main__":
    main()
