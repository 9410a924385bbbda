"""A Java client of the OpenAPI document compiles, and its calls are answered.

The generator is openapi-generator, whose own archive has the classes that its code needs at run
time (Jackson). Where there is no JDK the test is skipped and says why.
"""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from abeyance_screening.app.application import create_app
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.platform.settings import Settings
from tests.later import DOCUMENT, from_later
from tests.served import running

PROGRAM = Path(__file__).parent / "java"
# As the guide "Ask from programs" says, for clients that ask for the full view alone.
FULL = ",".join(f"{each}AnswerOrBrief={each}Answer" for each in ("Search", "Text", "Screening"))
OPTIONS = {
    "-g": "java",
    "--library": "native",
    "--additional-properties": "disallowAdditionalPropertiesIfNotPresent=false,"
    "openApiNullable=false,useJakartaEe=true,hideGenerationTimestamp=true",
    "--schema-mappings": FULL,
    "--global-property": "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false",
}
# A program that runs for seconds compiles what it runs but lightly.
BRIEFLY = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
QUESTION = {"counterparties": [{"name": "Hikvision"}], "as_of": "2026-08-01", "store": False}


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path of a program that was compiled with the generated classes."""
    if shutil.which("javac") is None:
        pytest.skip("no javac: the Java client was not compiled")
    found = find_spec("openapi_generator_cli")
    assert found is not None
    assert found.origin is not None
    generator = str(Path(found.origin).with_name("openapi-generator.jar"))
    folder = tmp_path_factory.mktemp("java")
    options = OPTIONS | {"-i": str(DOCUMENT), "-o": str(folder)}
    run(
        "java", "-jar", generator, "generate", *(word for pair in options.items() for word in pair)
    )
    sources = [
        str(each) for root in (folder / "src/main", PROGRAM) for each in root.rglob("*.java")
    ]
    compiled = str(folder / "classes")
    quick = [f"-J{each}" for each in BRIEFLY]
    run("javac", *quick, "-nowarn", "-proc:none", "-cp", generator, "-d", compiled, *sources)
    return f"{compiled}:{generator}"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return done.stdout


def test_a_java_program_is_answered_in_its_classes(
    classes: str, listed_database: str, bundled_index: ListingIndex, tmp_path: Path
):
    """The last line reads an answer whose every choice of words has one that it never saw."""
    app = create_app(Settings(data_dir=Path(), database_url=listed_database), bundled_index)
    later = tmp_path / "later.json"
    with running(app) as address:
        answer = httpx.post(f"{address}/v1/screenings", json=QUESTION, timeout=30).json()
        changed = set[str]()
        later.write_text(json.dumps(from_later(answer, "ScreeningAnswer", changed)))
        assert {"Status", "Outcome", "ListState", "EffectKind"} <= changed
        said = run("java", "-cp", classes, "Calls", address, str(later))
    assert said.splitlines() == [
        "search: hits, in_force, Hangzhou Hikvision Digital Technology Co., Ltd.",
        "clear: 0 hits",
        "screening: Rosoboroneksport",
        "screening: Plain Bakery",
        "calendar: 3, true",
        "error: 400, name",
        "later: word_of_later, word_of_later",
    ]
