"""A critical ticket does not sleep: the duty is called in call-outs until one presses 1."""

from dataclasses import replace

import pytest

from app.domain.callouts.call_out import CallOutBegan, TicketAcknowledged
from app.domain.calls.call import CallOutcome, outcome_of
from app.domain.desks.desk import Callback
from app.domain.hunts.effects import (
    AcknowledgeTicket,
    AnsweredAgain,
    CallOutUnanswered,
    CancelLeg,
    MissedCallOut,
    PlaceLeg,
)
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import CallCaller, End, Instruction, Silent, Whisper
from app.domain.reasons import Code
from app.domain.roles import Role
from app.domain.simulate.simulation import RingResult
from app.domain.texts.message import MessageRef
from app.domain.tickets.ticket import WakesDuty
from tests.domain.callouts.a_call_out import (
    HOME_1,
    LAST_RESORT,
    MOBILE_1,
    MOBILE_2,
    a_call_out,
    a_late_call,
    a_ticket,
)
from tests.support.shipped_desks import desk_of, shipped

EVERYBODY = [
    "Vakt 1 +4749002701",
    "Vakt 1 +4720002701",
    "Vakt 2 +4749002702",
    "49 00 27 90 +4749002790",
]


def heard(instruction: Instruction) -> list[str]:
    assert isinstance(instruction, Whisper | End)
    return [message.key for message in instruction.says]


# --- who is rung ------------------------------------------------------------------------


def test_primary_backup_and_last_resort_are_rung_one_after_another() -> None:
    night = a_call_out()
    for leg in (MOBILE_1, HOME_1, MOBILE_2, LAST_RESORT):
        assert len(night.call_out.ringing) == 1
        night.ends(leg)
    assert night.rung == EVERYBODY
    assert night.call_out.has_ended
    assert night.effects[-4:] == [
        MissedCallOut("vakt-1", "Vakt 1"),
        MissedCallOut("vakt-2", "Vakt 2"),
        MissedCallOut("+4749002790", "49 00 27 90"),
        CallOutUnanswered(1, 4),
    ]


def test_each_of_them_is_a_call_of_its_own_that_the_worker_places() -> None:
    night = a_call_out()
    placed = [effect for effect in night.effects if isinstance(effect, PlaceLeg)]
    assert [(effect.leg, effect.callee.number) for effect in placed] == [(1, "+4749002701")]
    assert placed[0].seconds == desk_of(night.facts).duty.ring_seconds  # type: ignore[union-attr]


def test_who_passes_the_ticket_on_lets_the_next_one_ring_at_once() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    assert heard(night.presses(MOBILE_1, "2")) == ["whisper_call_out_passed"]
    assert night.rung == [EVERYBODY[0], EVERYBODY[2]], "not their own second number"
    night.ends(MOBILE_1, "completed")
    assert len(night.rung) == 2
    assert MissedCallOut("vakt-1", "Vakt 1") not in night.effects


def test_who_missed_a_round_is_rung_after_the_others() -> None:
    facts = replace(shipped("brukarstotte"), missed=frozenset({"vakt-1"}))
    night = a_call_out(facts=facts)
    for leg in (1, 2, 3, 4):
        night.ends(leg)
    assert night.rung == [*EVERYBODY[2:], *EVERYBODY[:2]]
    assert Code.MISSED_A_CALL_OUT in {reason.code for d in night.decisions for reason in d.reasons}


@pytest.mark.parametrize("key", ["1", "2", "*"])
def test_any_key_brings_them_back_to_their_place(key: str) -> None:
    facts = replace(shipped("brukarstotte"), missed=frozenset({"vakt-2"}))
    night = a_call_out(facts=facts)
    for leg in (1, 2, 3):
        night.ends(leg)
    night.lifts(4)
    assert not [e for e in night.effects if isinstance(e, AnsweredAgain)]
    night.presses(4, key)
    assert AnsweredAgain("vakt-2", "Vakt 2") in night.effects


def test_who_was_never_rung_because_the_network_took_no_call_has_missed_nothing() -> None:
    night = a_call_out()
    for leg in (MOBILE_1, HOME_1, MOBILE_2):
        night.does(LegChanged(leg, "failed"))
    night.ends(LAST_RESORT)
    assert night.call_out.has_ended
    assert [e.person for e in night.effects if isinstance(e, MissedCallOut)] == [
        night.call_out.legs[-1].callee.person
    ]


