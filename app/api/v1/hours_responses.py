"""Hours of duty as the API's models. Asks nothing and decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from app.actions.roster.report_hours import ReportedHours
from app.api.v1.hours_models import (
    BalanceResponse,
    BrokenRestResponse,
    CallOutTimeResponse,
    ComparedResponse,
    DutyTimeResponse,
    FigureResponse,
    HoursResponse,
    PersonsHoursResponse,
    YearResponse,
)
from app.api.v1.models import ReasonResponse
from app.api.v1.responses import in_zone, reason_response
from app.api.v1.roster_responses import entry_response
from app.domain.reasons import Reason
from app.domain.roster.working_hours.balance import PersonsBalance
from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.roster.working_hours.duty_time import DutyTime
from app.domain.roster.working_hours.figures import Figure
from app.domain.roster.working_hours.numbers_written import quantity
from app.domain.roster.working_hours.report import PersonsHours
from app.domain.roster.working_hours.rest import BrokenRest
from app.domain.texts.catalogue import Texts
from app.domain.time.intervals import Interval

DIGITS: Final = 4


def hours_response(found: ReportedHours, texts: Texts, language: str = "en") -> HoursResponse:
    """Tell a report; moments on the roster's wall."""
    report, zone = found.report, found.roster.time_zone
    writer = _Writer(texts, language, zone, report.names)
    return HoursResponse(
        from_=in_zone(report.span.from_, zone),
        to=in_zone(report.span.to, zone),
        desks=list(found.desks),
        roster=found.roster.id,
        time_zone=zone,
        people=[writer.person(each) for each in report.people],
        broken_rest=[writer.rest(each) for each in report.rest],
        corrections=[entry_response(each, zone) for each in found.corrections],
        year=YearResponse(
            from_=in_zone(report.year.from_, zone),
            to=in_zone(report.year.to, zone),
            people=[writer.balance(each) for each in report.balance],
        ),
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    texts: Texts
    language: str
    zone: str
    names: Mapping[str, str]

    def person(self, person: PersonsHours) -> PersonsHoursResponse:
        return PersonsHoursResponse(
            person=person.person,
            name=person.name,
            figures=[self._figure(each) for each in person.figures],
            duty=[self._duty(each) for each in person.duty],
            call_outs=[self._call_out(each) for each in person.call_outs],
        )

    def rest(self, rest: BrokenRest) -> BrokenRestResponse:
        return BrokenRestResponse(
            **self._span(rest.within),
            person=rest.person,
            name=self.names[rest.person],
            kind=rest.kind,
            longest_hours=_number(quantity(rest.longest)),
            call_outs=[self._call_out(each) for each in rest.call_outs],
            why=self._why(rest.why),
        )

    def balance(self, balance: PersonsBalance) -> BalanceResponse:
        return BalanceResponse(
            person=balance.person,
            name=self.names[balance.person],
            weight=_number(balance.weight),
            compared=[
                ComparedResponse(
                    kind=each.kind,
                    amount=_number(quantity(each.amount)),
                    share=None if each.share is None else _number(each.share),
                    percent=each.percent,
                )
                for each in balance.compared
            ],
            why=self._why(balance.why),
        )

    def _figure(self, figure: Figure) -> FigureResponse:
        amount, converted = figure.amount, figure.converted
        return FigureResponse(
            kind=figure.kind,
            hours=None if isinstance(amount, int) else _number(quantity(amount)),
            count=amount if isinstance(amount, int) else None,
            converted_hours=None if converted is None else _number(quantity(converted)),
            why=self._why(figure.why),
        )

    def _duty(self, time: DutyTime) -> DutyTimeResponse:
        return DutyTimeResponse(
            **self._span(time.interval), role=time.role, why=self._why(time.why)
        )

    def _call_out(self, call_out: CallOutTime) -> CallOutTimeResponse:
        measured = call_out.measured or call_out.interval
        return CallOutTimeResponse(
            **self._span(call_out.interval),
            confirmed=call_out.is_confirmed,
            measured_from=in_zone(measured.from_, self.zone),
            measured_to=in_zone(measured.to, self.zone),
            reason=call_out.reason,
            call=call_out.about,
        )

    def _span(self, interval: Interval) -> dict[str, Any]:
        from_, to = in_zone(interval.from_, self.zone), in_zone(interval.to, self.zone)
        return {"from_": from_, "to": to}

    def _why(self, reason: Reason) -> ReasonResponse:
        return reason_response(reason, self.texts, self.language)


def _number(number: Fraction) -> float:
    return round(float(number), DIGITS)
