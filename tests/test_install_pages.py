"""docs/install.md, upgrade.md and operate.md: what they name is there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from app.cli import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "docs" / f"{name}.md" for name in ("install", "upgrade", "operate")]
UNITS = {file.stem for file in (ROOT / "deploy" / "systemd").iterdir()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")

    files = re.findall(r"\bdeploy/[\w./-]+[\w]", text)
    made = {"deploy/vaktlinje.env", "deploy/database.env", "deploy/systemd/vaktlinje"}
    assert [file for file in files if file not in made and not (ROOT / file).exists()] == []
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    commands = re.findall(r"(?:^|`|/bin/|as-service )vakt ([a-z]+)", text, re.M)
    assert [command for command in commands if command not in COMMANDS] == []
    units = re.findall(r"\bvaktlinje-([a-z]+)\b", text)
    assert {f"vaktlinje-{unit}" for unit in units} <= UNITS


def test_a_command_of_the_service_reads_settings_as_systemd_does(tmp_path: Path) -> None:
    env = tmp_path / "vaktlinje.env"
    env.write_text("# a comment\n\nSMTP_URL=smtps://a:b=c$d&e@mail.example.org\nEMPTY=\n")
    script = (ROOT / "deploy" / "vakt-as-service").read_text()
    script = script.replace("/etc/vaktlinje/vaktlinje.env", str(env))
    script = script.replace("runuser -u vaktlinje -- /opt/vaktlinje/bin/vakt", "env")

    done = subprocess.run(
        ["sh", "-c", script, "vakt", "SAID=two words"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    told = done.stdout.splitlines()
    assert "SMTP_URL=smtps://a:b=c$d&e@mail.example.org" in told
    assert "EMPTY=" in told
    assert "SAID=two words" in told
