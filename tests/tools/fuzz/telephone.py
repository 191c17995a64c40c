"""A telephone network that goes through a story: mostly as it should, and then not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, fromstring

from tests.support.fake_twilio import ACCOUNT
from tests.tools.fuzz.endpoints import Door
from tests.tools.fuzz.forms import HOSTILE_HOST, THE_OTHER_CALL, Change, Do, How, Op, Step, Story
from tests.tools.fuzz.posts import Fields, Line, Post, Reply

HOLE = re.compile(r"<(?:[^<>:]*:)?(\w+)>")
LEG_DOOR = re.compile(r"/twilio/leg/([^/]+)/(\d+)/")
# What a telephone may answer to each kind of address; `choice` counts through them.
KEYS = ("1", "", "2", "0", "9001#", "9", "*", "3", "4", "8")
ANSWERS: dict[str, tuple[dict[str, str], ...]] = {
    "Gather": tuple({"Digits": keys} for keys in KEYS),
    "Redirect": ({}, {"CallStatus": "completed"}),
    "whisper": ({"CallStatus": "in-progress"},),
    "leg key": ({"Digits": "1"}, {"Digits": "2"}, {"Digits": "*"}, {"Digits": "3"}, {}),
    "leg status": tuple({"CallStatus": word} for word in ("completed", "ringing", "no-answer")),
    "Dial": (
        {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "9"},
        {"DialCallStatus": "no-answer", "DialBridged": "false"},
        {"DialCallStatus": "busy"},
        {"DialCallStatus": "completed", "DialBridged": "false"},
        {"DialCallStatus": "canceled", "CallStatus": "completed"},
    ),
    "Record": (
        {"RecordingDuration": "9", "RecordingSid": "RE{sid}", "RecordingUrl": HOSTILE_HOST},
        {"RecordingDuration": "9", "RecordingSid": "RE{sid}", "Digits": "hangup"},
        {"RecordingDuration": "0"},
    ),
    "recording": (
        {"RecordingSid": "RE{sid}", "RecordingStatus": "completed", "RecordingUrl": HOSTILE_HOST},
        {"RecordingSid": "RE{sid}", "RecordingStatus": "absent"},
    ),
    "Enqueue": ({"QueueResult": "leave"}, {"QueueResult": "bridged"}, {"QueueResult": "hangup"}),
    "wait": ({"QueueTime": "3"}, {"QueueTime": "60"}),
    "end": ({"CallStatus": "completed"},),
}


class Judge(Protocol):
    """Looks at every answer."""

    def look(self, post: Post, reply: Reply) -> None:
        """Fail where the answer breaks a rule."""
        ...


@dataclass
class Conversation:
    """One call, and the addresses that the product's documents have given for it."""

    sid: str
    line: str
    caller: str
    offers: list[tuple[str, str]] = field(default_factory=list)  # what it is, and where


