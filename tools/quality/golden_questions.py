"""The questions of which `golden` records the answers.

A question is a request to the service or several in a row (`http`, `page`, `job`, `sheet`,
`evidence`), or a command that asks the service (`cli`) or its data in process (`command`).
"""

import base64
import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import msgspec

type Kind = Literal["http", "page", "job", "sheet", "evidence", "cli", "command"]

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
PAGES = (
    "/lists",
    "/spreadsheet",
    "/register/review",
    "/measures/us-bis-affiliates-rule",
    "/measures/nope",
    "/listings/us_ofac_sdn-10000",
    "/listings/uk_sl-AFG0001",
    "/nowhere",
)
READ_ONLY = (
    "/v1/lists",
    "/v1/lists/un_sc",
    "/v1/lists/un_sc/editions",
    "/v1/changes",
    "/v1/changes.atom",
    "/v1/calendar.ics",
    "/v1/register",
    "/v1/register/review",
    "/v1/listings/us_ofac_sdn-10000",
    "/v1/listings/nope-1",
    "/v1/measures/us-bis-affiliates-rule",
    "/v1/jobs/00000000-0000-4000-8000-000000000000",
    "/v1/nowhere",
    "/openapi.json",
)
_DAY = {"as_of": DAYS[0], "known_at": DAYS[0]}
_CLI_DAY = ("--as-of", DAYS[0], "--known-at", DAYS[0])
_BAD_COMMANDS = (
    ("screen",),
    ("screen", "Acme", "--threshold", "7"),
    ("screen", "Acme", "--list", "nope"),
    ("screen", "Acme", "--as-of", "2026-02-31"),
    ("measures", "--status", "nope"),
    ("scren", "Acme"),
)


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request: GET, or POST with what is to be sent.

    `{at}` in the path is the address that the last answer with a `Location` led to. A step with
    `until` is repeated until that field of its answer has a value.
    """

    path: str
    body: Mapping[str, object] | None = None
    form: Mapping[str, str | list[str]] | None = None
    file: tuple[str, str] | None = None
    text: str | None = None
    type: str = ""
    until: str | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Steps to take in order, or the arguments of a command and the files in its folder."""

    kind: Kind
    steps: tuple[Step, ...] = ()
    arguments: tuple[str, ...] = ()
    files: Mapping[str, str] = {}


def make_questions(out: Path, listed: Path, ordinary: Path) -> int:
    """Write some 2,000 questions, and return how many.

    They have listed and ordinary names, owners, goods, past days and bad input, and tables, jobs
    and evidence, whose answers are files.
    """
    chance = random.Random(18)  # noqa: S311 - a choice that can be repeated
    names = chance.sample(listed.read_text("utf-8").splitlines(), 1316)
    with ordinary.open(encoding="utf-8") as table:
        plain = [row["LegalName"] for row in csv.DictReader(table)]
    plain = chance.sample(plain, min(300, len(plain)))
    questions = [
        *_searches(names, plain, chance),
        *_screenings(names, chance),
        *_trades_and_law(names, chance),
        *_bodies(names),
        *_tables(names, plain),
        *_evidence(names),
        *_commands(names, plain),
    ]
    lines = [msgspec.json.encode(each) for each in questions]
    out.write_bytes(b"".join(b"%b\n" % line for line in dict.fromkeys(lines)))
    return len(set(lines))


def _get(kind: Kind, path: str, query: dict[str, str] | None = None) -> Question:
    address = f"{path}?{urlencode(query)}" if query else path
    return Question(kind=kind, steps=(Step(path=address),))


def _searches(names: list[str], plain: list[str], chance: random.Random) -> Iterator[Question]:
    for place, name in enumerate([*names[:916], *plain]):
        day = DAYS[0] if place % 3 else chance.choice(DAYS)
        yield _get("http", "/v1/search", {"name": name, "as_of": day, "known_at": day})
    for name in names[916:1216]:
        yield _get("page", "/", {"name": name} | _DAY)
    for number, name in enumerate(names[:20]):
        days = {"as_of": DAYS[number % len(DAYS)], "known_at": DAYS[0]}
        yield _get("http", "/v1/search", {"name": name, "since": "2024-05-03"} | days)


