"""What a real desk wants said: what wakes under which agreement, notes, owners, the last resort.

The stories are told on the example desk of docs/examples.
"""

from dataclasses import replace
from datetime import datetime

import pytest

from app.domain.callouts.next_call_out import LookAt, RingNow, next_call_out, policy_of
from app.domain.calls.context import CallContext
from app.domain.calls.whisper import offer
from app.domain.config.customer_document import read_customers, write_customers
from app.domain.config.folder_reader import read_folder
from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.desk import Desk, Priority
from app.domain.hunts.effects import SendSms
from app.domain.hunts.hunt import Callee, Hunt, Leg
from app.domain.hunts.press_one import AtLeg
from app.domain.numbers import parse_number
from app.domain.reasons import Code
from app.domain.roles import Role
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Absence
from app.domain.roster.working_hours.pay_rules import NO_PAY
from app.domain.roster.working_hours.rules import USUAL_RULES
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import RingResult, SimulationFacts, simulate
from app.domain.texts.message import Message
from tests.domain.callouts.a_call_out import a_ticket
from tests.support.shipped_desks import oslo
from tests.support.written import english
from tests.test_desks_page import EXAMPLE

SUPPORT, DUTY = "+4720000600", "+4720000610"
SURGERY, FERRIES, LIBRARY = "+4749006003", "+4749006001", "+4749006004"
SATURDAY = oslo("2026-11-21 23:10")
NOBODY = (RingResult("no_answer"),)
MANAGER = "+4749006703"


def facts(**changed: str) -> SimulationFacts:
    files = EXAMPLE | {f"{name}.{EXTENSIONS[name]}": text for name, text in changed.items()}
    read = read_folder(files, "skjergard")
    assert not read.is_refused, read.diagnostics
    return SimulationFacts(read.desk, read.roster, tuple(read.customers or ()))


EXTENSIONS = {"desk": "toml", "roster": "toml", "customers": "csv"}
FACTS = facts()


def desk(known: SimulationFacts = FACTS) -> Desk:
    assert known.desk
    return known.desk


def call(
    caller: str, *keys: str, line: str = SUPPORT, known: SimulationFacts = FACTS
) -> Transcript:
    return simulate(known, line, parse_number(caller), SATURDAY, keys, NOBODY)


def rung(told: Transcript) -> list[str]:
    return list(dict.fromkeys(callee.name for callee in told.rings))


def codes(told: Transcript) -> set[Code]:
    return {reason.code for reason in told.reasons}


def sms(told: Transcript) -> list[tuple[str, str, dict[str, object]]]:
    return [
        (effect.person or "caller", effect.message.key, dict(effect.message.values))
        for effect in told.effects
        if isinstance(effect, SendSms)
    ]


def heard(told: Transcript, language: str = "nn") -> list[Message]:
    """What whoever is rung hears about the ticket."""
    world = FACTS.world(told.call.line, told.call.caller.digits, customer=told.call.customer)
    leg = Leg(1, Callee("vakt-1", "Vakt 1", "+4749006701", Role.PRIMARY, language))
    context = CallContext(told.call, world, SATURDAY).hunting(Hunt((leg,)))
    return list(offer(AtLeg(context, leg.id)))


# --- wakes per agreement ---------------------------------------------------------------------


def test_a_surgery_wakes_the_duty_with_a_case_of_high_priority() -> None:
    told = call(SURGERY, "2", "speak 20")

    assert rung(told) == ["Vakt 1", "Vakt 2", "Teknisk sjef", "49 00 67 90"]
    assert Code.WAKES_DUTY in codes(told)
    assert told.call.ticket
    assert told.call.ticket.is_urgent


def test_it_is_not_told_that_the_case_is_critical() -> None:
    first = heard(call(SURGERY, "2", "speak 20"))[0]

    assert first.key == "whisper_call"
    assert dict(first.values)["priority"] != "Kritisk"


