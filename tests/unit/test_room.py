"""Arrays that grow in memory or in a file are the same."""

from pathlib import Path

import numpy as np
import pytest

from abeyance_screening.primitives.arrays import IN_MEMORY, RecordWriter, ScratchSpace


@pytest.mark.parametrize("count", [0, 1, 1000, 400_000], ids=str)
def test_a_column_has_what_was_added(tmp_path: Path, count: int) -> None:
    numbers = np.arange(count, dtype=np.int64)
    for room in (IN_MEMORY, ScratchSpace(tmp_path)):
        column = room.column("i8")
        for first in range(0, count, 70_000):
            column.extend(numbers[first : first + 70_000])
        assert len(column) == count
        assert column.array().tolist() == numbers.tolist()
        zeros = room.zeros(count, "i4")
        assert zeros.dtype == np.int32
        assert not zeros.any()
        assert room.moved(numbers).tolist() == numbers.tolist()
    assert list(tmp_path.iterdir()) == []


def test_records_are_the_same_in_memory_and_in_a_file(tmp_path: Path) -> None:
    texts = [bytes([place % 251]) * (place % 700) for place in range(6000)]
    for room in (IN_MEMORY, ScratchSpace(tmp_path)):
        writer = RecordWriter(room)
        for text in texts:
            writer.add(text)
        records = writer.records()
        assert list(records) == texts
        arrays = records.picked(RecordWriter().records(), np.arange(6000)[::2]).arrays("some")
        assert arrays["some.bytes"].tobytes() == b"".join(texts[::2])