def test_who_talks_elsewhere_is_rung_last() -> None:
    facts = replace(shipped("brukarstotte"), talking=frozenset({"+4749002701"}))
    assert a_call_out(facts=facts).rung == ["Vakt 2 +4749002702"]


def test_who_is_away_is_not_rung_and_who_is_on_duty_now_is() -> None:
    """The list is read at each ring: it may change while the call-out rings."""
    night = a_call_out()
    assert night.facts.roster
    only_2 = tuple(p for p in night.facts.roster.people if p.id != "vakt-1")
    night.facts = replace(night.facts, roster=replace(night.facts.roster, people=only_2))
    night.ends(MOBILE_1)
    assert night.rung[1] == "Vakt 2 +4749002702"


def test_nobody_on_duty_ends_the_round_and_says_so() -> None:
    facts = replace(shipped("brukarstotte"), roster=None)
    night = a_call_out(facts=facts)
    assert night.call_out.has_ended
    assert night.effects == [CallOutUnanswered(1, 0)]


def test_a_ticket_that_may_not_wake_the_duty_rings_nobody() -> None:
    night = a_call_out(a_ticket().with_ticket(wakes_duty=WakesDuty.NEVER))
    assert night.rung == []
    assert night.effects == [CallOutUnanswered(1, 0)]


# --- what they are told -----------------------------------------------------------------


def test_each_person_on_duty_gets_one_sms_a_round() -> None:
    night = a_call_out()
    for leg in (1, 2, 3, 4):
        night.ends(leg)
    assert [(sms.person, sms.message.key, sms.dedup) for sms in night.messages] == [
        ("vakt-1", "sms_call_out", "call-out-1042-1:duty:vakt-1"),
        ("vakt-2", "sms_call_out", "call-out-1042-1:duty:vakt-2"),
    ]


def test_the_whisper_says_in_the_first_sentence_which_desk_how_bad_and_the_key() -> None:
    says = [message.key for message in a_call_out().lifts(MOBILE_1).says]
    assert says == [
        "whisper_call_out",
        "whisper_unacknowledged",
        "whisper_customer",
        "whisper_called_from",
        "whisper_call_out_keys_message",
    ]


def test_3_plays_the_message_and_the_keys_are_said_once_more() -> None:
    night = a_call_out()
    assert night.lifts(MOBILE_1).plays == ""
    instruction = night.presses(MOBILE_1, "3")
    assert isinstance(instruction, Whisper)
    assert instruction.plays == "simulated"
    assert heard(instruction) == ["whisper_call_out_keys_message"]
    assert len(night.rung) == 1


def test_a_message_that_cannot_be_played_yet_is_told_of_and_the_keys_follow() -> None:
    night = a_call_out(facts=replace(shipped("brukarstotte"), message_is_stored=False))
    night.lifts(MOBILE_1)
    instruction = night.presses(MOBILE_1, "3")
    assert isinstance(instruction, Whisper)
    assert instruction.plays == ""
    assert heard(instruction) == ["whisper_message_away", "whisper_call_out_keys_message"]
    assert heard(night.presses(MOBILE_1, "1"))[0] == "whisper_you_have_it"


def test_without_a_message_3_is_no_key() -> None:
    night = a_call_out(a_ticket("1"))  # hung up at the tone
    assert heard(night.lifts(MOBILE_1))[-1] == "whisper_call_out_keys"
    instruction = night.presses(MOBILE_1, "3")
    assert isinstance(instruction, Whisper)
    assert instruction.plays == ""
    assert heard(instruction)[0] == "whisper_call_out"


def test_a_telephone_on_which_somebody_leans_is_not_listened_to_for_ever() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    for _ in range(30):
        night.presses(MOBILE_1, "*")
        if len(night.rung) > 1:
            break
    assert len(night.rung) == 2
    assert night.call_out.legs[0].outcome is LegOutcome.UNCONFIRMED


# --- 1 takes it -------------------------------------------------------------------------


def test_1_takes_the_ticket_and_offers_to_call_the_caller() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    assert heard(night.presses(MOBILE_1, "1")) == ["whisper_you_have_it", "whisper_call_caller"]
    assert AcknowledgeTicket("vakt-1", "Vakt 1") in night.effects
    assert night.call_out.legs[0].outcome is LegOutcome.ACCEPTED
    assert night.call_out.has_ended
    night.ends(MOBILE_1, "completed")
    assert night.rung == EVERYBODY[:1]
    assert night.call_out.legs[0].outcome is LegOutcome.ACCEPTED


