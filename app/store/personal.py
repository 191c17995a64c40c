"""What every column of every table holds about people: read by export, erasure and the tests.

A column that is not listed here fails a test: nobody's number is forgotten by oversight.
"""

from enum import StrEnum
from typing import Final


class Holds(StrEnum):
    """What stands in a column, as far as people are concerned."""

    NOTHING = "nothing"  # about nobody: ids, words of ours, instants, the desks' own numbers
    NUMBER = "number"  # somebody's telephone number, and nothing else
    NUMBERS = "numbers"  # a JSON list of them
    FACTS = "facts"  # JSON of ours in which a number may stand
    WORDS = "words"  # what somebody wrote, in which a number may stand
    VOICE = "voice"
    NAME = "name"  # a person's or an office's name or id; it goes with its row
    DOCUMENT = "document"  # a version's exact text, with the staff's numbers; never changed


N = Holds.NOTHING

COLUMNS: Final[dict[str, dict[str, Holds]]] = {
    "blocked_numbers": {
        "desk": N,
        "digits": Holds.NUMBER,
        "reason": Holds.WORDS,
        "until": N,
        "author": Holds.NAME,
        "at": N,
    },
    "calls": {
        "sid": N,
        "desk": N,
        "line": N,
        "caller": Holds.NUMBER,
        "started_at": N,
        "ended_at": N,
        "outcome": N,
        "place": N,
        "turn": N,
        "priority": N,
        "customer": Holds.NAME,
        "ticket": N,
        "talking": Holds.NUMBER,
        "state": Holds.FACTS,
        "offset_seconds": N,
        "created_at": N,
        "kept": N,
    },
    "counters": {"name": N, "value": N},
    "customer_phones": {
        "desk": N,
        "digits": Holds.NUMBER,
        "customer": Holds.NAME,
        "is_shared": N,
    },
    "customers": {
        "desk": N,
        "number": Holds.NAME,
        "name": Holds.NAME,
        "agreement": N,
        "phones": Holds.NUMBERS,
        "shared_phones": Holds.NUMBERS,
        "caller_class": N,
    },
    "deliveries": {"sid": N, "status": N, "error_code": N, "told_at": N},
    "desk_versions": {
        "id": N,
        "desk": N,
        "number": N,
        "text": Holds.DOCUMENT,
        "sha": N,
        "author": Holds.NAME,
        "at": N,
        "remark": Holds.WORDS,
    },
    "desks": {"id": N, "name": N, "version": N, "roster": N},
    "heartbeats": {"worker": N, "started_at": N, "beat_at": N},
    "incoming_sms": {
        "sid": N,
        "desk": N,
        "line": N,
        "sender": Holds.NUMBER,
        "body": Holds.WORDS,
        "at": N,
    },
    "legs": {
        "call_sid": N,
        "leg": N,
        "desk": N,
        "person": Holds.NAME,
        "name": Holds.NAME,
        "number": Holds.NUMBER,
        "role": N,
        "outcome": N,
        "sid": N,
        "placed_at": N,
        "changed_at": N,
    },
    "lines": {"number": N, "desk": N, "kind": N, "public_number": N},
    "listenings": {
        "id": N,
        "recording": N,
        "desk": N,
        "ticket": N,
        "who": Holds.NAME,
        "way": N,
        "at": N,
    },
    "outbox": {
        "id": N,
        "kind": N,
        "dedup": Holds.NAME,
        "payload": Holds.FACTS,
        "state": N,
        "urgency": N,
        "due_at": N,
        "attempts": N,
        "provider_sid": N,
        "error_code": N,
        "error": Holds.WORDS,
        "desk": N,
        "call_sid": N,
        "leg": N,
        "ticket": N,
        "person": Holds.NAME,
        "created_at": N,
        "finished_at": N,
    },
    "people": {
        "roster": N,
        "id": Holds.NAME,
        "name": Holds.NAME,
        "language": N,
        "numbers": Holds.NUMBERS,
        "author": Holds.NAME,
        "changed_at": N,
        "left_at": N,
    },
    "recordings": {
        "sid": N,
        "desk": N,
        "call_sid": N,
        "ticket": N,
        "media": Holds.VOICE,
        "fetched_at": N,
        "deleted_there_at": N,
    },
    "roster_versions": {
        "id": N,
        "roster": N,
        "number": N,
        "text": Holds.DOCUMENT,
        "sha": N,
        "author": Holds.NAME,
        "at": N,
        "remark": Holds.WORDS,
    },
    "rosters": {"id": N, "version": N},
    "ticket_events": {
        "id": N,
        "ticket": N,
        "at": N,
        "kind": N,
        "who": Holds.NAME,
        "facts": Holds.FACTS,
    },
    "tickets": {
        "number": N,
        "desk": N,
        "call_sid": N,
        "customer": Holds.NAME,
        "agreement": N,
        "caller": Holds.NUMBER,
        "priority": N,
        "status": N,
        "no_keys": N,
        "created_at": N,
        "respond_by": N,
        "solve_by": N,
        "acknowledged_by": Holds.NAME,
        "acknowledged_person": Holds.NAME,
        "acknowledged_at": N,
        "desk_version": N,
        "offset_seconds": N,
        "calls": N,
    },
    "tokens": {
        "id": N,
        "name": Holds.NAME,
        "secret_hash": N,
        "desks": N,
        "may_write": N,
        "created_at": N,
        "expires_at": N,
        "last_used_at": N,
    },
    "turns": {
        "id": N,
        "call_sid": N,
        "leg": N,
        "key": N,
        "event": Holds.FACTS,
        "script": Holds.FACTS,
        "story": Holds.FACTS,
        "facts": Holds.FACTS,
        "desk_version": N,
        "roster_version": N,
        "at": N,
    },
}