def _screenings(names: list[str], chance: random.Random) -> Iterator[Question]:
    for place in range(150):
        owners = [
            {"name": name, "share": chance.choice((10, 25, 30, 50))}
            for name in chance.sample(names, 2)
        ]
        body = {"counterparties": [{"name": f"Plain Bakery {place}", "owners": owners}]}
        yield _screening(body | _DAY)
    for body in BAD:
        yield _screening(body)


def _screening(body: Mapping[str, object]) -> Question:
    return Question(kind="http", steps=(Step(path="/v1/screenings", body=body),))


def _trades_and_law(names: list[str], chance: random.Random) -> Iterator[Question]:
    for item in ITEMS:
        for origin in PLACES:
            for destination in PLACES[:4]:
                trade = {"item": item, "origin": origin, "destination": destination}
                day = {"as_of": chance.choice(DAYS), "known_at": DAYS[0]}
                yield _get("http", "/v1/restrictions", trade | day)
                if origin == destination:
                    trade = {"name": names[0], "items": item} | trade
                    yield _get("page", "/", trade | day)
    for day in DAYS:
        days = {"as_of": day, "known_at": day}
        for path in ("/measures", "/calendar"):
            yield _get("http", f"/v1{path}", days)
            yield _get("page", path, days)
    yield from (_get("page", path) for path in PAGES)
    yield from (_get("http", path) for path in READ_ONLY)


def _bodies(names: list[str]) -> Iterator[Question]:
    """Yield questions whose names are in a body: searches, texts and streams."""
    for place in range(20):
        body: Mapping[str, object] = {"name": names[place], "countries": [PLACES[place % 8]]}
        yield Question(kind="http", steps=(Step(path="/v1/search", body={**body, **_DAY}),))
        said = "; ".join(f"paid to {name} in full" for name in names[place * 3 : place * 3 + 3])
        yield Question(kind="http", steps=(Step(path="/v1/texts", body={"text": said, **_DAY}),))
    path = f"/v1/screenings?{urlencode(_DAY)}"
    for place in range(10):
        parties = [{"id": str(n), "name": names[place * 20 + n]} for n in range(20)]
        lines = [msgspec.json.encode(each).decode() for each in parties]
        text = "\n".join((*lines, '{"nmae": "broken"}' if place % 2 else ""))
        step = Step(path=path, text=text, type="application/x-ndjson")
        yield Question(kind="http", steps=(step,))


def _table(names: Sequence[str]) -> str:
    """Return a CSV of counterparties; some have no name, an owner or a country."""
    rows = ["Number,Company,Country,Owner,Share"]
    for place, name in enumerate(names):
        owner = f'"{names[place - 1].replace('"', '""')}",{place % 60}' if place % 5 == 0 else ","
        shown = "" if place % 19 == 18 else name.replace('"', '""')
        rows.append(f'C-{place},"{shown}",{PLACES[place % 8] if place % 3 else ""},{owner}')
    return "\n".join((*rows, ""))


def _tables(names: list[str], plain: list[str]) -> Iterator[Question]:
    """Yield jobs and spreadsheets with every kind of file that their results are given as."""
    tables = [_table([*names[at : at + 40], *plain[at : at + 20]]) for at in (0, 60, 120)]
    for number, table in enumerate((*tables, "Company\n", "no\ttable")):
        path = f"/v1/jobs?{urlencode({'name': f'parties-{number}.csv', 'limit': '3'} | _DAY)}"
        files = [
            Step(path=f"{{at}}/results?format={kind}{only}")
            for kind in ("ndjson", "csv", "xlsx", "parquet")
            for only in ("", "&only=hits")
        ]
        beginning = Step(path=path, text=table, type="text/csv")
        steps = (beginning, Step(path="{at}", until="ended_at"), *files) if number < 3 else ()
        yield Question(kind="job", steps=steps or (beginning,))
        yield from _spreadsheets(table)


