"""The doctor, with publishers and a register bundle on this machine."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner  # pyright: ignore[reportPrivateImportUsage]

from abeyance_screening.app.command_line import abeyance
from abeyance_screening.app.doctor import SourceHealth, diagnose
from abeyance_screening.app.samples import Samples
from abeyance_screening.engine.lists.bundled import (
    BundledEdition,
    bundled_editions,
    editions_folder,
)
from abeyance_screening.engine.lists.catalogue import SOURCE_BY_CODE
from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.engine.measures.places import place_of, places
from abeyance_screening.engine.measures.register.read import register_folder
from abeyance_screening.features.register.bundle_file import make_bundle
from abeyance_screening.platform.download import Patience
from abeyance_screening.platform.postgres.database import at, connected
from abeyance_screening.platform.postgres.migrations import migrate
from abeyance_screening.platform.settings import Settings
from abeyance_screening.platform.stores.profiles import DatabaseProfiles, ProfileChoice
from abeyance_screening.primitives.errors import BadInputError
from tests.publisher import Publisher

FIXTURES = Path(__file__).parents[1] / "fixtures"
IMPATIENT = Patience(tries=1, connect_s=2, read_s=2, total_s=5, first_wait_s=0)
PAGE = "/www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl"
FILE = "/media.bis.gov/sites/default/files/dpl_04142026.csv"
UN = "/scsanctions.un.org/resources/xml/en/consolidated.xml"
UN_AGAIN = "/unsolprodfiles.blob.core.windows.net/publiclegacyxmlfiles/EN/consolidated.xml"
SIGNER = CryptoSigner.generate_ed25519()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        page = (FIXTURES / "pages" / "bis_dpl.html").read_bytes()
        publisher.serve(PAGE, page)
        publisher.serve(FILE, dpl())
        yield publisher


def dpl() -> bytes:
    return (FIXTURES / "us_bis_dpl" / "dpl_2026-04-14.csv").read_bytes()


def settings_of(publisher: Publisher) -> Settings:
    return Settings(data_dir=Path(), mirror=publisher.url(""))


async def health_of(publisher: Publisher, code: str) -> SourceHealth:
    diagnosis = await diagnose(settings_of(publisher), (code,), patience=IMPATIENT)
    return next(each for each in diagnosis.sources if each.source == code)


async def test_a_good_source_is_told_with_its_file_day_and_size(publisher: Publisher):
    health = await health_of(publisher, "us_bis_dpl")
    assert health == SourceHealth(
        source="us_bis_dpl",
        publisher="US Commerce, BIS",
        health="fine",
        lists=("us_bis_dpl",),
        lacking=(),
        addresses=("https://media.bis.gov/sites/default/files/dpl_04142026.csv",),
        size=len(dpl()),
        published_on=date(2026, 4, 14),
        format="dpl.csv, with name and address in one column",
        entries=health.entries,
    )
    assert health.entries


async def test_another_address_is_told_and_is_fine(publisher: Publisher):
    un = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    publisher.serve(UN_AGAIN, un)
    diagnosis = await diagnose(settings_of(publisher), ("un_sc",), patience=IMPATIENT)
    (health,) = diagnosis.sources
    assert diagnosis.is_fine
    assert (health.health, health.addresses) == (
        "by another way",
        (f"https:/{UN_AGAIN}",),
    )
    assert "the server answered 404" in (health.reason or "")


async def test_all_that_a_refresh_asks_is_asked_and_an_optional_list_is_not_required(
    publisher: Publisher,
):
    diagnosis = await diagnose(settings_of(publisher), patience=IMPATIENT)
    health = {each.source: each.health for each in diagnosis.sources}
    assert health.keys() >= {each.code for each in SOURCE_BY_CODE.values() if each.offers}
    assert (health["us_bis_dpl"], health["fr_gels"]) == ("fine", "unreachable")
    assert "eu_fsf" in diagnosis.lacking
    assert "fr_gels" not in diagnosis.lacking


@pytest.mark.parametrize(
    ("path", "content", "health", "reason", "advice"),
    [
        pytest.param(
            PAGE,
            b"<html><h1>Denied Persons List</h1></html>",
            "refused",
            "no link to the file",
            "newer version",
        ),
        pytest.param(PAGE, b"<html></html>", "unreachable", "such as a captcha", "look at the m"),
        pytest.param(FILE, b"a,b\n1,2\n", "refused", "expected is one of", "newer version"),
        pytest.param(
            FILE, None, "unreachable", "answered 404", "look at the mirror of ABEYANCE_M"
        ),
    ],
    ids=["page changed", "captcha", "format unknown", "gone"],
)
async def test_what_is_wrong_is_told_with_what_to_do(
    publisher: Publisher, path: str, content: bytes | None, health: str, reason: str, advice: str
):
    if content is None:
        publisher.fault(path, "status", code=404)
    else:
        publisher.serve(path, content)
    diagnosis = await diagnose(settings_of(publisher), ("us_bis_dpl",), patience=IMPATIENT)
    found = next(each for each in diagnosis.sources if each.source == "us_bis_dpl")
    assert found.health == health
    assert reason in (found.reason or "")
    assert advice in (found.advice or "")
    assert diagnosis.lacking == ("us_bis_dpl",)


async def test_a_first_edition_that_would_be_refused_is_no_good_one(publisher: Publisher):
    un = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    publisher.serve(UN, un.replace(b"AL-QAIDA", b"SOMEBODY"))
    health = await health_of(publisher, "un_sc")
    assert health.health == "refused"
    assert "AL-QAIDA" in (health.reason or "")


@pytest.mark.parametrize("name", ["my_list", "No list"])
async def test_what_is_no_public_list_is_refused(publisher: Publisher, name: str):
    with pytest.raises(BadInputError, match=name):
        await diagnose(settings_of(publisher), (name,))


# --- What needs a person is carried by the program or a bundle.


def edition_of(offered_on: date) -> BundledEdition:
    (edition,) = (each for each in bundled_editions() if each.source == "cn_announcements")
    return msgspec.structs.replace(edition, offered_on=offered_on)


@pytest.mark.parametrize(
    ("days_ago", "health", "lacking"),
    [
        pytest.param(30, "carried", (), id="last fresh day"),
        pytest.param(31, "by hand", ("cn_uel",), id="too old"),
    ],
)
async def test_a_list_that_needs_a_person_is_fine_while_what_is_carried_is_fresh(
    monkeypatch: pytest.MonkeyPatch, days_ago: int, health: str, lacking: tuple[str, ...]
):
    day = datetime.now(UTC).date() - timedelta(days_ago)
    monkeypatch.setattr(
        "abeyance_screening.app.doctor.bundled_editions", lambda: (edition_of(day),)
    )
    diagnosis = await diagnose(Settings(data_dir=Path()), ("cn_uel",), patience=IMPATIENT)
    assert [each.health for each in diagnosis.sources] == [health]
    assert diagnosis.lacking == lacking
    assert (diagnosis.sources[0].advice is None) == (health == "carried")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A bundle of the program's register and Chinese announcements, seen offered today."""
    folder = tmp_path_factory.mktemp("editions")
    edition = edition_of(datetime.now(UTC).date())
    for file in edition.files:
        (folder / file.file).write_bytes(editions_folder().joinpath(file.file).read_bytes())
    (folder / "manifest.json").write_bytes(msgspec.json.encode([edition]))
    made_at = datetime.now(UTC) - timedelta(hours=1)
    return make_bundle(register_folder(), folder, (SIGNER,), made_at)


