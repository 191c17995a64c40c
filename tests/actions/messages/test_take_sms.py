"""An SMS that comes in is stored once, and its desk is known."""

import pytest
from sqlalchemy import select

from app.actions.messages.take_sms import take_sms
from app.store import Database
from app.store.sms import ReceivedSms
from app.store.tables import IncomingSmsRow
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import CALLER, DESK, NIGHT, SUPPORT, later


def test_an_sms_that_is_posted_three_times_is_stored_once(database: Database) -> None:
    sms = ReceivedSms("SM1", SUPPORT, CALLER, "Det står ein 🐄 i serverrommet")
    for second in range(3):
        live = take_sms(database, sms, later(second)).live
        assert live
        assert live.desk.id == DESK
    with database.read() as connection:
        row = connection.execute(select(IncomingSmsRow)).one()
    assert (row.body, row.desk, row.at) == (sms.body, DESK, NIGHT)


def test_an_sms_to_a_number_that_no_desk_has_is_stored_without_one(database: Database) -> None:
    assert take_sms(database, ReceivedSms("SM1", "+4720000999", CALLER, "Hei"), NIGHT).live is None
    with database.read() as connection:
        assert connection.execute(select(IncomingSmsRow.desk)).scalars().all() == [None]


@ONE_DATABASE
@pytest.mark.parametrize("body", ["STOP", "START", "takk"])
def test_what_got_no_answer_gets_none_when_it_is_posted_again(
    database: Database, body: str
) -> None:
    sms = ReceivedSms("SM1", SUPPORT, CALLER, body)
    told = [take_sms(database, sms, later(second)) for second in range(2)]
    assert [(each.is_answered, each.replies) for each in told] == [(False, ())] * 2


@ONE_DATABASE
def test_a_picture_without_words_is_told_to_call(database: Database) -> None:
    taken = take_sms(database, ReceivedSms("SM1", SUPPORT, CALLER, " "), NIGHT)
    assert (taken.is_answered, taken.replies) == (True, ())
