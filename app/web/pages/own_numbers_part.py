"""Somebody's numbers as a part of a page that follows what happens while they are rung."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from markupsafe import Markup

from app.actions.roster.ring_numbers import is_going_on, result_of
from app.domain.calls.flows.verify import RingResult, VerificationPurpose
from app.domain.roster.own_numbers import OwnNumbers
from app.store.number_verifications import NumberVerification
from app.web.pages.assets import asset
from app.web.pages.language import page_language
from app.web.pages.render import environment, say

TESTS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class OwnNumbersPart:
    """The numbers, and how the last rings of each went, the newest first."""

    numbers: OwnNumbers
    rings: tuple[NumberVerification, ...]
    now: datetime
    address: str

    @property
    def etag(self) -> str:
        """Name what is shown, and how."""
        told = [(each.id, self.result(each)) for each in self.rings]
        names = (self.numbers, told, page_language(), asset("app.css"))
        return sha256(repr(names).encode()).hexdigest()[:32]

    def render(self) -> Markup:
        """Draw it."""
        template = environment().get_template("own/numbers.html")
        return Markup(template.render(part=self))  # it escapes what it shows

    def last(self, number: str) -> NumberVerification | None:
        """How a number was rung last."""
        return next((each for each in self.rings if each.number == number), None)

    def result(self, ring: NumberVerification) -> RingResult:
        """How a ring went."""
        return result_of(ring, self.now)

    @property
    def tests(self) -> tuple[NumberVerification, ...]:
        """The last tests."""
        found = (each for each in self.rings if each.purpose is VerificationPurpose.TEST)
        return tuple(found)[:TESTS_SHOWN]

    @property
    def is_going_on(self) -> bool:
        """Whether one of them is rung now."""
        return any(is_going_on(each, self.now) for each in self.rings)

    @property
    def told(self) -> str:
        """What is read out when it changes."""
        if not self.rings:
            return ""
        newest = self.rings[0]
        result = say(f"ring_result.{self.result(newest)}")
        return say("own_numbers_page.told", number=newest.number, result=result)
