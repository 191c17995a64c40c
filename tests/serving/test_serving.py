"""How the product is set up and served: the set-up script's refusals and gunicorn's own log."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.end_to_end.processes import ROOT, free_port, wait_until
from tests.serving.web_server import ANSWERS_WITHIN

TINY_APP = """
def create_app():
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    return app
"""


def test_setup_without_a_new_enough_python_says_so_and_how_to_name_one(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup.sh", checkout / "scripts")
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        too_old = programs / name
        too_old.write_text("#!/bin/sh\necho Python 3.9.2\nexit 1\n")
        too_old.chmod(0o755)

    done = subprocess.run(
        [checkout / "scripts" / "setup.sh"],
        env={"PATH": f"{programs}:/usr/bin:/bin", "DISTRIBUTION_PYTHON": str(programs / "python3")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "make test PYTHON=" in done.stderr


def test_nobody_writes_a_number_or_a_line_of_their_own_into_the_access_log(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(TINY_APP)
    port = free_port()
    environment = os.environ | {"PORT": str(port), "WEB_WORKERS": "1", "WEB_ACCESS_LOG": "1"}
    config = str(ROOT / "gunicorn.conf.py")
    with subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", config, "tiny:create_app()"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            fetch(f"http://127.0.0.1:{port}/hello?From=%2B4749000011")
            fetch(f"http://127.0.0.1:{port}/x%0A203.0.113.7%20GET%20/forged%0D%1B[2J%C3%A6")
        finally:
            server.terminate()
        log, _ = server.communicate(timeout=60)

    assert "GET /hello 200" in log
    assert "49000011" not in log
    assert "GET /x%0A203.0.113.7%20GET%20/forged%0D%1B%5B2J%C3%A6 200" in log, "one line, as asked"


def fetch(url: str) -> None:
    """Asks until the server is up; fails the test when it never is."""
    request = urllib.request.Request(url, headers={"Referer": url})

    def is_answered() -> bool:
        try:
            with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN):
                return True
        except OSError:
            return False

    wait_until(is_answered, f"something answers at {url}")
