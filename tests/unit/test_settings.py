"""The environment, read once."""

from pathlib import Path

import pytest

from abeyance_screening.platform.settings import CallerLimits, ProxyLogin, read_settings
from abeyance_screening.primitives.errors import BadInputError


def test_with_nothing_set_the_data_lies_in_the_users_share_folder():
    settings = read_settings({"XDG_DATA_HOME": "/share"})
    assert settings.data_dir == Path("/share/abeyance")
    assert settings.database_url is None
    assert settings.store_screenings
    assert settings.keep_indexes


def test_every_variable_is_read(tmp_path: Path):
    for program in ("postgres", "initdb"):
        (tmp_path / program).touch()
    settings = read_settings(
        {
            "ABEYANCE_DATA_DIR": "/data",
            "DATABASE_URL": "postgresql://db/abeyance",
            "ABEYANCE_POSTGRES_BIN": str(tmp_path),
            "ABEYANCE_STORE_SCREENINGS": "no",
        }
    )
    assert settings.data_dir == Path("/data")
    assert settings.database_url == "postgresql://db/abeyance"
    assert settings.postgres_bin == tmp_path
    assert not settings.store_screenings
    # with a database elsewhere, indexes are kept only in a folder that was named
    assert settings.keep_indexes
    assert not read_settings({"DATABASE_URL": "postgresql://db/abeyance"}).keep_indexes


def test_operators_are_read_with_their_keys():
    settings = read_settings({"ABEYANCE_OPERATORS": f"anna={'a' * 20}, ben={'b' * 21}"})
    assert [(each.name, len(each.key)) for each in settings.operators] == [
        ("anna", 20),
        ("ben", 21),
    ]
    assert "aaaa" not in repr(settings)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(f"anna={'a' * 19}", id="a short key"),
        pytest.param("a" * 30, id="no name"),
        pytest.param(f"an na={'a' * 20}", id="a name with a blank"),
        pytest.param(f"anna={'a' * 20},anna={'b' * 20}", id="a name twice"),
        pytest.param(f"anna={'a' * 20},ben={'a' * 20}", id="a key twice"),
        pytest.param(f"anna={'ä' * 20}", id="a key that is not ASCII"),
    ],
)
def test_operators_that_cannot_be_read_are_refused_without_telling_the_key(written: str):
    with pytest.raises(BadInputError, match="ABEYANCE_OPERATORS") as refused:
        read_settings({"ABEYANCE_OPERATORS": written})
    assert not {"a" * 19, "b" * 19, "ä" * 19} & {
        str(refused.value)[place : place + 19] for place in range(200)
    }


@pytest.mark.parametrize("word", ["", "maybe", "2"])
def test_a_switch_that_is_neither_yes_nor_no_is_refused_by_name(word: str):
    with pytest.raises(BadInputError, match="ABEYANCE_STORE_SCREENINGS"):
        read_settings({"ABEYANCE_STORE_SCREENINGS": word})


def test_what_reading_a_list_may_take_is_read():
    settings = read_settings({"ABEYANCE_READ_SECONDS": "60", "ABEYANCE_READ_MEGABYTES": "500"})
    assert (settings.read_seconds, settings.read_megabytes) == (60, 500)
    settings = read_settings({"ABEYANCE_READ_SECONDS": ""})
    assert (settings.read_seconds, settings.read_megabytes) == (300, 2_000)