def test_a_medium_case_of_the_surgery_wakes_nobody_and_says_why() -> None:
    told = call(SURGERY, "3", "speak 20")

    assert rung(told) == []
    assert Code.LEVEL_SLEEPS in codes(told)
    assert told.call.ticket
    assert not told.call.ticket.is_urgent


def test_under_another_agreement_high_wakes_nobody() -> None:
    told = call(LIBRARY, "2", "speak 20")

    assert rung(told) == []
    assert codes(told) & {Code.NOT_CRITICAL, Code.AGREEMENT_WITHOUT_DUTY}


def test_the_duty_lines_menu_promises_no_more_than_is_so() -> None:
    keys = {
        line.what.key
        for line in call(SURGERY, "2", "2", "speak 20", line=DUTY).lines
        if isinstance(line.what, Message)
    }
    assert "duty_menu_open" in keys
    assert "duty_menu" not in keys


def test_on_the_duty_line_key_2_leads_a_surgery_to_the_duty_too() -> None:
    assert rung(call(SURGERY, "2", "2", "speak 20", line=DUTY))[:2] == ["Vakt 1", "Vakt 2"]


def test_rounds_go_by_the_level() -> None:
    duty = desk().duty
    assert duty
    assert duty.call_outs_for(Priority.CRITICAL) == CallOutPolicy(10, 90)
    assert duty.call_outs_for(Priority.HIGH) == CallOutPolicy(20, 60)


def test_nobody_takes_the_surgerys_case_and_the_duty_is_rung_again_every_twenty_minutes() -> None:
    ticket = a_ticket("2", "speak 20", caller=SURGERY, facts=FACTS, line=SUPPORT)
    begun = replace(ticket.ticket, call_outs_made=1)
    about = replace(ticket.about, last_began_at=ticket.moved_at)
    world = FACTS.world(SUPPORT, SURGERY, customer="6002")

    policy = policy_of(begun, about, world, ticket.moved_at)
    step = next_call_out(begun, about, policy, ticket.moved_at)

    assert isinstance(step, LookAt)
    assert isinstance(step.then, RingNow)
    assert (step.at - ticket.moved_at).total_seconds() == 20 * 60


def test_wakes_without_duty_or_with_nothing_is_refused() -> None:
    without = EXAMPLE["desk.toml"].replace("includes_duty = true\nwakes", "wakes", 1)
    nothing = EXAMPLE["desk.toml"].replace('wakes = ["critical", "high"]', "wakes = []", 1)

    for text, code in ((without, "no_duty"), (nothing, "wakes_nothing")):
        read = read_folder(EXAMPLE | {"desk.toml": text}, "skjergard")
        assert code in {diagnostic.code for diagnostic in read.diagnostics}


# --- notes and owners ------------------------------------------------------------------------


def test_the_duty_hears_whose_customer_it_is_and_what_to_know() -> None:
    told = {s.key: dict(s.values) for s in heard(call(FERRIES, "1", line=DUTY))}

    assert told["whisper_customer"] == {"customer": "Ferjekaien, Skjergard kommune"}
    assert told["whisper_note"] == {"note": "Kostnader til andre: spør teknisk sjef først."}


def test_the_note_of_customer_and_priority_comes_before_that_of_the_owner() -> None:
    high = {s.key: dict(s.values) for s in heard(call(SURGERY, "2", "speak 20"))}
    critical = {s.key: dict(s.values) for s in heard(call(SURGERY, "1", line=DUTY))}

    assert high["whisper_note"] == {"note": "Legekontoret har eiga reservelinje."}
    assert critical["whisper_note"] == {"note": "Kostnader til andre: spør teknisk sjef først."}


def test_the_note_goes_out_once_by_sms_beside_what_it_is_about() -> None:
    messages = sms(call(FERRIES, "1", line=DUTY))

    notes = [(who, values["note"]) for who, key, values in messages if key == "sms_duty_note"]
    note = "Kostnader til andre: spør teknisk sjef først."
    assert notes == [("vakt-1", note), ("vakt-2", note), ("vakt-4", note)]  # vakt-4 learns
    about = next(values for _, key, values in messages if key == "sms_duty")
    assert about["customer"] == "Ferjekaien, Skjergard kommune"


