"""Answers as text, without ids and moments, and how two of them differ, in words."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

import arro3.io
import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
from openpyxl import load_workbook

ASKED_ON = "asked-on"
"""The file of a folder of answers that has the day on which they were given."""

_MOMENTS = "asked_at|loaded_at|accepted_at|started_at|ended_at|expires_at|ends_about|deleted_at|at"
_BLANKED = re.compile(
    rf'"(?:id|{_MOMENTS})":"[^"]*"'
    # The digest of a kept answer, which has its id and moment in it; not that of a list's file.
    r"|(?:· SHA-256 |SHA-256 of the answer[^0-9a-f]{0,2}(?:</dt><dd><code class=\"hash\">)?)"
    r"[0-9a-f]{64}"
    # How fast a job was, and of which program's files its index was made.
    r'|"rate":[0-9.]+'
    r'|"index":"[0-9a-f]{64}"|"request_id":"[0-9a-f]{32}"'
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?<=\dT)\d{2}%3A\d{2}%3A\d{2}Z"
    r"|(?:\b|(?<=\dT))\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: UTC|Z)?"
)
# What is printed of one difference, and how many of one answer.
_SHOWN, _LONGEST, _LEAD = 6, 240, 60


def blanked(text: str) -> str:
    """Return an answer without what differs between any two answers: ids, moments, speed."""
    return _BLANKED.sub("…", text)


def text_of(content: bytes) -> str:
    """Return what a person sees of a file: the cells of a workbook, the text of a PDF."""
    if content.startswith(b"%PDF"):
        return "\n".join(_pages(content))
    if content.startswith(b"PK"):
        return "\n".join(_cells(content))
    if content.startswith(b"PAR1"):
        lines = BytesIO()
        arro3.io.write_ndjson(arro3.io.read_parquet(BytesIO(content)), lines)
        return lines.getvalue().decode()
    return content.decode("utf-8", "backslashreplace")


def _pages(content: bytes) -> Iterator[str]:
    """Yield the number of pages of a PDF, then the text of each page."""
    document = pypdfium2.PdfDocument(content)
    try:
        yield f"PDF of {len(document)} pages"
        for number, page in enumerate(document, start=1):
            text = page.get_textpage().get_text_bounded()
            yield f"page {number}\n{'\n'.join(text.splitlines())}"
    finally:
        document.close()


def _cells(content: bytes) -> Iterator[str]:
    """Yield each sheet of a workbook with its size, then each row of it as a JSON array."""
    book = load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        yield f"sheet {sheet.title} {sheet.dimensions}"
        for row in sheet.iter_rows():
            cells = [
                each.value if each.hyperlink is None else [each.value, each.hyperlink.target]
                for each in row
            ]
            yield json.dumps(cells, ensure_ascii=False, default=str)


def compare(one: Path, other: Path, words: Mapping[str, str]) -> int:
    """Print how answers differ, by kind of question; return 1 if any does, else 0.

    `words` are those that were renamed on purpose; an answer that differs by them alone is equal.
    """
    asked: Counter[str] = Counter()
    renamed: Counter[str] = Counter()
    differing: dict[str, list[str]] = {}
    for name in sorted({each.name for each in (*one.iterdir(), *other.iterdir())} - {ASKED_ON}):
        before, after = _read(one / name), _read(other / name)
        question = json.loads((before or after).partition("\n")[0])
        asked[question["kind"]] += 1
        changed = _with_words(before, words)
        renamed[question["kind"]] += changed == after != before
        if changed != after:
            told = "\n".join((_shortly(question), *_told(changed, after)))
            differing.setdefault(question["kind"], []).append(told)
    _print_days(one, other)
    for kind, count in sorted(asked.items()):
        by_words = f", {renamed[kind]} by renamed words alone" if renamed[kind] else ""
        print(f"{kind}: {len(differing.get(kind, ()))} of {count} answers differ{by_words}")
        for told in differing.get(kind, ()):
            print(told)
    total = sum(map(len, differing.values()))
    print(f"{total} of {asked.total()} answers differ")
    return int(total > 0)


def _read(file: Path) -> str:
    """Return a question and its answer, blanked; empty where there is none."""
    question, end, answer = file.read_text("utf-8").partition("\n") if file.exists() else ("",) * 3
    return question + end + blanked(answer)


def _print_days(one: Path, other: Path) -> None:
    days = [_read(each / ASKED_ON) for each in (one, other)]
    if days[0] != days[1]:
        print(f"asked on {days[0]} and {days[1]}: what depends on today differs, as ages of lists")


def _with_words(text: str, words: Mapping[str, str]) -> str:
    """Return an answer with each renamed word as it is called now; the question stays."""
    question, end, answer = text.partition("\n")
    for old, new in words.items():
        answer = re.sub(rf"\b{re.escape(old)}\b", new, answer)
    return question + end + answer


def _shortly(question: Mapping[str, object]) -> str:
    """Return a question in one line: its kind, and its addresses or arguments."""
    steps = question.get("steps")
    paths = [each["path"] for each in steps] if isinstance(steps, list) else []
    words = json.dumps(paths or question.get("arguments"), ensure_ascii=False)
    return f"  {question['kind']} {words[:_LONGEST]}"


def _told(before: str, after: str) -> Iterator[str]:
    """Yield the first differences of two answers in words, and how many more there are."""
    if not before or not after:
        yield f"    {'asked of the second only' if after else 'no answer in the second'}"
        return
    found = list(_differences(before.splitlines(), after.splitlines()))
    yield from (f"    {each}" for each in found[:_SHOWN])
    if len(found) > _SHOWN:
        yield f"    and {len(found) - _SHOWN} more"


def _differences(before: list[str], after: list[str]) -> Iterator[str]:
    matched = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, to_start, to_end in matched.get_opcodes():
        old, new = before[start:end], after[to_start:to_end]
        if kind == "replace" and len(old) == len(new):
            for number, (was, now) in enumerate(zip(old, new, strict=True), start + 1):
                yield from _of_line(number, was, now)
        elif kind != "equal":
            yield from (f"line {start + 1} is gone: {each[:_LONGEST]}" for each in old)
            yield from (f"line {to_start + 1} is new: {each[:_LONGEST]}" for each in new)


def _of_line(number: int, was: str, now: str) -> Iterator[str]:
    """Yield how a line changed: by field where both are JSON, otherwise where it begins."""
    values = _json(was), _json(now)
    if None not in values:
        found = list(_of_value(f"line {number}", *values))
        yield from found or (f"line {number}: the same fields, in another order or written anew",)
        return
    at = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    cut = slice(max(0, at - _LEAD), max(0, at - _LEAD) + _LONGEST)
    yield f"line {number}, sign {at + 1}: was {was[cut]!r}, is {now[cut]!r}"


def _json(line: str) -> object:
    """Return the value of a line that is a JSON object or array, blanked fields left out."""
    readable = re.sub(r"(?<=[{\[])…,|,?…(?=[,}\]])", "", line)
    try:
        value = json.loads(readable)
    except ValueError:
        return None
    return value if isinstance(value, dict | list) else None


def _of_value(where: str, was: object, now: object) -> Iterator[str]:
    """Yield each field of two JSON values that differs, with its path."""
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _of_object(where, was, now)
    elif isinstance(was, list) and isinstance(now, list):
        if len(was) != len(now):
            yield f"{where} has {len(now)} items, had {len(was)}"
        for place, (old, new) in enumerate(zip(was, now, strict=False)):
            yield from _of_value(f"{where}[{place}]", old, new)
    elif was != now or type(was) is not type(now):
        yield f"{where}: was {_cut(was)}, is {_cut(now)}"


def _of_object(where: str, was: Mapping[str, object], now: Mapping[str, object]) -> Iterator[str]:
    yield from (
        f"{where}.{name} is gone: was {_cut(was[name])}" for name in was if name not in now
    )
    yield from (f"{where}.{name} is new: {_cut(now[name])}" for name in now if name not in was)
    for name in was:
        if name in now:
            yield from _of_value(f"{where}.{name}", was[name], now[name])


def _cut(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:_LONGEST]
