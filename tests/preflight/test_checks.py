"""Each thing that can be wrong before a night is told once, with what to do about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.health.facts import (
    ClockReference,
    ClockSkew,
    Journal,
    OfflineSnapshot,
    WorkerHeartbeat,
)
from app.domain.health.opt_outs import OptOut
from app.domain.message_refs import ref
from app.gateways.twilio.addresses import ASKED_AGAIN
from app.gateways.twilio.inventory import Address, Profile, ProviderAccount
from app.preflight.checklist import judge
from app.preflight.facts import Disk, EndpointFacts, LocalFiles, PreflightFacts, Unknown
from app.preflight.finding import Mark
from app.store.database_server import DatabaseServer
from app.store.lifeline_pushes import LifelinePush
from tests.preflight.sample_facts import (
    CONTACTS,
    NOW,
    ROOM,
    URL,
    files,
    in_english,
    live,
    own,
    ready,
    rows,
    settings,
    the_trouble,
    troubles,
    well,
)
from tests.support.sample_desk import DESK_TOML, DUTY, DUTY_1, DUTY_1_HOME, ROSTER_TOML, SUPPORT

OURS = timedelta(0)
MINUTE = timedelta(minutes=1)


def test_a_house_that_is_ready_has_nothing_but_ok_lines_under_every_heading() -> None:
    told = list(judge(ready()))
    assert {each.finding.mark for each in told} == {Mark.OK}
    headings = list(dict.fromkeys(each.heading for each in told))
    assert headings == [
        "settings",
        "database",
        "services",
        "provider",
        "numbers",
        "desks",
        "people",
    ]


SERVERS = [
    (DatabaseServer(False, (12, 9), "0003", OURS), "error", "PostgreSQL 12.9 is too old"),
    (
        DatabaseServer(False, (14, 1), "0003", OURS),
        "warning",
        "PostgreSQL 14.1 answers, but is no longer maintained",
    ),
    (
        DatabaseServer(False, (16, 4), "0001", OURS),
        "error",
        "old: 0001, not 0003 → vakt db upgrade",
    ),
    (
        DatabaseServer(False, (16, 4), None, OURS),
        "error",
        "the database is empty → vakt db upgrade",
    ),
    (DatabaseServer(False, (16, 4), "0009", OURS), "error", "newer than this release: 0009"),
    (DatabaseServer(True, (3, 31, 1), "0003", None, "wal"), "error", "SQLite 3.31.1 is too old"),
    (DatabaseServer(True, (3, 40, 1), "0003", None, "delete"), "error", "journal mode is delete"),
    (
        DatabaseServer(False, (16, 4), "0003", timedelta(seconds=6)),
        "warning",
        "6 s behind the database's",
    ),
    (
        DatabaseServer(False, (16, 4), "0003", timedelta(seconds=-40)),
        "error",
        "40 s ahead of the database",
    ),
]


@pytest.mark.parametrize(("server", "mark", "words"), SERVERS)
def test_a_database_server_that_does_not_fit(server: DatabaseServer, mark: str, words: str) -> None:
    found, told = the_trouble(ready(server=server))
    assert found == mark
    assert words in told


DISKS = [
    ({"free": 30 * 1024**2}, "error", "only 30 MB free for the database in /srv/vakt"),
    ({"free": 600 * 1024**2}, "warning", "only 600 MB free"),
    ({"filesystem": "nfs4"}, "error", "/srv/vakt is on a network disk (nfs4)"),
]


@pytest.mark.parametrize(("changed", "mark", "words"), DISKS)
def test_a_disk_that_is_full_or_on_a_network(
    changed: dict[str, Any], mark: str, words: str
) -> None:
    disk = Disk(ref("preflight.part_database"), "/srv/vakt", ROOM, "ext4", holds_database=True)
    found, told = the_trouble(ready(disks=(replace(disk, **changed),)))
    assert found == mark
    assert words in told


def test_the_offline_files_may_be_on_a_network_disk() -> None:
    disk = Disk(ref("preflight.offline_store"), "/srv/vakt", ROOM, "nfs4", holds_database=False)
    assert troubles(ready(disks=(disk,))) == []


SETTINGS = [
    ({"twilio_auth_token": ()}, "error", "TWILIO_AUTH_TOKEN is not set"),
    ({"twilio_account_sid": ""}, "error", "TWILIO_ACCOUNT_SID is not set"),
    ({"secret_key": "short"}, "warning", "SECRET_KEY has 5 characters"),
    ({"vakt_heartbeat_url": ""}, "warning", "nobody outside would notice"),
    ({"smtp_url": ""}, "warning", "no mail goes to the contacts of fjordhjelp"),
    ({"vakt_webhook_secret": ()}, "error", "nothing is posted to the webhook of fjordhjelp"),
    (
        {"vakt_exchange": True, "twilio_api_url": "http://127.0.0.1:1"},
        "warning",
        "VAKT_EXCHANGE is on",
    ),
]


@pytest.mark.parametrize(("changed", "mark", "words"), SETTINGS)
def test_a_setting_that_is_missing(changed: dict[str, Any], mark: str, words: str) -> None:
    found, told = the_trouble(ready(settings=settings(**changed)))
    assert found == mark
    assert words in told


WEBHOOKS = [
    (EndpointFacts(403, 403, "ok"), "error", "refuses the signature"),
    (EndpointFacts(404, 404, "ok"), "error", "answers 404: is that Vaktlinje?"),
    (EndpointFacts(400, 400, "ok"), "error", "answers 400 to a wrong signature"),
    (
        EndpointFacts(301, 301, "ok", "https://www.example/twilio/voice"),
        "error",
        "redirects to https://www",
    ),
    (EndpointFacts(400, 403, "no facts"), "warning", "has no recent copy to take calls from"),
]


@pytest.mark.parametrize(("webhooks", "mark", "words"), WEBHOOKS)
def test_a_door_that_does_not_answer_as_it_must(
    webhooks: EndpointFacts, mark: str, words: str
) -> None:
    found, told = the_trouble(ready(webhooks=webhooks))
    assert found == mark
    assert words in told


TWO_WORKERS = replace(
    well(), heartbeats=(*(well().heartbeats or ()), WorkerHeartbeat("vakt-2:9", NOW - 5 * MINUTE))
)
CLOCK_OFF = replace(
    well(), clocks=(ClockSkew(timedelta(seconds=4), ClockReference.DATABASE, "vakt-2:9"),)
)
HOUSES = [
    ({"system": well(beat=None)}, "error", "no worker is running: no SMS is sent"),
    ({"system": well(NOW - timedelta(hours=5))}, "error", "has been silent for 5 h): no SMS"),
    ({"system": well(due=NOW - timedelta(minutes=6))}, "error", "the outbox is 6 min behind"),
    ({"system": TWO_WORKERS}, "warning", "the worker on vakt-2 has been silent for 5 min"),
    ({"system": CLOCK_OFF}, "warning", "the clock of vakt-2 is 4 s ahead of the database's"),
    ({"refuses": "disk full"}, "error", "the database refuses writes: disk full"),
]


@pytest.mark.parametrize(("changed", "mark", "words"), HOUSES)
def test_a_house_that_does_not_work(changed: dict[str, Any], mark: str, words: str) -> None:
    found, told = the_trouble(ready(rows=rows(**changed)))
    assert found == mark
    assert words in told


FILES = [
    (files(lines=None, lines_written_at=None), "the lifeline's file cannot be read: var/lifeline"),
    (files(lines=frozenset({DUTY})), f"the lifeline does not know {SUPPORT}"),
    (files(snapshot=OfflineSnapshot(None)), "this machine has no copy to take calls from"),
    (
        files(snapshot=OfflineSnapshot(NOW - timedelta(hours=3))),
        "the copy that calls are taken from without the database is 3 h old",
    ),
    (
        files(lines_written_at=NOW - timedelta(days=1)),
        "the lifeline is older than the last import of fjordhjelp",
    ),
    (files(journal=Journal(NOW - 11 * MINUTE)), "waiting for the database for 11 min"),
]


@pytest.mark.parametrize(("local_files", "words"), FILES)
def test_files_that_an_outage_would_need(local_files: LocalFiles, words: str) -> None:
    mark, told = the_trouble(ready(local_files=local_files))
    assert mark == "warning"
    assert words in told


ACCOUNTS = [
    (ProviderAccount("suspended", False, False, OURS), "error", "the account is suspended"),
    (ProviderAccount("active", True, False, OURS), "warning", "the account is a trial"),
    (
        ProviderAccount("active", False, False, timedelta(hours=1)),
        "error",
        "3600 s behind the provider's",
    ),
    (
        ProviderAccount("active", False, False, timedelta(seconds=5)),
        "warning",
        "5 s behind the provider's",
    ),
]


@pytest.mark.parametrize(("account", "mark", "words"), ACCOUNTS)
def test_an_account_that_would_not_carry_the_night(
    account: ProviderAccount, mark: str, words: str
) -> None:
    found, told = the_trouble(ready(account=account))
    assert found == mark
    assert words in told


def test_a_provider_that_tells_no_date_is_not_said_to_agree() -> None:
    whats = [
        in_english(told.finding.what)
        for told in judge(ready(account=ProviderAccount("active", False, False, None)))
    ]
    assert not any("the provider's" in what for what in whats)


PROFILES = [
    ((), "no business profile is approved: without one an account has two calls at once"),
    ((Profile("Fjordhjelp", "in-review"),), "the business profile is not approved yet"),
    ((Profile("Fjordhjelp", "twilio-rejected"),), "no business profile is approved"),
]


@pytest.mark.parametrize(("profiles", "words"), PROFILES)
def test_a_business_profile_that_is_not_approved(profiles: tuple[Profile, ...], words: str) -> None:
    mark, told = the_trouble(ready(profiles=profiles))
    assert mark == "warning"
    assert words in told
    assert "Trust Hub → Customer profiles" in told


def test_a_subaccount_is_sent_to_its_parent_for_the_profile() -> None:
    sub = ProviderAccount("active", is_trial=False, is_sub=True, clock_skew=OURS)
    assert "As the parent account" in the_trouble(ready(account=sub, profiles=()))[1]


AGAIN = ASKED_AGAIN
TYPED = f"Phone Numbers → Active numbers → {DUTY}: "
NUMBERS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"fallback": Address(f"{URL}/twilio/fallback", "POST")},
        "error",
        f"{DUTY}: “Primary handler fails” is {URL}/twilio/fallback: a caller hears an application "
        f"error when this site is down → {TYPED}Primary handler fails: Webhook, "
        f"{URL}/twilio/voice/fallback{AGAIN}, HTTP POST",
    ),
    (
        {"fallback": Address("", "POST")},
        "error",
        f"{DUTY}: “Primary handler fails” is empty: a caller hears an application error when this "
        f"site is down → {TYPED}Primary handler fails: Webhook, "
        f"{URL}/twilio/voice/fallback{AGAIN}, HTTP POST",
    ),
    (
        {"fallback": Address("https://other.example/answer", "POST")},
        "warning",
        f"{DUTY}: “Primary handler fails” is https://other.example/answer, another host: what it "
        "answers was not checked → Try it with this site down (docs/outage.md, the drill); or "
        f"{TYPED}Primary handler fails: Webhook, {URL}/twilio/voice/fallback{AGAIN}, HTTP POST",
    ),
    (
        {"voice": Address("https://demo.twilio.com/welcome/voice/", "POST")},
        "error",
        f"{DUTY}: “A call comes in” is https://demo.twilio.com/welcome/voice/: calls never reach "
        f"this installation → {TYPED}A call comes in: Webhook, {URL}/twilio/voice{AGAIN}, "
        "HTTP POST",
    ),
    (
        {"voice": Address(f"{URL}/twilio/voice", "POST")},
        "warning",
        f"{DUTY}: “A call comes in” has no {AGAIN}: a lost answer is not asked for "
        f"again → {TYPED}A call comes in: Webhook, {URL}/twilio/voice{AGAIN}, HTTP POST",
    ),
    (
        {"status": Address(f"{URL}/twilio/status", "GET")},
        "error",
        f"{DUTY}: “Call status changes” uses GET: it is refused → {TYPED}Call status "
        f"changes: Webhook, {URL}/twilio/status{AGAIN}, HTTP POST",
    ),
    (
        {"sms": Address("", "POST")},
        "warning",
        f"{DUTY}: “A message comes in” is empty: an SMS to the line is lost → {TYPED}A message "
        f"comes in: Webhook, {URL}/twilio/sms{AGAIN}, HTTP POST",
    ),
    (
        {"elsewhere": "TK1"},
        "error",
        f"{DUTY}: its calls go to TK1, whatever the addresses say → {TYPED}Configure with "
        "“Webhook”, and remove the trunk or application",
    ),
    (
        {"has_voice": False},
        "error",
        f"{DUTY} cannot take calls → Get a number with voice from the provider",
    ),
]


@pytest.mark.parametrize(("changed", "mark", "words"), NUMBERS)
def test_a_number_that_is_set_wrongly_tells_what_differs_and_what_to_type(
    changed: dict[str, Any], mark: str, words: str
) -> None:
    assert the_trouble(ready(numbers=(own(SUPPORT), own(DUTY, **changed)))) == (mark, words)


def test_a_fallback_that_is_always_there_is_better_than_ours() -> None:
    at_twilio = Address("https://handler.twilio.com/twiml/EH1", "POST")
    assert troubles(ready(numbers=(own(SUPPORT), own(DUTY, fallback=at_twilio)))) == []


FILES = settings(vakt_lifeline_push_url="https://name:word@files.example.org/vakt?key=1")
DUTY_FILE = f"https://name:word@files.example.org/vakt/fjordhjelp/{DUTY.lstrip('+')}.xml"
HOUR = timedelta(hours=1)
AS_IT_IS = LifelinePush("fjordhjelp", "mark", NOW - HOUR, NOW + HOUR)


def with_files(pushed: LifelinePush | None, fallback: Address) -> PreflightFacts:
    """An installation that puts its documents at the network, where the duty line's number may
    look.
    """
    pushes = {"fjordhjelp": pushed} if pushed else {}
    numbers = (own(SUPPORT), own(DUTY, fallback=fallback))
    return ready(settings=FILES, rows=rows(pushes=pushes), numbers=numbers)


def test_a_fallback_that_is_our_own_file_is_as_good_when_it_is_asked_for_by_get() -> None:
    assert troubles(with_files(AS_IT_IS, Address(DUTY_FILE, "GET"))) == []
    mark, told = the_trouble(with_files(AS_IT_IS, Address(DUTY_FILE, "POST")))
    assert mark == "error"
    assert "uses POST: a file store refuses that" in told
    assert "HTTP GET" in told


def test_another_file_is_told_without_the_password_to_it() -> None:
    another = DUTY_FILE.replace(DUTY.lstrip("+"), SUPPORT.lstrip("+"))
    mark, told = the_trouble(with_files(AS_IT_IS, Address(another, "GET")))
    assert mark == "warning"
    assert "is https://files.example.org/vakt/fjordhjelp/" in told
    assert "word" not in told


@pytest.mark.parametrize(
    ("pushed", "mark", "told"),
    [
        (None, "error", "the provider has nothing to play"),
        (replace(AS_IT_IS, valid_until=NOW), "error", "would ring whoever was on duty before"),
        (
            replace(AS_IT_IS, failing_since=NOW - 3 * MINUTE, error="no door"),
            "warning",
            "renewed for 3 min: no door",
        ),
    ],
)
def test_what_lies_at_the_network_is_there_and_not_old(
    pushed: LifelinePush | None, mark: str, told: str
) -> None:
    found = the_trouble(with_files(pushed, Address(DUTY_FILE, "GET")))
    assert found[0] == mark
    assert told in found[1]


def test_a_number_without_sms_needs_no_address_for_them() -> None:
    without = own(SUPPORT, has_sms=False, sms=Address("", ""))
    assert troubles(ready(numbers=(without, own(DUTY)))) == []


def test_a_line_that_the_account_does_not_own() -> None:
    mark, told = the_trouble(ready(numbers=(own(DUTY),)))
    assert mark == "error"
    assert told.startswith(f"{SUPPORT} (fjordhjelp, support): the account does not own this number")


def test_a_number_that_leads_here_although_no_desk_has_it() -> None:
    mark, told = the_trouble(ready(numbers=(own(SUPPORT), own(DUTY), own("+4720000999"))))
    assert mark == "warning"
    assert told.startswith("+4720000999 leads here, but no desk has it")
    elsewhere = own("+4720000998", voice=Address("https://other.example/", "POST"))
    assert troubles(ready(numbers=(own(SUPPORT), own(DUTY), elsewhere))) == []


def test_an_hour_that_nobody_covers_and_how_many_there_are() -> None:
    away = "".join(
        f'\n[[absences]]\nperson = "{who}"\nfrom = 2026-11-{day}T20:00:00\n'
        f"to = 2026-11-{day}T23:00:00\n"
        for day in (22, 23, 24, 25, 26)
        for who in ("duty-1", "duty-2")
    )
    mark, told = the_trouble(ready(rows=rows(desks=(live(roster=ROSTER_TOML + away),))))
    assert mark == "warning"
    first = "nobody who can be rung is on duty from 2026-11-22 20:00 to 2026-11-22 23:00"
    assert f"fjordhjelp: {first}, from 2026-11-23" in told
    assert "and 2 more times → " in told
    assert "vakt prove fjordhjelp" in told


def test_a_duty_without_a_roster_is_an_error() -> None:
    alone = replace(live(), roster=None)
    mark, told = the_trouble(ready(rows=rows(desks=(alone,))))
    assert mark == "error"
    assert "has duty hours but names no roster" in told


def test_a_desk_that_nobody_is_told_about() -> None:
    inbox = CONTACTS[CONTACTS.index("[inbox]") :]
    mark, told = the_trouble(ready(rows=rows(desks=(live(desk=DESK_TOML + inbox),))))
    assert mark == "warning"
    assert told.startswith("fjordhjelp: nobody is told when something goes wrong")
    by_mail = CONTACTS.replace('phone = "+4749009301"\n', "")
    only_mail = ready(rows=rows(desks=(live(desk=DESK_TOML + by_mail),)))
    assert "an alarm goes by mail only" in the_trouble(only_mail)[1]


def test_a_desk_at_which_nobody_learns_of_tickets() -> None:
    contacts = CONTACTS[: CONTACTS.index("[inbox]")]
    mark, told = the_trouble(ready(rows=rows(desks=(live(desk=DESK_TOML + contacts),))))
    assert mark == "warning"
    assert told.startswith("fjordhjelp: nobody learns of a ticket that is not critical")
    by_mail = DESK_TOML + '\n[inbox]\nmail = ["service@fjordhjelp.example"]\n'
    without = ready(rows=rows(desks=(live(desk=by_mail),)), settings=settings(smtp_url=""))
    told = "error", "SMTP_URL is not set: nobody at fjordhjelp learns of a ticket by mail"
    assert any((mark, words[: len(told[1])]) == told for mark, words in troubles(without))


def test_no_desk_at_all() -> None:
    mark, told = the_trouble(ready(rows=rows(desks=()), numbers=()))
    assert (mark, told) == (
        "error",
        "there is no desk: that is all that callers hear → vakt desk import PATH…",
    )


def test_somebody_who_has_never_answered_is_named_with_how_to_try() -> None:
    verified = {number: at for number, at in rows().verified.items() if number != DUTY_1}
    assert the_trouble(ready(rows=rows(verified=verified))) == (
        "warning",
        f"fjordhjelp: Duty 1: {DUTY_1} has not answered with a key in the last 180 days → "
        f"Try it: vakt preflight --live {DUTY_1}",
    )
    verified_at_home = verified | {DUTY_1_HOME: NOW}
    assert troubles(ready(rows=rows(verified=verified_at_home))) == [], (
        "one of the person's numbers is enough"
    )


def test_who_shares_a_roster_is_asked_for_once_and_not_for_a_desk_without_duty() -> None:
    nobody_verified = rows(desks=(live(), live()), verified={})
    told = [
        words for _, words in troubles(ready(rows=nobody_verified)) if "has not answered" in words
    ]
    assert len(told) == 3
    without_duty = replace(live(), desk=replace(live().desk, duty=None))
    assert troubles(ready(rows=rows(desks=(without_duty,), verified={}))) == []


def test_what_could_not_be_learnt_is_told_once_where_it_is_missed_first() -> None:
    away = Unknown(
        ref("preflight.health.database_away", cause="refused"),
        ref("preflight.health_do.database_away"),
    )
    told = troubles(ready(rows=away, server=away))
    [(mark, words)] = told
    assert (mark, words.partition(" → ")[0]) == ("error", "the database is away: refused")
    silent = Unknown(ref("preflight.profile_unread", cause="503"), mark=Mark.WARNING)
    assert the_trouble(ready(profiles=silent))[0] == "warning"


def test_a_check_that_breaks_is_a_line_of_its_own_and_the_others_go_on() -> None:
    broken: Any = ("no server at all",)
    mark, told = the_trouble(ready(disks=broken))
    assert mark == "error"
    assert told.startswith("disks: unexpected error: AttributeError: ")
    assert "report it" in told


def test_a_duty_number_that_has_written_stop_is_an_error() -> None:
    opted_out = rows(opt_outs={OptOut(DUTY_1, DUTY)})
    assert the_trouble(ready(rows=opted_out)) == (
        "error",
        f"fjordhjelp: Duty 1 ({DUTY_1}) has opted out of SMS from {DUTY} → "
        f"Ask them to send START to {DUTY} by SMS",
    )
