"""The guide "Put a login before it" works, where nginx and openssl are installed."""

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import override

import httpx
import pytest

from tests.served import free_port, wait_for

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/how-to/reverse-proxy.md").read_text("utf-8")
[SERVER] = re.findall(r"^```nginx\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
NGINX, OPENSSL = (
    shutil.which(name, path="/usr/sbin:/usr/bin:/bin") or "" for name in ("nginx", "openssl")
)
pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL), reason="nginx or openssl is not installed"
)


class Behind(BaseHTTPRequestHandler):
    """What stands in for the service: it says what of a login came through."""

    def do_GET(self) -> None:
        said = f"{self.path} {self.headers.get('Authorization')}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


def nginx_with(folder: Path, port: int, behind: int) -> str:
    """The guide's server, on these ports and with its files in this folder."""
    server = (
        SERVER.replace("127.0.0.1:8080", f"127.0.0.1:{behind}")
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        .replace("/etc/ssl/", f"{folder}/")
        .replace("/etc/nginx/", f"{folder}/")
    )
    account = "user root;" if os.geteuid() == 0 else ""
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; {account} events {{}} "
        f"http {{ client_body_temp_path {folder}/body;\n{server}}}"
    )


@pytest.fixture
def behind() -> Iterator[int]:
    """The port of what stands in for the service."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(10)


def certificate(folder: Path) -> ssl.SSLContext:
    """A context that trusts the certificate made in this folder."""
    key = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=abeyance.example"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", folder / "abeyance.key", "-out", folder / "abeyance.pem"]
    subprocess.run([OPENSSL, *key, *names, *files], check=True, capture_output=True)
    secret = subprocess.check_output([OPENSSL, "passwd", "-apr1", "her-password"], text=True)
    (folder / "abeyance.users").write_text(f"anna:{secret}")
    return ssl.create_default_context(cafile=folder / "abeyance.pem")


def first_answer(client: httpx.Client, url: str) -> httpx.Response:
    def answers() -> bool:
        with suppress(httpx.ConnectError):
            client.get(url)
            return True
        return False

    wait_for(answers, "an answer of the proxy")
    return client.get(url)


def test_only_who_logs_in_is_let_through(tmp_path: Path, behind: int):
    trusted = certificate(tmp_path)
    port = free_port()
    conf = tmp_path / "nginx.conf"
    conf.write_text(nginx_with(tmp_path, port, behind))
    running = subprocess.Popen([NGINX, "-c", conf, "-p", tmp_path], stderr=subprocess.DEVNULL)
    url = f"https://127.0.0.1:{port}/v1/search?name=Acme"
    try:
        with httpx.Client(verify=trusted) as client:
            refused = first_answer(client, url)
            wrong = client.get(url, auth=("anna", "another"))
            let_in = client.get(url, auth=("anna", "her-password"))
    finally:
        running.terminate()
        running.wait(20)
    assert (refused.status_code, wrong.status_code) == (401, 401)
    assert let_in.text == "/v1/search?name=Acme None"
