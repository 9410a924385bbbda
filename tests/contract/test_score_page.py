"""`docs/how-a-score-comes-about.md` shows the numbers that the program prints."""

import json
import math
import re
import subprocess
from pathlib import Path

from defusedxml import ElementTree

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match.score import PARTS, TABLES
from abeyance_screening.engine.names.match_types import IndexedName

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "how-a-score-comes-about.md").read_text("utf-8")
_COMMAND = re.findall(r"^```sh\n(.*?)\n```", _PAGE, re.MULTILINE | re.DOTALL)[0]
_ANSWER = json.loads(re.findall(r"^```json\n(.*?)\n```", _PAGE, re.MULTILINE | re.DOTALL)[0])
_ASKED, _LISTED = normalise(_ANSWER["query"]), normalise(_ANSWER["candidate"])
_INDEX = NameIndex.build([IndexedName(0, 0, "primary", _LISTED)])
_EXPLANATION = _INDEX.explain(_ASKED, 0)


def rows(heading: str) -> list[list[str]]:
    """The rows of the table under this heading line, cell by cell."""
    lines = _PAGE.split(f"{heading}\n", 1)[1].splitlines()[1:]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines[: next(at for at, line in enumerate(lines) if not line)]
    ]


def test_the_command_prints_the_answer_shown() -> None:
    done = subprocess.run(
        ["bash", "-c", _COMMAND.replace("uv run", "uv run --no-sync")],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == _ANSWER


def test_the_words_have_the_weights_shown() -> None:
    words = [("asked", word) for word in _ASKED.words] + [
        ("listed", word) for word in _LISTED.words
    ]
    shown = rows("| name | word | weight |")
    assert shown == [[side, word.text, f"{word.weight:.4f}"] for side, word in words]


def test_the_words_meet_as_shown() -> None:
    matched = next(part for part in _EXPLANATION.parts if part.name == "matched_words")
    shown = rows("| asked | listed | credit | weight met |")
    assert shown == [
        [
            *(pair.query, pair.listed),
            f"{pair.similarity:.4f}",
            f"{pair.worth / matched.log_odds * matched.value:.4f}",
        ]
        for pair in _EXPLANATION.pairs
    ]
    assert (_EXPLANATION.query_left_over, _EXPLANATION.listed_left_over) == ((), ("Digital",))


def test_the_parts_add_up_as_shown() -> None:
    *parts, total = rows("| part | what it measures | value | log-odds |")
    assert [[part[0], *part[2:]] for part in parts] == [
        [part.name, f"{part.value:.4f}", f"{part.log_odds:.4f}"] for part in _EXPLANATION.parts
    ]
    assert total[-1] == f"{_EXPLANATION.log_odds:.4f}"
    assert f"1 / (1 + exp(-{total[-1]})) = {_ANSWER['score']:.4f}" in _PAGE


def test_the_bound_is_the_one_shown() -> None:
    peaks = dict(zip(PARTS, TABLES.peaks, strict=True))
    added = {part.name: part.log_odds for part in _EXPLANATION.parts}
    earned = sum(added[part] for part in ("base", "matched_words", "query_covered", "rarest_word"))
    whole, first = float(peaks["whole_spelling"]), float(peaks["first_word"])
    text = " ".join(_PAGE.split())
    assert f"`whole_spelling` ({whole:.2f}) and `first_word` ({first:.2f})" in text
    assert f"can be: {earned + whole + first:.2f}." in text
    least = math.log(DEFAULT_THRESHOLD / (1.0 - DEFAULT_THRESHOLD))
    assert f"The threshold of {DEFAULT_THRESHOLD} is {least:.2f} in log-odds" in text


def test_the_picture_is_there_and_names_files_that_are() -> None:
    picture = re.findall(r"\]\((.*?\.svg)\)", _PAGE)
    tree = ElementTree.fromstring((_ROOT / "docs" / picture[0]).read_text("utf-8"))
    text = " ".join(tree.itertext())
    match = _ROOT / "service" / "abeyance_screening" / "engine" / "names" / "match"
    for name in re.findall(r"[a-z_]+\.py", text):
        assert (match / name).exists()
    assert f"{_ANSWER['score']:.2f}" in text


def test_every_part_is_on_the_page() -> None:
    assert {part for part in PARTS if part not in _PAGE} == set()
