"""`register watch` and `confirm`, with publishers on this machine and a database of their own."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import yaml
from litestar import Litestar
from litestar.testing import TestClient

from abeyance_screening.app import background
from abeyance_screening.app.command_line import run as run_command
from abeyance_screening.engine.measures.place_state import PlaceState, day_there
from abeyance_screening.engine.measures.places import Place, place_of, places, read_proposals
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.features.watch import look as watching
from abeyance_screening.features.watch.look import Watch, look_at, look_when_due
from abeyance_screening.features.watch.proposals import watch_command as command
from abeyance_screening.features.watch.read_place import due_places, first_day, read_place
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.local_data import local_board
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.settings import Operator, Settings
from abeyance_screening.platform.stores.places import place_states
from abeyance_screening.primitives.days import Days, day_in_words
from tests.integration.anna import ANNA, KEY, OPERATOR
from tests.integration.test_register_cli import Done
from tests.publisher import Publisher
from tests.unit.measures.test_places import COLUMN, MEASURES, content_of

SINCE = date(2026, 10, 9)
QUICK = Patience(tries=1, connect_s=2, read_s=1, total_s=3, first_wait_s=0, max_bytes=300_000)
METI = ("jp-meti-export-control", "jp-meti-releases")
PATH = "/v1/register/confirmations"
# Measures that bind by a list or for a term, so that a reading of them lasts 30 days.
BY_LIST = {
    each.id
    for each in MEASURES
    if "listing" in each.attaches_by or any(event.until for event in each.events)
}
# The documents of the fixtures are of these weeks.
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def paths_of(place: Place) -> set[str]:
    """Where the mirror has a place, for a first look and for a look after one of today."""
    today = day_there(place, NOW)
    urls = {
        url
        for since in (SINCE, first_day(place, MEASURES) or SINCE, today - timedelta(days=14))
        for url in place.addresses(since, today)
    }
    return {f"/{each.host}{each.raw_path.decode()}" for each in (httpx.URL(url) for url in urls)}


def serve(publisher: Publisher, place_id: str, content: bytes | None = None) -> None:
    for path in paths_of(place_of(place_id)):
        publisher.serve(path, content_of(place_id) if content is None else content)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A mirror of all places, and a watch that does not wait long for it."""
    monkeypatch.setattr(command, "Watch", partial(Watch, patience=QUICK))
    monkeypatch.setattr(watching, "utc_now", lambda: NOW)
    with Publisher() as running:
        for each in places():
            serve(running, each.id)
        monkeypatch.setenv("ABEYANCE_MIRROR", running.url(""))
        yield running


@pytest.fixture
def run(
    listed_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    publisher: Publisher,
) -> Callable[..., Done]:
    """Runs a command in this process on an emptied memory of places, as the program does."""
    assert publisher.port
    monkeypatch.setenv("DATABASE_URL", listed_database)
    asyncio.run(_forget(listed_database))

    def abeyance(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["abeyance", "register", *arguments])
        code = 0
        try:
            run_command()
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return abeyance


async def _forget(dsn: str) -> None:
    async with connected(dsn) as connection:
        await connection.execute("truncate place_look, place_document, place_confirmation")
        await connection.execute("update register_state set changed = changed + 1")


def since(*place_ids: str) -> tuple[str, ...]:
    return ("watch", *place_ids, "--since", SINCE.isoformat())


def test_every_place_is_read_and_what_is_new_becomes_a_proposal(run):
    done = run(*since())
    assert done.returncode == 0, done.stderr
    proposals = read_proposals(done.stdout)
    assert not any(each.accepted for each in proposals)
    titles = {each.title for each in proposals}
    # a draft from the Federal Register, and a document of a ministry's page
    [rule] = [each for each in proposals if each.document == "2026-23120"]
    assert rule.measure == "us-bis-affiliates-rule"
    assert rule.event.kind != "announce"
    [stop] = [each for each in proposals if "关于暂停不可靠实体清单措施的公告" in each.title]
    # by its title alone, which is no act: a person reads it first
    assert (stop.event.kind, stop.event.published_on) == ("suspend", date(2026, 11, 10))
    assert stop.missing
    # what the register's own reading had seen is no news
    assert not titles & {"Russia-related Designations Removals", "海关总署公告2026年第160号"}
    again = run("watch")
    assert again.returncode == 0, again.stderr
    assert read_proposals(again.stdout) == ()
    still = run("watch", "--open")
    assert {each.title for each in read_proposals(still.stdout)} == titles


