"""The count of the house is what a reader of the files would count."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from tools.house import House, count_house, main

_FILES = {
    "room/__init__.py": '"""A room."""\n',
    "room/plan.py": "class Plan:\n    def draw(self):\n        x = 1\n        return x\n",
    "room/once.py": "from room.plan import Plan\n\n\nclass _Row:\n    pass\n",
    "room/hall/twice.py": "import room.once\nfrom room import plan\n\n\nclass _Row:\n    pass\n"
    "\n\nasync def go():\n    return plan\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in _FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_package_is_counted(root: Path):
    assert count_house(root, "room") == House(
        modules=4,
        median_lines=4.5,
        longest_lines=10,
        longest_module="room.hall.twice",
        functions=2,
        mean_function_lines=2.5,
        longest_function_lines=3,
        longest_function="room.plan.draw",
        imported_once=("room.once",),
        shared_class_names=("_Row",),
    )


def test_a_module_that_imports_itself_or_a_package_counts_no_importer_of_its_own(root: Path):
    (root / "room/plan.py").write_text("import room.plan\n\n\ndef draw():\n    pass\n")
    house = count_house(root, "room")
    assert "room.plan" not in house.imported_once
    assert "room" not in house.imported_once


def test_a_folder_without_functions_is_no_house(root: Path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        count_house(root, "nowhere")


def test_the_command_counts_the_service():
    printed = CliRunner().invoke(main, ["--json"], catch_exceptions=False)
    house = msgspec.json.decode(printed.stdout, type=House)
    assert house.longest_lines < 800
    assert house.longest_function_lines <= 40
    assert len(house.imported_once) <= 50
    in_words = CliRunner().invoke(main, catch_exceptions=False).stdout
    assert in_words.startswith(f"modules: {house.modules}, median ")
