"""A desk's own program: an HTTP server in a process of its own that keeps what is posted to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVER = """
import json, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

kept, how = sys.argv[1], sys.argv[2]

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = {"path": self.path, "headers": dict(self.headers), "body": body}
        with open(kept, "a") as file:
            file.write(json.dumps(told) + "\\n")
        if how == "drips":
            while True:
                self.wfile.write(b"HTTP/1.1 200 OK\\r\\nX: "[:1])
                time.sleep(0.2)
        self.send_response(int(how))
        if how.startswith("3"):
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *args):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
"""


@dataclass(frozen=True)
class WebhookReceiver:
    """Where it listens, and everything that was posted, in order."""

    port: int
    kept: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/vakt?team=1"

    @property
    def posts(self) -> list[dict[str, Any]]:
        lines = self.kept.read_text().splitlines() if self.kept.exists() else []
        return [json.loads(line) for line in lines]


@contextmanager
def webhook_receiver(folder: Path, how: str = "204") -> Iterator[WebhookReceiver]:
    """Receive until the end; `how` is the status of each answer, or "drips"."""
    kept = folder / "posts.jsonl"
    command = [sys.executable, "-c", SERVER, str(kept), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield WebhookReceiver(int(process.stdout.readline()), kept)
        finally:
            process.kill()
