"""A worker that does as much of a job as a test wants, with answers of the service itself."""

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import msgspec
from backports import zstd

from abeyance_screening.features.jobs.rows import RowQuestion, read_chunks, rows_in
from abeyance_screening.features.jobs.store import ChunkAnswers, WorkerJobs
from abeyance_screening.platform.postgres.database import connected

_KINDS = {"hits": "h", "owner_hits": "o", "no_hits": "n", "incomplete": "i", None: "r"}


type _Counts = tuple[int, int, int, int, int]


class _Outcome(msgspec.Struct):
    outcome: str | None = None


async def read(dsn: str, key: UUID, rows_in_chunk: int) -> None:
    """Reads the whole table of a job."""
    async with connected(dsn) as connection:
        jobs, now = WorkerJobs(connection, timedelta(days=7)), datetime.now(UTC)
        job = await jobs.at_work(key)
        assert job is not None
        pieces = list[bytes]()
        while (piece := await jobs.piece(key, len(pieces))) is not None:
            pieces.append(piece)
        read = list(read_chunks(io.BytesIO(b"".join(pieces)), job.format, job.terms))
        rows = [row for chunk in read for row in rows_in(chunk.asked)]
        assert read[-1].reading is not None
        assert await jobs.set_reading(key, read[-1].reading)
        chunks = [rows[at : at + rows_in_chunk] for at in range(0, len(rows), rows_in_chunk)]
        for number, chunk in enumerate(chunks):
            asked = zstd.compress(b"\n".join(map(msgspec.json.encode, chunk)))
            assert await jobs.add_chunk(job, number, (chunk[0].row, len(chunk), asked), now)
        assert await jobs.finish_reading(key, len(rows), len(chunks), now)
        await connection.execute("update job set started_at = $2 where id = $1", key, now)


async def answer(dsn: str, key: UUID, chunks: range, address: str, settings: object) -> None:
    """Answers some chunks of a job as a stream of the service does."""
    async with connected(dsn) as connection, httpx.AsyncClient(timeout=60) as client:
        jobs, now = WorkerJobs(connection, timedelta(days=7)), datetime.now(UTC)
        for number in chunks:
            asked = await jobs.chunk_to_do(key, number)
            assert asked is not None
            rows = rows_in(asked)
            parties = [each.counterparty for each in rows if each.counterparty is not None]
            sent = await client.post(
                f"{address}/v1/screenings",
                params=msgspec.convert(settings, dict),
                content=b"\n".join(map(msgspec.json.encode, parties)),
                headers={"content-type": "application/x-ndjson"},
            )
            *answers, end = sent.content.splitlines(keepends=True)
            assert await jobs.finish_chunk(key, number, _answers(rows, answers), now)
            none = msgspec.json.decode(end) | {"count": 0, "refused": 0}
            await jobs.set_head(key, msgspec.json.encode(none))
        await jobs.finish(key, now)


def _answers(rows: list[RowQuestion], answers: list[bytes]) -> ChunkAnswers:
    given = iter(answers)
    lines = [
        b'{"line":%d,"field":"Name","reason":"is empty"}\n' % row.row
        if row.counterparty is None
        else next(given)
        for row in rows
    ]
    kinds = "".join(_KINDS[msgspec.json.decode(each, type=_Outcome).outcome] for each in lines)
    hits = [line for line, kind in zip(lines, kinds, strict=True) if kind in "ho"]
    return ChunkAnswers(
        lines=zstd.compress(b"".join(lines)),
        kinds=kinds.encode(),
        size=sum(map(len, lines)),
        hits_size=sum(map(len, hits)),
        counts=msgspec.convert([kinds.count(each) for each in "honir"], _Counts),
    )
