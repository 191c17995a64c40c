"""A file that somebody hands in as a backup: refused in plain words, and nothing is written."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from app.actions.backup.restore import restore
from app.store import Database
from app.store.backup import LARGEST_ROW, MANIFEST, UnusableBackup, write_backup
from tests.support.sample_desk import NIGHT, blank_database, sample_database
from tests.support.stored_call import critical_at_night

Entries = dict[str, bytes]


@pytest.fixture(scope="module")
def entries(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Entries:
    """What an honest backup holds; each test makes its own of it."""
    folder = tmp_path_factory.mktemp("honest")
    shutil.copyfile(migrated_sqlite_file, folder / "vakt.db")
    with sample_database(f"sqlite:///{folder / 'vakt.db'}") as services:
        critical_at_night(services)
        write_backup(services, folder / "honest.zip", NIGHT)
    with zipfile.ZipFile(folder / "honest.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_calls(entries: Entries, change: Callable[[dict[str, object]], bytes]) -> Entries:
    """The backup with its one call changed, and a cover that agrees."""
    call = change(json.loads(entries["tables/calls.jsonl"]))
    cover = json.loads(entries[MANIFEST])
    cover["tables"]["calls"] = {"rows": 1, "sha256": sha256(call).hexdigest()}
    return entries | {"tables/calls.jsonl": call, MANIFEST: json.dumps(cover).encode()}


def line(row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"


CHANGES: dict[str, Callable[[Entries], Entries]] = {
    "a cover nested without end": lambda e: e | {MANIFEST: b"[" * 200_000},
    "a cover that is a list": lambda e: e | {MANIFEST: b"[]"},
    "a cover with another format": lambda e: e | {MANIFEST: b'{"format": 99}'},
    "a cover with tables that are none": lambda e: e | {
        MANIFEST: e[MANIFEST].replace(b'"tables": {', b'"tables": {"../../evil": {"x": 1}, ')
    },
    "a table that is somewhere else": lambda e: e | {
        MANIFEST: e[MANIFEST].replace(b'"tables": {',
                                b'"tables": {"../../evil": {"rows": 0, "sha256": ""}, ')
    },
    "a row that is a list": lambda e: with_calls(e, lambda _: line([1])),
    "a row nested without end": lambda e: with_calls(e, lambda _: b"[" * 200_000 + b"\n"),
    "a row that is no JSON": lambda e: with_calls(e, lambda _: b"\xff\xfe\n"),
    "bytes that are no bytes": lambda e: with_calls(
        e, lambda c: line(c | {"state": {"$bytes": "%%%"}})
    ),
    "a moment that is none": lambda e: with_calls(
        e, lambda c: line(c | {"started_at": {"$at": "yesterday"}})
    ),
    "a dictionary for a word": lambda e: with_calls(e, lambda c: line(c | {"line": {"a": 1}})),
    "a row larger than memory": lambda e: with_calls(e, lambda _: b"0" * (LARGEST_ROW + 1)),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_forged_backup_is_refused_and_nothing_is_stored(
    entries: Entries, tmp_path: Path, change: str
) -> None:
    file = written(CHANGES[change](entries), tmp_path)

    with blank_database(f"sqlite:///{tmp_path}/new.db") as new:
        with pytest.raises(UnusableBackup):
            restore(new, file, NIGHT)
        assert stored(new) == 0


def test_names_that_lead_out_of_the_file_lead_nowhere(entries: Entries, tmp_path: Path) -> None:
    evil = {"../evil.txt": b"x", "/tmp/evil.txt": b"x", "tables/../../evil.txt": b"x"}
    (tmp_path / "deep" / "er").mkdir(parents=True)
    file = written(entries | evil, tmp_path / "deep" / "er")
    before = sorted(tmp_path.rglob("*"))

    with blank_database(f"sqlite:///{tmp_path}/new.db") as new:
        restore(new, file, NIGHT)
        assert stored(new) == 1

    left = [each for each in tmp_path.rglob("*") if not each.name.startswith("new.db")]
    assert sorted(left) == before


@pytest.mark.parametrize(("flag", "packed"), [(1, 8), (0, 99)])
def test_a_file_that_cannot_be_unpacked_is_refused(
    entries: Entries, tmp_path: Path, flag: int, packed: int
) -> None:
    file = written(entries, tmp_path)
    data = bytearray(file.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(signature)
        while found >= 0:
            data[found + at : found + at + 4] = struct.pack("<HH", flag, packed)
            found = data.find(signature, found + 4)
    file.write_bytes(data)

    with blank_database(f"sqlite:///{tmp_path}/new.db") as new, pytest.raises(UnusableBackup):
        restore(new, file, NIGHT)


def test_a_file_with_torn_bytes_is_refused(entries: Entries, tmp_path: Path) -> None:
    file = written(entries, tmp_path)
    data = bytearray(file.read_bytes())
    for at in range(60, len(data) - 200, 97):
        data[at] ^= 0xFF
    file.write_bytes(data)

    with blank_database(f"sqlite:///{tmp_path}/new.db") as new, pytest.raises(UnusableBackup):
        restore(new, file, NIGHT)


def written(entries: Entries, folder: Path) -> Path:
    file = folder / "forged.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file


def stored(database: Database) -> int:
    with database.engine.connect() as connection:
        tables = connection.exec_driver_sql("select name from sqlite_master where name = 'calls'")
        if not tables.all():
            return 0
        return int(connection.exec_driver_sql("select count(*) from calls").scalar_one())
