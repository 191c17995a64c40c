"""Something has gone wrong in the house, and a human hears of it by the way that is left."""

from __future__ import annotations

from sqlalchemy import text

from app.exchange.faults.read import read_faults
from tests.end_to_end.house import House
from tests.end_to_end.running import wait_until
from tests.end_to_end.who import DUTY, NURSING_HOME, VAKT_1

LEADER, LEADERS_PHONE = "teamleiar@brukarstotte.example", "+4749002901"


def test_when_no_sms_can_be_sent_the_alarm_comes_by_mail(house: House) -> None:
    house.database.write(lambda rows: rows.execute(text("delete from alarms")))
    refused = {"match": "/Messages", "status": 400, "code": 21408, "times": 0}
    before = len(house.mail.to(LEADER))
    house.exchange.set_faults(read_faults({"rest": [refused]}))
    night = house.call(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})
    assert night.outcome == "connected", "the call itself goes on as always"

    wait_until(lambda: len(house.mail.to(LEADER)) > before, "the mail is there", 60)
    mail = house.mail.to(LEADER)[-1]
    assert mail["Subject"].startswith("Brukarstøtte: Meldingar som ikkje kunne sendast: ")
    assert "refused with status 400, error 21408" in mail.get_content()
    assert NURSING_HOME not in mail.get_content()
    wait_until(lambda: alarms_by_sms(house)[-1] == "failed", "its SMS was refused too")


def alarms_by_sms(house: House) -> list[str]:
    """How the alarms to the leader's telephone fared."""
    jobs = [job for job in house.rows("outbox", kind="sms") if LEADERS_PHONE in job["payload"]]
    return [job["state"] for job in sorted(jobs, key=lambda job: job["id"])]