@dataclass
class Telephone:
    """Goes through one story. `fresh` gives a count that nobody has had before."""

    line: Line
    judge: Judge
    doors: Sequence[Door]
    fresh: Callable[[], int]
    public_url: str
    hostile_port: int = 9
    conversations: list[Conversation] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    moment: str = ""

    def play(self, story: Story) -> None:
        self.moment = story.moment
        self._call(Step(Do.CALL), story.line, story.caller)
        for choice in story.choices:
            self._go_on(Step(Do.GO_ON, choice=choice))
        for step in story.steps:
            match step.do:
                case Do.CALL:
                    self._call(step, story.line, story.caller)
                case Do.GO_ON:
                    self._go_on(step)
                case Do.AGAIN:
                    post = self.posts[step.pick % len(self.posts)]
                    self._send(Post(post.path, self._changed(post.fields, step), step.how))
                case Do.ANYWHERE:
                    self._anywhere(step)

    def _call(self, step: Step, line: str, caller: str) -> None:
        count = self.fresh()
        number = f"+4749{100_000 + count}" if caller == "new" else caller
        talk = Conversation(f"CA{count:032}", line, number)
        self.conversations.append(talk)
        self._post(step, talk, "/twilio/voice", {"CallStatus": "ringing"})

    def _go_on(self, step: Step) -> None:
        talk = self.conversations[-1 - step.pick % min(2, len(self.conversations))]
        offers = [*talk.offers, ("end", f"{self.public_url}/twilio/status")]
        kind, address = offers[step.pick % len(offers)]
        answers = ANSWERS[kind]
        self._post(step, talk, self._path(address), answers[step.choice % len(answers)])

    def _anywhere(self, step: Step) -> None:
        talk = self.conversations[step.choice % len(self.conversations)]
        door = self.doors[step.pick % len(self.doors)]
        path = HOLE.sub(lambda hole: self._filled(hole[1], step, talk), door.rule.rule)
        answers = ANSWERS[list(ANSWERS)[step.choice % len(ANSWERS)]]
        self._post(step, talk, path, answers[step.pick % len(answers)])

    def _filled(self, name: str, step: Step, talk: Conversation) -> str:
        if name == "call" and step.choice % 3:
            return talk.sid
        return quote(self._put_in(str(step.hole)), safe="%")

    def _post(self, step: Step, talk: Conversation, path: str, said: dict[str, str]) -> None:
        path += f"{'&' if '?' in path else '?'}{step.query}" if step.query else ""
        fields = self._changed(tuple(self._usual(talk, path, said).items()), step)
        reply = self._send(Post(path, fields, step.how))
        if reply.status == 200 and step.how in (How.FORM, How.CHUNKED, How.MULTIPART):
            self._hear(talk, reply)

    def _send(self, post: Post) -> Reply:
        self.posts.append(post)
        reply = self.line.send(post)
        self.judge.look(post, reply)
        return reply

    def _usual(self, talk: Conversation, path: str, said: dict[str, str]) -> dict[str, str]:
        usual = {
            "CallSid": talk.sid, "AccountSid": ACCOUNT, "From": talk.caller, "To": talk.line,
            "CallStatus": "in-progress", "Direction": "inbound", "ApiVersion": "2010-04-01",
            "ExchangeMoment": self.moment, "MessageSid": f"SM{talk.sid[2:]}",
        }  # fmt: skip
        if leg := LEG_DOOR.match(path):
            usual |= {
                "CallSid": f"CA{leg[2]:0>4}{talk.sid[6:]}", "ParentCallSid": talk.sid,
                "From": talk.line, "To": "+4749009101", "Direction": "outbound-dial",
            }  # fmt: skip
        filled = {name: value.format(sid=talk.sid[2:]) if "{sid}" in value else value
                  for name, value in said.items()}  # fmt: skip
        return {name: self._put_in(value) for name, value in (usual | filled).items() if value}

    def _changed(self, fields: Fields, step: Step) -> Fields:
        for change in step.changes:
            fields = self._one_changed(fields, change)
        return fields

    def _one_changed(self, fields: Fields, change: Change) -> Fields:
        new = (change.name, self._put_in(change.value))
        if change.name == "CallSid" and change.value not in ("", THE_OTHER_CALL):
            new = ("CallSid", f"{new[1]}{self.conversations[0].sid[-9:]}")  # of this story only
        if change.op is Op.ADD:
            return (*fields, new)
        others = tuple(each for each in fields if each[0] != change.name)
        return others if change.op is Op.DROP else (*others, new)

    def _put_in(self, value: str) -> str:
        """Fill in what is known only when it is sent."""
        if value == THE_OTHER_CALL:
            return self.conversations[0].sid
        return value.replace("{port}", str(self.hostile_port))

    def _hear(self, talk: Conversation, reply: Reply) -> None:
        try:
            document = fromstring(reply.text)
        except ParseError:
            return
        offers = [each for part in document for each in _offers(part)]
        talk.offers = offers or talk.offers

    def _path(self, address: str) -> str:
        """The fragment is for the network itself: how often to ask again."""
        return address.removeprefix(self.public_url).partition("#")[0]


def _offers(part: Element) -> list[tuple[str, str]]:
    """The addresses that the network may ask after this verb."""
    found = []
    if action := part.get("action"):
        kind = "leg key" if "/leg/" in action or "/lifeline/key" in action else part.tag
        found.append((kind, action))
    named = {"url": "whisper", "statusCallback": "leg status", "waitUrl": "wait",
             "recordingStatusCallback": "recording"}  # fmt: skip
    for each in part.iter():
        found += [(kind, each.get(name, "")) for name, kind in named.items() if each.get(name)]
    if part.tag == "Redirect" and part.text:
        found.append(("Redirect", part.text))
    return found