def test_no_proposal_is_an_event_and_none_is_added_before_a_person_has_read_it(
    run, listed_database: str, tmp_path: Path
):
    before = asyncio.run(_events(listed_database))
    drafts = tmp_path / "drafts.yaml"
    done = run(*since("cn-mfa-countermeasures"))
    drafts.write_text(done.stdout, "utf-8")
    assert run("add", "--file", str(drafts)).returncode == 1
    found = yaml.safe_load(done.stdout)
    found["proposals"][0].update(accepted=True, measure="us-bis-affiliates-rule")
    drafts.write_text(yaml.safe_dump(found), "utf-8")
    refused = run("add", "--file", str(drafts))
    assert (refused.returncode, "still to be found out" in refused.stderr) == (1, True)
    assert asyncio.run(_events(listed_database)) == before


async def _events(dsn: str) -> int:
    async with connected(dsn) as connection:
        return await connection.fetchval("select count(*) from register_event")


def _measures(dsn: str, day: str) -> dict[str, MeasureOnDay]:
    board = asyncio.run(local_board(dsn))
    days = Days(as_of=date.fromisoformat(day), known_at=date.fromisoformat(day))
    return {each.id: each for each in board.every(board.register.measures, days)}


@pytest.mark.parametrize(
    ("fault", "how", "told"),
    [
        pytest.param("status", {"code": 403}, "answered 403", id="forbidden"),
        pytest.param("status", {"code": 500}, "answered 500", id="server error"),
        pytest.param("status", {"code": 404}, "answered 404", id="gone"),
        pytest.param("html", {}, "not JSON", id="a page for JSON"),
        pytest.param("hang", {}, "no answer within", id="silence"),
        pytest.param("reset", {}, "no usable answer", id="reset"),
        pytest.param("cut", {"after": 100}, "cut off", id="cut off"),
        pytest.param("cut", {"after": 100, "is_announced": False}, "not JSON", id="half a JSON"),
        pytest.param("bomb", {"size": 5_000_000}, "more than 300,000 bytes", id="a bomb"),
        pytest.param("redirect", {"to": "ftp://x.org/"}, "not followed", id="to another scheme"),
        pytest.param("raw", {"content": b"no HTTP\r\n\r\n"}, "no usable answer", id="no HTTP"),
    ],
)
def test_a_place_fails_by_itself_and_says_why(
    run, publisher: Publisher, fault: str, how: dict[str, Any], told: str
):
    for path in paths_of(place_of("us-fr-bis")):
        publisher.fault(path, fault, **how)
    done = run(*since("us-fr-bis", "us-ofac-recent-actions"))
    assert done.returncode == 4
    [line] = [each for each in done.stderr.splitlines() if each.startswith("us-fr-bis: NOT READ")]
    assert told in line
    assert "us-ofac-recent-actions: 3 listed, 2 new, 2 unread" in done.stderr
    assert len(read_proposals(done.stdout)) == 2
    # what could not be read is not confirmed unless a person has read it elsewhere
    refused = run("confirm", "us-fr-bis")
    assert (refused.returncode, "never read" in refused.stderr) == (1, True)
    every = run("confirm", "--all")
    assert (every.returncode, "us-fr-bis is left: it was never read" in every.stderr) == (4, True)