@pytest.mark.parametrize("is_trusted", [True, False], ids=["signed", "signed by another"])
async def test_a_bundle_counts_if_a_trusted_key_signed_it(
    publisher: Publisher,
    bundle: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_trusted: bool,
):
    monkeypatch.setattr("abeyance_screening.app.doctor.bundled_editions", tuple)
    publisher.serve("/register.bundle", bundle)
    signer = SIGNER if is_trusted else CryptoSigner.generate_ed25519()
    public = signer._private_key.public_key()
    key = tmp_path / "key.pem"
    key.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    url = publisher.url("/register.bundle")
    settings = Settings(data_dir=Path(), register_url=url, register_key=key)
    diagnosis = await diagnose(settings, ("cn_uel",), patience=IMPATIENT)
    assert diagnosis.is_fine is is_trusted
    assert diagnosis.lacking == (() if is_trusted else ("cn_uel",))
    assert diagnosis.bundle is not None
    assert diagnosis.bundle.sources == (("cn_announcements",) if is_trusted else ())
    assert (diagnosis.bundle.reason is None) is is_trusted


@pytest.mark.parametrize(
    ("days_ago", "is_told"),
    [pytest.param(60, False, id="a month is left"), pytest.param(61, True, id="less")],
)
async def test_a_month_before_no_answer_is_complete_the_doctor_says_so(
    monkeypatch: pytest.MonkeyPatch, days_ago: int, is_told: bool
):
    [own] = [each for each in bundled_editions() if each.source == "named_in_measures"]
    today = datetime.now(UTC).date()
    aged = msgspec.structs.replace(own, offered_on=today - timedelta(days_ago))
    monkeypatch.setattr("abeyance_screening.app.doctor.bundled_editions", lambda: (aged,))
    diagnosis = await diagnose(Settings(data_dir=Path()), ("cn_uel",), patience=IMPATIENT)
    assert ("Answers are complete until" in diagnosis.reading.sentence) is is_told


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        pytest.param(timedelta(minutes=59), None, id="a little off"),
        pytest.param(timedelta(days=3), "72 h behind those of the servers", id="behind"),
        pytest.param(timedelta(hours=-2), "2 h ahead of those of the servers", id="ahead"),
    ],
)
async def test_a_clock_that_is_wrong_is_told_before_ages_are_believed(
    publisher: Publisher, ahead: timedelta, told: str | None
):
    date = {"Date": format_datetime(datetime.now(UTC) + ahead, usegmt=True)}
    for path, body in ((PAGE, (FIXTURES / "pages" / "bis_dpl.html").read_bytes()), (FILE, dpl())):
        publisher.fault(path, "status", code=200, headers=date, body=body)
    diagnosis = await diagnose(settings_of(publisher), ("us_bis_dpl",), patience=IMPATIENT)
    assert diagnosis.lacking == ()
    assert diagnosis.is_fine is (told is None)
    assert (told or "") in (diagnosis.clock or "")
    assert (diagnosis.clock is None) is (told is None)


