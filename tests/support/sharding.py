"""How tests are shared out among test processes: file by file, and the stories of one installation
together.

xdist's own groups are read from marks, which newer releases of pytest hide from it.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling

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


class GroupedScheduling(LoadGroupScheduling):
    """An installation takes long to start: all its stories run in the process that has started
    it. Other tests run file by file, so that what a file prepares is prepared once.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # in the order of `early_first`
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


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


def early_first(items: list[pytest.Item]) -> None:
    """Puts in front what takes longest, so that no process is left with it alone at the end."""
    items.sort(key=lambda item: not any(each in item.nodeid for each in LONG))
