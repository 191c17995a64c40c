"""`vakt roster hours`: who had duty for how long, in three languages, as JSON and in files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.a_command import vakt
from tests.support.sample_desk import DESK, ROSTER_TOML, folder, sample_database

Hours = Callable[..., Result]
JANUARY = ("--from", "2027-01-01", "--to", "2027-01-31")
PAY = """
[pay.employees]
duty-1 = 1001
duty-2 = "none"

[pay.wage_codes]
converted = 10100
"""


@pytest.fixture
def hours(migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Hours:
    with sample_database(migrated_sqlite_url, folder(roster=ROSTER_TOML + PAY)):
        pass
    return lambda *words: vakt(monkeypatch, migrated_sqlite_url, "roster", "hours", *words)


def test_everybodys_hours_are_told_with_how_they_were_counted(hours: Hours) -> None:
    told = hours(DESK, *JANUARY)
    assert told.exit_code == 0, told.output
    head, names, one, two, *_ = told.output.splitlines()
    assert head == "Hours of duty for Fjordhjelp from 1 Jan 2027 to 31 Jan 2027 (included)"
    assert names.split()[:4] == ["Name", "Duty", "Evening", "Night"]
    assert one.split()[:3] == ["Duty", "1", "584.00"]  # 31 days less 20 office days of 8 hours
    assert two.split()[:3] == ["Duty", "2", "584.00"]
    assert "5256.00" not in told.output
    assert "(100%)" in told.output
    assert "home duty × 1/7" in told.output
    assert "lawful" not in told.output


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nb",
            ("Vakttimer for Fjordhjelp fra 1. jan. 2027", "584,00", "ikke en juridisk vurdering"),
        ),
        (
            "nn",
            ("Vakttimar for Fjordhjelp frå 1. jan. 2027", "584,00", "ikkje ei juridisk vurdering"),
        ),
    ],
)
def test_it_is_told_in_norwegian(
    language: str,
    words: tuple[str, ...],
    hours: Hours,
    migrated_sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = ("--language", language, "roster", "hours", DESK, *JANUARY)
    told = vakt(monkeypatch, migrated_sqlite_url, *asked).output
    assert [each for each in words if each not in told] == []


def test_json_is_what_the_api_says(hours: Hours) -> None:
    told = json.loads(hours(DESK, *JANUARY, "--json").output)
    assert told["desks"] == [DESK]
    first = told["people"][0]
    assert (first["person"], first["figures"][0]["hours"]) == ("duty-1", 584.0)


def test_every_file_is_written(hours: Hours, tmp_path: Path) -> None:
    csv, xlsx, pay = (tmp_path / name for name in ("a.csv", "a.xlsx", "a.txt"))
    told = hours(DESK, *JANUARY, "--csv", str(csv), "--xlsx", str(xlsx), "--visma", str(pay))
    assert told.exit_code == 0, told.output
    assert csv.read_bytes().count(b"\r\n") == 3
    assert xlsx.read_bytes().startswith(b"PK")
    assert pay.read_text("utf-8").startswith("0;0;1001;10100;0.00;83.43;")
    assert str(pay) in told.stderr


def test_a_refused_pay_file_writes_none_of_the_files(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with sample_database(migrated_sqlite_url):
        pass
    csv, pay = tmp_path / "a.csv", tmp_path / "a.txt"
    asked = ("roster", "hours", DESK, "--csv", str(csv), "--visma", str(pay))
    refused = vakt(monkeypatch, migrated_sqlite_url, *asked)
    assert refused.exit_code == 1
    assert "[pay.wage_codes]" in refused.stderr
    assert list(tmp_path.glob("a.*")) == []


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        (("nowhere",), 1, "neither a desk nor a roster “nowhere”"),
        ((DESK, "--from", "soon"), 2, "“soon” is no day"),
        ((DESK, "--from", "2027-01-02", "--to", "2027-01-01"), 2, "ends before it begins"),
        ((DESK, "--from", "2026-01-01", "--to", "2027-12-31"), 2, "longer than 400 days"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    hours: Hours, asked: tuple[str, ...], code: int, words: str
) -> None:
    refused = hours(*asked)
    assert refused.exit_code == code
    assert words in refused.stderr
