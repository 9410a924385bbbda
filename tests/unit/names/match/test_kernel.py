"""Where compiled code is kept when the user's cache folder cannot be written."""

from pathlib import Path

from abeyance_screening.engine.names.match.kernel import provide_stand_in


def _cache(folder: Path) -> Path:
    (folder / "match").mkdir(parents=True)
    (folder / "match" / "score.nbi").write_bytes(b"code")
    (folder / ".all").touch()
    return folder


def test_the_stand_in_starts_with_what_was_compiled(tmp_path: Path) -> None:
    cache = _cache(tmp_path / "cache")

    folder = provide_stand_in(tmp_path / "stand-in", cache)

    assert folder is not None
    assert folder == tmp_path / "stand-in"
    assert (folder / "match" / "score.nbi").read_bytes() == b"code"
    assert (folder / ".all").exists()
    assert (folder.stat().st_mode & 0o777) == 0o700


def test_without_a_cache_it_is_empty_and_the_next_process_finds_it(tmp_path: Path) -> None:
    folder = provide_stand_in(tmp_path / "stand-in", None)

    assert folder is not None
    (folder / ".all").touch()
    assert provide_stand_in(folder, _cache(tmp_path / "cache")) == folder
    assert [each.name for each in folder.iterdir()] == [".all"]


def test_a_folder_that_others_may_enter_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "stand-in"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / ".all").touch()

    assert provide_stand_in(folder, None) is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (elsewhere / ".all").touch()
    (tmp_path / "stand-in").symlink_to(elsewhere)

    assert provide_stand_in(tmp_path / "stand-in", None) is None


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    provide_stand_in(tmp_path / "stand-in", None)
    provide_stand_in(tmp_path / "stand-in", None)

    assert [each.name for each in tmp_path.iterdir()] == ["stand-in"]


def test_where_nothing_can_be_written_there_is_none(tmp_path: Path) -> None:
    assert provide_stand_in(tmp_path / "missing" / "stand-in", None) is None