# --- One truth with a refresh, and what was answered kept.


async def test_the_count_of_lists_is_told_with_what_needs_a_person(publisher: Publisher):
    un = (FIXTURES / "un_sc" / "consolidated_2026.xml").read_bytes()
    publisher.serve(UN, un.replace(b"2026-02-27", f"{datetime.now(UTC):%Y-%m-%d}".encode()))
    chosen = ListProfile(names=("uk",))
    settings = msgspec.structs.replace(settings_of(publisher), profile=chosen)
    reading = (await diagnose(settings, patience=IMPATIENT)).reading
    first, *others = reading.needs
    assert (first.code, first.required, others[0].required) == ("uk_sl", True, False)
    because = "funds are frozen, and trade, ships and directors are restricted"
    assert first.required_because == because
    assert "answered 404" in first.reason
    assert reading.total - reading.read == len(reading.needs)
    assert reading.sentence.startswith(f"{reading.read} of {reading.total} lists are read. These ")
    assert "un_sc" not in {each.code for each in reading.needs}
    by_hand = next(each for each in reading.needs if each.code == "cn_uel")
    assert by_hand.reason == "its publisher gives the file to people, not to programs"
    assert by_hand.command == "abeyance load cn_uel --file PATH"


def test_what_each_publisher_answered_is_kept_with_its_headers_hash_and_bytes(
    publisher: Publisher, doctor: Callable[..., Result], tmp_path: Path
):
    publisher.fault(UN, "status", code=403, body=b"<h1>Access denied</h1>")
    publisher.fault(UN_AGAIN, "redirect", to="/moved.xml")
    publisher.serve("/moved.xml", b"x" * 5_000)
    publisher.fault("/moved.xml", "cut", after=1_000)
    folder = tmp_path / "answers"
    where = ("--mirror", publisher.url(""), "--keep", str(folder))
    ran = doctor("us_bis_dpl", "un_sc", *where)
    kept = json.loads((folder / "answers.json").read_text())
    assert f"{len(kept)} answers kept in {folder}" in ran.stderr
    here = publisher.url("")
    found = {(each["asked_for"], each["url"].removeprefix(here)): each for each in kept}
    file = found["us_bis_dpl", FILE]
    content = (folder / file["file"]).read_bytes()
    assert (file["status"], file["size"], content) == (200, len(dpl()), dpl())
    assert file["sha256"] == hashlib.sha256(dpl()).hexdigest()
    assert "etag" in dict(file["headers"])
    refused = found["un_sc", UN]
    assert refused["status"] == HTTPStatus.FORBIDDEN
    assert (folder / refused["file"]).read_bytes() == b"<h1>Access denied</h1>"
    assert found["un_sc", UN_AGAIN]["file"] is None
    assert dict(found["un_sc", UN_AGAIN]["headers"])["location"] == "/moved.xml"
    assert found["un_sc", "/moved.xml"]["size"] == 1_000


async def test_the_places_where_acts_appear_are_sampled_with_the_lists(
    publisher: Publisher, tmp_path: Path
):
    place = place_of("us-fr-bis")
    answer = FIXTURES / "places" / "us-fr-bis.json"
    today = datetime.now(UTC).date()
    for address in place.addresses(today, today):
        publisher.serve(f"/{address.split('://', 1)[1]}", answer.read_bytes())
    samples = Samples(tmp_path)
    diagnosis = await diagnose(settings_of(publisher), patience=IMPATIENT, samples=samples)
    assert {each.place for each in diagnosis.places} == {each.id for each in places()}
    asked = next(each for each in diagnosis.places if each.place == "us-fr-bis")
    assert (asked.reason, asked.was_tried) == (None, True)
    assert (tmp_path / "places" / "us-fr-bis").is_dir()
    assert {each.place for each in diagnosis.places if not each.was_tried} == {
        each.id for each in places() if each.trial.how == "description"
    }
    assert (await diagnose(settings_of(publisher), ("un_sc",), patience=IMPATIENT)).places == ()


