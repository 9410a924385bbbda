"""Recorded answers: what is asked, files as text, and how two answers differ in words."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import override

import arro3.core
import arro3.io
import httpx
import msgspec
import pytest
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from tools.quality.golden import Version, answer, ask_all, program_of
from tools.quality.golden_answers import blanked, compare, text_of
from tools.quality.golden_questions import Question, Step, make_questions

ID = "3d0f8c1e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"


def recorded(folder: Path, day: str = "2026-11-30", **answers: str) -> Path:
    folder.mkdir()
    (folder / "asked-on").write_text(day, "utf-8")
    for name, text in answers.items():
        step = {"path": f"/{name}", "body": {"id": "7"}}
        question = msgspec.json.encode({"kind": name.partition("_")[0], "steps": [step]})
        (folder / name).write_text(f"{question.decode()}\n{text}", "utf-8")
    return folder


def test_equal_answers_are_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one = recorded(tmp_path / "a", http="1", page="2")
    other = recorded(tmp_path / "b", http="1", page="2")
    assert compare(one, other, {}) == 0
    assert capsys.readouterr().out.splitlines() == [
        "http: 0 of 1 answers differ",
        "page: 0 of 1 answers differ",
        "0 of 2 answers differ",
    ]


def test_a_difference_is_named_with_its_question_and_its_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    before = '{"hits":[{"status":"in_force","score":0.9}],"total":1}'
    after = '{"hits":[{"status":"ended","score":0.9}],"more":null}'
    one = recorded(tmp_path / "a", http_x=before, http_y="2")
    other = recorded(tmp_path / "b", http_x=after, http_y="2")
    assert compare(one, other, {}) == 1
    assert capsys.readouterr().out.splitlines() == [
        "http: 1 of 2 answers differ",
        '  http ["/http_x"]',
        "    line 2.total is gone: was 1",
        "    line 2.more is new: null",
        '    line 2.hits[0].status: was "in_force", is "ended"',
        "1 of 2 answers differ",
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param("a\nb", "a\nc", "line 3, sign 1: was 'b', is 'c'", id="changed"),
        pytest.param("a\nb", "a", "line 3 is gone: b", id="gone"),
        pytest.param("a", "a\nb", "line 3 is new: b", id="new"),
        pytest.param("[1]", "[1,2]", "line 2 has 2 items, had 1", id="longer"),
        pytest.param("[1]", "[1.0]", "line 2[0]: was 1, is 1.0", id="another type"),
        pytest.param('{…,"a":[1]}', '{…,"a":[2]}', "line 2.a[0]: was 1, is 2", id="after an id"),
        pytest.param('{"a":1,…,"b":2}', '{"b":2,…,"a":1}', "in another order", id="order"),
    ],
)
def test_a_difference_is_told_in_words(
    before: str, after: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one, other = recorded(tmp_path / "a", http=before), recorded(tmp_path / "b", http=after)
    assert compare(one, other, {}) == 1
    assert told in capsys.readouterr().out


def test_an_answer_that_only_one_has_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one, other = recorded(tmp_path / "a", http="1"), recorded(tmp_path / "b", page="1")
    assert compare(one, other, {}) == 1
    printed = capsys.readouterr().out
    assert "no answer in the second" in printed
    assert "asked of the second only" in printed


def test_a_word_renamed_on_purpose_is_no_difference_and_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one = recorded(tmp_path / "a", http_x='{"left":1}', http_y='{"leftover":1}')
    other = recorded(tmp_path / "b", http_x='{"delisted":1}', http_y='{"leftover":1}')
    assert compare(one, other, {}) == 1
    assert compare(one, other, {"left": "delisted"}) == 0
    assert "0 of 2 answers differ, 1 by renamed words alone" in capsys.readouterr().out


def test_answers_of_two_days_are_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one, other = (recorded(tmp_path / day, day, http="1") for day in ("2026-11-30", "2026-12-01"))
    compare(one, other, {})
    assert "asked on 2026-11-30 and 2026-12-01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(f"/evidence/{ID}.pdf", "/evidence/….pdf", id="id"),
        pytest.param('{"id":"us-x","name":"A"}', '{…,"name":"A"}', id="field id"),
        pytest.param('"loaded_at":"2026-11-30T09:00:00Z"', "…", id="moment"),
        pytest.param("2026-11-30T09:00:01.25Z", "2026-11-30T…", id="moment in a cell"),
        pytest.param("?at=2026-11-30T09%3A00%3A00Z", "?at=2026-11-30T…", id="in an address"),
        pytest.param("asked at 9:05 UTC", "asked at …", id="clock"),
        pytest.param(f"SHA-256 of the answer: {'0a' * 32}", "…", id="digest of an answer"),
        pytest.param(
            f'<dt>SHA-256 of the answer</dt><dd><code class="hash">{"a0" * 32}</code></dd>',
            "<dt>…</code></dd>",
            id="digest of an answer on a page",
        ),
        pytest.param(f'"sha256":"{"a" * 64}"', f'"sha256":"{"a" * 64}"', id="of a file stays"),
        pytest.param('"rate":3012.4,"rows":5', '…,"rows":5', id="speed"),
        pytest.param('"as_of":"2026-11-24"', '"as_of":"2026-11-24"', id="a legal day stays"),
    ],
)
def test_ids_and_moments_are_blanked_and_nothing_else(text: str, left: str):
    assert blanked(text) == left


def test_a_workbook_is_its_cells():
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Number", "Company"])
    sheet.append([1, "Œuvre"])
    sheet["B2"].hyperlink = "https://example.test/"
    book.save(content)
    assert text_of(content.getvalue()).splitlines() == [
        "sheet Sheet A1:B2",
        '["Number", "Company"]',
        '[1, ["Œuvre", "https://example.test/"]]',
    ]


def test_a_pdf_is_its_pages_and_their_text():
    content = BytesIO()
    canvas = Canvas(content)
    for text in ("First", "Second"):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    told = text_of(content.getvalue()).splitlines()
    assert told == ["PDF of 2 pages", "page 1", "First", "page 2", "Second"]


def test_a_parquet_file_is_its_rows():
    content = BytesIO()
    column = arro3.core.Array(["Rosneft", None], type=arro3.core.DataType.utf8())
    arro3.io.write_parquet(arro3.core.Table.from_pydict({"name": column}), content)
    assert [json.loads(each) for each in text_of(content.getvalue()).splitlines()] == [
        {"name": "Rosneft"},
        {},
    ]


class Service(BaseHTTPRequestHandler):
    """A service with one job, which ends when it is looked at for the third time."""

    looks = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(202)
        self.send_header("location", f"/jobs/{ID}?x=1")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        Service.looks += 1
        over = Service.looks >= 3
        self.send_response(200)
        self.end_headers()
        state = {"path": self.path, "ended_at": "2026-11-30" if over else None}
        self.wfile.write(json.dumps(state, separators=(",", ":")).encode())

    @override
    def log_message(self, format: str, *args: object):
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Service.looks = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


PROGRAM = f"""#!{sys.executable}
import os, pathlib, sys
print(sys.argv[1:], os.environ.get("ABEYANCE_URL"), os.environ.get("ABEYANCE_DATA_DIR"))
pathlib.Path("out.csv").write_text(pathlib.Path("in.csv").read_text().upper())
sys.exit(3)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout" / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "abeyance").write_text(PROGRAM, "utf-8")
    (folder / "abeyance").chmod(0o755)
    return program_of(tmp_path / "checkout")


