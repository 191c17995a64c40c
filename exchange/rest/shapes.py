"""Resources as Twilio's REST API shows them: field for field, dates in RFC 2822."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from exchange.clock import rfc2822
from exchange.config import Account, NumberWebhooks
from exchange.identifiers import API_VERSION
from exchange.json_values import JsonObject
from exchange.records.calls import CallResource
from exchange.records.messages import MessageResource, segments
from exchange.records.queues import Queue
from exchange.records.recordings import RecordingResource

Shape = JsonObject
# Fields that Twilio gives and this network does not fill.
_FREE: Shape = {"price": None, "price_unit": "USD", "api_version": API_VERSION}
_NO_DETAILS: Shape = dict.fromkeys(
    ("phone_number_sid", "answered_by", "group_sid", "trunk_sid", "annotation")
)


def _date(moment: datetime | None) -> str | None:
    return rfc2822(moment) if moment is not None else None


def _uri(account: str, *path: str) -> str:
    return "/".join([f"/{API_VERSION}/Accounts", account, *path]) + ".json"


def call_shape(call: CallResource) -> Shape:
    """A Call resource."""
    parts = ("Recordings", "Notifications", "Events")
    links: Shape = {p.lower(): _uri(call.account_sid, "Calls", call.sid, p) for p in parts}
    return {
        "sid": call.sid,
        "account_sid": call.account_sid,
        "parent_call_sid": call.parent_sid,
        "from": call.caller,
        "from_formatted": call.caller,
        "to": call.called,
        "to_formatted": call.called,
        "status": call.status.value,
        "direction": call.direction.value,
        "date_created": _date(call.created),
        "date_updated": _date(call.ended_at or call.answered_at or call.created),
        "start_time": _date(call.answered_at or call.created),
        "end_time": _date(call.ended_at),
        "duration": str(call.duration) if call.ended_at else None,
        "forwarded_from": call.forwarded_from,
        "caller_name": call.caller_name,
        "queue_time": str(call.queue_seconds * 1000),
        **_NO_DETAILS,
        **_FREE,
        "uri": _uri(call.account_sid, "Calls", call.sid),
        "subresource_uris": links,
    }


def message_shape(message: MessageResource) -> Shape:
    """A Message resource."""
    return {
        "sid": message.sid,
        "account_sid": message.account_sid,
        "messaging_service_sid": None,
        "from": message.sender,
        "to": message.to,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "num_segments": str(segments(message.body)),
        "num_media": "0",
        "error_code": message.error_code,
        "error_message": f"error {message.error_code}" if message.error_code else None,
        "date_created": _date(message.created),
        "date_updated": _date(message.updated or message.created),
        "date_sent": _date(message.updated) if message.status != "queued" else None,
        **_FREE,
        "uri": _uri(message.account_sid, "Messages", message.sid),
        "subresource_uris": {"media": _uri(message.account_sid, "Messages", message.sid, "Media")},
    }


def recording_shape(recording: RecordingResource, address: str) -> Shape:
    """A Recording resource."""
    return {
        "sid": recording.sid,
        "account_sid": recording.account_sid,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "status": recording.status,
        "channels": 1,
        "source": "RecordVerb",
        "error_code": None,
        "duration": str(round(recording.seconds)),
        "date_created": _date(recording.started),
        "date_updated": _date(recording.started),
        "start_time": _date(recording.started),
        **_FREE,
        "encryption_details": None,
        "media_url": address + recording.path,
        "uri": recording.path + ".json",
        "subresource_uris": {},
    }


def number_sid(number: str) -> str:
    """The sid of one of our numbers, always the same for the same number."""
    return "PN" + hashlib.sha256(number.encode()).hexdigest()[:32]


def number_shape(account: str, number: str, doors: NumberWebhooks) -> Shape:
    """An IncomingPhoneNumber resource."""
    sid = number_sid(number)
    return {
        "sid": sid,
        "account_sid": account,
        "phone_number": number,
        "friendly_name": number,
        "voice_url": doors.voice_url or "",
        "voice_method": doors.voice_method,
        "voice_fallback_url": doors.fallback_url or "",
        "voice_fallback_method": doors.fallback_method,
        "status_callback": doors.status_url or "",
        "status_callback_method": "POST",
        "sms_url": doors.sms_url or "",
        "sms_method": "POST",
        "sms_fallback_url": "",
        "sms_fallback_method": "POST",
        "voice_application_sid": "",
        "trunk_sid": doors.trunk_sid,
        "voice_receive_mode": "voice",
        "sms_application_sid": "",
        "capabilities": {
            "voice": doors.has_voice,
            "sms": doors.has_sms,
            "mms": False,
            "fax": False,
        },
        "status": "in-use",
        "origin": "twilio",
        "beta": False,
        "api_version": API_VERSION,
        "uri": _uri(account, "IncomingPhoneNumbers", sid),
    }


def account_shape(sid: str, account: Account) -> Shape:
    """The Account resource."""
    return {
        "sid": sid,
        "owner_account_sid": account.owner or sid,
        "friendly_name": "The local exchange",
        "status": account.status,
        "type": account.type,
        "date_created": None,
        "date_updated": None,
        "uri": _uri(sid),
        "subresource_uris": {},
    }


def profile_shape(account: str, profile: Mapping[str, str], address: str) -> Shape:
    """A CustomerProfile resource of the trust hub."""
    sid = "BU" + hashlib.sha256(profile.get("friendly_name", "").encode()).hexdigest()[:32]
    return {
        "sid": sid,
        "account_sid": account,
        "policy_sid": "RN" + "0" * 32,
        "friendly_name": profile.get("friendly_name", ""),
        "status": profile.get("status", "draft"),
        "valid_until": None,
        "email": "",
        "status_callback": None,
        "date_created": None,
        "date_updated": None,
        "url": f"{address}/v1/CustomerProfiles/{sid}",
        "links": {},
        "errors": None,
    }


def queue_shape(account: str, queue: Queue) -> Shape:
    """A Queue resource."""
    return {
        "sid": queue.sid,
        "account_sid": account,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": 1000,
        "average_wait_time": queue.average_wait,
        "date_created": _date(queue.created),
        "date_updated": _date(queue.created),
        "uri": _uri(account, "Queues", queue.sid),
        "subresource_uris": {"members": _uri(account, "Queues", queue.sid, "Members")},
    }
