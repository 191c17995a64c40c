"""The alert rules that we ship ask for what is told, and fire when they should."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml

from app.domain.calls.call import CallOutcome
from app.domain.desks.desk import Priority
from app.domain.health.alarms import AlarmKind
from app.domain.health.checks import judge
from app.domain.health.facts import Journal, OfflineSnapshot, Outbox, SystemFacts, WorkerHeartbeat
from app.store.figures import WITHIN, AcknowledgementTimes, Figures
from app.store.tables import JobKind
from app.web import metrics
from app.web.database_metrics import DatabaseMetrics, LocalMetrics
from tests.support.promql import Prometheus, Scrape, selectors
from tests.support.sample_desk import NIGHT

DOCS = Path(__file__).parent.parent / "docs"
GROUPS = yaml.safe_load((DOCS / "monitoring" / "vaktlinje.rules.yml").read_text("utf-8"))["groups"]
RULES: dict[str, dict[str, Any]] = {
    rule["alert"]: rule for group in GROUPS for rule in group["rules"]
}

WELL = SystemFacts(
    database_answers=True,
    heartbeats=(WorkerHeartbeat("a:1", NIGHT - timedelta(seconds=4)),),
    outbox=Outbox(NIGHT - timedelta(seconds=2)),
    snapshot=OfflineSnapshot(NIGHT - timedelta(minutes=2)),
    journal=Journal(),
)
GOOD = DatabaseMetrics(
    figures=Figures(
        outcomes={str(outcome): 7 for outcome in CallOutcome},
        acknowledged=tuple(
            AcknowledgementTimes(each, (9,) * len(WITHIN), 9, 90.0) for each in Priority
        ),
        unacknowledged={"fjordhjelp": 1},  # an old one, that was solved in another way
        in_call_outs={"fjordhjelp": 1},
        call_outs=4,
        waiting=dict.fromkeys(map(str, JobKind), 2),
        given_up=dict.fromkeys(map(str, JobKind), 3),
        due_since=NIGHT - timedelta(seconds=2),
        due_since_of={"sms": NIGHT - timedelta(seconds=2)},
        beat_at=NIGHT - timedelta(seconds=4),
        alarms=dict.fromkeys(map(str, AlarmKind), 0),
    ),
    uncovered={"fjordhjelp": 0.0},
    lifelines={"fjordhjelp": {"pushed_age_seconds": 600.0, "valid_seconds": 3600.0}},
    local=LocalMetrics(0, 120.0, NIGHT.timestamp() - 3600),
    judged=judge(WELL, NIGHT),
    now=NIGHT,
)


@dataclass(frozen=True)
class Change:
    """What is different at the second look."""

    counted: DatabaseMetrics = GOOD
    counters: Callable[[], object] = field(default=lambda: None)
    is_there: bool = True


def of_figures(**changed: Any) -> Change:
    assert GOOD.figures
    return Change(replace(GOOD, figures=replace(GOOD.figures, **changed)))


def of_local(**changed: Any) -> Change:
    return Change(replace(GOOD, local=replace(GOOD.local, **changed)))


def of_system(**changed: Any) -> Change:
    return Change(replace(GOOD, judged=judge(replace(WELL, **changed), NIGHT)))


def alarmed(kind: AlarmKind) -> Change:
    assert GOOD.figures
    return of_figures(alarms=GOOD.figures.alarms | {str(kind): 1})


def failed() -> Change:
    assert GOOD.figures
    return of_figures(outcomes=GOOD.figures.outcomes | {"failed": 8})


def late() -> Change:
    assert GOOD.figures
    critical, *others = GOOD.figures.acknowledged
    slow = replace(critical, count=critical.count + 1, seconds=critical.seconds + 400)
    return of_figures(acknowledged=(slow, *others))


def counting(counter: Any, times: int = 1) -> Change:
    return Change(counters=lambda: counter.inc(times))


BAD: dict[str, Change] = {
    "VaktCriticalTicketUnacknowledged": alarmed(AlarmKind.TICKET_UNACKNOWLEDGED),
    "VaktCallsFailed": failed(),
    "VaktLifelineAnswers": counting(metrics.LIFELINES.labels("fallback")),
    "VaktSignaturesRefused": counting(metrics.REFUSED.labels("wrong"), 6),
    "VaktDutyUncovered": Change(replace(GOOD, uncovered={"fjordhjelp": 13.0})),
    "VaktAcknowledgementSlow": late(),
    "VaktNoWebhook": of_local(last_webhook=NIGHT.timestamp() - 4 * 86_400),
    "VaktGone": Change(is_there=False),
    "VaktDatabaseAway": Change(replace(GOOD, figures=None, uncovered={}, lifelines={})),
    "VaktOfflineTurns": counting(metrics.OFFLINE_TURNS),
    "VaktJournalWaiting": of_system(journal=Journal(NIGHT - timedelta(minutes=11))),
    "VaktFactsOld": of_system(snapshot=OfflineSnapshot(NIGHT - timedelta(minutes=16))),
    "VaktWorkerSilent": of_system(
        heartbeats=(WorkerHeartbeat("a:1", NIGHT - timedelta(minutes=2)),)
    ),
    "VaktOutboxLate": of_system(outbox=Outbox(NIGHT - timedelta(minutes=6))),
    "VaktAlarmOpen": alarmed(AlarmKind.CALLS_HANG),
    "VaktLifelineDocumentsOld": Change(
        replace(GOOD, lifelines={"fjordhjelp": {"pushed_age_seconds": 9.0, "valid_seconds": -1.0}})
    ),
}


def scrape(counted: DatabaseMetrics = GOOD) -> Scrape:
    metrics.begin_at_zero(["twilio.voice"])
    return Scrape.read(metrics.exposition(counted).decode())


def database(change: Change) -> Prometheus:
    before = scrape()
    change.counters()
    return Prometheus(before, scrape(change.counted) if change.is_there else Scrape({}))


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_fires_when_it_should_with_the_labels_that_it_names(alert: str) -> None:
    rule = RULES[alert]
    fired = database(BAD[alert]).value(rule["expr"])
    assert fired
    named = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert all(named <= {name for name, _ in labels} for labels in fired)


def test_nothing_fires_on_a_good_night() -> None:
    night = Prometheus(scrape(), scrape())
    assert {alert: fired for alert in RULES if (fired := night.value(RULES[alert]["expr"]))} == {}


def test_no_worker_at_all_is_a_silent_one() -> None:
    expression = RULES["VaktWorkerSilent"]["expr"]
    assert database(of_system(heartbeats=())).value(expression)


def test_every_alert_has_its_story_and_its_line_in_the_docs() -> None:
    page = (DOCS / "monitoring.md").read_text("utf-8")
    assert set(BAD) == set(RULES)
    assert {alert for alert in RULES if f"`{alert}`" not in page} == set()
    assert set(re.findall(r"`(Vakt[A-Z]\w+)`", page)) <= set(RULES)


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_asks_only_for_figures_and_labels_that_are_told(alert: str) -> None:
    told = scrape().by_name
    for selector in selectors(promql.parse(RULES[alert]["expr"])):
        assert selector.name in told
        for matcher in selector.matchers.matchers:
            values = {dict(labels).get(matcher.name) for labels in told[selector.name]}
            assert matcher.value in values


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_says_whom_it_wakes_and_what_it_is(alert: str) -> None:
    rule = RULES[alert]
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))


@pytest.mark.parametrize("page", ["monitoring.md", "outage.md"])
def test_the_docs_name_only_figures_that_are_told(page: str) -> None:
    words = (DOCS / page).read_text("utf-8")
    named = set(re.findall(r"\bvakt_[a-z_]+[a-z]\b", words))
    exposed = metrics.exposition(GOOD).decode()
    told = set(re.findall(r"^# TYPE (\w+)", exposed, re.M)) | set(scrape().by_name)
    assert len(named) > 4
    assert named - told == set()
