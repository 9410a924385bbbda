"""Screening in bulk: Arrow record batches in, record batches out, here or on a cluster.

`batches` reads rows from record batches of any library that speaks the Arrow C data interface,
and builds the batches of results. `screening` opens what answers come from, once in a process, and
screens batches on a loop of its own, from memory or from file to file; `parts` does so part by
part into a folder, so that a run that was stopped goes on, and `cluster` has the parts screened by
the workers of a Dask cluster. These modules need the extra `arrow`, and `cluster` the extra
`dask`; nothing imports them before they are asked for.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

type BatchFileKind = Literal["parquet", "arrow"]
BATCH_SUFFIXES: Mapping[str, BatchFileKind] = MappingProxyType(
    {".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".ipc": "arrow"}
)
"""The kinds of files of record batches by their endings."""
