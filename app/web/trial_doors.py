"""The doors of a trial: somebody is rung who is asked for one key and connected to nobody."""

from flask import Response, request

from app import clock
from app.actions.try_number import Tried, change_trial, press_on_trial, trial_answered
from app.domain.decision import Sentence
from app.phone import inbound
from app.phone.speech import Speech
from app.phone.status_words import StatusDoor, status_word
from app.phone.trial import ending, question
from app.store import DatabaseUnavailable
from app.web.guard import doors, nothing, xml
from app.web.house import House
from app.web.metrics import UNKNOWN_STATUS
from app.web.spoken import NO_ZONE, this_turn

TRIAL = "/trial/<int(max=999999999):trial>"
ASKED_AT_MOST = 3  # times; a voicemail would be asked for ever


@doors.post(f"{TRIAL}/whisper")
def trial_whisper(trial: int) -> Response:
    """Ask whoever lifted the receiver for the key."""
    here = this_turn().house
    try:
        return xml(_asked(here, trial_answered(here.database, trial), heard=1))
    except DatabaseUnavailable:  # what would be pressed could not be kept
        return xml(ending(_speech(here), ()))


@doors.post(f"{TRIAL}/key/<int(max=99):heard>")
def trial_key(trial: int, heard: int) -> Response:
    """Thank for the key; ask once more for another one, or for none."""
    here = this_turn().house
    key = inbound.read_leg_key(request.form, 0).key
    try:
        tried = press_on_trial(here.database, trial, key, clock.now())
    except DatabaseUnavailable:
        return xml(ending(_speech(here), ()))
    if tried and tried[0].key_at:
        return xml(ending(_speech(here), (_sentence("whisper_trial_thanks", tried),)))
    return xml(_asked(here, tried, heard + 1))


@doors.post(f"{TRIAL}/status")
def trial_status(trial: int) -> Response:
    """Note how the call fares."""
    turn = this_turn()
    status = status_word(StatusDoor.LEG, turn.post.status)
    if status:
        change_trial(turn.house.database, trial, status)
    else:
        UNKNOWN_STATUS.labels("trial").inc()
    return nothing()


def _asked(here: House, tried: Tried | None, heard: int) -> str:
    speech = _speech(here)
    if tried is None or heard > ASKED_AT_MOST:
        return ending(speech, ())
    address = here.addresses.trial(tried[0].id, f"key/{heard}")
    return question(speech, (_sentence("whisper_trial", tried),), address)


def _speech(here: House) -> Speech:
    return here.speech(clock.now(), NO_ZONE)


def _sentence(key: str, tried: Tried) -> Sentence:
    trial, live = tried
    name = live.desk.spoken_name.in_language(trial.language) or live.desk.name if live else ""
    return Sentence(key, trial.language, (("desk", name),))
