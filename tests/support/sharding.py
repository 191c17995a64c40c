"""How tests are shared out among test processes: file by file, and the stories of one installation
together.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

STORIES = "tests/end_to_end/"
DEMOS = "tests/cli/test_demo.py"  # one running demo for all that need one
WHEEL = "tests/test_wheel.py"  # built and unpacked once
PAGES = "tests/pages/"  # one site and one browser
# Proofs of the shipped desks are made once in a process, and looked at by many.
PROOFS = ("tests/domain/simulate/proof/", "tests/domain/roster/test_backup_lost.py")
# These start an installation of their own and mostly wait for it: beside the others, and early.
OWN_PRODUCTS = (
    "test_storm_small.py",
    "test_web_restarts.py",
    "test_outage.py::test_the_database_is_away",
    "test_database_gone.py::test_when_the_database_stops",
)


LONG = (STORIES, PAGES, DEMOS, WHEEL, *PROOFS)


def in_groups(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    """What takes longest first, so that no process is left with it alone at the end.

    An installation takes long to start: all its stories run in the process that has started it.
    Other tests run file by file, so that what a file prepares is prepared once.
    """
    groups: dict[str, list[pytest.Item]] = {}
    for item in sorted(items, key=lambda item: not any(each in item.nodeid for each in LONG)):
        groups.setdefault(group_of(item.nodeid), []).append(item)
    return [*groups.values()]


def start_processes(items: Sequence[pytest.Item]) -> bool:
    """Whether many of them start the product's own processes."""
    return any(place in item.nodeid for item in items for place in (STORIES, PAGES))


def group_of(nodeid: str) -> str:
    if PAGES in nodeid:
        return PAGES
    if any(each in nodeid for each in PROOFS):
        return PROOFS[0]
    if STORIES not in nodeid:
        return nodeid.partition("::")[0]
    if any(each in nodeid for each in OWN_PRODUCTS):
        return f"{STORIES}of their own"
    return f"{STORIES}sqlite" if "[sqlite" in nodeid else f"{STORIES}postgresql"
