"""Register bundles fetched from a server with every fault, into a real database."""

import asyncio
import hashlib
import json
import logging
import lzma
import subprocess
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner  # pyright: ignore[reportPrivateImportUsage]

from abeyance_screening.app.doctor import diagnose
from abeyance_screening.engine.lists.bundled import BundledFile, bundled_editions, editions_folder
from abeyance_screening.engine.measures.board import CurrentBoard
from abeyance_screening.engine.measures.measure import Event, Measure
from abeyance_screening.engine.measures.register.read import (
    LEDGER,
    LedgerLine,
    read_folder,
    read_ledger,
    register_folder,
    unrecorded,
    write_ledger,
)
from abeyance_screening.engine.measures.register_state import BundleReport
from abeyance_screening.engine.wording.answers import register_in_words
from abeyance_screening.features.register.api import register_shown
from abeyance_screening.features.register.bundle_file import make_bundle
from abeyance_screening.features.register.bundles import BUNDLE_PATIENCE, EVERY, refresh_register
from abeyance_screening.features.register.events import Addition, Operators
from abeyance_screening.platform.cli.measures import bundle_line
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.local_data import register_state
from abeyance_screening.platform.postgres.database import connected, refreshing
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.postgres.pool import connections_with_news
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.connection import StoreOnConnection
from abeyance_screening.platform.stores.register import record_shipped
from abeyance_screening.primitives.errors import RefreshingElsewhereError
from tests.forked import abeyance_command
from tests.integration.test_register import EXTENSION
from tests.publisher import Publisher
from tests.served import HANGS_AFTER_S, without_database_url
from tests.shipped_register import shipped

SHIPPED = shipped()
RULE = "us-bis-affiliates-rule"
PATH = "/register.bundle"
KEY, OTHER = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
MADE = NOW - timedelta(hours=1)
IMPATIENT = Patience(tries=2, connect_s=2, read_s=1, total_s=3, first_wait_s=0)
NEW_EVENT = """\
      - id: extend-suspension-2026-11-24
        kind: extend_suspension
        published_on: 2026-11-24
        effective_on: 2026-11-24
        until: 2027-11-09
        until_bound: inclusive
        until_state: stated
        lapse_effect: restriction_returns
        citation: 91 FR 99999
        confidence: verified_secondary
"""


def pem_of(*keys: CryptoSigner) -> bytes:
    return b"".join(
        key._private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for key in keys
    )


def copied(folder: Path) -> Path:
    folder.mkdir()
    for each in register_folder().iterdir():
        if each.name.endswith((".yaml", ".csv")):
            (folder / each.name).write_bytes(each.read_bytes())
    return folder


def with_event(folder: Path) -> Path:
    """The shipped register with one more event of the Affiliates Rule, recorded."""
    copied(folder)
    text = (folder / "bis.yaml").read_text("utf-8")
    start = text.index(f"- id: {RULE}\n")
    place = text.index("\n    events:\n", start) + len("\n    events:\n")
    (folder / "bis.yaml").write_text(text[:place] + NEW_EVENT + text[place:], "utf-8")
    record(folder)
    return folder