def test_who_missed_before_somebody_else_took_it_is_noted() -> None:
    night = a_call_out()
    night.ends(MOBILE_1)
    night.ends(HOME_1, "busy")
    night.lifts(MOBILE_2)
    night.presses(MOBILE_2, "1")
    assert [e for e in night.effects if isinstance(e, MissedCallOut)] == [
        MissedCallOut("vakt-1", "Vakt 1")
    ]
    assert not [e for e in night.effects if isinstance(e, CallOutUnanswered)]


def test_who_answers_on_the_second_number_has_not_missed_it() -> None:
    night = a_call_out()
    night.ends(MOBILE_1)
    night.lifts(HOME_1)
    night.presses(HOME_1, "1")
    assert not [e for e in night.effects if isinstance(e, MissedCallOut)]


def test_a_1_that_comes_when_the_next_one_rings_stops_that_ringing() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.ends(MOBILE_1, "completed")
    night.ends(HOME_1)
    assert [leg.id for leg in night.call_out.ringing] == [MOBILE_2]
    night.presses(MOBILE_1, "1")
    assert night.call_out.ringing == ()
    assert CancelLeg(MOBILE_2, "") in night.effects
    night.does(LegAnswered(MOBILE_2))
    assert night.call_out.leg(MOBILE_2).outcome is LegOutcome.LATE  # type: ignore[union-attr]


def test_who_has_it_hears_so_on_the_other_telephone_too() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.ends(MOBILE_1, "completed")
    night.presses(MOBILE_1, "1")
    assert heard(night.lifts(HOME_1)) == ["whisper_you_have_it", "whisper_call_caller"]


def test_a_1_after_the_round_is_over_still_takes_the_ticket() -> None:
    night = a_call_out()
    for leg in (1, 2, 3, 4):
        night.ends(leg)
    missed = [e for e in night.effects if isinstance(e, MissedCallOut)]
    night.does(LegAnswered(MOBILE_2))
    assert heard(night.presses(MOBILE_2, "1")) == ["whisper_you_have_it", "whisper_call_caller"]
    assert AcknowledgeTicket("vakt-2", "Vakt 2") in night.effects
    assert [e for e in night.effects if isinstance(e, MissedCallOut)] == missed


def test_the_second_of_two_who_press_1_is_told_that_somebody_was_first() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.ends(MOBILE_1, "completed")
    night.ends(HOME_1)
    night.lifts(MOBILE_2)
    night.presses(MOBILE_1, "1")
    assert heard(night.presses(MOBILE_2, "1")) == ["whisper_call_out_late"]
    taken = [e for e in night.effects if isinstance(e, AcknowledgeTicket)]
    assert taken == [AcknowledgeTicket("vakt-1", "Vakt 1")]


def test_a_ticket_that_is_taken_elsewhere_stops_the_round() -> None:
    night = a_call_out()
    night.ends(MOBILE_1)
    night.does(LegChanged(HOME_1, "ringing", "CA-leg2"))
    night.does(TicketAcknowledged("Vakt 3"))
    assert CancelLeg(HOME_1, "CA-leg2") in night.effects
    assert night.call_out.has_ended
    assert not [e for e in night.effects if isinstance(e, CallOutUnanswered)]
    night.does(TicketAcknowledged("Vakt 3"))
    night.ends(HOME_1, "canceled")
    assert len(night.rung) == 2


def test_between_two_legs_the_ticket_is_looked_at_again() -> None:
    night = a_call_out()
    night.facts = replace(night.facts, acknowledged_by="Vakt 3")
    night.ends(MOBILE_1)
    assert night.rung == EVERYBODY[:1]
    assert night.call_out.has_ended
    assert not [e for e in night.effects if isinstance(e, CallOutUnanswered)]


def test_a_key_that_comes_when_it_was_taken_elsewhere_takes_nothing() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.facts = replace(night.facts, acknowledged_by="Vakt 3")
    assert heard(night.presses(MOBILE_1, "1")) == ["whisper_call_out_late"]
    assert not [e for e in night.effects if isinstance(e, AcknowledgeTicket)]


def test_a_round_begins_once() -> None:
    night = a_call_out()
    before = night.call_out
    assert isinstance(night.does(CallOutBegan()).instruction, End | Silent)
    assert night.call_out == before


