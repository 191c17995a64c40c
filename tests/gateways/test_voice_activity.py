"""What counts as sound: somebody speaking, also quietly; not a line, a click, or a pocket."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.calls.call_ticket import VOICE_SECONDS
from app.gateways.voice_activity import FROM_MU_LAW, measure
from tests.gateways.recordings import (
    RATE,
    line,
    mu_law,
    over,
    tone,
    voice,
    wav_8,
    wav_16,
    wav_mu_law,
)


def heard(wav: bytes) -> float:
    sound = measure(wav)
    assert sound
    return sound.heard


@pytest.mark.parametrize("loudness", [600, 1500, 3000, 12000, 32000])
def test_somebody_who_speaks_is_heard_from_the_first_word_to_the_last(loudness: int) -> None:
    quiet = [*line(1), *over(voice(5, loudness), line(5)), *line(4)]
    assert heard(wav_16(quiet)) == pytest.approx(5, abs=0.4)


@pytest.mark.parametrize("hiss", [0, 1, 10, 60, 140])
def test_a_line_on_which_nobody_speaks_is_silent(hiss: int) -> None:
    assert heard(wav_16(line(10, hiss))) == 0


def test_a_voice_over_a_noisy_line_is_heard_and_the_noise_is_not() -> None:
    noisy = over(line(12, 350), [*tone(0), *[0] * 2 * RATE, *voice(4, 6000)])
    assert heard(wav_16(noisy)) == pytest.approx(4, abs=0.4)


def test_an_even_loud_sound_counts_too() -> None:
    assert heard(wav_16(tone(8))) == pytest.approx(8, abs=0.1)


def test_a_click_now_and_then_is_no_voice() -> None:
    clicks = line(10)
    for at in range(0, len(clicks), RATE):
        clicks[at : at + 200] = tone(200 / RATE, 20000)
    assert heard(wav_16(clicks)) == 0


def test_a_steady_offset_is_no_sound() -> None:
    assert heard(wav_16([sample + 4000 for sample in line(6)])) == 0


def test_the_forms_of_telephone_recordings_measure_alike() -> None:
    spoken = [*line(2, 10), *voice(4, 8000), *line(2, 10)]
    both = [each for sample in spoken for each in (sample, sample)]
    lengths = [
        heard(form)
        for form in (wav_16(spoken), wav_8(spoken), wav_mu_law(spoken), wav_16(both, channels=2))
    ]
    assert lengths == pytest.approx([4] * 4, abs=0.3)


def test_a_recording_that_is_cut_off_is_as_long_as_what_came() -> None:
    whole = wav_16(voice(10))
    sound = measure(whole[: len(whole) // 2])
    assert sound
    assert sound.length == pytest.approx(5, abs=0.1)


def test_an_empty_recording_is_silent() -> None:
    assert heard(wav_16([])) == 0


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"ID3 an mp3", wav_16([1])[:30], b"\x00" * 999])
def test_what_is_no_recording_cannot_be_measured(broken: bytes) -> None:
    assert measure(broken) is None


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: wav_16([5, 9]) + tail))
def test_whatever_comes_is_measured_or_refused_and_nothing_else(wav: bytes) -> None:
    sound = measure(wav)
    assert sound is None or 0 <= sound.heard <= sound.length


@given(st.integers(-32000, 32000))
@example(380)  # the first of a coarser segment
def test_mu_law_is_read_as_it_was_written(sample: int) -> None:
    half_a_step = (abs(sample) + 132) / 32  # G.711: sixteen steps a segment, biased by 132

    assert FROM_MU_LAW[mu_law(sample)] == pytest.approx(sample, abs=half_a_step)


@settings(max_examples=8)
@given(
    st.floats(0, 6),
    st.floats(0, 8),
    st.floats(0, 4),
    st.integers(800, 20000),
    st.integers(0, 40),
)
def test_silence_around_a_voice_changes_nothing(
    before: float, spoken: float, after: float, loudness: int, hiss: int
) -> None:
    quiet = [*line(before, hiss), *voice(spoken, loudness), *line(after, hiss)]
    assert heard(wav_16(quiet)) == pytest.approx(spoken, abs=0.45)


def test_three_seconds_of_a_voice_are_enough() -> None:
    assert heard(wav_16([*line(1), *voice(3.3), *line(5)])) >= VOICE_SECONDS
