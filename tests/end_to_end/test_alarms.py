"""Something has gone wrong in the system, and a human hears of it by the way that is left."""

from __future__ import annotations

from sqlalchemy import text

from exchange.faults.read import read_faults
from tests.end_to_end.people import DUTY, NURSING_HOME, VAKT_1
from tests.end_to_end.processes import wait_until
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER

SUBJECT = "Meldingar som ikkje kunne sendast: "
LEADER, LEADERS_PHONE = "teamleiar@brukarstotte.example", "+4749002901"


def test_when_no_sms_can_be_sent_the_alarm_comes_by_mail(product: RunningProduct) -> None:
    product.change(lambda rows: rows.execute(text("delete from alarms")))
    refused = {"match": "/Messages", "status": 400, "code": 21408, "times": 0}
    before = len(product.mail.to(LEADER))
    about = lambda: [m for m in product.mail.to(LEADER)[before:] if SUBJECT in m["Subject"]]  # noqa: E731
    product.exchange.set_faults(read_faults({"rest": [refused]}))
    night = product.call(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})
    assert night.outcome == "connected", "the call itself goes on as always"

    wait_until(lambda: bool(about()), "the mail is there")
    mail = about()[0]
    assert mail["Subject"].startswith("Brukarstøtte: ")
    assert "avvist med status 400, feil 21408" in mail.get_content()
    assert NURSING_HOME not in mail.get_content()
    wait_until(lambda: alarms_by_sms(product)[-1:] == ["failed"], "its SMS was refused too")


def alarms_by_sms(product: RunningProduct) -> list[str]:
    """How the alarms to the leader's telephone fared."""
    jobs = [job for job in product.rows("outbox", kind="sms") if LEADERS_PHONE in job["payload"]]
    return [job["state"] for job in sorted(jobs, key=lambda job: job["id"])]
