"""The headers of requests and of answers, for the OpenAPI document.

Of answers those are left out that address browsers and proxies alone (`Content-Security-Policy`,
`X-Accel-Buffering` …), which are on every answer and say nothing of it. Of requests those are left
out that every operation takes, and that HTTP clients set by themselves (`Accept-Encoding` …).
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType

from abeyance_screening.platform.access.audit_chain import AUDIT_HEAD
from abeyance_screening.platform.access.idempotency import REPLAYED

_TEXT: Mapping[str, object] = MappingProxyType({"type": "string"})
_SECONDS: Mapping[str, object] = MappingProxyType({"type": "integer", "minimum": 0})
# By name: what it says, and its schema.
_HEADERS: Mapping[str, tuple[str, Mapping[str, object]]] = MappingProxyType(
    {
        "Accept-Encoding": ("The encodings in which a body may come.", _TEXT),
        "Accept-Ranges": ("`bytes`: a part can be asked for with `Range`.", _TEXT),
        "Cache-Control": (
            "What may be kept of it: `no-store`; `private, no-cache` beside an `ETag`.",
            _TEXT,
        ),
        AUDIT_HEAD: (
            "The last link of the audit log's chain, by its place and hash; see `exportAudit`.",
            _TEXT,
        ),
        "Content-Disposition": ("The name of the file.", _TEXT),
        "Content-Encoding": (
            "`zstd`, `br` or `gzip`, of those that `Accept-Encoding` takes; of more than 1 kB.",
            _TEXT,
        ),
        "Content-Range": ("Which bytes these are, of how many; `*` while more come.", _TEXT),
        "ETag": ("Marks this content; with it in `If-None-Match`, the answer is 304.", _TEXT),
        REPLAYED: (
            "`true` if this is the first answer again, since the `Idempotency-Key` came before.",
            MappingProxyType({"type": "string", "enum": ["true"]}),
        ),
        "Location": ("The address of what was made.", _TEXT),
        "Next-Cursor": ("The `cursor` of what comes later; left out if nothing will.", _TEXT),
        "RateLimit": (
            "What is left of each limit (`r`), and seconds until it is whole (`t`); if limited.",
            _TEXT,
        ),
        "RateLimit-Policy": (
            "The limits of the caller, each its quota (`q`) in seconds (`w`); if limited.",
            _TEXT,
        ),
        "Retry-After": ("In how many seconds to ask again.", _SECONDS),
        "Vary": ("The headers of the request that the answer depends on.", _TEXT),
        "WWW-Authenticate": ("How a key is sent: `Bearer`.", _TEXT),
        "X-Request-ID": (
            "Id of the request, which the service's log has too; the caller's own if it is plain.",
            _TEXT,
        ),
    }
)
_ALWAYS = frozenset({"X-Request-ID", "Cache-Control"})
_PERHAPS = ("Content-Encoding", "Vary")
_LIMITS = ("RateLimit", "RateLimit-Policy")
# Who is not known yet has no limits that could be shown.
_BEFORE_LIMITS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_BY_STATUS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate",),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("Accept-Encoding",),
        HTTPStatus.TOO_MANY_REQUESTS: ("Retry-After",),
        HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After",),
    }
)
_RESULTS = ("Accept-Ranges", "ETag", "Next-Cursor")
_BY_OPERATION: Mapping[tuple[str, int], tuple[str, ...]] = MappingProxyType(
    {
        ("addJob", 202): ("Location",),
        ("exportAudit", 200): (AUDIT_HEAD,),
        ("exportInstallationAudit", 200): (AUDIT_HEAD,),
        ("getCounterparty", 200): ("ETag",),
        ("putCounterparty", 200): ("ETag",),
        ("putCounterparty", 201): ("ETag",),
        ("jobResults", 200): (*_RESULTS, "Content-Disposition"),
        ("jobResults", 206): (*_RESULTS, "Content-Range"),
        ("jobResults", 304): _RESULTS,
        ("jobResults", 416): ("Content-Range",),
    }
)
_HAS_TAG = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})


def header_components() -> dict[str, object]:
    """Return every header as a component of the document, by its name."""
    return {
        name: {
            "description": said,
            "schema": dict(schema),
            **({"required": True} if name in _ALWAYS else {}),
        }
        for name, (said, schema) in _HEADERS.items()
    }


def headers_of(
    operation: str, status: int, *, needs_key: bool, may_repeat: bool, is_tagged: bool
) -> dict[str, object]:
    """Return the headers that an answer of an operation has, or may have, as references.

    `needs_key` says whether the operation is one for callers with limits, `may_repeat` whether it
    takes an `Idempotency-Key`, `is_tagged` whether its answer has an `ETag`.
    """
    names = set(_names(operation, status, needs_key=needs_key, may_repeat=may_repeat))
    if is_tagged and status in _HAS_TAG:
        names.add("ETag")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)}


def _names(operation: str, status: int, *, needs_key: bool, may_repeat: bool) -> Iterator[str]:
    yield from _ALWAYS
    yield from _PERHAPS
    yield from _BY_STATUS.get(status, ())
    yield from _BY_OPERATION.get((operation, status), ())
    if needs_key and status not in _BEFORE_LIMITS:
        yield from _LIMITS
    if may_repeat and HTTPStatus(status).is_success:
        yield REPLAYED


# By name: what a request says with it.
_REQUEST_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Disposition": "`attachment; filename=…`: the name of the file, if `name` is left "
        "out.",
        "If-Match": "The revision that the caller has read, as its `ETag` has it, or `*`. In "
        "another one nothing is changed, and the answer is 412.",
        "If-None-Match": "The `ETag` of what the caller has, or several. If it is still so, the "
        "answer is 304, without a body.",
        "If-Range": "The `ETag` of what the caller has a part of. If it is no longer so, `Range` "
        "does not count.",
        "Range": "`bytes=1000-`: what comes after the bytes that the caller has; also "
        "`bytes=0-999` and `bytes=-500`. Of the NDJSON alone; several ranges count as none.",
    }
)
_READ_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "addJob": ("Content-Disposition",),
        "deleteCounterparty": ("If-Match",),
        "putCounterparty": ("If-Match",),
        "jobResults": ("If-None-Match", "If-Range", "Range"),
    }
)


def read_headers(operation: str, *, is_tagged: bool) -> Iterator[dict[str, object]]:
    """Yield the headers of a request that an operation reads, as parameters of the document.

    `is_tagged` says whether its answer has an `ETag`.
    """
    for name in ("If-None-Match",) if is_tagged else _READ_BY.get(operation, ()):
        yield {
            "name": name,
            "in": "header",
            "required": False,
            "description": _REQUEST_HEADERS[name],
            "schema": dict(_TEXT),
        }
