"""The files beside the pages, read once: styles, scripts, the mark."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class StaticFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its bytes, its media type, and a tag that changes with the bytes."""

    body: bytes
    kind: str
    tag: str


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:20]
    return StaticFile(body=body, kind=_KINDS[path.suffix], tag=f'"{digest}"')


FILES: Mapping[str, StaticFile] = MappingProxyType(
    {path.name: _read(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _KINDS}
)
"""By name, whatever of these kinds lies in the folder."""
