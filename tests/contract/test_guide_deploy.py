"""The guide "Deploy it" works, where a Docker engine and compose answer."""

import json
import os
import re
import secrets
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.served import free_port, wait_for

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/how-to/deploy.md").read_text("utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
START, TLS, KEYS, BACKUP, RESTORE, UPGRADE = COMMANDS
HOST = "abeyance.example"
TLS_FILE = "compose.tls.yaml"
IMAGES = {
    "PYTHON_IMAGE": "python:3.13-slim",
    "POSTGRES_IMAGE": "postgres:17",
    "CADDY_IMAGE": "caddy:2-alpine",
}
# Where packages are at hand only on the machine's own network, a build must see it.
BUILT_THERE = "services: {abeyance: {build: {network: host}}}\n"


def has_compose() -> bool:
    docker = shutil.which("docker")
    asked = ["docker", "compose", "ls"]
    return (
        docker is not None
        and not subprocess.run(asked, check=False, capture_output=True).returncode
    )


def built_here() -> dict[str, str]:
    """The images that this engine has by their tags and that come from no registry."""
    asked = ["docker", "image", "inspect", "--format", "{{len .RepoDigests}}"]
    return {
        variable: tag
        for variable, tag in IMAGES.items()
        if subprocess.run([*asked, tag], check=False, capture_output=True).stdout == b"0\n"
    }


pytestmark = pytest.mark.skipif(not has_compose(), reason="no Docker engine with compose answers")


class Deployed:
    """A copy of the tree, and the containers that the guide starts from it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.secure_port = free_port()
        self.environment = (
            os.environ
            | built_here()
            | {
                "COMPOSE_PROJECT_NAME": f"abeyance-{secrets.token_hex(4)}",
                "COMPOSE_FILE": "compose.yaml:there.yaml",
                "ABEYANCE_PORT": str(self.port),
                "ABEYANCE_HTTP_PORT": str(free_port()),
                "ABEYANCE_HTTPS_PORT": str(self.secure_port),
            }
        )
        tree = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        for name in filter(None, tree.stdout.decode().split("\0")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        (folder / "there.yaml").write_text(BUILT_THERE)

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", commands],
            check=False,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, key: str = "") -> httpx.Response:
        headers = {"host": HOST, "x-api-key": key}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers)

    def get_securely(
        self, path: str, trusted: ssl.SSLContext, key: str = "", address: str = ""
    ) -> httpx.Response:
        """Ask the proxy, with a client's address that it must not believe."""
        headers = {"host": HOST, "x-api-key": key, "x-forwarded-for": address}
        with httpx.Client(verify=trusted, timeout=30) as client:
            return client.get(
                f"https://127.0.0.1:{self.secure_port}{path}",
                headers={name: value for name, value in headers.items() if value},
                extensions={"sni_hostname": HOST},
            )


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    deployed = Deployed(tmp_path_factory.mktemp("deploy"))
    yield deployed
    deployed.run("docker compose down --volumes --rmi local")


def keys_in(printed: str) -> list[str]:
    return re.findall(r"abey_\w{49}", printed)


def test_the_guide_leads_to_a_service_that_can_be_restored(deployed: Deployed):
    (admin,) = keys_in(deployed.run(START))
    assert deployed.get("/v1/search?name=Hikvision").status_code == 401
    assert deployed.get("/v1/search?name=Hikvision", admin).json()["outcome"] == "hits"
    erp, prometheus = keys_in(deployed.run(KEYS))
    limited = deployed.get("/v1/search?name=Hikvision", erp)
    assert "20" in limited.headers["ratelimit-policy"]
    assert deployed.get("/metrics", erp).status_code == 403
    assert "abeyance_ready 1.0" in deployed.get("/metrics", prometheus).text
    deployed.run(BACKUP)
    assert (deployed.folder / "abeyance.dump").stat().st_size > 1_000_000
    assert re.search(r"^ *3$", deployed.run(RESTORE), re.MULTILINE)
    deployed.run(UPGRADE.replace("git pull\n", ""))
    assert deployed.get("/v1/search?name=Hikvision", erp).status_code == 200


# No authority is at hand: the certificate is one of the proxy's own.
TLS_HERE = TLS.replace("it@abeyance.example", "internal")
ROOT_CERTIFICATE = "docker compose exec proxy cat /data/caddy/pki/authorities/local/root.crt"
KEY = "docker compose exec abeyance abeyance keys add ben --scope screen"
NEAR_KEY = KEY.replace(" ben ", " near ") + " --network 198.51.100.0/24"


def test_with_tls_in_front_the_service_is_reached_through_it_alone(deployed: Deployed):
    deployed.environment["COMPOSE_FILE"] = f"compose.yaml:{TLS_FILE}:there.yaml"
    write_settings, start = TLS_HERE.splitlines()
    deployed.run(write_settings)
    check_hardened(json.loads(deployed.run("docker compose config --format json")))
    if "CADDY_IMAGE" not in deployed.environment and not can_pull(deployed):
        pytest.skip("the image of the proxy is not at hand")
    (key,) = keys_in(deployed.run(f"{start}\n{KEY}"))
    (near,) = keys_in(deployed.run(NEAR_KEY))
    trusted = ssl.create_default_context(cadata=deployed.run(ROOT_CERTIFICATE))
    assert deployed.get_securely("/v1/search?name=Hikvision", trusted).status_code == 401
    answer = deployed.get_securely("/v1/search?name=Hikvision", trusted, key)
    assert answer.json()["outcome"] == "hits"
    assert "max-age" in answer.headers["strict-transport-security"]

    def forged() -> int:
        # an address that the key is for, which the proxy must not pass on
        asked = deployed.get_securely("/v1/search?name=Hikvision", trusted, near, "198.51.100.7")
        return asked.status_code

    wait_for(lambda: forged() == 403, "the key is known, and its network is another")
    with pytest.raises(httpx.ConnectError):
        deployed.get("/readyz")
    deployed.run("docker compose stop abeyance")
    assert deployed.get_securely("/v1/search?name=Hikvision", trusted, key).status_code == 502
    logged = deployed.run("docker compose logs proxy")
    assert "dial tcp" in logged
    assert not re.search(f"Hikvision|{key}", logged)


def can_pull(deployed: Deployed) -> bool:
    """Whether this engine gets the image of the proxy from a registry."""
    pull = ["docker", "compose", "pull", "--quiet", "proxy"]
    asked = subprocess.run(
        pull, check=False, cwd=deployed.folder, env=deployed.environment, capture_output=True
    )
    return not asked.returncode


def check_hardened(project: dict[str, Any]) -> None:
    """Check that only the proxy is reached, and that each container has no more than it needs."""
    services = project["services"]
    assert [name for name, each in services.items() if each.get("ports")] == ["proxy"]
    assert set(services["proxy"]["networks"]) & set(services["postgres"]["networks"]) == set()
    assert project["networks"]["back"]["internal"]
    for name, each in services.items():
        assert each["cap_drop"] == ["ALL"]
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert each["pids_limit"]
        assert each["mem_limit"]
        assert each["ulimits"]
        assert name == "postgres" or each["read_only"]
    files = [(ROOT / name).read_text() for name in ("Dockerfile", "compose.yaml", TLS_FILE)]
    for tag in IMAGES.values():
        assert re.search(f"{tag}@sha256:[0-9a-f]{{64}}", "".join(files)), "named by its digest"
