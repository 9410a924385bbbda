"""Single changes in files: which are made, and which the tests of a checkout catch."""

from pathlib import Path

import pytest

from tools.quality.mutants import Checkout, choose, files_in, mutants_of, try_all

LAW = b'''"""One rule."""


def binds(day: int, *, starts: "int" = 3, over: bool = False) -> bool | None:
    """Whether it binds."""
    if not over and day >= starts:
        return True
    return f"{day != 2}" == "\xc3\xa9"
'''
TESTS = """import law

def test_the_first_day_binds():
    assert law.binds(3) is True

def test_the_day_before_does_not():
    assert not law.binds(2)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root, copy = tmp_path / "root", tmp_path / "copy"
    for folder in (root, copy):
        folder.mkdir()
        (folder / "law.py").write_bytes(LAW)
        (folder / "test_law.py").write_text(TESTS, "utf-8")
    return Checkout(root, copy, ("test_law.py", "-c", "/dev/null", "--rootdir", "."), 60)


def changed(content: bytes) -> list[str]:
    return [
        (content[: each.start] + each.text.encode() + content[each.end :]).decode()
        for each in mutants_of(Path("law.py"), content)
    ]


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        pytest.param(
            "x = 1 < y < z\n",
            {"x = (1 <= y < z)\n", "x = (1 < y <= z)\n", "x = (2) < y < z\n", "x = (0) < y < z\n"},
            id="comparisons and numbers",
        ),
        pytest.param(
            "x = a or b and c\n", {"x = (a and (b and c))\n", "x = a or (b or c)\n"}, id="and"
        ),
        pytest.param("x = not a\n", {"x = (a)\n"}, id="not"),
        pytest.param("x = é is None\n", {"x = (é is not None)\n"}, id="a letter of two bytes"),
        pytest.param(
            "def f() -> Literal[1]:\n    return a\n",
            {"def f() -> Literal[1]:\n    return None\n"},
            id="a returned value, and no annotation",
        ),
        pytest.param("def f():\n    return None\n", set(), id="None is returned already"),
        pytest.param("x = True\n", set(), id="a truth is no number"),
    ],
)
def test_each_slip_is_made_alone(line: str, changes: set[str]):
    assert set(changed(line.encode())) == changes


def test_every_change_of_a_real_module_can_be_compiled():
    root = Path(__file__).parents[3]
    content = (root / "tools/quality/mutants.py").read_bytes()
    texts = changed(content)
    assert len(texts) >= 40
    for text in texts:
        compile(text, "changed.py", "exec")


def test_the_same_seed_chooses_the_same_changes(checkout: Checkout):
    files = files_in([Path()], checkout.root)
    assert files == [Path("law.py"), Path("test_law.py")]
    drawn = [choose(checkout.root, files[:1], 4, seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_tests_look_at_is_caught_and_the_rest_survives(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
):
    made = list(mutants_of(Path("law.py"), LAW))
    turned = next(each for each in made if "day > starts" in each.text)
    unseen = next(each for each in made if "day == 2" in each.text)
    found = try_all(checkout, [Path("law.py")], [turned, unseen, turned])
    assert found == {"failed": 2, "passed": 1}
    assert "SURVIVED law.py:8  day != 2  →  (day == 2)" in capsys.readouterr().out
    assert (checkout.copy / "law.py").read_bytes() == LAW


def test_tests_that_fail_anyway_measure_nothing(checkout: Checkout):
    (checkout.copy / "test_law.py").write_text("def test_it():\n    assert False\n", "utf-8")
    with pytest.raises(SystemExit, match="do not pass as they are"):
        try_all(checkout, [Path("law.py")], [])


def test_tests_that_do_not_import_the_files_measure_nothing(checkout: Checkout):
    (checkout.copy / "test_law.py").write_text("def test_it():\n    pass\n", "utf-8")
    with pytest.raises(SystemExit, match="do not import them"):
        try_all(checkout, [Path("law.py")], [])


def test_tests_that_never_end_are_ended(checkout: Checkout):
    (checkout.copy / "test_law.py").write_text(
        "import time\n\ndef test_it():\n    time.sleep(600)\n", "utf-8"
    )
    assert checkout._replace(limit_s=2).run() == "too long"
