"""Calendars are fetched by HTTPS from the open internet, within limits, and from nowhere else."""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from app.domain.roster.absence_feed import FeedFailed, FeedTrouble
from app.gateways.calendar_fetcher import LARGEST, CalendarFetcher

CERTIFICATE = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    " -subj /CN=x -addext subjectAltName=IP:127.0.0.1"
)
INSIDE = (
    "127.0.0.1 10.0.0.8 169.254.169.254 192.168.1.1 [::1] [fd00::1] 0.0.0.0 [::ffff:127.0.0.1]"
    " 100.64.0.1 localhost 2130706433"
)
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Calendars(BaseHTTPRequestHandler):
    """A provider of calendars, and what can go wrong with one."""

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        places = {
            "/moved": f"https://127.0.0.1:{port}/calendar",
            "/inside": f"https://127.0.0.2:{port}/calendar",
            "/plain": f"http://127.0.0.1:{port}/calendar",
            "/round": "/round",
        }
        if self.path in places:
            self.send_response(302)
            self.send_header("Location", places[self.path])
            self.end_headers()
        elif self.path == "/gone":
            self.send_error(404)
        else:
            self._calendar()

    def _calendar(self) -> None:
        body = b"x" * (LARGEST + 1) if self.path == "/large" else BODY
        self.send_response(200)
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body) + (9 if self.path == "/short" else 0)))
        self.end_headers()
        if self.path == "/drips":
            time.sleep(1)  # longer than its reader waits
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext]]:
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [*CERTIFICATE.split(), "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), Calendars) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        trusted = ssl.create_default_context(cafile=str(certificate))
        yield f"https://127.0.0.1:{server.server_port}", trusted
        server.shutdown()


def fetcher(trusted: ssl.SSLContext | None, seconds: float = 5.0) -> CalendarFetcher:
    """One that may go to this one address of this machine."""
    return CalendarFetcher(lambda address: address == "127.0.0.1", trusted, seconds)


def trouble(of: CalendarFetcher, url: str) -> FeedTrouble:
    with pytest.raises(FeedFailed) as failed:
        of.fetch(url)
    return failed.value.trouble


def test_a_calendar_comes_as_it_is_also_from_where_it_has_moved(
    provider: tuple[str, ssl.SSLContext],
) -> None:
    url, trusted = provider
    assert fetcher(trusted).fetch(f"{url}/calendar") == BODY
    assert fetcher(trusted).fetch(f"{url}/moved") == BODY


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/inside", FeedTrouble.PRIVATE_ADDRESS),
        ("/plain", FeedTrouble.NOT_HTTPS),
        ("/round", FeedTrouble.TOO_MANY_REDIRECTS),
        ("/gone", FeedTrouble.REFUSED),
        ("/large", FeedTrouble.TOO_LARGE),
        ("/packed", FeedTrouble.NOT_A_CALENDAR),
        ("/short", FeedTrouble.UNREACHABLE),
    ],
)
def test_what_is_no_calendar_of_the_open_internet_is_refused(
    provider: tuple[str, ssl.SSLContext], path: str, expected: FeedTrouble
) -> None:
    url, trusted = provider
    assert trouble(fetcher(trusted), url + path) is expected


def test_who_answers_too_slowly_or_shows_another_certificate_is_left(
    provider: tuple[str, ssl.SSLContext],
) -> None:
    url, trusted = provider
    assert trouble(fetcher(trusted, 0.4), f"{url}/drips") is FeedTrouble.TOO_SLOW
    assert trouble(fetcher(None), f"{url}/calendar") is FeedTrouble.UNREACHABLE


@pytest.mark.parametrize("host", INSIDE.split())
def test_no_address_inside_is_connected_to(host: str) -> None:
    assert trouble(CalendarFetcher(), f"https://{host}/a.ics") is FeedTrouble.PRIVATE_ADDRESS


def test_a_name_is_resolved_once_and_refused_if_one_of_its_addresses_is_inside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def resolve(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert trouble(CalendarFetcher(), "https://rebind.example/a") is FeedTrouble.PRIVATE_ADDRESS
    assert asked == ["rebind.example"]