def record(folder: Path) -> None:
    measures, faults = read_folder(folder)
    assert faults == ()
    ledger = read_ledger(folder)
    new = unrecorded(measures, ledger, NOW)
    (folder / LEDGER).write_text(write_ledger([*ledger, *new]), "utf-8")


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A bundle with one event more than this program has."""
    folder = with_event(tmp_path_factory.mktemp("newer") / "register")
    return make_bundle(folder, None, (KEY,), MADE)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


class Replica:
    """A database with the shipped register, and settings that fetch bundles from the publisher."""

    def __init__(self, dsn: str, publisher: Publisher, folder: Path) -> None:
        self.dsn = dsn
        self.publisher = publisher
        (folder / "keys.pem").write_bytes(pem_of(KEY))
        self.settings = Settings(
            data_dir=folder,
            register_url=publisher.url(PATH),
            register_key=folder / "keys.pem",
        )

    async def refresh(self, *, only_due: bool = False) -> BundleReport:
        report = await refresh_register(
            self.settings, self.dsn, only_due=only_due, patience=IMPATIENT
        )
        assert report is not None
        return report

    async def rule(self) -> Measure:
        boards = CurrentBoard()
        async with connected(self.dsn) as connection:
            await boards.catch_up(StoreOnConnection(connection))
        return boards.get().register.get(RULE)

    async def execute(self, statement: str) -> None:
        async with connected(self.dsn) as connection:
            await connection.execute(statement)


@pytest.fixture
async def shipped_database(fresh_database: str) -> str:
    async with connected(fresh_database) as connection:
        await migrate(connection)
        await connection.execute("truncate register_event, register_measure, bundle_fetch")
        await connection.execute("alter table register_keys disable trigger user")
        await connection.execute("truncate register_keys")
        await connection.execute("alter table register_keys enable trigger user")
        await connection.execute("truncate listing_version, edition, load_attempt cascade")
        await connection.execute("update register_state set revision = 0, made_at = null")
        await record_shipped(StoreOnConnection(connection), SHIPPED, NOW)
    return fresh_database


@pytest.fixture
def replica(shipped_database: str, publisher: Publisher, tmp_path: Path) -> Replica:
    return Replica(shipped_database, publisher, tmp_path)


async def test_a_bundle_becomes_the_register_in_force(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    report = await replica.refresh()
    assert (report.outcome, report.revision) == ("recorded", SHIPPED.revision + 1)
    assert "extend-suspension-2026-11-24" in {each.id for each in (await replica.rule()).events}
    state = await register_state(replica.dsn)
    assert (state.revision, state.made_at) == (SHIPPED.revision + 1, MADE)
    assert state.last_fetch is not None
    assert state.last_fetch.outcome == "recorded"


async def test_every_replica_is_notified_and_takes_it_up(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    boards = CurrentBoard()
    async with aclosing(connections_with_news(replica.dsn)) as news:
        await boards.catch_up(StoreOnConnection(await anext(news)))
        before = len(boards.get().register.get(RULE).events)
        await replica.refresh()
        connection = await asyncio.wait_for(anext(news), HANGS_AFTER_S)
        await boards.catch_up(StoreOnConnection(connection))
    assert len(boards.get().register.get(RULE).events) == before + 1


async def test_what_has_not_changed_is_asked_for_by_its_tag_and_not_sent_again(
    replica: Replica, newer: bytes
):
    replica.publisher.serve(PATH, newer)
    await replica.refresh()
    report = await replica.refresh()
    assert (report.outcome, report.revision) == ("unchanged", None)
    assert "if-none-match" in replica.publisher.asked(PATH)[-1].headers


async def test_a_restart_keeps_a_newer_bundle_and_one_of_the_same_revision(
    replica: Replica, newer: bytes, tmp_path: Path
):
    """A reading or a day of checking changes no ledger, and must survive a restart as well."""
    folder = copied(tmp_path / "register")
    text = (folder / "bis.yaml").read_text("utf-8")
    title = f"- id: {RULE}\n    title: >-\n      "
    assert title in text
    (folder / "bis.yaml").write_text(text.replace(title, f"{title}Reworded ", 1), "utf-8")
    for content in (make_bundle(folder, None, (KEY,), MADE), newer):
        replica.publisher.serve(PATH, content)
        assert (await replica.refresh()).outcome == "recorded"
        taken = await replica.rule()
        async with connected(replica.dsn) as connection:
            assert not await record_shipped(StoreOnConnection(connection), SHIPPED, NOW)
        assert await replica.rule() == taken
        assert taken != next(each for each in SHIPPED.measures if each.id == RULE)


async def test_a_newer_program_replaces_a_bundle(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    await replica.refresh()
    upgraded = msgspec.structs.replace(SHIPPED, revision=SHIPPED.revision + 2)
    async with connected(replica.dsn) as connection:
        assert await record_shipped(StoreOnConnection(connection), upgraded, NOW)
    assert (await register_state(replica.dsn)).made_at is None


async def test_an_operators_event_survives_a_bundle(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    async with connected(replica.dsn) as connection:
        store, boards = StoreOnConnection(connection), CurrentBoard()
        await boards.catch_up(store)
        operators = Operators(store, boards, lambda: NOW)
        own = msgspec.structs.replace(EXTENSION, confidence="verified_secondary")
        await operators.add_all([Addition(measure_id=RULE, event=own)], "anna")
    await replica.refresh()
    assert [each.origin for each in (await replica.rule()).events].count("operator") == 1


# --- What is refused; the register in force stays, and the state says why.


def _tampered(content: bytes) -> bytes:
    envelope = json.loads(content)
    payload = envelope["payload"]
    middle = len(payload) // 2
    swapped = "A" if payload[middle] != "A" else "B"
    return json.dumps(
        envelope | {"payload": payload[:middle] + swapped + payload[middle + 1 :]}
    ).encode()


def _older(_: bytes, folder: Path) -> bytes:
    """The register without its last event, as an earlier bundle had it."""
    *lines, last = read_ledger(copied(folder))
    measures = [
        _with_events(each, [event for event in each.events if (each.id, event.id) != last.key[:2]])
        for each in SHIPPED.measures
    ]
    return _bundle_of(folder, measures, lines)


def _without_an_event(_: bytes, folder: Path) -> bytes:
    """A higher revision, from which a recorded event of the Affiliates Rule is gone."""
    measures = list(SHIPPED.measures)
    place = next(number for number, each in enumerate(measures) if each.id == RULE)
    gone, *others = measures[place].events
    copies = [msgspec.structs.replace(others[0], id=f"copy-{number}") for number in range(2)]
    measures[place] = _with_events(measures[place], [*others, *copies])
    lines = [each for each in read_ledger(copied(folder)) if each.key[:2] != (RULE, gone.id)]
    return _bundle_of(folder, measures, lines)


def _with_events(measure: Measure, events: list[Event]) -> Measure:
    return msgspec.structs.replace(measure, events=tuple(events))


def _bundle_of(folder: Path, measures: list[Measure], lines: list[LedgerLine]) -> bytes:
    for each in folder.glob("*.yaml"):
        each.unlink()
    untimed = [
        _with_events(
            each, [msgspec.structs.replace(event, recorded_at=None) for event in each.events]
        )
        for each in measures
    ]
    content = msgspec.yaml.encode(msgspec.to_builtins({"measures": untimed}))
    (folder / "all.yaml").write_bytes(content)
    new = unrecorded(measures, lines, NOW)
    (folder / LEDGER).write_text(write_ledger([*lines, *new]), "utf-8")
    return make_bundle(folder, None, (KEY,), MADE)


def _of_another_time(_: bytes, folder: Path) -> bytes:
    """A recorded event that claims to have been known a year earlier."""
    with_event(folder)
    lines = [
        msgspec.structs.replace(line, recorded_at=NOW - timedelta(days=365))
        if line.key == read_ledger(register_folder())[-1].key
        else line
        for line in read_ledger(folder)
    ]
    (folder / LEDGER).write_text(write_ledger(lines), "utf-8")
    return make_bundle(folder, None, (KEY,), MADE)


def _from_the_future(_: bytes, folder: Path) -> bytes:
    return make_bundle(with_event(folder), None, (KEY,), datetime.now(UTC) + timedelta(days=3))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda it, _: _tampered(it), "does not fit", id="tampered"),
        pytest.param(
            lambda it, _: json.dumps(json.loads(it) | {"signatures": []}).encode(),
            "is not signed",
            id="unsigned",
        ),
        pytest.param(
            lambda _, folder: make_bundle(with_event(folder), None, (OTHER,), MADE),
            "no key that is trusted",
            id="signed by another key",
        ),
        pytest.param(lambda it, _: it[: len(it) // 2], "no signed bundle", id="cut off"),
        pytest.param(lambda *_: b"<html>sign in</html>", "no signed bundle", id="a web page"),
        pytest.param(_older, "is older than", id="older"),
        pytest.param(_without_an_event, "was recorded, and is gone", id="an event gone"),
        pytest.param(_of_another_time, "another time of recording", id="a time rewritten"),
        pytest.param(_from_the_future, "has not come yet", id="from the future"),
    ],
)
async def test_a_bad_bundle_is_refused_and_the_register_in_force_stays(
    replica: Replica,
    newer: bytes,
    tmp_path: Path,
    make: Callable[[bytes, Path], bytes],
    reason: str,
    caplog: pytest.LogCaptureFixture,
):
    replica.publisher.serve(PATH, make(newer, tmp_path / "register"))
    before = await replica.rule()
    with caplog.at_level(logging.WARNING):
        report = await replica.refresh()
        await replica.refresh()
    assert report.outcome == "refused"
    assert reason in (report.reason or "")
    assert await replica.rule() == before
    state = await register_state(replica.dsn)
    assert state.revision == SHIPPED.revision
    assert state.last_fetch is not None
    assert (state.last_fetch.outcome, state.last_fetch.failures) == ("refused", 2)
    assert reason in (state.last_fetch.reason or "")
    # the same failure is logged once, and the file is asked for in full again
    assert [each.message for each in caplog.records] == ["register.bundle_not_taken"]
    assert "if-none-match" not in replica.publisher.asked(PATH)[-1].headers


async def test_the_last_refusal_is_told_after_a_later_success(replica: Replica, newer: bytes):
    before = await register_state(replica.dsn)
    replica.publisher.serve(PATH, b"no bundle at all")
    refused = await replica.refresh()
    assert (await register_state(replica.dsn)).digest == before.digest
    replica.publisher.serve(PATH, newer)
    await replica.refresh()
    state = await register_state(replica.dsn)
    assert state.last_fetch is not None
    assert (state.last_fetch.outcome, state.last_fetch.reason) == ("recorded", None)
    assert state.last_fetch.refused_because == refused.reason
    assert state.digest != before.digest
    shown = register_shown(state, ())
    assert (shown.origin, shown.made_at) == ("bundle", MADE)
    assert shown.last_refusal is not None
    assert (shown.last_refusal.outcome, shown.last_refusal.reason) == ("refused", refused.reason)
    words = register_in_words(state)
    assert "from a signed bundle of" in words[0]
    assert words[1].startswith("The last signed bundle of 24 Nov 2026 was signed by ")
    assert f"{refused.reason}." in words[2]


async def test_an_older_bundle_of_the_same_revision_is_not_played_back(
    replica: Replica, tmp_path: Path
):
    folder = copied(tmp_path / "register")
    replica.publisher.serve(PATH, make_bundle(folder, None, (KEY,), MADE))
    await replica.refresh()
    earlier = MADE - timedelta(days=1)
    replica.publisher.serve(PATH, make_bundle(folder, None, (KEY,), earlier))
    report = await replica.refresh()
    assert report.outcome == "refused"
    assert "older than the bundle in force" in (report.reason or "")
    assert (await register_state(replica.dsn)).made_at == MADE


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        pytest.param("status", {"code": 404}, id="gone"),
        pytest.param("status", {"code": 503}, id="overloaded"),
        pytest.param("cut", {"after": 1000}, id="cut off"),
        pytest.param("hang", {"for_s": 2}, id="silent"),
        pytest.param("reset", {"after": 100}, id="reset"),
        pytest.param("bomb", {"size": BUNDLE_PATIENCE.max_bytes + 1}, id="a bomb"),
    ],
)
async def test_a_server_out_of_reach_leaves_the_register(
    replica: Replica, newer: bytes, kind: str, how: dict[str, int]
):
    replica.publisher.serve(PATH, newer)
    replica.publisher.fault(PATH, kind, **how)
    before = await replica.rule()
    report = await refresh_register(
        replica.settings,
        replica.dsn,
        only_due=False,
        patience=msgspec.structs.replace(IMPATIENT, max_bytes=BUNDLE_PATIENCE.max_bytes),
    )
    assert report is not None
    assert report.outcome == "unreachable"
    assert await replica.rule() == before
    replica.publisher.heal(PATH)
    assert (await replica.refresh()).outcome == "recorded"


async def test_without_a_key_nothing_is_fetched_and_the_setting_is_named(
    replica: Replica, newer: bytes
):
    replica.publisher.serve(PATH, newer)
    replica.settings = msgspec.structs.replace(replica.settings, register_key=None)
    report = await replica.refresh()
    assert report.outcome == "refused"
    assert "ABEYANCE_REGISTER_KEY: is not set" in (report.reason or "")
    assert replica.publisher.requests == []


async def test_another_key_asks_for_the_file_in_full(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    await replica.refresh()
    assert replica.settings.register_key is not None
    replica.settings.register_key.write_bytes(pem_of(OTHER))
    assert (await replica.refresh()).outcome == "refused"


async def keys_after(replica: Replica) -> list[tuple[str, list[str]]]:
    """Which keys were handed over to so far, and by which."""
    async with connected(replica.dsn) as connection:
        rows = await connection.fetch("select keys, signed_by from register_keys order by id")
    return [(row["keys"], row["signed_by"]) for row in rows]


async def test_a_bundle_hands_over_to_the_next_key_and_the_old_one_is_refused(
    replica: Replica, tmp_path: Path, newer: bytes
):
    folder, next_keys = copied(tmp_path / "register"), pem_of(OTHER).decode()
    by_both = make_bundle(folder, None, (KEY, OTHER), MADE, next_keys)
    replica.publisher.serve(PATH, by_both)
    assert (await replica.refresh()).outcome == "unchanged"
    # enough of the keys until then: here the one
    handed = [(next_keys, [KEY.public_key.keyid])]
    assert await keys_after(replica) == handed
    # the same bundle once more, now trusted by the next key, changes nothing
    assert (await replica.refresh()).outcome == "unchanged"
    assert await keys_after(replica) == handed
    replica.publisher.serve(PATH, newer)
    report = await replica.refresh()
    assert (report.outcome, report.revision) == ("refused", None)
    assert "signed by no key that is trusted" in (report.reason or "")
    assert (await register_state(replica.dsn)).revision == SHIPPED.revision
    later = with_event(tmp_path / "later")
    replica.publisher.serve(PATH, make_bundle(later, None, (OTHER,), NOW))
    assert (await replica.refresh()).outcome == "recorded"
    doctors = (await diagnose(replica.settings, ("cn_uel",), dsn=replica.dsn)).bundle
    assert doctors is not None
    assert (doctors.reason, doctors.revision) == (None, SHIPPED.revision + 1)
    async with connected(replica.dsn) as connection:
        logged = await connection.fetch(
            "select actor, details from audit_entry where action = 'register.keys_changed' "
            "order by id desc limit 1"
        )
    assert [each["actor"] for each in logged] == ["register bundle"]
    assert KEY.public_key.keyid in logged[0]["details"]
    # whoever changes the file of keys begins anew
    assert replica.settings.register_key is not None
    replica.settings.register_key.write_bytes(pem_of(OTHER, KEY))
    assert (await replica.refresh()).outcome == "unchanged"


async def test_an_older_bundle_does_not_bring_older_keys_back(replica: Replica, tmp_path: Path):
    folder = with_event(tmp_path / "register")
    both, other = pem_of(KEY, OTHER).decode(), pem_of(OTHER).decode()
    replica.publisher.serve(PATH, make_bundle(folder, None, (KEY, OTHER), MADE, other))
    assert (await replica.refresh()).outcome == "recorded"
    earlier = MADE - timedelta(days=1)
    replica.publisher.serve(PATH, make_bundle(folder, None, (KEY, OTHER), earlier, both))
    assert "older than the bundle in force" in ((await replica.refresh()).reason or "")
    assert [keys for keys, _ in await keys_after(replica)] == [other]


async def test_the_bundle_in_force_stays_once_the_last_day_of_its_key_is_over(
    replica: Replica, newer: bytes, caplog: pytest.LogCaptureFixture
):
    assert replica.settings.register_key is not None
    today = datetime.now(UTC).date()
    for last_day, outcome in ((today, "recorded"), (today - timedelta(days=1), "refused")):
        text = f"Not after: {last_day}\n{pem_of(KEY).decode()}"
        replica.settings.register_key.write_text(text, "utf-8")
        await replica.execute("delete from bundle_fetch")
        replica.publisher.serve(PATH, newer)
        report = await replica.refresh()
        assert report.outcome == outcome
        assert "register.key_ends" in caplog.text
    assert f"was trusted until {last_day}" in (report.reason or "")
    assert (await register_state(replica.dsn)).revision == SHIPPED.revision + 1


async def test_without_an_address_nothing_happens(replica: Replica):
    settings = msgspec.structs.replace(replica.settings, register_url=None)
    assert await refresh_register(settings, replica.dsn, only_due=False) is None
    assert (await register_state(replica.dsn)).last_fetch is None


async def test_a_bundle_is_fetched_when_it_is_due(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    assert (await replica.refresh(only_due=True)).outcome == "recorded"
    assert await refresh_register(replica.settings, replica.dsn, only_due=True) is None
    assert timedelta(hours=6) == EVERY
    await replica.execute("update bundle_fetch set tried_at = now() - interval '6 hours'")
    assert (await replica.refresh(only_due=True)).outcome == "unchanged"
    await replica.execute(
        "update bundle_fetch set failures = 1, tried_at = now() - interval '11 minutes'"
    )
    assert (await replica.refresh(only_due=True)).outcome == "unchanged"


async def test_only_one_process_fetches(replica: Replica, newer: bytes):
    replica.publisher.serve(PATH, newer)
    async with connected(replica.dsn) as other, refreshing(other):
        with pytest.raises(RefreshingElsewhereError):
            await replica.refresh()


# --- Lists that only a person can download, carried along.


def edition_folder(folder: Path, **changes: object) -> Path:
    (meti,) = [each for each in bundled_editions() if each.source == "jp_meti_eul"]
    folder.mkdir()
    for file in meti.files:
        (folder / file.file).write_bytes(editions_folder().joinpath(file.file).read_bytes())
    meti = msgspec.structs.replace(meti, **changes)
    (folder / "manifest.json").write_bytes(msgspec.json.encode([meti]))
    return folder


async def _edition(dsn: str) -> asyncpg.Record | None:
    async with connected(dsn) as connection:
        return await connection.fetchrow(
            "select published_on, confirmed_at, entry_count from edition"
            " where source = 'jp_meti_eul' order by id desc limit 1"
        )


async def test_an_edition_in_a_bundle_is_loaded_and_later_confirmed(
    replica: Replica, tmp_path: Path
):
    """A list that has not changed stays fresh, because somebody looked and said so."""
    register = with_event(tmp_path / "register")
    first = edition_folder(tmp_path / "first")
    replica.publisher.serve(PATH, make_bundle(register, first, (KEY,), MADE))
    report = await replica.refresh()
    assert [each.outcome for each in report.editions] == ["loaded"]
    loaded = await _edition(replica.dsn)
    assert loaded is not None
    assert loaded["entry_count"] > 700
    offered_on = datetime.now(UTC).date()
    second = edition_folder(tmp_path / "second", offered_on=offered_on)
    replica.publisher.serve(PATH, make_bundle(register, second, (KEY,), NOW))
    report = await replica.refresh()
    assert [each.outcome for each in report.editions] == ["unchanged"]
    confirmed = await _edition(replica.dsn)
    assert confirmed is not None
    assert confirmed["confirmed_at"].date() == offered_on


async def test_an_edition_older_than_the_current_one_is_left_alone_and_said(
    replica: Replica, tmp_path: Path
):
    register = with_event(tmp_path / "register")
    first = edition_folder(tmp_path / "first")
    replica.publisher.serve(PATH, make_bundle(register, first, (KEY,), MADE))
    await replica.refresh()
    before = await _edition(replica.dsn)
    content = b"an edition of the year before, which nobody reads"
    file = BundledFile(file="old.csv.xz", sha256=hashlib.sha256(content).hexdigest())
    older = edition_folder(tmp_path / "older", published_on=date(2024, 9, 13), files=(file,))
    (older / "old.csv.xz").write_bytes(lzma.compress(content))
    replica.publisher.serve(PATH, make_bundle(register, older, (KEY,), NOW))
    report = await replica.refresh()
    assert (report.editions, report.not_newer) == ((), ("jp_meti_eul",))
    assert not report.is_failure
    assert bundle_line(report).endswith(
        "left alone, no newer than the current edition: jp_meti_eul"
    )
    assert await _edition(replica.dsn) == before


async def test_an_edition_that_is_refused_leaves_the_register_of_its_bundle(
    replica: Replica, tmp_path: Path
):
    to_come = datetime.now(UTC).date() + timedelta(days=9)
    folder = edition_folder(tmp_path / "editions", published_on=to_come)
    content = make_bundle(with_event(tmp_path / "register"), folder, (KEY,), MADE)
    replica.publisher.serve(PATH, content)
    report = await replica.refresh()
    assert report.outcome == "recorded"
    assert report.is_failure
    assert [each.outcome for each in report.editions] == ["refused"]
    assert await _edition(replica.dsn) is None
    async with connected(replica.dsn) as connection:
        attempts = (await StoreOnConnection(connection).read_lists()).attempts
    assert "has not come yet" in str(attempts)
    assert (await replica.refresh()).is_failure


# --- The commands.


def test_the_commands_make_verify_and_take_up_a_bundle(
    shipped_database: str, tmp_path: Path, publisher: Publisher
):
    (tmp_path / "signing.pem").write_bytes(KEY.private_bytes)
    (tmp_path / "public.pem").write_bytes(pem_of(KEY))
    register = with_event(tmp_path / "register")
    environment = without_database_url() | {
        "DATABASE_URL": shipped_database,
        "ABEYANCE_REGISTER_URL": publisher.url(PATH),
        "ABEYANCE_REGISTER_KEY": str(tmp_path / "public.pem"),
        "ABEYANCE_MIRROR": publisher.url("/nowhere"),
    }

    def run(*words: str, **other: str) -> subprocess.CompletedProcess[str]:
        return abeyance_command(words, environment | other, tmp_path)

    made = run("register", "bundle", str(register), "--out", "b", "--key", "signing.pem")
    assert made.returncode == 0, made.stderr
    verified = run("register", "verify", "b", "--json")
    assert json.loads(verified.stdout)["revision"] == SHIPPED.revision + 1
    refused = run("register", "verify", "signing.pem")
    assert (refused.returncode, "no signed bundle" in refused.stderr) == (1, True)
    untrusting = run("register", "verify", "b", ABEYANCE_REGISTER_KEY="")
    assert "ABEYANCE_REGISTER_KEY: is not set" in untrusting.stderr
    publisher.serve(PATH, b"tampered")
    refused = run("refresh", "--due")
    assert refused.returncode == 1
    assert "Register bundle: refused: envelope" in refused.stderr
    assert "The last bundle was refused" in run("lists").stdout
    publisher.serve(PATH, (tmp_path / "b").read_bytes())
    assert "recorded, revision" in run("refresh").stderr
    state = json.loads(run("register", "state", "--json").stdout)
    assert (state["revision"], state["last_fetch"]["outcome"]) == (
        SHIPPED.revision + 1,
        "recorded",
    )
