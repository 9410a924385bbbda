"""The settings: environment variables, read once into a frozen struct."""

import getpass
import os
import re
from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, get_args, override
from urllib.parse import urlsplit

import msgspec

from abeyance_screening.engine.lists.profile import ListProfile
from abeyance_screening.platform.environment import (
    address_in,
    between_commas,
    file_in,
    safe_address,
    whole,
    whole_if_set,
    word_in,
    yes_no,
)
from abeyance_screening.platform.mail_settings import MailSettings, read_mail
from abeyance_screening.platform.profile_settings import read_profile
from abeyance_screening.primitives.errors import BadInputError

# In characters: a key of this length cannot be guessed by trial.
SHORTEST_KEY = 20
# The largest list takes 5 s and 250 MB on a small machine, so the limits leave sixty and eight
# times that. A file made to block all refreshing would take hours.
READ_SECONDS, READ_MEGABYTES = 300, 2_000
# With less memory, today's lists cannot be read; above the upper bounds nothing would be limited.
_SECONDS, _MEGABYTES = range(1, 86_401), range(500, 1_000_001)
# Looking more often than hourly would only trouble the publishers; a month is no watch any more.
_HOURS = range(1, 721)
# Up to a hundred years.
_KEPT_DAYS = range(1, 36_501)
KEPT_JOBS_DAYS = 7
_WHOLE_NUMBER = re.compile("[0-9]{1,9}")
# The CPU of one answer: the largest question in earnest, 1,000 parties with their aliases, takes
# some 5 s; one made of names of 500 letters would take three minutes.
ANSWER_SECONDS = 30
# A browser opens six, and a program as many as it has threads.
CONNECTIONS_BY_ADDRESS = 200
_ANSWER_SECONDS, _CONNECTIONS = range(1, 3_601), range(1, 1_000_001)
# A table of ten million rows with addresses and owners has some 2 GB.
JOB_BYTES = 4_000_000_000
_JOB_BYTES = range(1_000, 1_000_000_000_001)
# Of one key, and of one address: enough for a folder of files at once.
OPEN_JOBS, OPEN_JOB_BYTES = 50, 12_000_000_000
_OPEN_JOBS = range(1, 1_000_001)
# PostgreSQL stops where its disk is full, and then nothing is stored for anybody.
FREE_BYTES = 2_000_000_000
_FREE_BYTES = range(1_000_000_000_001)
_COUNTERPARTIES = range(1, 1_000_000_001)
_HOST_NAME = re.compile(
    r"\*|[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
# As the header Origin writes it; a browser's extension has a scheme of its own.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
# A name that a certificate, a log line and a page can show: of an operator, a key, an account.
NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
# A coffee, and a working day with its overtime.
IDLE_MINUTES, SESSION_HOURS = 60, 12
_IDLE_MINUTES, _SESSION_HOURS = range(5, 1_441), range(1, 169)
CONTACT = "the operator of this service"
ISSUER, PUBLIC_URL = "ABEYANCE_OIDC_ISSUER", "ABEYANCE_PUBLIC_URL"
_CLIENT_ID = "ABEYANCE_OIDC_CLIENT_ID"
_PROXY_USER, _PROXY_NETWORKS = "ABEYANCE_PROXY_USER_HEADER", "ABEYANCE_PROXY_NETWORKS"
ROLES = "ABEYANCE_ROLES"
# Each of these requires the setting above it.
_OF_OIDC = (
    _CLIENT_ID,
    "ABEYANCE_OIDC_CLIENT_SECRET",
    "ABEYANCE_OIDC_SCOPES",
    "ABEYANCE_OIDC_ROLES_CLAIM",
    "ABEYANCE_OIDC_NAME_CLAIM",
    "ABEYANCE_SESSION_IDLE_MINUTES",
    "ABEYANCE_SESSION_HOURS",
)
_OF_PROXY = ("ABEYANCE_PROXY_ROLES_HEADER", _PROXY_NETWORKS)
_OF_BOTH = (ROLES, PUBLIC_URL, "ABEYANCE_CONTACT")
KEPT_DAYS = "ABEYANCE_KEEP_SCREENINGS_DAYS"
_BY_ADDRESS = "ABEYANCE_CONNECTIONS_BY_ADDRESS"
# `serve` sets it for the processes that it starts, if nobody else has.
ACCESS = "ABEYANCE_ACCESS"
# `serve` adds the names of the machine for the processes that it starts.
HOSTS = "ABEYANCE_HOSTS"
ORIGINS = "ABEYANCE_ORIGINS"
FORWARDERS = "ABEYANCE_FORWARDED_FROM"
_FORWARDED_ALLOW = "FORWARDED_ALLOW_IPS"
# Where processes that answer together write what they count, so that each can tell the sum; it is
# the variable that Prometheus's library reads when it is imported. `serve` sets it.
COUNTED_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
# A browser leaves the port of the scheme out.
_OWN_PORTS = {"http": ":80", "https": ":443"}
# The largest limit is far above what any machine answers.
MOST_LIMIT = 1_000_000_000
LimitNumber = Annotated[int, msgspec.Meta(ge=1, le=MOST_LIMIT)]


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may add events to the register, and the secret key that proves it."""

    name: str
    key: str

    @override
    def __repr__(self) -> str:
        return f"Operator(name={self.name!r})"


class CallerLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a caller may ask; null is no limit."""

    requests_per_second: LimitNumber | None = None
    """Requests a second, on average."""
    request_burst: LimitNumber | None = None
    """The most requests at once, never fewer than those of a second, which is the default."""
    counterparties_per_second: LimitNumber | None = None
    """Counterparties a second, on average."""
    counterparty_burst: LimitNumber | None = None
    """The most counterparties at once; by default those of a second, and at least 1,000."""
    counterparties_per_day: LimitNumber | None = None
    """Counterparties a UTC day."""

    def over(self, others: "CallerLimits") -> "CallerLimits":
        """Return these limits, with those of `others` where these say nothing."""
        if self.requests_per_second is None:
            requests = others.requests_per_second, others.request_burst
        else:
            requests = self.requests_per_second, self.request_burst
        if self.counterparties_per_second is None:
            counterparties = others.counterparties_per_second, others.counterparty_burst
        else:
            counterparties = self.counterparties_per_second, self.counterparty_burst
        day = self.counterparties_per_day
        return CallerLimits(
            requests_per_second=requests[0],
            request_burst=requests[1],
            counterparties_per_second=counterparties[0],
            counterparty_burst=counterparties[1],
            counterparties_per_day=others.counterparties_per_day if day is None else day,
        )

    def fault(self) -> tuple[str, str] | None:
        """Return the first field that cannot be, with the reason; None if all can."""
        for burst, rate in _BURSTS.items():
            most, per_second = _number_in(self, burst), _number_in(self, rate)
            if most is not None and per_second is None:
                return burst, f"requires {rate}"
            if most is not None and per_second is not None and most < per_second:
                return burst, f"is less than {rate}, which is {per_second}"
        return None


LIMIT_NAMES = CallerLimits.__struct_fields__
"""The names of the limits, as they are written in settings and on the command line."""

_BURSTS = {
    "request_burst": "requests_per_second",
    "counterparty_burst": "counterparties_per_second",
}
Access = Literal["keys", "proxy"]
Scope = Literal[
    "screen",
    "jobs",
    "read",
    "delete",
    "hold",
    "webhooks",
    "counterparties",
    "register",
    "judge",
    "admin",
    "operator",
]
"""What a key or a role may do: ask about counterparties; have large tables screened as jobs; read
lists, measures and changes; delete what the account keeps; hold screenings as evidence, and
release them; manage webhooks; watch counterparties and work through alerts; change the register,
and say that listings are different parties; judge hits of counterparties; manage the keys of its
account, and all else that concerns it alone; manage the keys of all accounts, and all of the
others."""

SCOPES: tuple[Scope, ...] = get_args(Scope)


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """What those may do who have a role; `*` is everybody who logs in.

    `account` is theirs, None for the one of everybody without an account of their own.
    """

    name: str
    scopes: tuple[Scope, ...]
    account: str | None = None


class OidcLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A provider of OpenID Connect, at which people log in for the client `client_id`.

    `scopes` are asked of it. `roles_claim` and `name_claim` are where the ID token says the roles
    of a person, and the name under which they are recorded. Without a `client_secret` the client
    is a public one.
    """

    issuer: str
    client_id: str
    client_secret: str | None = None
    scopes: str = "openid profile email"
    roles_claim: str = "roles"
    name_claim: str = "preferred_username"

    @override
    def __repr__(self) -> str:
        return f"OidcLogin(issuer={self.issuer!r}, client_id={self.client_id!r})"


class ProxyLogin(msgspec.Struct, frozen=True, kw_only=True):
    """A proxy in these networks, which writes who has logged in into a header of each request.

    `roles_header` has their roles, separated by commas; None if the proxy says none. Header names
    are in small letters.
    """

    user_header: str
    roles_header: str | None
    networks: tuple[str, ...]


class PeopleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How people log in to the desk: at a provider, or at a proxy; and what each role may do.

    `public_url` is where browsers find the service, without a path. A session ends after
    `idle_minutes` without a request, and after `session_hours` in any case. `contact` is whom to
    ask for a role.
    """

    login: OidcLogin | ProxyLogin
    roles: tuple[Role, ...]
    public_url: str | None = None
    idle_minutes: int = IDLE_MINUTES
    session_hours: int = SESSION_HOURS
    contact: str = CONTACT


class JobQuotas(msgspec.Struct, frozen=True, kw_only=True):
    """How many jobs that have not ended one key or address may have, and with how many bytes.

    `free_bytes` must be free where the embedded database is, or no table is taken.
    """

    jobs: int = OPEN_JOBS
    table_bytes: int = OPEN_JOB_BYTES
    free_bytes: int = FREE_BYTES


class WatchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How many counterparties an account may watch, and what is kept of them.

    With `names_only` that is the id, the name and how it is asked about. Events are deleted after
    `keep_events_days`; None keeps them.
    """

    most_counterparties: int = 1_000_000
    names_only: bool = False
    keep_events_days: int | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process.

    `database_url` None means the embedded PostgreSQL in `data_dir`. `postgres_bin` is the folder
    of PostgreSQL's programs, None for those of the Python package. With `store_screenings` False,
    questions and answers are not kept. What is kept is deleted after `keep_screenings_days`, or by
    hand alone if that is None. With `refresh` True, a service asks the publishers for
    newer editions by itself; `mirror` is the address of a copy of all their files, None to ask
    the publishers. `register_url` is where register bundles are fetched, None for nowhere;
    `register_key` is a PEM file of the public keys to trust, None for those of the program.
    `watch_every_hours` is how often a service that refreshes looks at the places where acts
    appear, None for never.
    `profile` says which lists must be fresh.
    `operators` may add events to the register; without any, nobody may.
    `access` is `keys` if every request needs a key, `proxy` if a reverse proxy decides who comes
    through; None leaves it to the address that the service listens on.
    `key_limits` are those of each key and operator without their own, `account_limits` those of
    all callers of an account together, `open_limits` those of all callers without a key together.
    `people` says how people log in, None for not at all.
    With `keep_indexes`, indexes are kept as files in `data_dir`; with a database elsewhere that is
    so only if a data directory is named.
    `hosts` are the names by which the service may be asked, None for any. `origins` are the other
    sites whose pages may send what changes something, and read the API. `forwarders` are the
    networks of proxies, whose X-Forwarded-For is believed.
    `read_seconds` and `read_megabytes` limit the reading of one list's files, `answer_seconds` the
    CPU of one answer; `job_bytes` is the size of the largest table of a job. `connections` are the
    most that one process has, None for as many as it can, and `connections_by_address` the most of
    one address.
    `webhook_networks` are networks to which webhooks are sent although they are not public.
    With `work` True, a service works on jobs by itself. `keep_jobs_days` is how long a job is kept
    after it has ended.
    """

    data_dir: Path
    database_url: str | None = None
    keep_indexes: bool = False
    postgres_bin: Path | None = None
    store_screenings: bool = True
    keep_screenings_days: int | None = None
    refresh: bool = True
    mirror: str | None = None
    register_url: str | None = None
    register_key: Path | None = None
    watch_every_hours: int | None = None
    profile: ListProfile = ListProfile()
    operators: tuple[Operator, ...] = ()
    access: Access | None = None
    key_limits: CallerLimits = CallerLimits()
    account_limits: CallerLimits = CallerLimits()
    open_limits: CallerLimits = CallerLimits()
    people: PeopleSettings | None = None
    read_seconds: int = READ_SECONDS
    read_megabytes: int = READ_MEGABYTES
    hosts: tuple[str, ...] | None = None
    forwarders: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    answer_seconds: int = ANSWER_SECONDS
    job_bytes: int = JOB_BYTES
    job_quotas: JobQuotas = JobQuotas()
    connections: int | None = None
    connections_by_address: int = CONNECTIONS_BY_ADDRESS
    webhook_networks: tuple[str, ...] = ()
    work: bool = True
    keep_jobs_days: int = KEPT_JOBS_DAYS
    watching: WatchSettings = WatchSettings()
    mail: MailSettings | None = None


def user_name() -> str:
    """Return the name of the account that runs this process; `nobody` where it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "nobody"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from environment variables.

    Raises:
        BadInputError: A variable cannot be read; the field is its name.
    """
    people, number = _people(environment), partial(whole, environment)
    settings = Settings(
        data_dir=_data_dir(environment, "ABEYANCE_DATA_DIR"),
        database_url=environment.get("DATABASE_URL") or None,
        keep_indexes=_has_folder(environment),
        postgres_bin=_programs(environment, "ABEYANCE_POSTGRES_BIN"),
        store_screenings=yes_no(environment, "ABEYANCE_STORE_SCREENINGS", default=True),
        keep_screenings_days=whole_if_set(environment, KEPT_DAYS, _KEPT_DAYS),
        refresh=yes_no(environment, "ABEYANCE_REFRESH", default=True),
        mirror=address_in(environment, "ABEYANCE_MIRROR"),
        register_url=safe_address(environment, "ABEYANCE_REGISTER_URL"),
        register_key=file_in(environment, "ABEYANCE_REGISTER_KEY"),
        watch_every_hours=whole_if_set(environment, "ABEYANCE_WATCH_EVERY_HOURS", _HOURS),
        profile=read_profile(environment),
        operators=_operators(environment, "ABEYANCE_OPERATORS"),
        access=_access(environment, ACCESS, people),
        people=people,
        key_limits=_limits(environment, "ABEYANCE_KEY_LIMITS"),
        account_limits=_limits(environment, "ABEYANCE_ACCOUNT_LIMITS"),
        open_limits=_limits(environment, "ABEYANCE_OPEN_LIMITS"),
        read_seconds=number("ABEYANCE_READ_SECONDS", READ_SECONDS, _SECONDS),
        read_megabytes=number("ABEYANCE_READ_MEGABYTES", READ_MEGABYTES, _MEGABYTES),
        hosts=_hosts(environment, HOSTS),
        forwarders=_forwarders(environment),
        origins=_origins(environment, ORIGINS),
        answer_seconds=number("ABEYANCE_ANSWER_SECONDS", ANSWER_SECONDS, _ANSWER_SECONDS),
        connections=whole_if_set(environment, "ABEYANCE_CONNECTIONS", _CONNECTIONS),
        connections_by_address=number(_BY_ADDRESS, CONNECTIONS_BY_ADDRESS, _CONNECTIONS),
        webhook_networks=_networks(environment, "ABEYANCE_WEBHOOK_NETWORKS"),
    )
    return _with_jobs(environment, settings)


def _with_jobs(environment: Mapping[str, str], settings: Settings) -> Settings:
    """Return settings with those of jobs and of counterparties that are watched."""
    number = partial(whole, environment)
    return msgspec.structs.replace(
        settings,
        job_bytes=number("ABEYANCE_JOB_BYTES", JOB_BYTES, _JOB_BYTES),
        job_quotas=JobQuotas(
            jobs=number("ABEYANCE_OPEN_JOBS", OPEN_JOBS, _OPEN_JOBS),
            table_bytes=number("ABEYANCE_OPEN_JOB_BYTES", OPEN_JOB_BYTES, _JOB_BYTES),
            free_bytes=number("ABEYANCE_FREE_BYTES", FREE_BYTES, _FREE_BYTES),
        ),
        work=yes_no(environment, "ABEYANCE_WORK", default=True),
        keep_jobs_days=number("ABEYANCE_KEEP_JOBS_DAYS", KEPT_JOBS_DAYS, _KEPT_DAYS),
        watching=WatchSettings(
            most_counterparties=number("ABEYANCE_COUNTERPARTIES", 1_000_000, _COUNTERPARTIES),
            names_only=yes_no(environment, "ABEYANCE_COUNTERPARTY_NAMES_ONLY", default=False),
            keep_events_days=whole_if_set(environment, "ABEYANCE_KEEP_EVENTS_DAYS", _KEPT_DAYS),
        ),
        mail=read_mail(environment),
    )


def _data_dir(environment: Mapping[str, str], name: str) -> Path:
    """Return the data directory, which need not exist yet."""
    value = environment.get(name)
    if not value:
        share = environment.get("XDG_DATA_HOME")
        return (Path(share) if share else Path.home() / ".local" / "share") / "abeyance"
    path = Path(value).absolute()
    try:
        nearest = next(each for each in (path, *path.parents) if each.exists())
    except (OSError, ValueError) as error:
        raise BadInputError(name, f"cannot be a folder: {error}") from None
    if not nearest.is_dir():
        raise BadInputError(name, f"cannot be a folder: {nearest} is a file")
    return Path(value)


def _has_folder(environment: Mapping[str, str]) -> bool:
    """Whether this machine has a folder for what is kept beside a database."""
    return bool(environment.get("ABEYANCE_DATA_DIR") or not environment.get("DATABASE_URL"))


def _programs(environment: Mapping[str, str], name: str) -> Path | None:
    """Return the folder of PostgreSQL's programs; None for those of the Python package."""
    value = environment.get(name)
    if not value:
        return None
    missing = [each for each in ("postgres", "initdb") if not (Path(value) / each).is_file()]
    if missing:
        raise BadInputError(name, f"{value} holds no {' and no '.join(missing)}")
    return Path(value)


def _operators(environment: Mapping[str, str], name: str) -> tuple[Operator, ...]:
    """Read `anna=her-key,ben=his-key`; an error never repeats the value, which holds secrets."""
    pairs = between_commas(environment.get(name))
    operators = tuple(_operator(name, place, each) for place, each in enumerate(pairs, start=1))
    for distinct in ({each.name for each in operators}, {each.key for each in operators}):
        if len(distinct) < len(operators):
            raise BadInputError(name, "has the same name or key twice")
    return operators


def _operator(variable: str, place: int, pair: str) -> Operator:
    name, equals, key = pair.partition("=")
    if not equals or not NAME.fullmatch(name):
        reason = f"number {place} is not written name=key, with a name of letters, digits and ._@-"
        raise BadInputError(variable, reason)
    if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable():
        reason = (
            f"the key of {name} is shorter than {SHORTEST_KEY} characters "
            "or has characters outside ASCII"
        )
        raise BadInputError(variable, reason)
    return Operator(name=name, key=key)


def _access(
    environment: Mapping[str, str], name: str, people: PeopleSettings | None
) -> Access | None:
    """Read whether keys are asked for; where people log in, nothing is answered without either."""
    match environment.get(name) or None:
        case None:
            return None if people is None else "keys"
        case "proxy" if people is not None:
            asks = ISSUER if isinstance(people.login, OidcLogin) else _PROXY_USER
            raise BadInputError(name, f"proxy asks nobody, but {asks} has people log in")
        case "keys" | "proxy" as access:
            return access
        case other:
            raise BadInputError(name, f"{other!r} is neither keys nor proxy")


def _hosts(environment: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    """Read `abeyance.example,desk.example`; `*` is any name."""
    value = environment.get(name)
    if not value:
        return None
    hosts = tuple(dict.fromkeys(between_commas(value.lower())))
    for host in hosts:
        if not _HOST_NAME.fullmatch(host):
            reason = f"{host!r} is no name such as abeyance.example, without scheme and port, or *"
            raise BadInputError(name, reason)
    return hosts


def _origins(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read `https://erp.example,http://localhost:3000`, each as a browser writes it."""
    return tuple(
        dict.fromkeys(_origin(name, each) for each in between_commas(environment.get(name)))
    )


def _origin(name: str, given: str) -> str:
    value = given.lower()
    if _ORIGIN.fullmatch(value) is None:
        raise BadInputError(name, f"{given!r} is no origin such as https://erp.example, no path")
    scheme = value.partition("://")[0]
    return value.removesuffix(_OWN_PORTS.get(scheme, "/"))


def _networks(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read `10.1.0.0/16,127.0.0.1`."""
    networks = tuple(between_commas(environment.get(name)))
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            reason = f"{network!r} is not a network such as 10.1.0.0/16 or an address"
            raise BadInputError(name, reason) from None
    return networks


def _forwarders(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Read whose X-Forwarded-For is believed; the variable that said so before is not ignored."""
    if environment.get(_FORWARDED_ALLOW):
        raise BadInputError(_FORWARDED_ALLOW, f"is not read any more; set {FORWARDERS} instead")
    return _networks(environment, FORWARDERS)


# --- How people log in.


def _people(environment: Mapping[str, str]) -> PeopleSettings | None:
    """Read how people log in; a setting that would do nothing is refused."""
    has_oidc, has_proxy = bool(environment.get(ISSUER)), bool(environment.get(_PROXY_USER))
    if has_oidc and has_proxy:
        raise BadInputError(_PROXY_USER, f"is set, and so is {ISSUER}; people log in by one")
    for names, is_of_use, base in (
        (_OF_OIDC, has_oidc, ISSUER),
        (_OF_PROXY, has_proxy, _PROXY_USER),
        (_OF_BOTH, has_oidc or has_proxy, f"{ISSUER} or {_PROXY_USER}"),
    ):
        for name in names:
            if environment.get(name) and not is_of_use:
                raise BadInputError(name, f"requires {base}")
    if not (has_oidc or has_proxy):
        return None
    return PeopleSettings(
        login=_oidc(environment) if has_oidc else _proxy(environment),
        roles=_roles(environment, ROLES),
        public_url=_public_url(environment, PUBLIC_URL, is_needed=has_oidc),
        idle_minutes=whole(
            environment, "ABEYANCE_SESSION_IDLE_MINUTES", IDLE_MINUTES, _IDLE_MINUTES
        ),
        session_hours=whole(environment, "ABEYANCE_SESSION_HOURS", SESSION_HOURS, _SESSION_HOURS),
        contact=word_in(environment, "ABEYANCE_CONTACT", CONTACT),
    )


def _oidc(environment: Mapping[str, str]) -> OidcLogin:
    unset = OidcLogin(issuer=safe_address(environment, ISSUER) or "", client_id="")
    client_id = word_in(environment, _CLIENT_ID, "")
    if not client_id:
        raise BadInputError(_CLIENT_ID, f"is not set, and {ISSUER} needs it")
    secret = environment.get("ABEYANCE_OIDC_CLIENT_SECRET") or None
    if secret is not None and not (secret.isascii() and secret.isprintable()):
        raise BadInputError("ABEYANCE_OIDC_CLIENT_SECRET", "has characters outside ASCII")
    scopes = word_in(environment, "ABEYANCE_OIDC_SCOPES", unset.scopes)
    if "openid" not in scopes.split(" "):
        raise BadInputError("ABEYANCE_OIDC_SCOPES", f"{scopes!r} lacks openid")
    return OidcLogin(
        issuer=unset.issuer,
        client_id=client_id,
        client_secret=secret,
        scopes=scopes,
        roles_claim=word_in(environment, "ABEYANCE_OIDC_ROLES_CLAIM", unset.roles_claim),
        name_claim=word_in(environment, "ABEYANCE_OIDC_NAME_CLAIM", unset.name_claim),
    )


def _proxy(environment: Mapping[str, str]) -> ProxyLogin:
    networks = _networks(environment, _PROXY_NETWORKS)
    if not networks:
        reason = f"is not set; {_PROXY_USER} is taken only from networks that it names"
        raise BadInputError(_PROXY_NETWORKS, reason)
    return ProxyLogin(
        user_header=_header(environment, _PROXY_USER) or "",
        roles_header=_header(environment, "ABEYANCE_PROXY_ROLES_HEADER"),
        networks=networks,
    )


def _header(environment: Mapping[str, str], name: str) -> str | None:
    value = environment.get(name)
    if not value:
        return None
    if not _HEADER_NAME.fullmatch(value):
        raise BadInputError(name, f"{value!r} is no name of a header such as X-Remote-User")
    return value.lower()


def _roles(environment: Mapping[str, str], name: str) -> tuple[Role, ...]:
    """Read `analyst=screen+read,officer=admin,other=screen@branch`; `*` is everybody."""
    written = between_commas(environment.get(name))
    if not written:
        reason = "is not set; it says what each role may do, such as analyst=screen+read"
        raise BadInputError(name, reason)
    roles = tuple(_role(name, each) for each in written)
    if len({each.name for each in roles}) < len(roles):
        raise BadInputError(name, "has the same role twice")
    return roles


def _role(variable: str, written: str) -> Role:
    name, _, rights = written.rpartition("=")
    scopes, at, account = rights.partition("@")
    if not name or not name.isprintable():
        reason = f"{written!r} is not written role=scope+scope, such as analyst=screen+read"
        raise BadInputError(variable, reason)
    if at and not NAME.fullmatch(account):
        reason = f"the account {account!r} is not 1 to 64 letters, digits and ._@-"
        raise BadInputError(variable, reason)
    known: tuple[Scope, ...] = tuple(each for each in SCOPES if each in scopes.split("+"))
    if not known or len(known) != len(scopes.split("+")):
        reason = f"{scopes!r} of the role {name!r} are not scopes of {', '.join(SCOPES)}"
        raise BadInputError(variable, f"{reason}, joined by +")
    return Role(name=name, scopes=known, account=account or None)


def _public_url(environment: Mapping[str, str], name: str, *, is_needed: bool) -> str | None:
    """Return the address of the service for browsers, as the header Origin writes it."""
    value = safe_address(environment, name)
    if value is None:
        if is_needed:
            reason = "is not set; people come back to it, such as https://abeyance.example"
            raise BadInputError(name, reason)
        return None
    parts = urlsplit(value)
    if parts.path not in {"", "/"} or parts.username is not None:
        raise BadInputError(name, "has more than a scheme, a host and a port")
    host = parts.netloc.lower().removesuffix(_OWN_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}"


def read_limits(field: str, pairs: Iterable[str]) -> CallerLimits:
    """Read limits that are written as `requests_per_second=20`.

    Raises:
        BadInputError: One of them cannot be read, or does not fit another.
    """
    numbers = dict[str, int]()
    for pair in pairs:
        name, _, number = pair.partition("=")
        if name not in LIMIT_NAMES:
            raise BadInputError(field, f"{name!r} is none of {', '.join(LIMIT_NAMES)}")
        if name in numbers:
            raise BadInputError(field, f"has {name} twice")
        if not _WHOLE_NUMBER.fullmatch(number) or int(number) == 0:
            raise BadInputError(field, f"{name}={number!r} is not a whole number above 0")
        numbers[name] = int(number)
    limits = msgspec.convert(numbers, CallerLimits)
    fault = limits.fault()
    if fault is not None:
        raise BadInputError(field, " ".join(fault))
    return limits


def _limits(environment: Mapping[str, str], name: str) -> CallerLimits:
    """Read `requests_per_second=20,counterparties_per_day=100000`."""
    return read_limits(name, between_commas(environment.get(name)))


def _number_in(limits: CallerLimits, field: str) -> int | None:
    return msgspec.structs.asdict(limits)[field]  # pyright: ignore[reportAny] - all are int or None
