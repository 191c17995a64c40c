"""The shipped units: what systemd itself says of them, and what must hold in each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.socket_unit import PROGRAMS, UNITS, read_unit

SERVICES = ("vaktlinje-web", "vaktlinje-fallback", "vaktlinje-worker")
WITH_SOCKET = SERVICES[:2]


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    here = f"{Path(sys.executable).parent}/"  # systemd looks whether the programs are there
    for unit in UNITS.iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace(PROGRAMS, here))
    program = shutil.which("systemd-analyze", path=os.environ["PATH"])
    assert program, "scripts/setup.sh installs systemd-analyze"

    done = subprocess.run(
        [program, "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in done.stderr.splitlines() if "vaktlinje" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_started_again_for_ever(name: str) -> None:
    unit = read_unit(f"{name}.service")

    assert unit["Service"]["Restart"] == "always"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["User"] == "vaktlinje"
    assert unit["Service"]["EnvironmentFile"] == "/etc/vaktlinje/vaktlinje.env"


@pytest.mark.parametrize("name", WITH_SOCKET)
def test_a_socket_stays_whatever_happens_to_its_service(name: str) -> None:
    service, door = read_unit(f"{name}.service"), read_unit(f"{name}.socket")

    assert service["Unit"]["Requires"] == f"{name}.socket"
    assert door["Socket"]["TriggerLimitIntervalSec"] == "0"
    assert door["Socket"]["ListenStream"].startswith("127.0.0.1:")


def test_web_and_fallback_run_the_same_program_behind_different_doors() -> None:
    web, fallback = (read_unit(f"{name}.service")["Service"] for name in WITH_SOCKET)
    doors = {read_unit(f"{name}.socket")["Socket"]["ListenStream"] for name in WITH_SOCKET}

    assert web["ExecStart"] == fallback["ExecStart"]
    assert len(doors) == 2
