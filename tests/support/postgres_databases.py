"""Databases for tests on one running PostgreSQL. A migrated one is emptied after its test and used
again: making one costs as much as everything that a usual test does in it.
"""

from __future__ import annotations

import importlib
import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support import postgres_server

Connection = psycopg.Connection[tuple[Any, ...]]
VERSION = "alembic_version"
MOST_USES = 100  # the server's own tables grow with each change of a file
CLOSES_WITHIN = 30.0  # seconds; a server notices a moment later that a client has gone

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# Every table with a file that is not empty, rows in it or not.
USED = f"""
    SELECT relname FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
       AND relname <> '{VERSION}' AND pg_relation_size(oid) > 0"""
# TRUNCATE would make the files of every table anew that refers to one of these: five times as long.
# What is merely deleted leaves places in which later rows stand in another order: VACUUM takes them
# away.
DELETE = "BEGIN; SET LOCAL session_replication_role = replica; {}; COMMIT"
VACUUM = "VACUUM (TRUNCATE) {}"
SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename)::regclass, start_value FROM pg_sequences"""
# Each change of a column or a constraint writes its row anew; and ANALYZE counts a table's rows: a
# planner that knows them may choose otherwise in the next test. -1 (not known) is 0 after VACUUM.
SHAPE = f"""
    SELECT (SELECT md5(string_agg(concat_ws(' ', oid, relname, greatest(reltuples, 0)), ','
                                  ORDER BY oid))
              FROM pg_class WHERE oid >= 16384),
           (SELECT md5(string_agg(attrelid || ' ' || xmin, ',' ORDER BY attrelid, attnum))
              FROM pg_attribute WHERE attrelid >= 16384),
           (SELECT md5(string_agg(oid || ' ' || xmin, ',' ORDER BY oid)) FROM pg_constraint),
           (SELECT string_agg(version_num, ',') FROM {VERSION})"""
OTHERS = """
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""


TEMPLATE = "vakt_template"
HAS_TEMPLATE = f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"


def migrate(url: str) -> None:
    """Brings a database to the newest schema, as `vakt db upgrade` does."""
    store = importlib.import_module("app.store")
    store.migrate(url)


def make_template(socket_folder: Path) -> None:
    """Makes the migrated database that others are copies of, unless the server has it already."""
    with postgres_server.connect(socket_folder) as admin:
        if admin.execute(HAS_TEMPLATE).fetchall():
            return
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    migrate(postgres_server.url(socket_folder, TEMPLATE))


@dataclass
class Migrated:
    """A migrated database, our own connection to it, and how to empty it."""

    url: str
    connection: Connection
    shape: tuple[Any, ...]
    first_rows: sql.Composed
    uses: int = 0


class PostgresDatabases:
    """Makes and drops databases on one running server."""

    def __init__(self, socket_folder: Path, admin: Connection) -> None:
        self._socket_folder = socket_folder
        self._admin = admin
        self._numbers = itertools.count(1)
        self._in_use: dict[str, Migrated] = {}
        self._empty: list[Migrated] = []

    def empty(self) -> str:
        """A database without tables."""
        return self._create(template="template0")

    def migrated(self, *, anew: bool = False) -> str:
        """A database with the newest schema, as migrated; to be given back by `drop`."""
        taken = self._empty.pop() if self._empty and not anew else self._new_migrated()
        taken.uses += 1
        self._in_use[taken.url] = taken
        return taken.url

    def drop(self, url: str) -> None:
        """Ends a test's database, or keeps it for the next test."""
        taken = self._in_use.pop(url, None)
        if taken is None:
            self._drop(url)
        elif self._is_emptied(taken):
            self._empty.append(taken)
        else:
            taken.connection.close()
            self._drop(url)

    def close(self) -> None:
        """Closes our own connections."""
        for kept in (*self._empty, *self._in_use.values()):
            kept.connection.close()

    def _new_migrated(self) -> Migrated:
        make_template(self._socket_folder)
        url = self._create(template=TEMPLATE)
        connection = postgres_server.connect(self._socket_folder, _name(url))
        return Migrated(url, connection, _shape(connection), _first(connection))

    def _is_emptied(self, used: Migrated) -> bool:
        """Whether it is as it was before its first test."""
        try:
            _wait_until_alone(used.connection)
            if used.uses >= MOST_USES or _shape(used.connection) != used.shape:
                return False
            _empty(used.connection)
            used.connection.execute(used.first_rows)
        except psycopg.Error:  # a test has cut every connection, or closed a table for good
            return False
        return True

    def _drop(self, url: str) -> None:
        name = sql.Identifier(_name(url))
        self._admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _create(self, template: str) -> str:
        name = f"vakt_{next(self._numbers)}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._admin.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        return postgres_server.url(self._socket_folder, name)


def _name(url: str) -> str:
    return make_url(url).database or ""


def _shape(connection: Connection) -> tuple[Any, ...]:
    [row] = connection.execute(SHAPE).fetchall()
    return row


def _empty(connection: Connection) -> None:
    used = [sql.Identifier(name) for (name,) in connection.execute(USED)]
    if not used:
        return
    deletes = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(name) for name in used)
    connection.execute(sql.SQL(DELETE).format(deletes))
    connection.execute(sql.SQL(VACUUM).format(sql.SQL(", ").join(used)))


def _first(connection: Connection) -> sql.Composed:
    """One transaction after which an emptied database is as the migrations have left it."""
    tables = [name for (name,) in connection.execute(TABLES) if name != VERSION]
    statements = [
        sql.SQL("BEGIN"),
        *filter(None, (_first_rows(connection, name) for name in tables)),
        *(
            sql.SQL("SELECT setval({}::regclass, {}, false)").format(name, start)
            for name, start in connection.execute(SEQUENCES)
        ),
        sql.SQL("COMMIT"),
    ]
    return sql.SQL("; ").join(statements)


def _first_rows(connection: Connection, table: str) -> sql.Composed | None:
    """What the migrations have written into a table."""
    name = sql.Identifier(table)
    [(rows,)] = connection.execute(sql.SQL("SELECT json_agg(t)::text FROM {} t").format(name))
    words = sql.SQL("INSERT INTO {} SELECT * FROM json_populate_recordset(NULL::{}, {})")
    return words.format(name, name, sql.Literal(rows)) if rows else None


def _wait_until_alone(connection: Connection) -> None:
    """Until what the test has closed is gone; what it has left open is cut off."""
    give_up = time.monotonic() + CLOSES_WITHIN
    while connection.execute(f"SELECT 1 {OTHERS} LIMIT 1").fetchall():
        if time.monotonic() > give_up:
            connection.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")
        time.sleep(0.005)