def test_places_are_looked_at_only_when_a_setting_says_how_often():
    assert read_settings({}).watch_every_hours is None
    assert read_settings({"ABEYANCE_WATCH_EVERY_HOURS": ""}).watch_every_hours is None
    assert read_settings({"ABEYANCE_WATCH_EVERY_HOURS": "24"}).watch_every_hours == 24


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("ABEYANCE_KEEP_SCREENINGS_DAYS", "0", id="kept for no day"),
        pytest.param("ABEYANCE_WATCH_EVERY_HOURS", "0", id="without a pause"),
        pytest.param("ABEYANCE_WATCH_EVERY_HOURS", "721", id="more than a month"),
        pytest.param("ABEYANCE_WATCH_EVERY_HOURS", "daily", id="a word"),
        pytest.param("ABEYANCE_READ_SECONDS", "0", id="no time"),
        pytest.param("ABEYANCE_READ_SECONDS", "86401", id="more than a day"),
        pytest.param("ABEYANCE_READ_SECONDS", "5 min", id="no number"),
        pytest.param("ABEYANCE_READ_SECONDS", "-1", id="less than none"),
        pytest.param("ABEYANCE_READ_SECONDS", "1.5", id="not whole"),
        pytest.param("ABEYANCE_READ_SECONDS", "\u0663", id="digits of another script"),
        pytest.param("ABEYANCE_READ_MEGABYTES", "499", id="not enough memory"),
        pytest.param("ABEYANCE_ANSWER_SECONDS", "0", id="no time for an answer"),
        pytest.param("ABEYANCE_CONNECTIONS", "0", id="no connection"),
        pytest.param("ABEYANCE_CONNECTIONS_BY_ADDRESS", "many", id="a word for connections"),
        pytest.param("ABEYANCE_JOB_BYTES", "4 GB", id="no bytes"),
    ],
)
def test_numbers_that_cannot_be_are_refused(name: str, written: str):
    with pytest.raises(BadInputError, match=f"{name}: .* is not a whole number from"):
        read_settings({name: written})


@pytest.mark.parametrize(
    "written",
    [
        "https://register.example/register.bundle",
        "http://127.0.0.1:8000/register.bundle",
        "http://[::1]:8000/register.bundle",
        "http://localhost/register.bundle",
    ],
)
def test_register_bundles_come_over_https_or_from_this_machine(written: str):
    assert read_settings({"ABEYANCE_REGISTER_URL": written}).register_url == written


@pytest.mark.parametrize(
    "written", ["http://register.example/b", "http://127.0.0.1.example/b", "ftp://x/b", "b"]
)
def test_register_bundles_over_an_open_line_are_refused_by_name(written: str):
    with pytest.raises(BadInputError, match="ABEYANCE_REGISTER_URL"):
        read_settings({"ABEYANCE_REGISTER_URL": written})


def test_the_trusted_keys_are_a_file(tmp_path: Path):
    (tmp_path / "keys.pem").touch()
    there = {"ABEYANCE_REGISTER_KEY": str(tmp_path / "keys.pem")}
    assert read_settings(there).register_key == tmp_path / "keys.pem"
    assert read_settings({"ABEYANCE_REGISTER_KEY": ""}).register_key is None
    with pytest.raises(BadInputError, match=r"ABEYANCE_REGISTER_KEY.*is no file"):
        read_settings({"ABEYANCE_REGISTER_KEY": str(tmp_path / "none.pem")})


def test_a_site_says_which_lists_it_requires_and_which_it_only_searches():
    given = {
        "ABEYANCE_REQUIRED_LISTS": "un_sc, eu_fsf,un_sc",
        "ABEYANCE_ADVISORY_LISTS": "my_list",
    }
    settings = read_settings(given)
    assert (settings.profile.required, settings.profile.advisory) == (
        ("un_sc", "eu_fsf"),
        ("my_list",),
    )
    assert read_settings({"ABEYANCE_REQUIRED_LISTS": ""}).profile.required == ()


def test_a_site_chooses_profiles_and_required_lists_by_hand_win_over_them():
    chosen = read_settings({"ABEYANCE_PROFILE": "eu, uk,eu"}).profile
    assert (chosen.name, chosen.lists) == ("eu,uk", ("eu_fsf", "un_sc", "uk_sl"))
    by_hand = read_settings({"ABEYANCE_PROFILE": "eu", "ABEYANCE_REQUIRED_LISTS": "un_sc"}).profile
    assert (by_hand.name, by_hand.lists) == ("by_hand", ("un_sc",))
    unset = read_settings({"ABEYANCE_PROFILE": ""}).profile
    assert (unset.name, unset.lists) == ("default", ())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ABEYANCE_REQUIRED_LISTS": "UN SC"}, "ABEYANCE_REQUIRED_LISTS: 'UN SC' is no list code"),
        (
            {"ABEYANCE_PROFILE": "us,ue"},
            "ABEYANCE_PROFILE: 'ue' is not one of: us, eu, uk, jp, ch, bank, all",
        ),
        ({"ABEYANCE_PROFILE": ","}, "ABEYANCE_PROFILE: ',' names no profile"),
        (
            {"ABEYANCE_PROFILE": "uk,eu", "ABEYANCE_ADVISORY_LISTS": "ch_seco,eu_fsf"},
            "ABEYANCE_ADVISORY_LISTS: names eu_fsf, and so does ABEYANCE_PROFILE",
        ),
        ({"ABEYANCE_ADVISORY_LISTS": ","}, "ABEYANCE_ADVISORY_LISTS: ',' names no list"),
        (
            {"ABEYANCE_REQUIRED_LISTS": "un_sc", "ABEYANCE_ADVISORY_LISTS": "eu_fsf,un_sc"},
            "ABEYANCE_ADVISORY_LISTS: names un_sc, and so does ABEYANCE_REQUIRED_LISTS",
        ),
    ],
)
def test_a_list_that_cannot_be_or_has_two_roles_is_refused(given: dict[str, str], message: str):
    with pytest.raises(BadInputError, match=message):
        read_settings(given)


