"""The Containerfile and the compose file, command by command: no container engine is needed here.

`make container` builds and runs them where there is one.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from click.testing import CliRunner

from app.cli import COMMANDS, main
from app.settings import Settings
from tests.end_to_end.processes import ROOT, free_port
from tests.serving.web_server import ONE_PROCESS, serving

DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [each for each in SERVICES.values() if each["image"] == "vaktlinje"]


def instructions(word: str) -> list[str]:
    """What stands behind a word of the Containerfile, its continued lines joined."""
    joined = CONTAINERFILE.replace("\\\n", " ")
    return re.findall(rf"^{word} (.+)$", joined, flags=re.M)


def copied() -> list[str]:
    """What comes from the build's context."""
    return [
        source
        for line in instructions("COPY")
        if not line.startswith("--from")
        for source in line.split()[:-1]
    ]


def test_what_is_copied_is_all_that_the_wheel_is_built_from(tmp_path: Path) -> None:
    for name in copied():
        source = ROOT / name
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, dirs_exist_ok=True)
        else:
            shutil.copy(source, tmp_path / name)

    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "dist"]
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert built.returncode == 0, built.stderr
    assert len(list((tmp_path / "dist").glob("vaktlinje-*.whl"))) == 1


def test_nothing_else_goes_into_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in lines
    nested = {"app/web/assets"}  # of app, for a step of its own
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert allowed == set(copied()) - nested


def test_packages_are_installed_as_the_lock_says_and_not_resolved() -> None:
    [run] = [line for line in instructions("RUN") if "requirements.lock" in line]

    installs = [each for each in run.split("&&") if "pip install" in each or "pip wheel" in each]
    assert all("--no-deps" in each for each in installs)
    assert "--require-hashes" in run


def test_the_health_check_tells_well_from_ill(tmp_path: Path) -> None:
    [check] = instructions("HEALTHCHECK")
    name, *arguments = strings(check)
    assert name == "python"

    def is_well(port: int) -> bool:
        here = [each.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for each in arguments]
        done = subprocess.run([sys.executable, *here], capture_output=True, check=False)
        return done.returncode == 0

    with serving(tmp_path, ONE_PROCESS) as web:
        assert is_well(web.port)
    assert not is_well(free_port())


def strings(check: str) -> list[str]:
    """The list of words behind CMD."""
    return re.findall(r'"([^"]*)"', check[check.index("CMD") :])


@pytest.mark.parametrize("command", [tuple(each["command"]) for each in OURS])
def test_every_command_of_a_container_is_one(command: tuple[str, ...]) -> None:
    program, *arguments = command

    assert program == "vakt"
    assert arguments[0] in COMMANDS
    assert CliRunner().invoke(main, [*arguments, "--help"]).exit_code == 0


def test_the_container_runs_the_web_unless_told_otherwise() -> None:
    assert strings("CMD " + instructions("CMD")[-1]) == ["vakt", "web"]
    assert "WEB_HOST=0.0.0.0" in instructions("ENV")[-1]


def test_the_web_waits_for_the_schema_and_the_schema_for_the_database() -> None:
    assert SERVICES["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name in ("web", "fallback", "worker"):
        waits = SERVICES[name]["depends_on"]
        assert waits == {"upgrade": {"condition": "service_completed_successfully"}}


def test_ports_are_open_on_this_machine_only() -> None:
    ports = [port for each in SERVICES.values() for port in each.get("ports", [])]

    assert ports == ["127.0.0.1:8000:8000", "127.0.0.1:8001:8000"]


def test_the_examples_of_settings_are_whole() -> None:
    for service in SERVICES.values():
        assert (DEPLOY / f"{service['env_file']}.example").exists()
    settings = example("vaktlinje.env.example")

    assert {name.lower() for name in settings} <= Settings.model_fields.keys()
    assert settings["SECRET_KEY"] == settings["TWILIO_AUTH_TOKEN"] == "CHANGE-ME"


def test_the_database_of_the_example_is_the_one_that_is_made() -> None:
    made, url = example("database.env.example"), example("vaktlinje.env.example")["DATABASE_URL"]

    assert urlsplit(url).username == made["POSTGRES_USER"]
    assert urlsplit(url).path == f"/{made['POSTGRES_DB']}"
    check = SERVICES["database"]["healthcheck"]["test"][1]
    assert shlex.split(check)[2:] == [made["POSTGRES_USER"], "--dbname", made["POSTGRES_DB"]]


def example(name: str) -> dict[str, str]:
    lines = (DEPLOY / name).read_text().splitlines()
    settings = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {setting: value for setting, _, value in settings}