def test_a_customer_without_owner_has_no_note() -> None:
    told = call("+4749006999", "1", line=DUTY)

    assert "whisper_note" not in {s.key for s in heard(told)}
    assert "sms_duty_note" not in {key for _, key, _ in sms(told)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('owner = "skjergard"', 'owner = "nobody"'), "unknown_owner"),
        (('customer = "6002"', 'customer = "6999"'), "unknown_customer"),
        (('name = "Skjergard kommune"', f'name = "{"x" * 41}"'), "name_too_long"),
    ],
)
def test_a_note_about_nobody_is_told(change: tuple[str, str], code: str) -> None:
    text = EXAMPLE["desk.toml"].replace(*change)
    read = read_folder(EXAMPLE | {"desk.toml": text}, "skjergard")

    assert any(
        code in diagnostic.code or "owner" in english(diagnostic.message)
        for diagnostic in read.diagnostics
    )


def test_a_customer_of_an_owner_that_is_not_named_is_an_error() -> None:
    text = EXAMPLE["customers.csv"].replace("+4720006101,,skjergard", "+4720006101,,havn", 1)
    read = read_folder(EXAMPLE | {"customers.csv": text}, "skjergard")

    [diagnostic] = [each for each in read.diagnostics if each.code == "unknown_owner"]
    assert "[owners.havn]" in english(diagnostic.message)


def test_customers_are_written_as_they_were_read() -> None:
    customers = read_customers(EXAMPLE["customers.csv"], "customers.csv").value
    assert customers
    assert customers[0].owner == "skjergard"
    assert read_customers(write_customers(customers), "customers.csv").value == customers


# --- a last resort that is a person ----------------------------------------------------------


def resort(at: datetime, known: SimulationFacts = FACTS) -> list[tuple[str, tuple[str, ...]]]:
    assert known.roster
    return [
        (entry.person.name if entry.person else "", entry.numbers)
        for entry in on_duty(known.roster, at).ringing
        if entry.role is Role.LAST_RESORT
    ]


def test_the_last_resort_is_a_person_and_then_a_number() -> None:
    assert resort(SATURDAY) == [("Teknisk sjef", (MANAGER,)), ("", ("+4749006790",))]
    assert FACTS.roster
    assert FACTS.roster.last_resort_numbers == (MANAGER, "+4749006790")


def test_a_last_resort_who_is_away_is_skipped() -> None:
    assert FACTS.roster
    away = Absence("teknisk-sjef", oslo("2026-11-20 08:00"), oslo("2026-11-23 08:00"))
    roster = replace(FACTS.roster, absences=(*FACTS.roster.absences, away))

    known = replace(FACTS, roster=roster)

    assert resort(SATURDAY, known) == [("", ("+4749006790",))]
    assert [each.person for each in on_duty(roster, SATURDAY).skipped][-1] == "teknisk-sjef"


def test_whoever_has_duty_is_not_rung_once_more_as_last_resort() -> None:
    assert FACTS.roster
    roster = replace(FACTS.roster, last_resort=("vakt-1", "vakt-2"))
    assert resort(SATURDAY, replace(FACTS, roster=roster)) == []


def test_a_last_resort_gets_no_sms_before_it_is_rung() -> None:
    assert "teknisk-sjef" not in {who for who, _, _ in sms(call(FERRIES, "1", line=DUTY))}


def test_a_last_resort_that_is_nobody_is_refused() -> None:
    text = EXAMPLE["roster.toml"].replace('"teknisk-sjef", ', '"teknisk-sjeff", ', 1)
    read = read_roster(text, "roster.toml")

    assert read.value is None


def test_a_roster_is_written_as_it_was_read() -> None:
    roster = read_roster(EXAMPLE["roster.toml"], "roster.toml").value
    assert roster
    roster = replace(roster, working_hours=USUAL_RULES, pay=NO_PAY)  # tests write no others
    assert read_roster(write_roster(roster), "roster.toml").value == roster