def test_a_feed_that_has_ended_is_a_failure_and_not_nothing_new(run, publisher: Publisher):
    old = (
        content_of("un-press").replace(b"Nov 2026", b"Jun 2026").replace(b"Oct 2026", b"Jun 2026")
    )
    serve(publisher, "un-press", old)
    done = run(*since("un-press"))
    assert done.returncode == 4
    assert "but it lists one at least every 14 days; it may have ended or moved" in done.stderr
    assert run("confirm", "un-press").returncode == 1


def test_a_list_that_a_script_of_the_page_fetches_is_fetched_too(run, publisher: Publisher):
    serve(publisher, "cn-mofcom-policies", COLUMN)
    listed = {"data": {"html": content_of("cn-mofcom-policies").decode()}}
    elsewhere = httpx.URL(read_place(place_of("cn-mofcom-policies"), COLUMN).next_url or "")
    path = f"/{elsewhere.host}{elsewhere.raw_path.decode()}"
    publisher.serve(path, json.dumps(listed).encode())
    done = run(*since("cn-mofcom-policies"))
    assert done.returncode == 0, done.stderr
    assert "2 listed, 1 new, 1 unread (never tried on a real page)" in done.stderr


def test_the_list_of_places_says_what_each_was_tried_on(run):
    lines = run("watch", "--list").stdout.splitlines()
    [fcc] = [each for each in lines if each.startswith("us-fcc-covered:")]
    assert fcc.endswith("tried on a page of 2026-07-24")
    [customs] = [each for each in lines if each.startswith("cn-gacc-announcements:")]
    assert customs.endswith("never tried on a real page; the website answers programs with 412")
    trials = {
        each["id"]: each["trial"] for each in json.loads(run("watch", "--list", "--json").stdout)
    }
    assert trials["eu-oj-l"]["day"] == "2026-06-30"


def test_a_redirect_is_followed_to_the_place(run, publisher: Publisher):
    publisher.serve("/moved.json", content_of("us-fr-bis"))
    for path in paths_of(place_of("us-fr-bis")):
        publisher.fault(path, "redirect", to=publisher.url("/moved.json"))
    done = run(*since("us-fr-bis"))
    assert (done.returncode, "1 listed, 1 new" in done.stderr) == (0, True)


def test_a_confirmation_moves_what_the_place_decides_and_nothing_else(run, listed_database: str):
    before = _measures(listed_database, "2026-11-24")
    first = run("confirm", METI[0], "--until", "2026-11-20", "--json")
    assert first.returncode == 0, first.stderr
    [one] = json.loads(first.stdout)["confirmed"]
    assert (one["moved"], one["waiting_for"]) == ([], [METI[1]])
    assert _measures(listed_database, "2026-11-24") == before
    second = run("confirm", METI[1], "--until", "2026-11-24", "--json", "--by", "anna")
    [two] = json.loads(second.stdout)["confirmed"]
    assert (two["confirmed_by"], two["waiting_for"]) == ("anna", [METI[0]])
    after = _measures(listed_database, "2026-11-24")
    changed = {key for key, each in after.items() if each != before[key]}
    assert changed == set(two["moved"])
    assert changed == {key for key, each in after.items() if each.authority == "METI"}
    assert {after[key].checked_until for key in changed} == {date(2026, 11, 20)}


def test_a_measure_is_not_stale_while_a_confirmation_lasts(run, listed_database: str):
    before = _measures(listed_database, "2027-07-01")
    meti = [
        key
        for key, each in before.items()
        if each.authority == "METI" and each.status == "in_force" and key in BY_LIST
    ]
    assert all(before[key].stale for key in meti)
    for place in METI:
        assert run("confirm", place, "--until", "2026-11-20").returncode == 0
    # a reading of what binds by a list lasts 30 days
    for day, stale in (("2026-12-20", False), ("2026-12-21", True)):
        after = _measures(listed_database, day)
        assert {after[key].stale for key in meti} == {stale}
        assert all(after[key].status == before[key].status for key in meti)
    # the last word on a place counts, also where it takes an earlier one back
    assert run("confirm", METI[0], "--until", "2026-11-01").returncode == 0
    assert all(
        each.stale for key, each in _measures(listed_database, "2026-12-20").items() if key in meti
    )


