"""Shards of the suite."""

import json

import pytest

from tests.repository import ROOT
from tests.shards import DURATIONS, Shard, deal, shard_of


def test_each_file_is_in_one_shard_and_the_longest_are_dealt_out_first():
    durations = {"a": 50.0, "b": 30.0, "c": 20.0, "d": 1.0}
    assert deal("dcbae", durations, 2) == [{"a", "e"}, {"b", "c", "d"}]
    assert deal("ba", {}, 3) == [{"a"}, {"b"}, set()]


def test_all_files_are_in_the_shards_of_the_suite():
    files = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/**/test_*.py")}
    shards = deal(files, json.loads(DURATIONS.read_text("utf-8")), 4)
    assert sum(map(len, shards)) == len(files)
    assert set.union(*shards) == files


def test_a_shard_is_written_as_its_number_and_how_many_there_are():
    assert shard_of("2/4") == Shard(2, 4)


@pytest.mark.parametrize("text", ["0/4", "5/4", "2", "a/4", "2/", ""])
def test_no_other_shard_is_taken(text: str):
    with pytest.raises(ValueError, match=r".*"):
        shard_of(text)
