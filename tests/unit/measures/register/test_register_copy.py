"""The copy of the register that a start reads: used while it fits, and never if it does not."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from types import FrameType

import pytest

from abeyance_screening.engine.measures.measure import ShippedRegister
from abeyance_screening.engine.measures.register.read import (
    LEDGER,
    is_register_file,
    read_folder,
    register_folder,
    shipped,
)
from abeyance_screening.platform.stores.register_copy import read_shipped
from abeyance_screening.primitives.errors import RegisterRefusedError
from tests.cases import for_each


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped register's files in a folder that may be changed."""
    where = tmp_path / "register"
    where.mkdir()
    for each in register_folder().iterdir():
        if is_register_file(each.name):
            (where / each.name).write_bytes(each.read_bytes())
    return where


class ReadError(Exception):
    """The files of a register were read where its copy should do."""


@contextmanager
def not_reading_files() -> Generator[None]:
    """Ends what reads the folder of a register within."""

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is read_folder.__code__:
            raise ReadError(frame.f_code.co_qualname)

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_the_second_start_has_the_same_register_without_reading_its_files(tmp_path: Path):
    copy = tmp_path / "new folder" / "register.copy"
    assert read_shipped(copy) == shipped()
    with not_reading_files():
        again = read_shipped(copy)
    assert again == shipped()
    assert copy.stat().st_mode & 0o077 == 0


def test_a_first_start_reads_the_files(tmp_path: Path):
    with pytest.raises(ReadError), not_reading_files():
        read_shipped(tmp_path / "register.copy")


def test_a_register_that_changed_is_read_anew(tmp_path: Path, folder: Path):
    copy = tmp_path / "register.copy"
    before = read_shipped(copy, folder)
    file = folder / "nl.yaml"
    text = file.read_text("utf-8")
    title = before.measures[0].title
    of_file = next(each for each in before.measures if f"title: {each.title}\n" in text)
    file.write_text(text.replace(of_file.title, f"{of_file.title}, as amended", 1), "utf-8")
    after = read_shipped(copy, folder)
    titles = {each.id: each.title for each in after.measures}
    assert titles[of_file.id] == f"{of_file.title}, as amended"
    assert after.measures[0].title == title
    with not_reading_files():
        assert read_shipped(copy, folder) == after


def test_a_fault_of_the_register_is_found_in_spite_of_a_copy_from_before_it(
    tmp_path: Path, folder: Path
):
    copy = tmp_path / "register.copy"
    read_shipped(copy, folder)
    (folder / "nl.yaml").write_text("measures: 1\n", "utf-8")
    with pytest.raises(RegisterRefusedError, match=r"nl\.yaml"):
        read_shipped(copy, folder)


def _flipped(place: float) -> Callable[[bytes], bytes]:
    def flip(content: bytes) -> bytes:
        at = int(place * (len(content) - 1))
        return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]

    return flip


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "nothing in it": lambda _: b"",
    "half of it": lambda content: content[: len(content) // 2],
    "a digest short": lambda content: content[:40],
    "a byte more": lambda content: content + b"\0",
    "another's text": lambda _: b"measures: []\n" * 1_000,
    **{f"a bit at {hundredth} %": _flipped(hundredth / 100) for hundredth in range(0, 101, 5)},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ShippedRegister]:
    copy = tmp_path_factory.mktemp("copy") / "register.copy"
    return copy, read_shipped(copy)


@for_each("damage", DAMAGES)
def test_a_damaged_copy_is_not_used(
    damage: Callable[[bytes], bytes], whole: tuple[Path, ShippedRegister]
):
    path, register = whole
    copy = path.with_name("damaged.copy")
    copy.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ReadError), not_reading_files():
        read_shipped(copy)
    copy.unlink()
    copyfile(path, copy)
    with not_reading_files():
        assert read_shipped(copy) == register


def test_a_damaged_copy_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    copy = tmp_path / "register.copy"
    read_shipped(copy)
    sound = copy.read_bytes()
    copy.write_bytes(sound[:-1])
    assert read_shipped(copy) == shipped()
    assert "register.copy_damaged" in caplog.text
    assert copy.read_bytes() == sound


def test_a_folder_that_cannot_be_written_costs_the_copy_alone(tmp_path: Path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    assert read_shipped(in_the_way / "register.copy") == shipped()
    assert list(tmp_path.iterdir()) == [in_the_way]


def test_the_ledger_is_of_the_register(tmp_path: Path, folder: Path):
    copy = tmp_path / "register.copy"
    revision = read_shipped(copy, folder).revision
    lines = (folder / LEDGER).read_text("utf-8").splitlines(keepends=True)
    (folder / LEDGER).write_text("".join(lines[:-1]), "utf-8")
    assert read_shipped(copy, folder).revision == revision - 1