def test_steps_follow_each_other_until_a_job_is_over(url: str, program: Path):
    steps = (
        Step(path="/jobs", text="Company\n", type="text/csv"),
        Step(path="{at}", until="ended_at"),
        Step(path="{at}/results"),
    )
    with httpx.Client(base_url=url) as client:
        asked = Question(kind="job", steps=steps)
        lines = answer(client, Version(url, program, None), asked).splitlines()
    assert [line for line in lines if " 20" in line] == [
        "/jobs 202",
        f"/jobs/{ID} 200",
        f"/jobs/{ID}/results 200",
    ]
    assert f'{{"path":"/jobs/{ID}","ended_at":"2026-11-30"}}' in lines
    assert Service.looks == 4


def test_a_command_asks_the_service_or_the_data_and_its_files_are_recorded(
    url: str, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ABEYANCE_URL", "http://of-the-caller.test")
    lines = [
        msgspec.json.encode(Question(kind=kind, arguments=("screen",), files={"in.csv": "smic"}))
        for kind in ("cli", "command")
    ]
    questions, answers = tmp_path / "questions.jsonl", tmp_path / "answers"
    questions.write_bytes(b"\n".join(lines))
    assert ask_all(Version(url, program, tmp_path / "data"), questions, answers) == 2
    texts = [each.read_text("utf-8") for each in answers.iterdir() if each.name != "asked-on"]
    told = {json.loads(text.partition("\n")[0])["kind"]: text.splitlines()[1:] for text in texts}
    assert told["cli"][:3] == ["exit status 3", "standard output", "['screen'] … None"]
    assert told["command"][2] == "['screen'] None …"
    assert told["cli"][-2:] == ["file out.csv", "SMIC"]
    assert ask_all(Version(url, program, None), questions, tmp_path / "less") == 1


def test_a_checkout_without_the_command_is_refused(tmp_path: Path):
    with pytest.raises(SystemExit, match="run uv sync there"):
        program_of(tmp_path)


def test_the_questions_are_the_same_each_time_and_of_every_kind(tmp_path: Path):
    names, table = tmp_path / "names.txt", tmp_path / "ordinary.csv"
    names.write_text("\n".join(f"Firm {number}" for number in range(1400)), "utf-8")
    plain = "\n".join(f"Plain {number}" for number in range(400))
    table.write_text(f"LegalName\n{plain}", "utf-8")
    made = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    counts = [make_questions(out, names, table) for out in made]
    texts = [out.read_text("utf-8") for out in made]
    assert texts[0] == texts[1]
    assert counts[0] == len(texts[0].splitlines()) > 2000
    kinds = Counter(json.loads(line)["kind"] for line in texts[0].splitlines())
    assert set(kinds) == {"http", "page", "job", "sheet", "evidence", "cli", "command"}