def test_the_names_of_the_service_are_read():
    assert read_settings({}).hosts is None
    read = read_settings({"ABEYANCE_HOSTS": "Desk.example, abeyance,"})
    assert read.hosts == ("desk.example", "abeyance")
    for written in ("https://desk.example", "desk.example:443", "a b", "*.example"):
        with pytest.raises(BadInputError, match=r"ABEYANCE_HOSTS: .* is no name such as"):
            read_settings({"ABEYANCE_HOSTS": written})


def test_the_origins_of_other_sites_are_read_as_browsers_write_them():
    assert read_settings({}).origins == ()
    read = read_settings({"ABEYANCE_ORIGINS": "https://ERP.example:443, http://localhost:3000,"})
    assert read.origins == ("https://erp.example", "http://localhost:3000")
    for written in ("erp.example", "https://erp.example/", "*", "null", "https://a b"):
        with pytest.raises(BadInputError, match=r"ABEYANCE_ORIGINS: .* is no origin such as"):
            read_settings({"ABEYANCE_ORIGINS": written})


def test_the_networks_of_proxies_are_read():
    assert read_settings({}).forwarders == ()
    read = read_settings({"ABEYANCE_FORWARDED_FROM": "127.0.0.1, 10.1.0.0/16"})
    assert read.forwarders == ("127.0.0.1", "10.1.0.0/16")
    with pytest.raises(BadInputError, match=r"ABEYANCE_FORWARDED_FROM: '\*' is not a network"):
        read_settings({"ABEYANCE_FORWARDED_FROM": "*"})
    with pytest.raises(BadInputError, match=r"FORWARDED_ALLOW_IPS: is not read any more"):
        read_settings({"FORWARDED_ALLOW_IPS": "10.1.0.1"})


def test_limits_are_read_by_name():
    settings = read_settings(
        {
            "ABEYANCE_KEY_LIMITS": "requests_per_second=20, request_burst=40",
            "ABEYANCE_OPEN_LIMITS": "",
        }
    )
    assert settings.key_limits == CallerLimits(requests_per_second=20, request_burst=40)
    assert settings.open_limits == settings.account_limits == CallerLimits()


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        pytest.param("requests=1", "'requests' is none of", id="no such limit"),
        pytest.param("requests_per_second", "is not a whole number", id="no number"),
        pytest.param("requests_per_second=0", "above 0", id="none at all"),
        pytest.param("counterparties_per_day=1.5", "whole number", id="no whole number"),
        pytest.param("request_burst=5", "requires requests_per_second", id="a burst alone"),
        pytest.param("requests_per_second=9,request_burst=5", "is less than", id="a small burst"),
        pytest.param("request_burst=5,request_burst=5", "twice", id="twice"),
    ],
)
def test_limits_that_cannot_be_read_are_refused_by_name(written: str, fault: str):
    with pytest.raises(BadInputError, match=f"ABEYANCE_ACCOUNT_LIMITS: .*{fault}"):
        read_settings({"ABEYANCE_ACCOUNT_LIMITS": written})


OIDC = {
    "ABEYANCE_OIDC_ISSUER": "https://login.example/realms/x",
    "ABEYANCE_OIDC_CLIENT_ID": "desk",
    "ABEYANCE_PUBLIC_URL": "https://Abeyance.example/",
    "ABEYANCE_ROLES": "analyst=read+screen, /staff/o=u=admin@branch,*=read",
}
PROXY = {
    "ABEYANCE_PROXY_USER_HEADER": "X-Remote-User",
    "ABEYANCE_PROXY_NETWORKS": "10.1.0.0/16, 127.0.0.1",
    "ABEYANCE_ROLES": "*=screen",
}