def test_a_place_with_new_documents_is_confirmed_only_once_they_are_read(run):
    assert run(*since("uk-ofsi")).returncode == 0
    refused = run("confirm", "uk-ofsi")
    assert refused.returncode == 1
    number = refused.stderr.rsplit(": ", 1)[1].strip()
    assert "OFSI General Licences" in refused.stderr
    assert run("confirm", "uk-ofsi", "--read", str(int(number) - 1 or 1)).returncode == 1
    assert run("confirm", "uk-ofsi", "--read", number).returncode == 0
    assert read_proposals(run("watch", "uk-ofsi", "--open").stdout) == ()
    assert run("confirm", "uk-ofsi").returncode == 0


def test_a_document_that_came_meanwhile_is_not_confirmed_with_those_that_were_read(
    run, publisher: Publisher
):
    run(*since("uk-ofsi"))
    number = run("confirm", "uk-ofsi").stderr.rsplit(": ", 1)[1].strip()
    changed = content_of("uk-ofsi").replace(b"2026-11-18T11:08:36", b"2026-11-25T09:00:00")
    serve(publisher, "uk-ofsi", changed)
    assert "1 new, 2 unread" in run("watch", "uk-ofsi").stderr
    assert run("confirm", "uk-ofsi", "--read", number).returncode == 1


def test_all_confirms_what_brought_nothing_new_and_names_the_rest(run):
    assert run(*since("uk-ofsi", "us-fr-fcc", "us-fcc-covered")).returncode == 0
    done = run("confirm", "--all", "--by", "anna")
    assert done.returncode == 4
    assert "uk-ofsi is left: 1 new documents are still to be read" in done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["us-fcc-covered", "us-fr-fcc"]
    assert f"2 of {len(places())} places confirmed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name one place, or give --all"),
        (("uk-ofsi", "--all"), "name one place, or give --all"),
        (("--all", "--read", "1"), "--read"),
        (("nowhere",), "no place 'nowhere'"),
        (("uk-ofsi", "--until", "2999-01-01"), "is not between"),
        (("uk-ofsi", "--until", "1899-12-31"), "is not between"),
        (("uk-ofsi", "--until", "2026-11-20", "--by", " "), "by"),
        (("uk-ofsi", "--until", "2026-11-20", "--read", "5"), "no new document"),
    ],
)
def test_a_confirmation_that_cannot_be_is_refused(run, arguments: tuple[str, ...], told: str):
    done = run("confirm", *arguments)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


async def test_confirmations_are_never_changed(listed_database: str):
    async with connected(listed_database) as connection:
        await connection.execute(
            "insert into place_confirmation (place_id, until, confirmed_at, confirmed_by)"
            " values ('uk-ofsi', '2026-11-01', now(), 'anna')"
        )
        for change in (
            "update place_confirmation set until = now()",
            "delete from place_confirmation",
        ):
            with pytest.raises(asyncpg.RaiseError, match="never changed"):
                await connection.execute(change)


async def test_of_two_replicas_that_look_at_once_one_finds_a_document_new(
    listed_database: str, publisher: Publisher
):
    await _forget(listed_database)
    watch = Watch(mirror=publisher.url(""), measures=(), since=SINCE, patience=QUICK)
    chosen = [place_of("us-ofac-recent-actions")]

    async def once() -> int:
        return sum([len(each.new) async for each in look_at(listed_database, chosen, watch)])

    assert sorted(await asyncio.gather(once(), once())) == [0, 2]
    async with connected(listed_database) as connection:
        [state] = (await place_states(connection)).values()
    assert (state.outcome, state.open) == ("read", 2)


# --- By schedule.


def settings_of(dsn: str, publisher: Publisher, hours: int | None) -> Settings:
    return Settings(
        data_dir=Path(), database_url=dsn, mirror=publisher.url(""), watch_every_hours=hours
    )