# --- 3 calls the caller -----------------------------------------------------------------


def called(instruction: Instruction) -> CallCaller:
    assert isinstance(instruction, CallCaller)
    return instruction


def test_3_calls_the_caller_with_the_desks_number_and_for_a_limited_time() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.presses(MOBILE_1, "1")
    instruction = called(night.presses(MOBILE_1, "3"))
    assert (instruction.number, instruction.caller_id) == ("+4749002001", "+4720000210")
    assert instruction.talk_minutes == desk_of(night.facts).ceilings.talk_minutes
    (leg,) = [leg for leg in night.call_out.legs if leg.callee.role is Role.CALLER]
    assert (leg.id, leg.outcome) == (instruction.called, LegOutcome.RINGING)
    night.does(LegChanged(leg.id, "in-progress", "CA-caller"))
    assert night.call_out.leg(leg.id).outcome is LegOutcome.ACCEPTED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("no-answer", LegOutcome.NO_ANSWER),
        ("busy", LegOutcome.BUSY),
        ("completed", LegOutcome.ACCEPTED),
    ],
)
def test_the_call_back_is_a_leg_of_the_ticket_with_its_outcome(
    status: str, outcome: LegOutcome
) -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.presses(MOBILE_1, "1")
    leg = called(night.presses(MOBILE_1, "3")).called
    night.ends(leg, status)
    night.ends(leg, "in-progress")  # told out of order
    assert night.call_out.leg(leg).outcome is outcome  # type: ignore[union-attr]


def test_while_they_talk_with_the_caller_they_are_known_to_talk() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.presses(MOBILE_1, "1")
    leg = called(night.presses(MOBILE_1, "3")).called
    assert night.call_out.hunt.talking_back is None
    night.ends(leg, "in-progress")
    assert night.call_out.hunt.talking_back == "+4749002701"
    night.ends(leg, "completed")
    assert night.call_out.hunt.talking_back is None
    night.ends(leg, "in-progress")  # told out of order
    assert night.call_out.hunt.talking_back is None


def test_who_hangs_up_talks_no_more() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.presses(MOBILE_1, "1")
    night.ends(called(night.presses(MOBILE_1, "3")).called, "in-progress")
    night.ends(MOBILE_1, "completed")
    assert night.call_out.hunt.talking_back is None


def test_who_talks_about_another_ticket_has_missed_nothing() -> None:
    facts = replace(shipped("brukarstotte"), talking=frozenset({"+4749002701"}))
    night = a_call_out(facts=facts)
    for leg in (1, 2, 3, 4):
        night.ends(leg, "busy")
    missed = {e.person for e in night.effects if isinstance(e, MissedCallOut)}
    assert missed == {"vakt-2", "+4749002790"}


def test_nobody_is_called_before_1_and_nobody_by_itself() -> None:
    night = a_call_out(a_ticket("1"))
    night.lifts(MOBILE_1)
    assert not isinstance(night.presses(MOBILE_1, "3"), CallCaller)
    night.presses(MOBILE_1, "1")
    night.presses(MOBILE_1, "*")
    assert all(leg.callee.role is not Role.CALLER for leg in night.call_out.legs)


def test_the_caller_is_called_again_a_few_times_and_no_more() -> None:
    night = a_call_out()
    night.lifts(MOBILE_1)
    night.presses(MOBILE_1, "1")
    instructions = [night.presses(MOBILE_1, "3") for _ in range(20)]
    calls = [leg for leg in night.call_out.legs if leg.callee.role is Role.CALLER]
    assert len(calls) == 5
    assert len([leg for leg in calls if leg.outcome is LegOutcome.RINGING]) <= 1
    assert isinstance(instructions[-1], End)


@pytest.mark.parametrize(
    ("caller", "says", "why"),
    [
        ("anonymous", "whisper_not_called_withheld", "callback.withheld"),
        ("02800", "whisper_not_called_shared", "callback.short"),
        ("+4782012345", "whisper_not_called_shared", "callback.costly"),
        ("+46701740605", "whisper_not_called", "callback.prefix"),
        ("112", "whisper_not_called_shared", "callback.emergency"),
        ("+4710", "whisper_not_called_withheld", "callback.unreadable"),
        ("+4720000210", "whisper_not_called_shared", "callback.shared"),
        ("+4749002701", "whisper_not_called_shared", "callback.shared"),
    ],
)
def test_a_number_that_may_not_be_called_is_said_honestly(caller: str, says: str, why: str) -> None:
    night = a_call_out(a_ticket(caller=caller))
    night.lifts(MOBILE_1)
    assert says in heard(night.presses(MOBILE_1, "1"))
    reasons = [r for d in night.decisions for r in d.reasons if r.code is Code.NOT_CALLED_BACK]
    assert dict(reasons[0].values)["why"] == MessageRef(why)
    assert not isinstance(night.presses(MOBILE_1, "3"), CallCaller)


