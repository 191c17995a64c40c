"""The first turns of a new web process come together, in several threads; none is broken by it.

What SQLAlchemy keeps of a table is made when it is first asked for. In a storm two threads asked
at once, and every turn of that process failed from then on.
"""

import subprocess
import sys

PROCESSES = 15  # a quarter of them broke when each thread made the statement by itself

FIRST_TURNS = f"""
import os, sys, threading
from datetime import UTC, datetime
from app.domain.numbers import parse_number
from app.store import open_database
from app.store.snapshot import read_world

def first_turns():
    sys.setswitchinterval(1e-6)
    database, together, failed = open_database(sys.argv[1]), threading.Barrier(6), []
    caller, now = parse_number("+4749009001"), datetime.now(UTC)
    def take():
        with database.read() as connection:
            together.wait()
            try:
                read_world(connection, "+4720000999", caller, now)
            except Exception as error:
                failed.append(error)
    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    os._exit(bool(failed))

broken = 0
for _ in range({PROCESSES}):
    child = os.fork() or first_turns()
    broken += os.waitpid(child, 0)[1] != 0
sys.exit(broken)
"""


def test_the_first_turns_of_a_process_may_come_together(migrated_sqlite_url: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FIRST_TURNS, migrated_sqlite_url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, f"{told.returncode} of {PROCESSES} processes broke: {told.stderr}"
