"""The shipped texts keep their promises: languages, keys, seconds, SMS, and nothing missing."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.actions.access.login_outcomes import LoginRefusal
from app.actions.access.users import UserRefusal
from app.actions.portal.accounts import AccountRefusal
from app.actions.portal.people import PeopleRefusal
from app.commands.prove_text import ProofMark
from app.domain.access.audit import AuditKind
from app.domain.access.identities import OpenIdProblem
from app.domain.access.permissions import AccessRole
from app.domain.access.second_factors import SecondFactor
from app.domain.access.web_session import LoginKind
from app.domain.calls.call import CallOutcome
from app.domain.calls.flows.caller import FLOW
from app.domain.calls.flows.customer import ON_TICKET, CustomerCallResult
from app.domain.delivery_errors import DeliveryError
from app.domain.desks.case_types import CaseKind
from app.domain.desks.desk import LineKind, Priority
from app.domain.desks.desk_calendars import CalendarUse
from app.domain.desks.hours_of_year import DayLook
from app.domain.desks.priority_names import priority_name
from app.domain.flow import Menu
from app.domain.health.alarms import ALARM_POLICIES, AlarmKind
from app.domain.health.facts import ClockReference
from app.domain.health.thresholds import HealthCode, Part
from app.domain.hunts.hunt import LegOutcome
from app.domain.messages.changes import ChangeKind
from app.domain.overview.target_table import HEADS, PAUSES
from app.domain.portal.accounts import LADDER, AccountState
from app.domain.portal.attachments import FileRefusal
from app.domain.reasons import (
    AccessCode,
    Code,
    CountedCode,
    DutyHoursCode,
    FigureKind,
    HoursCode,
    RosterCode,
    TroubleCode,
    TypedMomentCode,
)
from app.domain.roles import Role
from app.domain.roster.duty_requests import RequestKind, RequestState
from app.domain.roster.entries import EntryKind
from app.domain.roster.working_hours.rest import RestKind
from app.domain.simulate.transcript import NEXT
from app.domain.simulate.transcript_words import TranscriptWord
from app.domain.texts.gsm7 import ONE_SMS, gsm7_length
from app.domain.texts.message import LAST_NAMED, Message, MessageRef, RefValue, Value, nth, ref
from app.domain.texts.text_parts import LANGUAGES, Form, Medium, Text
from app.domain.texts.written_moments import long_day_ref
from app.domain.tickets.clocks import WhyChanged
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.links import INVERSE, LinkKind
from app.domain.tickets.moves import Refusal
from app.domain.tickets.new_ticket_input import Problem
from app.domain.tickets.promises import PromiseState
from app.domain.tickets.target_report import Result
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import Source
from app.domain.time.public_holidays import NORWEGIAN_HOLIDAY_KEYS
from app.domain.time.wall_time import WEEKDAY_CODES
from app.domain.workflow.built_in import BUILT_IN
from app.domain.workflow.checks import WorkflowFault
from app.domain.workflow.status import Status
from app.preflight.checklist import Heading
from app.preflight.finding import Mark as FindingMark
from app.store.recording_accesses import AccessChannel
from app.store.tables.outbox import JobState
from app.voice_prompts import read_folder
from bench.speech import seconds, seconds_of_all
from tests.support.shipped_desks import DESKS, desk_of, shipped
from tests.support.texts_in_code import (
    asked_for,
    is_named,
    reasons_given,
    refs_made,
    texts_of_forms,
)
from tests.support.texts_in_templates import asked_for_in_templates, is_named_in_templates

TEXTS = read_folder(Path(__file__).parent.parent / "voice_prompts")
ALL = sorted(TEXTS, key=lambda text: text.key)
SPOKEN = [text for text in ALL if text.medium is Medium.VOICE]
BY_SMS = [text for text in ALL if text.medium is Medium.SMS]
NEEDLESS = {Form.ASIDE, Form.AFTER, Form.AGREED}  # a sentence stands without these

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
OSLO = "Europe/Oslo"


def told(key: str, language: str, *, spoken: bool = True, **values: Value) -> str:
    sentence = Message(key, language, tuple(values.items()))
    return TEXTS.render(sentence, now=NOW, time_zone=OSLO, spoken=spoken)


def key_of(text: Text) -> str:
    return text.key


# --- three languages, side by side -------------------------------------------------------


def test_a_text_stands_in_three_languages_with_the_same_placeholders() -> None:
    wanted = {
        text.key: [(language, text.placeholders(language)) for language, _ in text.by_language]
        for text in ALL
    }
    assert len(wanted) > 1000
    wrong = {
        key: placeholders
        for key, placeholders in wanted.items()
        if placeholders != [(language, placeholders[0][1]) for language in LANGUAGES]
    }
    assert wrong == {}


def test_a_spoken_text_says_how_long_it_may_last() -> None:
    assert [text.key for text in SPOKEN if not text.seconds] == []


# --- digits ------------------------------------------------------------------------------

KEY_WORDS = {"firkant": "#", "hash": "#", "stjerne": "*", "star": "*"}


def keys_spoken(text: Text, language: str) -> str:
    """The keys in the order in which they are first said."""
    words = " ".join(part.words for part in text.parts(language) or ())
    found = re.findall(r"\d|" + "|".join(rf"\b{word}\b" for word in KEY_WORDS), words.lower())
    return "".join(dict.fromkeys(KEY_WORDS.get(each, each) for each in found))


def test_the_digits_offered_are_the_digits_spoken_in_every_language() -> None:
    wrong = {
        (text.key, language): (said, text.keys)
        for text in SPOKEN
        for language in LANGUAGES
        if (said := keys_spoken(text, language)) != text.keys
    }
    assert wrong == {}


# Who has taken a case knows 1 and 2 already: only 3 is left (the issue names the key).
ONLY_3 = {
    "whisper_call_caller",
    "whisper_caller_away",
    "whisper_call_contact",
    "whisper_contact_away",
}


@pytest.mark.parametrize(
    "text", [text for text in SPOKEN if text.keys and text.key not in ONLY_3], ids=key_of
)
def test_choices_are_consecutive_with_the_most_urgent_first(text: Text) -> None:
    numbered = "".join(key for key in text.keys if key in "123456")  # 7 to 9 mean one thing each
    if text.key.startswith("staff_"):  # one sentence for each choice that there is just now
        return
    assert "123456".startswith(numbered)
    assert len(numbered) <= 5


def test_every_menu_of_the_call_flow_offers_the_keys_that_it_takes() -> None:
    offered = {
        step: (set(TEXTS.text(key).keys) - {"0"}, set(stop.keys))
        for step, stop in FLOW.items()
        if isinstance(stop, Menu) and (key := stop.says.__name__) in TEXTS
    }
    assert len(offered) >= 5
    assert {step: said for step, (said, _) in offered.items()} == {
        step: taken for step, (_, taken) in offered.items()
    }


# --- seconds -----------------------------------------------------------------------------

LATE = datetime(2027, 9, 22, 12, 44, tzinfo=UTC)  # a date that takes long to say


def spoken_desk_names(language: str) -> set[str]:
    desks = [desk_of(shipped(desk)) for desk in DESKS]
    return {desk.spoken_name.in_language(language) or desk.name for desk in desks}


def level_names(level: Priority, language: str) -> set[Value]:
    return {MessageRef(f"priority.{level}")} | {
        priority_name(desk_of(shipped(desk)), level, language) for desk in DESKS
    }


# Six seconds, as long as a desk's words may last.
LONGEST_NOTE = "Spør driftsleiaren i Nordfjord kommune før nokon utanfrå får koste noko som helst."

LONGEST_SUBJECT_HEARD = (
    "Fagsystemet i heimetenesta svarar ikkje på nokon av sonene, og journalen kan korkje lesast "
    "eller skrivast i frå i kveld."
)


def longest(language: str) -> dict[str, Value]:
    """The longest values that a sentence is filled with on any shipped desk."""
    most = {
        str(level): max(level_names(level, language), key=lambda name: len(str(name)))
        for level in Priority
    }
    definitions = [
        words
        for desk in DESKS
        for level in desk_of(shipped(desk)).priorities
        if level.level is Priority.CRITICAL
        if (words := level.spoken.in_language(language))
    ]
    return {
        "desk": max(spoken_desk_names(language), key=lambda name: seconds(name, language)),
        "definition": max(definitions, key=len, default=MessageRef("critical_definition")),
        "portal": max((desk_of(shipped(desk)).portal for desk in DESKS), key=len),
        "customer": "Nordfjord interkommunale kontor",
        "note": LONGEST_NOTE,
        "subject": LONGEST_SUBJECT_HEARD,
        "ticket": 1234567,
        "calls": nth(LAST_NAMED + 1),
        "number": "+4749887776",
        "priority": most["medium"],
        "opens": LATE,
        "begins": LATE,
        "by": LATE,
        "since": LATE,
        "count": 20,
        "who": "Driftsvakt i Nordfjord",
        "until": LATE,
        "speaks": MessageRef("language.nb"),
        "at": LATE,
        "words": "Elever og foresatte får hjelp av skolen.",
        **most,
    }


def test_nothing_lasts_longer_than_its_seconds_with_the_longest_values() -> None:
    said = {
        (text.key, language): (told(text.key, language, **longest(language)), language)
        for text in SPOKEN
        for language in LANGUAGES
    }
    lengths = seconds_of_all(list(said.values()))
    too_long = {
        where: (round(lengths[words], 2), words[0])
        for where, words in said.items()
        if lengths[words] > (TEXTS.text(where[0]).seconds or 0)
    }
    assert too_long == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["whisper_critical", "whisper_call", "whisper_lifeline"])
def test_the_whispers_one_first_sentence_names_desk_and_key_within_five_seconds(
    key: str, language: str
) -> None:
    press = {"nb": "trykk 1", "nn": "trykk 1", "en": "press 1"}[language]
    for desk in spoken_desk_names(language):
        for level in Priority:
            for name in level_names(level, language):
                words = told(key, language, desk=desk, priority=name)
                assert desk in words
                assert press in words
                assert words.index(".") == len(words) - 1
                assert seconds(words, language) <= 5


@pytest.mark.parametrize("desk", DESKS)
def test_what_critical_means_is_told_within_six_seconds(desk: str) -> None:
    own = {
        (words, language)
        for level in desk_of(shipped(desk)).priorities
        for language, words in level.spoken.by_language
    }
    neutral = {(told("critical_definition", language), language) for language in LANGUAGES}
    assert max(seconds_of_all([*own, *neutral]).values()) <= 6


# --- SMS ---------------------------------------------------------------------------------

LONGEST_BY_SMS: dict[str, Value] = {
    "day": long_day_ref(date(2026, 9, 30)),  # a Wednesday in September
    "line": "+4720000001",
    "number": "+4749••••01",
    "until": datetime(2027, 9, 22, 12, 44, tzinfo=UTC),
    "desk": "ROR-IKT Kundeservice",  # 20
    "ticket": 9999999,
    "level": 3,
    "phone": "+4720000001",
    "phones": "20 00 00 01, 20 00 00 02",
    "portal": "https://selvbetjening.kundeservice.example/ny",  # 45
    "customer": "Nordfjord interkommunale drift",  # 30
    "note": LONGEST_NOTE,
    "subject": "Fagsystemet i heimetenesta svarar ikkje på nokon av sonene",  # 59
    "caller": "+46701740605",  # 12
    "speaks": MessageRef("language.nn"),
    "since": LATE,
    "was": LATE,
    "last": LATE,
    "count": 999,
    "seconds": -86400,
    "error": "refused with status 503",
    "worker": "vakt-worker-2.internal.example",  # 30
    "who": "Driftsvakt i Nordfjord kommune",  # 30
    "name": "Driftsvakt i Nordfjord kommune",
    "role": MessageRef("role.primary"),
    "what": "Driftsvakt i Nordfjord kommune: hovedvakt",
    "then": "Reservevakt, Nordfjord kommune",  # 30
    "had": "Reservevakt, Nordfjord kommune",
    "at": LATE,
    "deadline": LATE,
    "critical": "Nivå A (kritisk)",
    "high": "Nivå B (alvorleg)",
    "medium": "Nivå C (mindre alvorleg)",
    "low": "Nivå D (ingen innverknad)",
    "definition": "Kritisk er det når liv og helse er i fare, eller heile tenesta er nede.",
    "command": "WRONG",
    "choices": "NEI VAKT, NEI 9999999, NEI 9999998",
    "tickets": "9999999 (ingen har den), 9999998 (ingen har den), 9999997 (ingen har den) og 9 til",
    "listed": ("9999999", "9999998"),
}


def with_each(
    texts: Iterable[Text], told_of: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[Text, dict[str, Any]]]:
    """Each text with each of the values that it names."""
    for text in texts:
        named = {name for language in LANGUAGES for name, _ in text.placeholders(language)}
        tried = [
            [(name, value) for value in values] for name, values in told_of.items() if name in named
        ]
        yield from ((text, dict(each)) for each in itertools.product(*tried))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_sms_fits_one_with_the_longest_values_or_says_why_not(language: str) -> None:
    priorities = [name for level in Priority for name in level_names(level, language)]
    callers = [LONGEST_BY_SMS["caller"], MessageRef("caller_unknown")]
    told_of = {"priority": priorities, "caller": callers}
    for text, changed in with_each(BY_SMS, told_of):
        values = {**LONGEST_BY_SMS, **changed}
        words = told(text.key, language, spoken=False, **values)
        assert gsm7_length(words) <= ONE_SMS or text.long_because, text.key
        shortened = [part.name for part in text.parts(language) or () if part.form is Form.SHORT]
        assert all(str(values[name]) in words for name in shortened), text.key


def test_the_words_of_an_sms_are_in_its_alphabet_as_they_stand() -> None:
    for text in BY_SMS:
        for language in LANGUAGES:
            for part in text.parts(language) or ():
                gsm7_length(part.words)


def test_an_sms_holds_no_address_but_the_desks_own_portal() -> None:
    for text in BY_SMS:
        for language in LANGUAGES:
            words = "".join(part.words for part in text.parts(language) or ())
            assert not re.search(r"https?:|www\.|\w\.\w", words), text.key


# --- nothing is missing, nothing is left over --------------------------------------------

NO_COMMAND = {ChangeKind.TOOK_DUTY, ChangeKind.MARKED_OUTAGE}
TOLD_ELSEWHERE = {ChangeKind.CONFIRMED_SHIFT, ChangeKind.MARKED_OUTAGE}
# With who was first, in words of the API and of commands.
TOLD_OTHERWISE = (
    Refusal.ALREADY_ACKNOWLEDGED,
    Refusal.ALREADY_CLOSED,
    Refusal.NOT_ACKNOWLEDGED,
    Refusal.NO_SUCH_MOVE,
)
FAMILIES = {
    "sms_command": [each for each in ChangeKind if each not in NO_COMMAND],
    "sms_phone_told": [
        *("took_duty", "acknowledged", "gave_duty_back", "marked_outage", "ended_outage")
    ],
    "sms_staff_told": [
        *(each for each in ChangeKind if each not in TOLD_ELSEWHERE),
        *("undone_duty", "undone_outage", "undone_shift", "undone_ticket"),
    ],
    "reason": [*Code],
    "access": [*AccessCode],
    "access_role": [*AccessRole],
    "access_scope": ["everything", "desk", "roster", "customer"],
    "account_refused": [*AccountRefusal],
    "account_state": [each for each in AccountState if each is not AccountState.UNCONFIRMED],
    "case_kind": [*CaseKind],
    "case_kind_what": [*CaseKind],
    "customer_role": [*LADDER],
    "file_refused": [*FileRefusal],
    "customer_role_short": [*LADDER],
    "people_refused": [*PeopleRefusal],
    "audit": [*AuditKind],
    "login_kind": [*LoginKind],
    "second_factor": [*SecondFactor],
    "openid_refused": [*OpenIdProblem],
    "login_refused": [*LoginRefusal],
    "user_refused": [*UserRefusal],
    "roster": [*RosterCode],
    "hours": [*HoursCode],
    "duty_hours": [*DutyHoursCode],
    "trouble": [*TroubleCode],
    "typed_moment": [*TypedMomentCode],
    "counted": [*FigureKind, *CountedCode],
    "hours_figure": [*FigureKind],
    "rest_kind": [*RestKind],
    "holiday": [*NORWEGIAN_HOLIDAY_KEYS],
    "weekday": [*WEEKDAY_CODES],
    "weekday_short": [*WEEKDAY_CODES],
    "weekday_letter": [*WEEKDAY_CODES],
    "day_look": [*DayLook],
    "calendar_use": [*CalendarUse],
    "month": [str(number) for number in range(1, 13)],
    "month_short": [str(number) for number in range(1, 13)],
    "priority": [*Priority],
    "role": [*Role],
    "alarm": [*AlarmKind],
    "alarm_mail": [*AlarmKind],
    "alarm_over": [kind for kind in AlarmKind if ALARM_POLICIES[kind].can_resolve],
    "ticket_event": [
        *(each for each in TicketEventKind if each is not TicketEventKind.CUSTOMER_CALLED),
        *(f"customer_called_{each}" for each in ON_TICKET),
        *(
            "opened_by",
            "commented_internally",
            "unassigned",
            "assigned_to_self",
            "escalation_held_until",
        ),
    ],
    "workflow_state": sorted({s.id for each in BUILT_IN.values() for s in each.states}),
    "workflow_state_for_customer": sorted(
        {s.id for each in BUILT_IN.values() for s in each.states}
    ),
    "workflow_move": sorted({m.id for each in BUILT_IN.values() for m in each.moves}),
    "workflow_fault": [*WorkflowFault],
    "promise": [*PromiseState],
    "ticket_source": [*Source],
    "ticket_link": sorted({*LinkKind, *INVERSE.values()}),
    "clock_reason": [
        *("runs", "runs_always", "stands", "date_agreed", "by_workaround"),
    ],
    "customer_call_result": [*CustomerCallResult],
    "ticket_refusal": [*(each for each in Refusal if each not in TOLD_OTHERWISE)],
    "ticket_status": [*Status],
    "target_kind": [*TargetKind],
    "target_result": [*Result],
    "target_column": [*HEADS, *PAUSES],
    "escalation_column": [
        *("priority", "target", "level", "deadline", "elapsed", "overrun", "told", "notified")
    ],
    "targets_changed_why": [*WhyChanged],
    "escalation": [each + soon for each in TargetKind for soon in ("", "_soon")],
    "escalation_mail": [each + soon for each in TargetKind for soon in ("", "_soon")],
    "escalation_customer": [*TargetKind],
    "ticket_problem": [*Problem],
    "ordinal": [*range(2, LAST_NAMED + 1), "more"],
    "language": [*LANGUAGES],
    "leg_outcome": [*LegOutcome],
    "line_kind": [*LineKind],
    "transcript_word": [word.replace(" ", "_") for word in TranscriptWord],
    "transcript_next": [*NEXT.values()],
    "call_outcome": [*CallOutcome],
    "notification_state": [*JobState],
    "access_channel": [*AccessChannel],
    "entry_kind": [*EntryKind],
    "duty_request_kind": [*RequestKind],
    "duty_request_state": [*RequestState],
    "delivery_error": [*DeliveryError],
    "proof_mark": [*ProofMark],
    "preflight.heading": [*Heading],
    "preflight.mark": [*FindingMark],
    "preflight.clock_reference": [*ClockReference],
    "preflight.health": [*HealthCode],
    "preflight.health_do": [*HealthCode],
    "preflight.health_well": [*Part],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_everything_that_is_told_by_a_code_has_its_words_and_no_more(family: str) -> None:
    written = {text.key for text in ALL if text.key.startswith(f"{family}.")}
    assert written == {f"{family}.{code}" for code in FAMILIES[family]}


def test_every_text_that_the_code_asks_for_is_written() -> None:
    asked = asked_for()
    assert len(asked) > 40
    assert {f"{each.at} {each.key}" for each in asked if each.key not in TEXTS} == set()


def test_every_message_without_a_language_is_written_and_gets_just_its_values() -> None:
    refs = refs_made()
    assert len(refs) > 10
    assert {f"{each.at} {each.key}" for each in refs if each.key not in TEXTS} == set()
    wrong = {
        f"{each.at} {each.key}: {', '.join(sorted(wanted ^ each.values))}"
        for each in refs
        if each.values is not None
        and (wanted := {name for name, _ in TEXTS.text(each.key).placeholders("en")}) != each.values
    }
    assert wrong == set()


def test_every_text_of_a_page_is_written_and_gets_just_its_values() -> None:
    asked = asked_for_in_templates()
    assert len(asked) > 20
    wrong = {
        f"{each.at} {each.key}"
        for each in asked
        if each.key not in TEXTS
        or {name for name, _ in TEXTS.text(each.key).placeholders("en")} != each.values
    }
    assert wrong == set()


def test_every_field_of_a_form_has_its_words() -> None:
    assert {key for key in texts_of_forms() if key not in TEXTS} == set()


SAMPLE: dict[Form, RefValue] = {Form.PLURAL: 2, Form.AND: ("a", "b", "c"), Form.OR: ("a", "b")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_read_can_be_written_in_every_language(language: str) -> None:
    for text in ALL:
        if text.medium is Medium.READ:
            values = {n: SAMPLE.get(form, "[a]") for n, form in text.placeholders(language)}
            assert TEXTS.write(ref(text.key, **values), language).strip()


def test_the_code_gives_every_value_that_a_text_needs() -> None:
    asked = [each for each in (*asked_for(), *reasons_given()) if each.values is not None]
    assert len(asked) > 40
    missing = {
        f"{each.at} {each.key}: {name}"
        for each in asked
        if each.key in TEXTS
        for name, form in TEXTS.text(each.key).placeholders("nb")
        if form not in NEEDLESS and name not in (each.values or ())
    }
    assert missing == set()


def test_every_field_of_a_form_has_its_label_and_hint() -> None:
    assert len(texts_of_forms()) > 10
    assert {key for key in texts_of_forms() if key not in TEXTS} == set()


def test_no_text_is_left_over() -> None:
    by_code = tuple(f"{family}." for family in FAMILIES)
    left_over = {
        text.key
        for text in ALL
        if not text.key.startswith(by_code)
        and not is_named(text.key)
        and not is_named_in_templates(text.key)
    }
    assert left_over == set()
