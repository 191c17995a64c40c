"""Who calls too often hears so, over HTTP, and is not answered further."""

from __future__ import annotations

from pathlib import Path

from tests.a_house import STRANGER
from tests.web.a_network import CALL, a_network, said, settings, tags


def test_a_caller_who_is_held_off_hears_why_and_is_done(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with a_network(settings(migrated_sqlite_url, tmp_path)) as network:
        network.caller = STRANGER
        for count in range(20):
            network.call = f"{CALL[:-3]}{count + 100}"
            assert tags(network.arrives())[0] == "Gather"
        network.call = CALL
        heard = network.arrives()
    assert "dessverre" in said(heard)
    assert tags(heard)[-1] == "Hangup"
