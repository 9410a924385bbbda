"""Every program of the guide "Ask from programs" runs, and prints what stands below it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from tests.served import Served, ask, copy_directory
from tools.quality.write_postman import COLLECTION, collection

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/how-to/ask-from-programs.md"
REQUESTS = ROOT / "docs/how-to/abeyance.http"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
AFTER = {kind: (text, shown) for (kind, text), (_, shown) in pairwise(BLOCKS)}
# Of each kind of program: what runs it, and the file that it is.
RUNS = {
    "python": (sys.executable, "ask.py"),
    "ts": ("node", "ask.mjs"),
    "java": ("java", "Ask.java"),
}
ADDRESS = "127.0.0.1:8080"


@pytest.fixture(scope="module")
def served(loaded_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served(copy_directory(loaded_directory, tmp_path_factory.mktemp("programs")))
    yield running
    running.stop()


def test_the_curl_of_the_guide_is_answered_as_shown(served: Served):
    command, shown = AFTER["sh"]
    answer = ask(command, served.port).json()
    expected = json.loads(shown)
    assert {name: answer[name] for name in expected} == expected


@pytest.mark.parametrize("kind", RUNS)
def test_a_program_of_the_guide_prints_what_is_shown(served: Served, kind: str, tmp_path: Path):
    runner, name = RUNS[kind]
    if shutil.which(runner) is None:
        pytest.skip(f"no {runner}: this program of the guide was not run")
    program, shown = AFTER[kind]
    file = tmp_path / name
    file.write_text(program.replace(ADDRESS, f"127.0.0.1:{served.port}"), "utf-8")
    done = subprocess.run([runner, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == shown


def test_every_request_of_the_http_file_is_answered(served: Served):
    host, *requests = re.split(r"^### .*\n", REQUESTS.read_text("utf-8"), flags=re.MULTILINE)
    assert f"@host = http://{ADDRESS}" in host
    assert len(requests) > 5
    for each in requests:
        head, _, body = each.partition("\n\n")
        first, *headers = head.splitlines()
        method, address = first.split(" ", 1)
        answer = httpx.request(
            method,
            address.replace("{{host}}", f"http://127.0.0.1:{served.port}"),
            headers=dict(line.split(": ", 1) for line in headers),
            content=body.strip() + "\n" if body.strip() else None,
            timeout=60,
        )
        assert answer.status_code == 200, (first, answer.text)


def test_the_postman_collection_is_what_the_document_makes():
    """`just fix` writes it anew."""
    document = json.loads((ROOT / "openapi/openapi.json").read_bytes())
    assert COLLECTION.read_text("utf-8") == collection(document)
    requests = [
        each for folder in json.loads(COLLECTION.read_text())["item"] for each in folder["item"]
    ]
    assert len(requests) == sum(map(len, document["paths"].values()))


def test_the_query_for_excel_names_what_there_is():
    """Excel is not here to run it; what it asks for is looked up in the document."""
    query = next(text for _, text in BLOCKS if "Excel.CurrentWorkbook" in text)
    document = json.loads((ROOT / "openapi/openapi.json").read_bytes())
    path = re.search(r'RelativePath = "([^"]+)"', query)
    assert path is not None
    operation = document["paths"][f"/{path[1]}"]["post"]
    asked = re.search(r"Query = \[(\w+) =", query)
    assert asked is not None
    assert asked[1] in {each["name"] for each in operation["parameters"]}
    schemas = document["components"]["schemas"]
    assert {"counterparties", "store"} <= schemas["ScreeningQuestion"]["properties"].keys()
    assert {"name", "outcome"} <= schemas["BriefResult"]["properties"].keys()
    for name in ("counterparties =", "store =", "[results]", '"name"', '"outcome"'):
        assert name in query
