"""Each script as the voice document that the network plays, held against the official builder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, canonicalize, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from app.domain.hunts.hunt import Callee
from app.domain.hunts.instructions import (
    Ask,
    Bridge,
    End,
    Instruction,
    Listen,
    Ring,
    Silent,
    Whisper,
)
from app.domain.roles import Role
from app.domain.texts.message import Message
from app.gateways.twilio import speech
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.speech import RecordedPrompts, Speech
from app.gateways.twilio.twiml import RenderContext, render
from tests.gateways.forms import CALL, LINE

PUBLIC = "https://vakt.example.org"
AGAIN = "#rc=2&rp=ct,rt,5xx"  # every door is asked again when it fails
TURN = f"{PUBLIC}/twilio/voice/turn/4{AGAIN}"
IDA = {"voice": "Polly.Ida-Neural", "language": "nb-NO"}
AMY = {"voice": "Polly.Amy-Neural", "language": "en-GB"}


class Words:
    """Texts that say their key, or what they are filled with."""

    def render(self, message: Message, *, now: datetime, time_zone: str, spoken: bool) -> str:
        assert spoken
        return "".join(str(value) for _, value in message.values) or message.key


def setting(tmp_path: Path | None = None) -> RenderContext:
    voice = Speech(
        texts=Words(),
        recordings=RecordedPrompts(tmp_path or Path("/nowhere")),
        addresses=Addresses(PUBLIC),
        now=datetime(2026, 11, 21, 22, 10, tzinfo=UTC),
        time_zone="Europe/Oslo",
    )
    return RenderContext(call_sid=CALL, next_turn=4, caller_id=LINE, speech=voice)


def vakt(number: int) -> Callee:
    return Callee(
        person=f"vakt-{number}",
        name=f"Vakt {number}",
        number=f"+474900002{number}",
        role=Role.PRIMARY,
        language="nn",
    )


def says(*keys: str, language: str = "nb") -> tuple[Message, ...]:
    return tuple(Message(key, language) for key in keys)


def rendered(instruction: Instruction, at: RenderContext | None = None) -> str:
    document = render(instruction, at or setting())
    assert document is not None
    assert len(document.encode()) < 64 * 1024
    return document


def same(ours: str, official: VoiceResponse) -> bool:
    return canonicalize(ours) == canonicalize(str(official))


def test_a_menu_listens_for_one_key_and_goes_on_in_silence() -> None:
    ours = rendered(Ask(says=says("greeting", "priority_menu"), seconds=4))

    official = VoiceResponse()
    gather = Gather(
        input="dtmf",
        action=TURN,
        method="POST",
        timeout=4,
        action_on_empty_result=True,
        finish_on_key="",
        num_digits=1,
    )
    gather.say("greeting", **IDA)
    gather.say("priority_menu", **IDA)
    official.append(gather)
    official.redirect(TURN, method="POST")
    assert same(ours, official)


def test_a_number_is_any_number_of_keys_ended_with_the_square() -> None:
    gather = fromstring(rendered(Ask(says=says("ask_customer_number"), seconds=6, digits=None)))[0]

    assert gather.get("finishOnKey") == "#"
    assert gather.get("numDigits") is None


def test_a_recording_whose_sound_decides_is_answered_at_an_address_that_says_so() -> None:
    plain, measured = (
        fromstring(rendered(Listen(says("no_keys_speak"), 180, is_measured=each)))
        for each in (False, True)
    )
    assert [record.get("action") for record in plain.iter("Record")] == [TURN]
    asks = f"{PUBLIC}/twilio/voice/turn/4?measure=1{AGAIN}"
    assert [record.get("action") for record in measured.iter("Record")] == [asks]


def test_a_message_is_recorded_after_the_tone_and_an_empty_one_goes_on() -> None:
    ours = rendered(Listen(says=says("message_plain"), max_seconds=180))

    official = VoiceResponse()
    official.say("message_plain", **IDA)
    official.record(
        action=TURN,
        method="POST",
        timeout=5,
        max_length=180,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=f"{PUBLIC}/twilio/recording{AGAIN}",
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )
    official.redirect(f"{PUBLIC}/twilio/voice/turn/4?heard=nothing{AGAIN}", method="POST")
    assert same(ours, official)


def test_one_person_is_dialled_with_a_whisper_a_limit_and_our_own_number() -> None:
    ours = rendered(
        Ring(says=says("we_ring_duty"), legs=(2,), callees=(vakt(1),), seconds=25, talk_minutes=120)
    )

    official = VoiceResponse()
    official.say("we_ring_duty", **IDA)
    dial = Dial(action=TURN, method="POST", timeout=25, time_limit=7200, caller_id=LINE)
    dial.number(
        "+4749000021",
        url=f"{PUBLIC}/twilio/leg/{CALL}/2/whisper{AGAIN}",
        method="POST",
        status_callback=f"{PUBLIC}/twilio/leg/{CALL}/2/status{AGAIN}",
        status_callback_method="POST",
        status_callback_event="initiated ringing answered completed",
    )
    official.append(dial)
    assert same(ours, official)


@pytest.mark.parametrize(("seconds", "timeout"), [(0, "5"), (5, "5"), (25, "25"), (9999, "600")])
def test_the_ring_stays_within_what_the_network_allows(seconds: int, timeout: str) -> None:
    ring = Ring(says=(), legs=(1,), callees=(vakt(1),), seconds=seconds, talk_minutes=100_000)

    dial = fromstring(rendered(ring))[0]

    assert dial.get("timeout") == timeout
    assert dial.get("timeLimit") == "14400"


def test_several_people_at_once_are_rung_through_the_calls_own_queue() -> None:
    ring = Ring(
        says=says("we_ring_first_line"),
        legs=(1, 2),
        callees=(vakt(1), vakt(2)),
        seconds=20,
        talk_minutes=60,
        at_once=True,
    )

    ours = rendered(ring)

    official = VoiceResponse()
    official.say("we_ring_first_line", **IDA)
    official.enqueue(
        CALL,
        action=TURN,
        method="POST",
        wait_url=f"{PUBLIC}/twilio/wait/4{AGAIN}",
        wait_url_method="POST",
    )
    assert same(ours, official)
    assert "+4749" not in ours


def test_a_whisper_asks_for_one_key_and_ends_with_a_hangup_always() -> None:
    ours = rendered(Whisper(leg=3, says=says("whisper_critical", language="nn"), seconds=6))

    official = VoiceResponse()
    gather = Gather(
        input="dtmf",
        action=f"{PUBLIC}/twilio/leg/{CALL}/3/key/0{AGAIN}",
        method="POST",
        timeout=6,
        num_digits=1,
        finish_on_key="",
    )
    gather.say("whisper_critical", **IDA)
    official.append(gather)
    official.hangup()
    assert same(ours, official)


def test_an_accepted_leg_is_connected_by_an_empty_answer() -> None:
    assert same(rendered(Bridge()), VoiceResponse())


def test_an_accepted_leg_fetches_the_caller_from_the_queue() -> None:
    ours = rendered(Bridge(from_queue=True, talk_minutes=30))

    official = VoiceResponse()
    dial = Dial(timeout=5, time_limit=1800)
    dial.queue(CALL)
    official.append(dial)
    official.hangup()
    assert same(ours, official)


def test_the_last_words_end_with_a_hangup() -> None:
    ours = rendered(End(says=says("message_taken", "goodbye", language="en")))

    official = VoiceResponse()
    official.say("message_taken", **AMY)
    official.say("goodbye", **AMY)
    official.hangup()
    assert same(ours, official)


def test_where_nobody_listens_nothing_is_said() -> None:
    assert render(Silent(), setting()) is None


def test_a_recorded_sentence_is_played_and_one_that_is_filled_in_is_not(tmp_path: Path) -> None:
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "goodbye.mp3").write_bytes(b"ID3")
    (tmp_path / "nn" / "greeting.mp3").write_bytes(b"ID3")
    greeting = Message("greeting", "nn", (("desk", "Brukarstøtte"),))

    end = End(says=(greeting, *says("goodbye", language="nn"), *says("goodbye")))
    parts = [(part.tag, part.text) for part in fromstring(rendered(end, setting(tmp_path)))]

    assert parts == [
        ("Say", "Brukarstøtte"),
        ("Play", f"{PUBLIC}/twilio/prompt/nn/goodbye.mp3"),
        ("Say", "goodbye"),
        ("Hangup", None),
    ]


@pytest.mark.parametrize("name", ["../secret", "a/b", "", "x\x00", "æ ø"])
def test_no_name_of_a_recording_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "secret.mp3").write_bytes(b"")

    assert RecordedPrompts(tmp_path).file("nb", name) is None
    assert RecordedPrompts(tmp_path).file(name, "secret") is None


def test_nothing_to_say_is_left_out_because_the_network_refuses_an_empty_say() -> None:
    silent = Message("desk_words", "nb", (("words", " \n\x00 "),))

    gather = fromstring(rendered(Ask(says=(silent,), seconds=4)))[0]

    assert len(gather) == 0


texts = st.text(max_size=200)
sentences = st.builds(
    Message,
    key=st.just("desk_words"),
    language=st.sampled_from(["nb", "nn", "en", "xx"]),
    values=st.tuples(st.tuples(st.just("words"), texts)),
)
some = st.lists(sentences, max_size=6).map(tuple)
callees = st.builds(Callee, texts, texts, texts, st.sampled_from(Role), st.just("nb"))
numbers = st.integers(-5, 100_000)
instructions = st.one_of(
    st.builds(Ask, some, numbers, st.one_of(st.none(), st.integers(1, 20))),
    st.builds(Listen, some, numbers),
    st.builds(Ring, some, st.tuples(numbers), st.tuples(callees), numbers, numbers, st.booleans()),
    st.builds(Whisper, numbers, some, numbers),
    st.builds(Bridge, st.booleans(), numbers),
    st.builds(End, some),
)


@settings(max_examples=150)
@given(instructions, texts)
def test_any_words_make_a_correct_document_that_never_falls_off_its_end(
    instruction: Instruction, caller_id: str
) -> None:
    response = fromstring(rendered(instruction, replace(setting(), caller_id=caller_id)))

    assert all(said.text and said.text.strip() for said in response.iter("Say"))
    assert all(part.get("action", PUBLIC).startswith(PUBLIC) for part in response.iter())
    assert _ends_well(response)


def _ends_well(response: Element) -> bool:
    """The last verb hangs up or leads on; only an empty answer, which connects, has none."""
    return len(response) == 0 or response[-1].tag in ("Hangup", "Redirect", "Dial", "Enqueue")


def test_every_language_of_ours_has_a_voice() -> None:
    assert set(speech.VOICES) == {"nb", "nn", "en"}
    assert {voice.locale for voice in speech.VOICES.values()} == {"nb-NO", "en-GB"}
