"""Who calls too often hears so, over HTTP, and is not answered further."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fake_twilio import CALL, fake_twilio, said, settings, tags
from tests.support.sample_desk import DUTY, STRANGER, SUPPORT


@pytest.mark.parametrize(("line", "then"), [(DUTY, "Record"), (SUPPORT, "Hangup")])
def test_a_caller_who_is_held_off_hears_why_and_is_not_put_through(
    migrated_sqlite_url: str, tmp_path: Path, line: str, then: str
) -> None:
    """On the duty line they may still say what is critical."""
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        network.caller = STRANGER
        for count in range(20):
            network.call = f"{CALL[:-3]}{count + 100}"
            assert tags(network.arrives())[0] == "Gather"
        network.call, network.line = CALL, line
        heard = network.arrives()
    assert "dessverre" in said(heard)
    assert then in tags(heard)
    assert not {"Gather", "Dial", "Enqueue"} & set(tags(heard))
