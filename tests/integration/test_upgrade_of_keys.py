"""Keys of an installation from before the scopes `operator` and `delete`, once it is upgraded."""

from datetime import UTC, datetime

import pytest

from abeyance_screening.platform.postgres import migrations
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.postgres.migrations import migrate

FILES = migrations._files()
NOW = datetime(2026, 11, 1, tzinfo=UTC)


async def test_keys_keep_what_they_could_do_before_there_were_operators(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    """With `admin` in the default account a key had the whole installation; the log names each."""
    before = [path for path in FILES if path.name < "0027"]
    kept = {
        "chief": ("main", ["admin"], ["admin", "operator"]),
        "branch": ("beta", ["admin"], ["admin"]),
        "asks": ("beta", ["screen", "read"], ["screen", "read", "delete"]),
        "sends": ("main", ["jobs"], ["jobs", "delete"]),
        "reads": ("main", ["read", "register"], ["read", "register"]),
        "gone": ("main", ["admin"], ["admin"]),
    }
    async with connected(fresh_database) as connection:
        monkeypatch.setattr(migrations, "_files", lambda: before)
        await migrate(connection)
        for place, (name, (account, scopes, _)) in enumerate(kept.items()):
            await connection.execute(
                "insert into api_key (account, name, owner, scopes, networks, is_stored, digest,"
                " made_at, made_by, revoked_at)"
                " values ($1, $2, 'o', $3, '{}', true, $4, $5, 'o', $6)",
                *(account, name, scopes, bytes([place]) * 32, NOW),
                NOW if name == "gone" else None,
            )
        await connection.execute(
            "insert into audit_entry (actor, action, about) values ('anna', 'job.deleted', 'x')"
        )
        monkeypatch.setattr(migrations, "_files", lambda: FILES)
        await migrate(connection)
        rows = await connection.fetch("select name, scopes from api_key")
        log = await connection.fetch(
            "select account, details::text from audit_entry where action = 'key.scopes_added'"
        )
        earlier = await connection.fetchval(
            "select outcome from audit_entry where action = 'job.deleted'"
        )
    assert dict(map(tuple, rows)) == {name: scopes for name, (_, _, scopes) in kept.items()}
    told = {(account, details) for account, details in map(tuple, log)}
    assert told == {
        ("main", '{"name": "chief", "scopes": ["operator"]}'),
        ("beta", '{"name": "asks", "scopes": ["delete"]}'),
        ("main", '{"name": "sends", "scopes": ["delete"]}'),
    }
    # whether there was such a job, nobody knew when it was written
    assert earlier is None