# --- What the installation has chosen counts as in a refresh.


@pytest.fixture
async def installed(fresh_database: str) -> str:
    """The database of an installation where the profile `uk` was chosen on the page."""
    async with connected(fresh_database) as connection:
        await migrate(connection)
    choice = ProfileChoice(
        account=None,
        profiles=("uk",),
        required=(),
        because="we export from the United Kingdom",
        chosen_by="anna",
        chosen_at=datetime.now(UTC),
    )
    await DatabaseProfiles(at(fresh_database)).add(choice)
    return fresh_database


async def test_what_was_chosen_in_the_service_is_required(publisher: Publisher, installed: str):
    diagnosis = await diagnose(settings_of(publisher), patience=IMPATIENT, dsn=installed)
    assert (diagnosis.profile, diagnosis.not_asked) == ("uk", None)
    assert diagnosis.lacking == ("un_sc", "uk_sl")
    required = {each.code for each in diagnosis.reading.needs if each.required}
    assert required == {"un_sc", "uk_sl"}


async def test_the_settings_come_before_what_was_chosen_in_the_service(
    publisher: Publisher, installed: str
):
    chosen = msgspec.structs.replace(settings_of(publisher), profile=ListProfile(names=("ch",)))
    diagnosis = await diagnose(chosen, patience=IMPATIENT, dsn=installed)
    assert (diagnosis.profile, set(diagnosis.lacking)) == ("ch", {"un_sc", "ch_seco"})


async def test_a_database_from_before_profiles_has_chosen_none(
    publisher: Publisher, installed: str
):
    async with connected(installed) as connection:
        await connection.execute("alter table list_profile rename to none_yet")
        diagnosis = await diagnose(settings_of(publisher), patience=IMPATIENT, dsn=installed)
        await connection.execute("alter table none_yet rename to list_profile")
    assert (diagnosis.profile, diagnosis.not_asked) == ("default", None)


def test_the_command_says_whose_profile_counts(
    publisher: Publisher,
    installed: str,
    doctor: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DATABASE_URL", installed)
    assert (
        "Required is what the profile uk asks for." in doctor("--mirror", publisher.url("")).stdout
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    told = doctor("--mirror", publisher.url("")).stdout
    assert "What was chosen in the service is not known" in told


def test_the_command_makes_no_database_where_there_is_none(
    publisher: Publisher,
    doctor: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("ABEYANCE_DATA_DIR", str(tmp_path / "home"))
    assert "us_bis_dpl" in doctor("us_bis_dpl", "--mirror", publisher.url("")).stdout
    assert not (tmp_path / "home").exists()


# --- The command.


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command where no database answers."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(abeyance, ["doctor", *arguments])

    return run


def test_the_command_prints_a_table_and_ends_well_without_a_database(
    publisher: Publisher, doctor: Callable[..., Result]
):
    ran = doctor("us_bis_dpl", "--mirror", publisher.url(""))
    # us_csl, the other source of the list, is out of reach; the list is fine without it
    assert ran.exit_code == 0, ran.output
    assert re.search(r"us_bis_dpl +fine +known +2026-04-14 +\d+ +\d", ran.stdout)
    assert re.search(r"us_csl +unreachable", ran.stdout)
    assert "https://media.bis.gov/sites/default/files/dpl_04142026.csv" in ran.stdout
    assert "→ look at the mirror of ABEYANCE_MIRROR, asked instead of data.trade.gov" in ran.stdout
    assert "All required lists are fine." in ran.stdout


def test_the_command_as_json_ends_badly_where_a_list_is_lacking(
    publisher: Publisher, doctor: Callable[..., Result]
):
    ran = doctor("un_sc", "--json", "--mirror", publisher.url(""))
    assert ran.exit_code == 1
    told = json.loads(ran.stdout)
    assert told["lacking"] == ["un_sc"]
    assert [each["health"] for each in told["sources"]] == ["unreachable"]


def test_a_mirror_that_is_no_address_is_refused(doctor: Callable[..., Result]):
    ran = doctor("--mirror", "ftp://x")
    assert isinstance(ran.exception, BadInputError)
    assert str(ran.exception).startswith("--mirror: is not an address")