async def test_of_all_replicas_one_looks_at_each_place_that_is_due(
    listed_database: str, publisher: Publisher
):
    await _forget(listed_database)
    before = await _events(listed_database)
    settings = settings_of(listed_database, publisher, 24)
    never = settings_of(listed_database, publisher, None)
    assert await look_when_due(never, listed_database, QUICK) == ()
    rounds = await asyncio.gather(
        *(look_when_due(settings, listed_database, QUICK) for _ in range(3))
    )
    assert sorted(map(len, rounds)) == [0, 0, len(places())]
    async with connected(listed_database) as connection:
        states = await place_states(connection)
    assert states.keys() == {each.id for each in places()}
    # what is new waits for a person, and nothing else has changed
    assert sum(each.open for each in states.values()) > 0
    assert all(each.confirmed_at is None for each in states.values())
    assert await _events(listed_database) == before
    assert await look_when_due(settings, listed_database, QUICK) == ()


def test_a_place_is_due_again_once_the_time_has_passed():
    chosen = [place_of("uk-ofsi"), place_of("uk-ecju")]
    states = {"uk-ofsi": PlaceState(place="uk-ofsi", looked_at=NOW - timedelta(hours=23))}
    for hours, due in ((23, ["uk-ofsi", "uk-ecju"]), (24, ["uk-ecju"])):
        every = timedelta(hours=hours)
        assert [each.id for each in due_places(chosen, states, NOW, every)] == due


async def test_a_failing_place_is_logged_once_until_it_can_be_read_again(
    listed_database: str,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    await _forget(listed_database)
    monkeypatch.setattr(watching, "places", lambda: (place_of("us-fr-fcc"),))
    settings = settings_of(listed_database, publisher, 1)
    logged: list[list[str]] = []
    for hour, fault in enumerate((True, True, False, False)):
        now = NOW + timedelta(hours=hour)
        monkeypatch.setattr(watching, "utc_now", lambda now=now: now)
        for path in paths_of(place_of("us-fr-fcc")):
            if fault:
                publisher.fault(path, "status", code=403)
            else:
                publisher.heal(path)
        caplog.clear()
        with caplog.at_level("INFO", logger="abeyance_screening.features.watch.look"):
            [report] = await look_when_due(settings, listed_database, QUICK)
        assert (report.reason is not None) is fault
        logged.append([each.message for each in caplog.records])
    assert logged == [["register.place_unread"], [], ["register.place_read_again"], []]


async def test_the_loop_looks_while_lists_are_refreshed_and_survives_a_failure(
    listed_database: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
):
    rounds: list[str] = []

    async def look(_settings: Settings, _dsn: str) -> tuple[()]:
        rounds.append("look")
        if len(rounds) == 1:
            raise ZeroDivisionError
        return ()

    monkeypatch.setattr(background, "look_when_due", look)
    monkeypatch.setattr(background, "LOOK_EVERY_S", 0.01)
    for hours in (None, 24):
        running = asyncio.create_task(
            background.watch(settings_of(listed_database, publisher, hours), listed_database, ())
        )
        await asyncio.sleep(0.5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert (len(rounds) > 1) is (hours is not None)


async def test_a_page_that_breaks_the_reader_fails_its_place_only(
    listed_database: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
):
    real = read_place

    def breaking(place: Place, content: bytes):
        if place.id == "uk-ofsi":
            raise ZeroDivisionError
        return real(place, content)

    monkeypatch.setattr(watching, "read_place", breaking)
    watch = Watch(mirror=publisher.url(""), measures=(), since=SINCE, patience=QUICK)
    chosen = [place_of("uk-ofsi"), place_of("uk-ecju")]
    reports = [each async for each in look_at(listed_database, chosen, watch)]
    assert [each.reason is None for each in reports] == [False, True]
    assert "ZeroDivisionError" in (reports[0].reason or "")


# --- Over HTTP.


@pytest.fixture(scope="module")
def operators() -> tuple[Operator, ...]:
    return (OPERATOR,)


def test_an_operator_confirms_over_http(client: TestClient[Litestar], listed_database: str):
    asyncio.run(_forget(listed_database))
    for place in ("ch-news", "ch-seco-embargoes"):
        body = {"place": place, "until": "2026-11-20"}
        done = client.post(PATH, json=body, headers=ANNA)
        assert done.status_code == HTTPStatus.CREATED, done.text
    answer = done.json()
    assert (answer["confirmed_by"], answer["until"]) == ("anna", "2026-11-20")
    assert answer["moved"]
    params = {"as_of": "2026-11-20", "known_at": "2026-11-20"}
    on_day = client.get(f"/v1/measures/{answer['moved'][0]}", params=params).json()["on_day"]
    assert (on_day["checked_until"], on_day["stale"]) == ("2026-11-20", False)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"place": "nowhere"}, HTTPStatus.NOT_FOUND, None),
        ({"place": "kr-motir-notices"}, HTTPStatus.BAD_REQUEST, "until"),
        ({"place": "kr-motir-notices", "until": "2999-01-01"}, HTTPStatus.BAD_REQUEST, "until"),
        ({"place": "", "until": "2026-11-20"}, HTTPStatus.BAD_REQUEST, "place"),
        ({"place": "x", "untill": "2026-11-20"}, HTTPStatus.BAD_REQUEST, "untill"),
    ],
)
def test_a_wrong_confirmation_is_refused_over_http(
    client: TestClient[Litestar], body: dict[str, object], status: HTTPStatus, field: str | None
):
    done = client.post(PATH, json=body, headers=ANNA)
    assert done.status_code == status, done.text
    if field is not None:
        assert field in done.text


