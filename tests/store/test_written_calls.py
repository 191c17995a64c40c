"""Calls that this process wrote last are found by what was written, and by nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.calls.call import Call, Step
from app.domain.numbers import parse_number
from app.store.codec import write_call
from app.store.written_calls import WrittenCalls

NOW = datetime(2026, 3, 7, 23, 10, tzinfo=UTC)
CALL = Call("CA1", "+4720000100", parse_number("+4749001001"), NOW)


def test_a_call_is_found_by_the_text_that_was_written() -> None:
    calls = WrittenCalls()
    calls.note(CALL, write_call(CALL))
    assert calls.find("CA1", write_call(CALL)) is CALL


def test_what_another_process_wrote_since_is_not_taken_for_ours() -> None:
    calls = WrittenCalls()
    calls.note(CALL, write_call(CALL))
    assert calls.find("CA1", write_call(replace(CALL, step=Step.GREETING))) is None


def test_a_call_that_was_never_written_here_is_not_found() -> None:
    assert WrittenCalls().find("CA1", write_call(CALL)) is None


def test_a_call_that_has_ended_is_found_by_those_who_tell_that_they_were_rung() -> None:
    calls, ended = WrittenCalls(), replace(CALL, ended_at=NOW)
    calls.note(CALL, write_call(CALL))
    calls.note(ended, write_call(ended))
    assert calls.find("CA1", write_call(CALL)) is None
    assert calls.find("CA1", write_call(ended)) is ended


def test_only_the_calls_that_were_written_last_are_kept() -> None:
    calls = WrittenCalls(most=2)
    written = [replace(CALL, sid=f"CA{number}") for number in (1, 2, 3)]
    for call in (written[0], written[1], written[0], written[2]):
        calls.note(call, write_call(call))
    found = [calls.find(call.sid, write_call(call)) for call in written]
    assert found == [written[0], None, written[2]]
