"""An index is built in one process, and asked by another that maps its file."""

from pathlib import Path

from abeyance_screening.bench.size import measure, own_mb

LISTED = ["Hikvision", "Huawei Technologies", "Bank of Kunlun", "River Valley Dairy Limited"]


def test_an_index_is_built_mapped_and_asked(tmp_path: Path):
    figures = measure(LISTED, 503, ["Hikvison", "Nordlicht Pumpen GmbH"], tmp_path)
    assert (figures.names, figures.listings) == (503, 101)
    assert 0 < figures.p50_us <= figures.p99_us
    assert figures.hits > 0
    assert 0 < figures.file_mb < 5
    assert min(figures.build_s, figures.map_s) > 0
    assert list(tmp_path.iterdir()) == []


def test_the_memory_of_a_process_that_has_ended_is_none():
    assert own_mb() > 0
    assert own_mb(2**22 + 1) == 0