def _spreadsheets(table: str) -> Iterator[Question]:
    """Yield what the page does with a table: read it, screen it, write it, keep it."""
    content = base64.b64encode(table.encode()).decode()
    fields = ["id", "name", "country", "owner", "share"]
    form = {"content": content, "filename": "parties.csv", "field": fields} | _DAY
    shown = Step(path="/spreadsheet", file=("parties.csv", table))
    yield Question(kind="sheet", steps=(shown, Step(path="/spreadsheet/read", file=shown.file)))
    for kind in ("", "csv", "xlsx"):
        step = Step(path="/spreadsheet/results", form={**form, "format": kind})
        yield Question(kind="sheet", steps=(step,))
    keep = Step(path="/spreadsheet/results", form={**form, "where": "service"})
    parts = ("?plain=yes", "", "/lines", "/parties/0")
    written = (Step(path="{at}/write", form={"format": kind}) for kind in ("csv", "xlsx", "pdf"))
    read = (Step(path=f"{{at}}{part}") for part in parts)
    yield Question(kind="sheet", steps=(keep, *read, *written))


def _evidence(names: list[str]) -> Iterator[Question]:
    """Yield screenings as evidence: the page, its PDF, and both with a judgement."""
    for place, name in enumerate(names[200:215]):
        trade = {"items": ITEMS[place % 7], "origin": "CN", "destination": "US"}
        form = {"name": name, "yes": "eu-blocking"} | _DAY | (trade if place % 3 == 0 else {})
        judged = {
            "decision": "Released",
            "by": "A. Reader",
            "reason": "Another company of a similar name.",
        }
        steps = (
            Step(path="/evidence", form=form),
            Step(path="{at}"),
            Step(path="{at}.pdf"),
            Step(path="{at}", form=judged),
            Step(path="{at}.pdf", form=judged),
        )
        yield Question(kind="evidence", steps=steps)
    yield _get("evidence", "/evidence/nope.pdf")


def _commands(names: list[str], plain: list[str]) -> Iterator[Question]:
    """Yield commands: each is asked of the service, and fewer of the data in process too."""
    for name in names[1216:1256]:
        arguments = ("screen", "--limit", "3", "--exit-zero", *_CLI_DAY, "--", name)
        yield Question(kind="cli", arguments=arguments)
    for day in DAYS:
        days = ("--as-of", day, "--known-at", day)
        yield Question(kind="cli", arguments=("measures", *days))
        yield Question(kind="cli", arguments=("calendar", *days))
    files = {
        "parties.csv": _table([*names[300:330], *plain[:10]]),
        "letter.txt": f"We paid {names[400]} and {names[401]} on {DAYS[0]}.",
    }
    kinds: tuple[Kind, Kind] = ("cli", "command")
    for kind in kinds:
        for arguments in _either(names):
            yield Question(kind=kind, arguments=arguments, files=files)
    table = ("screen", "parties.csv", "--job", *_CLI_DAY)
    for out in ("results.csv", "results.ndjson", "results.xlsx", "results.parquet"):
        yield Question(kind="cli", arguments=(*table, "--out", out), files=files)
    for arguments in (("register", "check"), ("register", "coverage")):
        yield Question(kind="command", arguments=(*arguments,))


def _either(names: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the arguments of commands that answer from a service and from data alike."""
    for at in range(1256, 1296, 4):
        four = ("--", *names[at : at + 4])
        yield ("screen", "--limit", "3", *_CLI_DAY, *four)
    several = ("--", *names[1296:1300])
    yield ("screen", "--long", "--since", "2024-05-03", *_CLI_DAY, *several)
    yield ("screen", "--json", "--list", "un_sc", *_CLI_DAY, *several)
    yield ("screen", "--text", "letter.txt", *_CLI_DAY)
    yield ("screen", "parties.csv", *_CLI_DAY)
    yield from (
        ("screen", "parties.csv", "--out", f"results.{kind}", *_CLI_DAY)
        for kind in ("csv", "xlsx", "jsonl")
    )
    yield ("screen", "parties.csv", "--map", "name=Owner", "--json", *_CLI_DAY)
    yield ("measures", "--json", "--jurisdiction", "CN", *_CLI_DAY)
    yield ("calendar", "--passed-days", "90", *_CLI_DAY)
    yield ("calendar", "--ics", "coming.ics", *_CLI_DAY)
    yield ("restrictions", "--item", ITEMS[0], "--origin", "CN", "--destination", "US", *_CLI_DAY)
    yield ("restrictions", "--item", "3A001", "--destination", "RU", "--json", *_CLI_DAY)
    yield ("lists",)
    yield ("lists", "--json")
    yield from _BAD_COMMANDS
