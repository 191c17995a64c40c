"""A small share of `make fuzz`: whatever the network posts, no door breaks."""

from __future__ import annotations

from pathlib import Path

from tests.tools.fuzz.stories import a_stage, tell_many

SEED = 1


def test_no_story_breaks_a_door_or_makes_a_second_ticket(migrated_url: str, tmp_path: Path) -> None:
    with a_stage(migrated_url, tmp_path) as stage:
        tell_many(stage, 40, SEED)

    assert stage.told > 300
    assert stage.rows.tickets > 10
