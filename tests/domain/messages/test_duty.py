"""What somebody takes who takes the duty by SMS."""

from app.domain.messages.duty import RunningShift, running_shift
from tests.domain.roster.duty_rota import away, rota
from tests.domain.time.wall_clock import oslo

WEDNESDAY = oslo("2026-11-18 22:00")  # duty2 has it until Monday
MONDAY = oslo("2026-11-23 08:00")


def test_who_will_be_away_takes_the_duty_until_then_and_no_hour_is_nobodys() -> None:
    friday = away("duty4", "2026-11-20 16:00", "2026-11-22 20:00")
    over = away("duty4", "2026-11-16 08:00", "2026-11-18 20:00")
    assert running_shift(rota(), "duty4", WEDNESDAY) == RunningShift("duty2", MONDAY)
    absent = rota(absences=(over, friday))
    assert running_shift(absent, "duty4", WEDNESDAY) == RunningShift("duty2", friday.from_)
