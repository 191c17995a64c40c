"""`vakt db`, `token`, `worker`, `preflight`, and the help of all."""

import signal
import subprocess

import pytest

from app import clock
from app.actions.access.tokens import check_token
from app.cli import COMMANDS
from app.store import open_database
from app.store.tokens import Token
from tests.cli.a_terminal import VAKT, Terminal


def token_of(url: str, secret: str) -> Token | None:
    database = open_database(url)
    try:
        return check_token(database, secret, clock.now())
    finally:
        database.close()


def test_upgrade_makes_a_database_and_twice_does_no_harm(
    terminal: Terminal, database_url: str
) -> None:
    terminal.database_url = database_url
    for _ in range(2):
        assert "newest schema" in terminal.does("db", "upgrade")
    assert "There is no desk" in terminal.is_refused("duty", "dekode")


def test_a_token_is_shown_once_limited_to_its_desks_and_taken_away_again(desks: Terminal) -> None:
    words = ("token", "create", "wallboard", "--desk", "dekode", "--desk", "prokom", "--days", "30")
    secret = desks.does(*words).strip()
    token = token_of(desks.database_url, secret)
    assert token
    assert (token.desks, token.may_write) == (("dekode", "prokom"), False)
    assert token.expires_at
    listed = desks.does("token", "list")
    assert "wallboard" in listed
    assert secret not in listed
    desks.does("token", "revoke", "wallboard")
    assert token_of(desks.database_url, secret) is None
    assert "no token" in desks.is_refused("token", "revoke", "wallboard")


def test_a_token_may_write_only_when_it_is_said(desks: Terminal) -> None:
    secret = desks.does("token", "create", "robot", "--write").strip()
    token = token_of(desks.database_url, secret)
    assert token
    assert token.may_write
    assert token.desks == (), "no desk named means all"


def test_a_token_for_a_desk_that_is_not_there_is_refused(desks: Terminal) -> None:
    assert "no desk “nobody”" in desks.is_refused("token", "create", "x", "--desk", "nobody")
    assert "--days" in desks.is_wrong("token", "create", "x", "--days", "0")


@pytest.mark.end_to_end
def test_the_worker_works_until_it_is_asked_to_stop(desks: Terminal) -> None:
    environment = {**desks.environment, "TWILIO_AUTH_TOKEN": "t"}
    command = [*VAKT, "worker"]
    with subprocess.Popen(
        command, cwd=desks.home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as worker:
        assert worker.stdout
        said = worker.stdout.readline().decode()
        worker.send_signal(signal.SIGTERM)
        said += worker.communicate(timeout=60)[0].decode()
        assert worker.returncode == 0, said
    assert "worker_started" in said
    assert "worker_stopped" in said


def test_help_names_every_command_and_each_has_its_own(terminal: Terminal) -> None:
    told = terminal.does("--help")
    for name in COMMANDS:
        assert f"\n  {name}" in told
        usage, _, commands = terminal.does(name, "--help").partition("Commands:")
        assert "Usage: " in usage
        assert "..." not in commands, "a sentence is cut"
    assert "No such command" in terminal.is_wrong("telephone")


@pytest.mark.end_to_end
def test_as_processes_the_commands_keep_their_exit_codes_and_streams(desks: Terminal) -> None:
    done = desks.as_process("duty", "brukarstotte", "--at", "2026-11-21T23:10")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Brukarstøtte, Sat 21 Nov 2026 23:10\n")
    refused = desks.as_process("duty", "nobody")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("There is no desk “nobody”.")
    wrong = desks.as_process("explain", "--line", "1")
    assert (wrong.code, wrong.out) == (2, "")
    assert "Missing option '--from'" in wrong.err
