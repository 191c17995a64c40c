"""An installation that is ready for the night, as facts; each story changes what is wrong in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.health.facts import Journal, OfflineSnapshot, Outbox, SystemFacts, WorkerHeartbeat
from app.domain.message_refs import MessageRef, ref
from app.gateways.twilio.addresses import ASKED_AGAIN
from app.gateways.twilio.inventory import Address, OwnNumber, Profile, ProviderAccount
from app.preflight.checklist import judge
from app.preflight.facts import DatabaseFacts, Disk, EndpointFacts, LocalFiles, PreflightFacts
from app.preflight.finding import Mark
from app.settings import Settings
from app.store.database_server import DatabaseServer
from app.store.desks import LiveDesk
from app.voice_prompts import texts
from tests.support.sample_desk import (
    DESK_TOML,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    SUPPORT,
    folder,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "https://vakt.fjordhjelp.example"
CONTACTS = """
[[contacts]]
role = "Teamleiar"
phone = "+4749009301"
email = "teamleiar@fjordhjelp.example"

[inbox]
webhook = "https://sak.fjordhjelp.example/hook"
"""
ROOM = 50 * 1024**3


def live(desk: str = DESK_TOML + CONTACTS, **changed: str) -> LiveDesk:
    read = folder(desk=desk, **changed)
    assert read.desk, read.diagnostics
    return LiveDesk(read.desk, read.roster, 1, NOW, "Teamleiar")


def settings(**changed: Any) -> Settings:
    """As they are set in an installation that takes real calls."""
    usual = {
        "secret_key": "0123456789abcdef",
        "public_url": URL,
        "twilio_account_sid": "AC1",
        "twilio_auth_token": ("the-token",),
        "smtp_url": "smtps://mail.fjordhjelp.example",
        "vakt_webhook_secret": ("a secret of twenty-four signs",),
        "vakt_heartbeat_url": "https://watch.fjordhjelp.example/ping",
    }
    return Settings(**{**usual, **changed})


def own(number: str, **changed: Any) -> OwnNumber:
    """A number whose addresses are all as README.md says."""
    right = OwnNumber(
        number=number,
        voice=Address(f"{URL}/twilio/voice{ASKED_AGAIN}", "POST"),
        fallback=Address(f"{URL}/twilio/voice/fallback{ASKED_AGAIN}", "POST"),
        status=Address(f"{URL}/twilio/status{ASKED_AGAIN}", "POST"),
        sms=Address(f"{URL}/twilio/sms{ASKED_AGAIN}", "POST"),
        elsewhere="",
        sms_elsewhere="",
        has_voice=True,
        has_sms=True,
    )
    return replace(right, **changed)


def ready(**changed: Any) -> PreflightFacts:
    """Everything is as it must be."""
    verified = dict.fromkeys((DUTY_1, DUTY_2, LAST_RESORT), NOW - timedelta(days=20))
    all_is_well = PreflightFacts(
        now=NOW,
        settings=settings(),
        server=DatabaseServer(False, (16, 4), "0003", timedelta(seconds=0.1)),
        newest_schema="0003",
        rows=DatabaseFacts((live(),), well(), verified),
        disks=(Disk(ref("preflight.offline_store"), "var", ROOM, "ext4", holds_database=False),),
        local_files=files(),
        webhooks=EndpointFacts(400, 403, "ok"),
        mail_server=True,
        watcher=True,
        account=ProviderAccount(
            "active", is_trial=False, is_sub=False, clock_skew=timedelta(seconds=-0.4)
        ),
        numbers=(own(SUPPORT), own(DUTY)),
        profiles=(Profile("Fjordhjelp", "twilio-approved"),),
    )
    return replace(all_is_well, **changed)


def well(
    beat: datetime | None = NOW - timedelta(seconds=3), due: datetime | None = None
) -> SystemFacts:
    """One worker, and when it last told that it lives; and since when the outbox waits."""
    beats = (WorkerHeartbeat("vakt-1:7", beat),) if beat else ()
    return SystemFacts(database_answers=True, heartbeats=beats, outbox=Outbox(due), clocks=())


def files(**changed: Any) -> LocalFiles:
    written = LocalFiles(
        "var/lifeline.json", frozenset({SUPPORT, DUTY}), NOW, OfflineSnapshot(NOW), Journal()
    )
    return replace(written, **changed)


def rows(**changed: Any) -> DatabaseFacts:
    found = ready().rows
    assert isinstance(found, DatabaseFacts)
    return replace(found, **changed)


def in_english(message: MessageRef | None) -> str:
    return texts().write(message, "en") if message else ""


def troubles(facts: PreflightFacts) -> list[tuple[str, str]]:
    """What is not ok: its mark and what is said, the way out after an arrow."""
    return [
        (str(told.finding.mark), f"{in_english(told.finding.what)} → {in_english(told.finding.do)}")
        for told in judge(facts)
        if told.finding.mark is not Mark.OK
    ]


def the_trouble(facts: PreflightFacts) -> tuple[str, str]:
    """The one thing that is wrong."""
    [trouble] = troubles(facts)
    return trouble
