"""Keys as they are written and known: form, comparison, expiry, rotation, what each may do."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, override

import asyncpg
import pytest

from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.platform.access.callers import Keyring
from abeyance_screening.platform.access.keys import (
    KEY_PATTERN,
    ApiKeyStore,
    KeyProof,
    digest_of,
    is_key,
    key_of,
)
from abeyance_screening.platform.settings import CallerLimits, Operator, Scope
from abeyance_screening.primitives.errors import (
    ForbiddenError,
    StoreUnavailableError,
    UnauthorisedError,
)
from tests.served import FixedClock

NOON = datetime(2026, 11, 27, 12, 0, 7, tzinfo=UTC)
KEY, OLD, OTHER = key_of(bytes(range(32))), key_of(bytes(32)), key_of(b"\xff" * 32)
HERE = "10.1.2.3"


def proof(**changes: Any) -> KeyProof:
    fields: dict[str, Any] = {
        "id": 7,
        "account": "main",
        "owner": "purchasing",
        "scopes": ("screen",),
        "networks": (),
        "defaults": QuestionDefaults(),
        "limits": CallerLimits(),
        "digest": digest_of(KEY),
        "previous_digest": None,
        "previous_until": None,
        "expires_at": None,
    }
    return KeyProof(**fields | changes)


def keyring(*proofs: KeyProof, is_asking: bool = True, now: datetime = NOON) -> Keyring:
    ring = Keyring(
        [Operator(name="anna", key="a-key-that-only-anna-has")],
        is_asking=is_asking,
        now=FixedClock(now),
    )
    ring.take(proofs)
    return ring


def outcome(ring: Keyring, needed: Scope, key: str | None, address: str | None = HERE) -> object:
    """The owner of what is let in; for what is not, why."""
    try:
        return ring.admit(needed, key, address).owner
    except UnauthorisedError:
        return UnauthorisedError
    except ForbiddenError:
        return ForbiddenError


def test_a_key_holds_256_bits_behind_a_prefix_and_before_digits_that_check_them():
    assert (len(KEY), KEY[:5]) == (54, "abey_")
    for key in (KEY, OLD, OTHER):
        assert KEY_PATTERN.fullmatch(key)
        assert is_key(key)
    slips = [
        f"{KEY[:place]}{'x' if KEY[place] != 'x' else 'y'}{KEY[place + 1 :]}"
        for place in range(54)
    ]
    assert not any(map(is_key, [*slips, KEY[:-1], f"{KEY}0", KEY.swapcase(), ""]))


def test_a_key_is_compared_whole_and_in_the_same_time_whether_it_is_known_or_not(
    monkeypatch: pytest.MonkeyPatch,
):
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def noting(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", noting)
    twin = digest_of(KEY)[:8] + bytes(24)
    assert outcome(keyring(proof(digest=twin)), "screen", KEY) is UnauthorisedError
    assert outcome(keyring(proof()), "screen", OTHER) is UnauthorisedError
    assert outcome(keyring(proof()), "screen", KEY) == "purchasing"
    assert [(len(one), other) for one, other in compared] == [
        (32, digest_of(KEY)),
        (32, digest_of(OTHER)),
        (32, digest_of(KEY)),
    ]


ROTATED = {"previous_digest": digest_of(OLD), "previous_until": NOON + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("changes", "key", "address", "expected"),
    [
        pytest.param({}, KEY, HERE, "purchasing", id="it works"),
        pytest.param({}, None, HERE, UnauthorisedError, id="no key"),
        pytest.param({}, "letmein", HERE, UnauthorisedError, id="another word"),
        pytest.param(
            {"expires_at": NOON + timedelta(seconds=1)}, KEY, HERE, "purchasing", id="last second"
        ),
        pytest.param({"expires_at": NOON}, KEY, HERE, UnauthorisedError, id="expired"),
        pytest.param(ROTATED, KEY, HERE, "purchasing", id="the new one"),
        pytest.param(ROTATED, OLD, HERE, "purchasing", id="the old one within the overlap"),
        pytest.param(
            ROTATED | {"previous_until": NOON}, OLD, HERE, UnauthorisedError, id="after it"
        ),
        pytest.param(
            ROTATED | {"expires_at": NOON}, OLD, HERE, UnauthorisedError, id="both expired"
        ),
        pytest.param({"networks": ("10.1.0.0/16",)}, KEY, HERE, "purchasing", id="within"),
        pytest.param({"networks": ("10.1.0.0/16",)}, KEY, f"::ffff:{HERE}", "purchasing", id="v6"),
        pytest.param({"networks": ("10.2.0.0/16",)}, KEY, HERE, ForbiddenError, id="elsewhere"),
        pytest.param({"networks": ("::/0",)}, KEY, None, ForbiddenError, id="no address"),
        pytest.param({"scopes": ("read",)}, KEY, HERE, ForbiddenError, id="another scope"),
        pytest.param({"scopes": ("admin",)}, KEY, HERE, "purchasing", id="admin may do all"),
    ],
)
def test_a_key_works_where_and_as_long_as_it_should(
    changes: Mapping[str, object], key: str | None, address: str | None, expected: object
):
    assert outcome(keyring(proof(**changes)), "screen", key, address) == expected


@pytest.mark.parametrize(
    ("needed", "key", "expected"),
    [
        pytest.param("screen", None, "anybody", id="no key"),
        pytest.param("read", "a proxy's own token", "anybody", id="a key that is none of ours"),
        pytest.param("read", KEY, "purchasing", id="a key without the scope"),
        pytest.param("screen", OTHER, UnauthorisedError, id="a revoked key"),
        pytest.param("screen", f"{KEY[:-1]}_", UnauthorisedError, id="a key with a slip"),
        pytest.param("admin", None, UnauthorisedError, id="managing keys"),
        pytest.param("register", KEY, ForbiddenError, id="changing the register"),
        pytest.param("judge", "a-key-that-only-anna-has", "anna", id="an operator"),
        pytest.param(
            "admin", "a-key-that-only-anna-has", ForbiddenError, id="keys by an operator"
        ),
    ],
)
def test_a_service_that_asks_for_no_key_still_asks_whoever_changes_something(
    needed: Scope, key: str | None, expected: object
):
    assert outcome(keyring(proof(), is_asking=False), needed, key) == expected


class Nowhere:
    """A place without a database."""

    async def fetch(self, _query: str, /, *_args: object) -> list[asyncpg.Record]:
        raise OSError


class Database(ApiKeyStore):
    """A database of keys that notes what is asked of it, and can go away."""

    def __init__(self, *proofs: KeyProof) -> None:
        super().__init__(Nowhere())
        self.number, self.kept, self.is_away = 1, proofs, False
        self.asked: list[object] = []

    @override
    async def change_number(self) -> int:
        if self.is_away:
            raise StoreUnavailableError
        return self.number

    @override
    async def proofs(self) -> tuple[KeyProof, ...]:
        self.asked.append("proofs")
        return self.kept

    @override
    async def note_uses(self, uses: Mapping[int, datetime]) -> None:
        self.asked.append(dict(uses))


async def test_what_is_known_stays_while_the_database_is_away_and_uses_are_written_by_the_minute():
    clock = FixedClock(NOON)
    ring = Keyring([], is_asking=True, now=clock)
    with pytest.raises(StoreUnavailableError):
        ring.admit("screen", KEY, HERE)
    database = Database(proof(), proof(id=8, digest=digest_of(OTHER)))
    await ring.look(database)
    for _ in range(50):
        assert outcome(ring, "screen", KEY) == "purchasing"
        await ring.look(database)
    assert database.asked == ["proofs"]
    database.kept, database.number = (proof(),), 2
    await ring.look(database)
    database.is_away = True
    with pytest.raises(StoreUnavailableError):
        await ring.look(database)
    assert outcome(ring, "screen", KEY) == "purchasing"
    assert outcome(ring, "screen", OTHER) is UnauthorisedError
    database.is_away, clock.now = False, NOON + timedelta(minutes=1)
    await ring.look(database)
    assert database.asked == ["proofs", "proofs", "proofs", {7: NOON.replace(second=0)}]
