"""Frozen answers: equal where nothing changed, and the place where one differs."""

from pathlib import Path

import pytest

from tools.quality.golden import compare, make_questions


def frozen(folder: Path, **answers: str) -> Path:
    folder.mkdir()
    for name, answer in answers.items():
        (folder / name).write_text(f'{{"http": "/{name}"}}\n200\n{answer}', "utf-8")
    return folder


def test_equal_answers_are_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one, other = frozen(tmp_path / "a", x="1", y="2"), frozen(tmp_path / "b", x="1", y="2")
    assert compare(one, other) == 0
    assert "0 of 2 answers differ" in capsys.readouterr().out


def test_a_difference_is_named_with_its_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one, other = frozen(tmp_path / "a", x="1", y="2"), frozen(tmp_path / "b", x="1", y="3")
    assert compare(one, other) == 1
    printed = capsys.readouterr().out
    assert '{"http": "/y"}' in printed
    assert "1 of 2 answers differ" in printed


def test_an_answer_that_is_missing_differs(tmp_path: Path):
    assert compare(frozen(tmp_path / "a", x="1"), frozen(tmp_path / "b")) == 1


def test_the_questions_are_the_same_each_time(tmp_path: Path):
    names, table = tmp_path / "names.txt", tmp_path / "ordinary.csv"
    names.write_text("\n".join(f"Firm {number}" for number in range(1400)), "utf-8")
    plain = "\n".join(f"Plain {number}" for number in range(400))
    table.write_text(f"LegalName\n{plain}", "utf-8")
    made = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for out in made:
        make_questions(out, names, table)
    texts = [out.read_text("utf-8") for out in made]
    assert texts[0] == texts[1]
    assert len(texts[0].splitlines()) == 2000