def test_a_desk_may_allow_other_countries_and_forbid_all() -> None:
    facts = shipped("brukarstotte")
    desk = desk_of(facts)
    swede = a_ticket(caller="+46701740605")
    abroad = replace(facts, desk=replace(desk, callback=Callback(("+47", "+46"))))
    nobody = replace(facts, desk=replace(desk, callback=Callback(())))
    for given, is_called in ((abroad, True), (nobody, False)):
        night = a_call_out(swede, given)
        night.lifts(MOBILE_1)
        night.presses(MOBILE_1, "1")
        assert isinstance(night.presses(MOBILE_1, "3"), CallCaller) is is_called


# --- the caller of a live call had hung up ----------------------------------------------


def test_who_presses_1_when_the_caller_has_hung_up_has_the_case_and_may_call() -> None:
    """A leg that was rung for a caller can ring nobody: they are rung on one that can."""
    ticket = a_ticket("1", ringing=(RingResult("caller_hangs_up"),))
    late = a_late_call(ticket.call)
    said = heard(late.presses(MOBILE_1, "1"))
    assert said == ["whisper_caller_left", "whisper_you_have_it", "whisper_call_caller"]
    assert AcknowledgeTicket("vakt-1", "Vakt 1") in late.effects
    assert heard(late.presses(MOBILE_1, "3")) == ["whisper_we_call_you"]
    (theirs,) = [e for e in late.decisions[-1].effects if isinstance(e, PlaceLeg)]
    assert theirs.callee.number == "+4749002701"
    assert "whisper_call_caller" in heard(late.lifts(theirs.leg))
    assert called(late.presses(theirs.leg, "3")).number == "+4749002001"
    assert outcome_of(late.call) is CallOutcome.TICKET


def test_a_leg_that_is_a_call_of_its_own_calls_the_caller_itself() -> None:
    """Where several were rung at once, each of them can."""
    ticket = a_ticket("1", ringing=(RingResult("caller_hangs_up"),))
    call = ticket.call
    legs = tuple(replace(leg, own_call=True) for leg in call.legs)
    late = a_late_call(replace(call, hunt=replace(call.hunt, legs=legs)))
    late.presses(MOBILE_1, "1")
    assert called(late.presses(MOBILE_1, "3")).number == "+4749002001"
    assert not [e for e in late.decisions[-1].effects if isinstance(e, PlaceLeg)]


def test_two_late_keys_are_one_acceptance() -> None:
    ticket = a_ticket("1", ringing=(RingResult("no_answer"), RingResult("caller_hangs_up")))
    late = a_late_call(ticket.call)
    other = late.call.legs[-1]
    legs = (
        *late.call.legs,
        replace(other, id=9, callee=replace(other.callee, person="vakt-2")),
    )
    late.call = replace(late.call, hunt=replace(late.call.hunt, legs=legs))
    late.presses(other.id, "1")
    assert heard(late.presses(9, "1")) == ["whisper_call_out_late"]
    taken = [e for d in late.decisions for e in d.effects if isinstance(e, AcknowledgeTicket)]
    assert [effect.person for effect in taken] == ["vakt-1"]


def test_after_a_talk_nobody_takes_anything_with_a_late_key() -> None:
    ticket = a_ticket("1", ringing=(RingResult("caller_hangs_up"),))
    late = a_late_call(replace(ticket.call, talked=True))
    assert heard(late.presses(MOBILE_1, "1")) == ["whisper_caller_gone"]
    assert not [e for e in late.decisions[-1].effects if isinstance(e, AcknowledgeTicket)]


# --- whatever else comes ----------------------------------------------------------------


@pytest.mark.parametrize(
    "event", [LegAnswered(99), LegPressed(99, "1"), LegChanged(99, "completed")]
)
def test_what_belongs_to_nobody_rings_nobody(event: LegEvent) -> None:
    night = a_call_out()
    night.does(event)
    assert night.rung == EVERYBODY[:1]