def test_how_people_log_in_is_read():
    secret = {"ABEYANCE_OIDC_CLIENT_SECRET": "hush"}
    settings = read_settings(OIDC | secret)
    people = settings.people
    assert people is not None
    assert (settings.access, people.public_url) == ("keys", "https://abeyance.example")
    assert [(each.name, each.scopes, each.account) for each in people.roles] == [
        ("analyst", ("screen", "read"), None),
        ("/staff/o=u", ("admin",), "branch"),
        ("*", ("read",), None),
    ]
    assert "hush" not in repr(settings)
    at_proxy = read_settings(PROXY).people
    assert at_proxy is not None
    assert at_proxy.login == ProxyLogin(
        user_header="x-remote-user", roles_header=None, networks=("10.1.0.0/16", "127.0.0.1")
    )
    assert read_settings({}).people is None


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://abeyance.example:443/", "https://abeyance.example"),
        ("https://abeyance.example:8443", "https://abeyance.example:8443"),
        ("https://abeyance.example:80", "https://abeyance.example:80"),
        ("https://[2001:db8::443]", "https://[2001:db8::443]"),
        ("http://localhost:80", "http://localhost"),
    ],
)
def test_the_address_for_browsers_is_written_as_they_write_an_origin(given: str, origin: str):
    people = read_settings(OIDC | {"ABEYANCE_PUBLIC_URL": given}).people
    assert people is not None
    assert people.public_url == origin


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        (OIDC, "ABEYANCE_OIDC_ISSUER", "http://login.example"),
        (OIDC, "ABEYANCE_OIDC_CLIENT_ID", ""),
        (OIDC, "ABEYANCE_OIDC_CLIENT_SECRET", "hush\u2028"),
        (OIDC, "ABEYANCE_OIDC_SCOPES", "profile"),
        (OIDC, "ABEYANCE_OIDC_NAME_CLAIM", "a\nb"),
        (OIDC, "ABEYANCE_PUBLIC_URL", ""),
        (OIDC, "ABEYANCE_PUBLIC_URL", "http://abeyance.example"),
        (OIDC, "ABEYANCE_PUBLIC_URL", "https://abeyance.example/desk"),
        (OIDC, "ABEYANCE_ROLES", ""),
        (OIDC, "ABEYANCE_ROLES", "analyst"),
        (OIDC, "ABEYANCE_ROLES", "analyst=all"),
        (OIDC, "ABEYANCE_ROLES", "analyst=read+read"),
        (OIDC, "ABEYANCE_ROLES", "analyst="),
        (OIDC, "ABEYANCE_ROLES", "analyst=read,analyst=screen"),
        (OIDC, "ABEYANCE_ROLES", "analyst=read@a b"),
        (OIDC, "ABEYANCE_SESSION_IDLE_MINUTES", "4"),
        (OIDC, "ABEYANCE_SESSION_HOURS", "169"),
        (OIDC, "ABEYANCE_CONTACT", "x" * 201),
        (OIDC, "ABEYANCE_ACCESS", "proxy"),
        (OIDC, "ABEYANCE_PROXY_USER_HEADER", "X-Remote-User"),
        (PROXY, "ABEYANCE_PROXY_USER_HEADER", "X Remote"),
        (PROXY, "ABEYANCE_PROXY_NETWORKS", ""),
        (PROXY, "ABEYANCE_PROXY_NETWORKS", "10.1.0.1/16"),
        (PROXY, "ABEYANCE_SESSION_HOURS", "1"),
        ({}, "ABEYANCE_ROLES", "analyst=read"),
        ({}, "ABEYANCE_OIDC_CLIENT_ID", "desk"),
        ({}, "ABEYANCE_PROXY_NETWORKS", "10.1.0.0/16"),
    ],
)
def test_a_login_that_cannot_be_is_refused_by_name(given: dict[str, str], name: str, value: str):
    with pytest.raises(BadInputError, match=f"^{name}: ") as refused:
        read_settings(given | {name: value})
    assert "hush" not in str(refused.value)