@pytest.mark.parametrize("headers", [{}, {"authorization": f"Bearer {KEY}x"}])
def test_nobody_else_confirms(client: TestClient[Litestar], headers: dict[str, str]):
    done = client.post(PATH, json={"place": "ch-news", "until": "2026-11-20"}, headers=headers)
    assert done.status_code == HTTPStatus.UNAUTHORIZED


def test_the_state_of_the_register_is_told(
    client: TestClient[Litestar], listed_database: str, publisher: Publisher
):
    asyncio.run(_forget(listed_database))
    never = client.get("/v1/register").json()
    assert (never["origin"], never["made_at"], never["last_refusal"]) == ("program", None, None)
    assert never["watch"] == {
        "places": len(places()),
        "looked_at": None,
        "all_looked_at": None,
        "failing": [],
        "unread": 0,
        "unconfirmed": len(places()),
    }
    assert "were never looked at from here" in client.get("/lists").text
    for path in paths_of(place_of("uk-ecju")):
        publisher.fault(path, "status", code=403)
    settings = settings_of(listed_database, publisher, 24)
    reports = asyncio.run(look_when_due(settings, listed_database, QUICK))
    body = {"place": "us-fr-fcc", "until": NOW.date().isoformat()}
    assert client.post(PATH, json=body, headers=ANNA).status_code == HTTPStatus.CREATED
    state = client.get("/v1/register").json()
    looks = {state["watch"]["looked_at"], state["watch"]["all_looked_at"]}
    assert looks == {"2026-11-27T12:00:00Z"}
    assert state["watch"]["failing"] == ["uk-ecju"]
    assert state["watch"]["unread"] == sum(each.open for each in reports) > 0
    assert state["watch"]["unconfirmed"] == len(places()) - 1
    assert (state["revision"], state["digest"]) == (never["revision"], never["digest"])
    page = client.get("/lists").text
    looked = f"last looked at on {day_in_words(NOW.date())}, 12:00 UTC; uk-ecju could not be read."
    assert looked in page
    assert f"{len(places()) - 1} of {len(places())} places to be confirmed" in page
    assert client.get("/readyz").json()["register_revision"] == state["revision"]
