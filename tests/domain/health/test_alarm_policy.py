"""When contacts who were told of an alarm are told of it once more."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.health.alarms import AlarmPolicy

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("told_ago", "resolved_ago", "again"),
    [
        (23 * HOUR, None, False),
        (24 * HOUR, None, True),  # still so a day later
        (2 * HOUR, HOUR, True),  # it was over, and is back
        (HOUR / 2, HOUR / 4, False),  # it comes and goes: an hour is quiet
    ],
)
def test_an_alarm_is_told_again_after_its_interval_or_when_it_is_back(
    told_ago: timedelta, resolved_ago: timedelta | None, again: bool
) -> None:
    resolved_at = None if resolved_ago is None else NOW - resolved_ago
    policy = AlarmPolicy(24 * HOUR)
    assert policy.is_told_again(NOW - told_ago, resolved_at, NOW) is again
