"""What a voice document may hold, as tables: verbs by kind of document, what stands inside what,
attributes.
The rules are Twilio's; read_document.py reads by them.
"""

from enum import StrEnum

MAX_BYTES = 64 * 1024
FOREVER = 10_000


class DocumentKind(StrEnum):
    """Where a document is played: to a call, to a callee before bridging, to one who waits."""

    CALL = "call"
    WHISPER = "whisper"
    WAIT = "wait"


_EVERYWHERE = frozenset({"Say", "Play", "Pause", "Gather", "Hangup"})
VERBS_IN: dict[DocumentKind, frozenset[str]] = {
    DocumentKind.CALL: _EVERYWHERE | {"Dial", "Record", "Enqueue", "Redirect", "Reject"},
    DocumentKind.WHISPER: _EVERYWHERE,
    DocumentKind.WAIT: _EVERYWHERE | {"Redirect", "Leave"},
}
SSML = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)
CHILDREN: dict[str, frozenset[str]] = {
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number", "Queue"}),
    "Say": SSML,
}
KNOWN: dict[str, frozenset[str]] = {
    tag: frozenset(names.split())
    for tag, names in {
        "Say": "voice language loop",
        "Play": "loop",
        "Pause": "length",
        "Gather": "input action method timeout finishOnKey numDigits actionOnEmptyResult language",
        "Dial": "action method timeout timeLimit callerId answerOnBridge sequential ringTone",
        "Number": "url method statusCallback statusCallbackMethod statusCallbackEvent",
        "Queue": "url method",
        "Record": "action method timeout maxLength finishOnKey playBeep trim"
        " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent",
        "Enqueue": "action method waitUrl waitUrlMethod",
        "Redirect": "method",
        "Reject": "reason",
        "Hangup": "",
        "Leave": "",
    }.items()
}
LEG_EVENTS = ("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS = ("in-progress", "completed", "absent")
