"""The shipped nginx example, run by Debian's nginx with a throw-away certificate: real signed calls
through it, what stays inside, and the fallback while the web is away.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.end_to_end.processes import ROOT, WEB, Process, free_port, wait_until
from tests.serving.web_server import get, head, post, until_closed

HOST, PUBLIC_URL = "vakt.example.org", "https://vakt.example.org"
ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "the-token-behind-nginx"
CONFIG = ROOT / "deploy" / "nginx" / "vaktlinje.conf"
CLOSE = "Connection: close"
# What Debian's own nginx.conf has around a site, as far as a site needs it.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 768; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include {folder}/vaktlinje.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the processes of the test listen, in place of the ports of the example."""

    http: int
    https: int
    web: int
    fallback: int

    def put_into(self, text: str, folder: Path) -> str:
        """The example with these ports and files, on IPv4 of this machine; all else as shipped."""
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.M)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.http};")
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.https} ssl")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.web}")
        text = text.replace("127.0.0.1:8001", f"127.0.0.1:{self.fallback}")
        return text.replace("/etc/ssl/vaktlinje/", f"{folder}/")


@dataclass(frozen=True, slots=True)
class Site:
    """nginx, and the two processes behind it."""

    ports: Ports
    web: Process
    certificate: Path

    def ask(self, request: bytes) -> bytes:
        """One request over TLS, as a client that trusts the certificate and checks the name."""
        trust = ssl.create_default_context(cafile=str(self.certificate))
        address = ("127.0.0.1", self.ports.https)
        with (
            socket.create_connection(address, timeout=60) as plain,
            trust.wrap_socket(plain, server_hostname=HOST) as client,
        ):
            client.sendall(request)
            return until_closed(client)

    def call(self, path: str, token: str = TOKEN) -> bytes:
        """A webhook, signed for the address that the network knows."""
        form = {
            "CallSid": "CA00000000000000000000000000000042",
            "AccountSid": ACCOUNT,
            "CallStatus": "ringing",
            "From": "+4749000011",
            "To": "+4720000999",
        }
        signature = RequestValidator(token).compute_signature(PUBLIC_URL + path, form)
        return self.ask(
            post(
                path,
                urlencode(form).encode(),
                "Content-Type: application/x-www-form-urlencoded",
                f"X-Twilio-Signature: {signature}",
                CLOSE,
            )
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite_file: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(migrated_sqlite_file, folder / "vakt.db")
    ports = Ports(free_port(), free_port(), free_port(), free_port())
    certificate = make_certificate(folder)
    with ExitStack() as stack:
        web = stack.enter_context(a_web(folder, ports.web))
        stack.enter_context(a_web(folder, ports.fallback))
        stack.enter_context(nginx(folder, ports))
        for port in (ports.web, ports.fallback):
            wait_until(lambda port=port: answers(port), "the processes are up")  # type: ignore[misc]
        yield Site(ports, web, certificate)


def make_certificate(folder: Path) -> Path:
    """A throw-away one, for the name in the example."""
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    named = (
        f"-subj /CN={HOST} -addext subjectAltName=DNS:{HOST} -keyout privkey.pem -out fullchain.pem"
    )
    command = f"{made} {named}".split()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "fullchain.pem"


@contextmanager
def a_web(folder: Path, port: int) -> Iterator[Process]:
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/vakt.db",
        "PUBLIC_URL": PUBLIC_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "SECRET_KEY": "behind nginx",
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
        "WEB_WORKERS": "1",
        "PORT": str(port),
    }
    process = Process(WEB, settings, folder / f"web-{port}.log")
    process.start()
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def nginx(folder: Path, ports: Ports) -> Iterator[None]:
    """Debian's nginx with the example; `nginx -t` first, which says what is wrong with it."""
    user = "user root;" if os.geteuid() == 0 else ""  # the folder of a test is its owner's only
    (folder / "vaktlinje.conf").write_text(ports.put_into(CONFIG.read_text(), folder))
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, user=user))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "scripts/setup.sh installs nginx"
    command = [program, "-p", str(folder), "-c", str(config)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    running = subprocess.Popen(command)
    try:
        wait_until(lambda: listens(ports.https), "nginx is up")
        yield
    finally:
        running.terminate()
        running.wait(90)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=120).ok
    except requests.RequestException:
        return False


def test_a_signed_call_goes_through_tls_and_nginx(site: Site) -> None:
    answer = site.call("/twilio/voice")

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"<Response>" in answer
    assert answer.count(b"Strict-Transport-Security: max-age=31536000") == 1


def test_what_another_token_signed_is_refused(site: Site) -> None:
    assert site.call("/twilio/voice", token="another-one").startswith(b"HTTP/1.1 403 ")


INSIDE = ["/metrics", "/readyz", "/metrics/", "//metrics", "/%6detrics", "/nothing", "/twiliox"]


@pytest.mark.parametrize("path", INSIDE)
def test_what_tells_of_the_inside_stays_inside(site: Site, path: str) -> None:
    assert site.ask(get(path, CLOSE)).startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/openapi.json", "/about", "/login"])
def test_what_others_may_ask_is_answered(site: Site, path: str) -> None:
    assert site.ask(get(path, CLOSE)).startswith(b"HTTP/1.1 200 ")


def test_plain_http_leads_to_tls(site: Site) -> None:
    url = f"http://127.0.0.1:{site.ports.http}/twilio/voice"
    answer = requests.get(url, headers={"Host": HOST}, allow_redirects=False, timeout=120)

    assert (answer.status_code, answer.headers["Location"]) == (308, f"{PUBLIC_URL}/twilio/voice")


def test_a_body_that_is_too_large_is_not_passed_on(site: Site) -> None:
    large = head("POST", "/twilio/voice", f"Content-Length: {3 * 1024 * 1024}", CLOSE)

    assert site.ask(large).startswith(b"HTTP/1.1 413 ")


def test_whoever_sends_a_file_that_is_too_large_sees_the_limit(site: Site) -> None:
    length = f"Content-Length: {3 * 1024 * 1024}"
    language = "Accept-Language: nb"
    large = head("POST", "/portal/x/new/case", length, "Accept: text/html", language, CLOSE)

    answer = site.ask(large)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"plass til 2 MB" in answer


def test_the_fallback_answers_while_the_web_is_away(site: Site) -> None:
    site.web.stop()
    try:
        lost, caught = site.call("/twilio/voice"), site.call("/twilio/voice/fallback")
        goes_on = site.call("/twilio/lifeline/ring/1")
    finally:
        site.web.start()
        wait_until(lambda: answers(site.ports.web), "the web is back")

    assert lost.startswith(b"HTTP/1.1 502 "), "which sends the network to the fallback"
    assert caught.startswith(b"HTTP/1.1 200 ")
    assert b"<Response>" in caught
    assert goes_on.startswith(b"HTTP/1.1 200 ")
