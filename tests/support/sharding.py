"""How tests are shared out among test processes: alone, but the stories of one installation
together.

xdist's own groups are read from marks, which newer releases of pytest hide from it.
"""

from __future__ import annotations

from xdist.scheduler import LoadGroupScheduling

STORIES = "tests/end_to_end/"
DEMOS = "tests/cli/test_demo.py"  # one running demo for all that need one
WHEEL = "tests/test_wheel.py"  # built and unpacked once
NGINX = "tests/serving/test_nginx.py"  # one site
SLOW = "tests/serving/test_slow_clients.py"  # one server
OPENID = "tests/web/test_openid.py"  # one provider
PAGES = "tests/pages/"  # one site and one browser
# These start an installation of their own and mostly wait for it: beside the others, and early.
OWN_PRODUCTS = (
    "test_storm_small.py",
    "test_web_restarts.py",
    "test_outage.py::test_the_database_is_away",
    "test_database_gone.py::test_when_the_database_stops",
)


class GroupedScheduling(LoadGroupScheduling):
    """An installation takes long to start: all its stories run in the process that has started
    it.
    """

    def _split_scope(self, nodeid: str) -> str:
        for together in (DEMOS, WHEEL, NGINX, SLOW, OPENID, PAGES):
            if together in nodeid:
                return together
        if STORIES not in nodeid:
            return super()._split_scope(nodeid)
        if any(each in nodeid for each in OWN_PRODUCTS):
            return f"{STORIES}of their own"
        return f"{STORIES}sqlite" if "[sqlite" in nodeid else f"{STORIES}postgresql"
