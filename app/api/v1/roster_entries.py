"""Roster entries: listed, added and withdrawn."""

from typing import NoReturn

from apiflask import APIBlueprint

from app import clock
from app.actions.roster.entries import (
    EntryRefusal,
    EntryRefused,
    EntryRequest,
    add_entry,
    list_entries,
    withdraw_entry,
)
from app.api.v1.access import access, auth, user_token, writers_only
from app.api.v1.refusals import refuse, unsaid
from app.api.v1.roster_models import (
    EntriesWanted,
    EntryLanguage,
    RosterEntriesResponse,
    RosterEntryChange,
    RosterEntryRequest,
)
from app.api.v1.roster_responses import change_response, entries_response
from app.api.v1.services import api_services
from app.domain.access.actor import Actor, ActorKind
from app.domain.roster.entry_messages import added_message, refusal_message, withdrawn_message
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.domain.toml_positions import TomlValue

roster_entries = APIBlueprint("roster_entries", __name__, tag="Roster")

LIST = "/desks/<desk>/roster/entries"
STATUS = {EntryRefusal.INVALID: 422}
RESPONSES: dict[int, str] = {403: "The token may only read", 404: "Not found"}


@roster_entries.get(LIST)
@roster_entries.auth_required(auth)
@roster_entries.input(EntriesWanted, location="query", arg_name="wanted")
@roster_entries.output(RosterEntriesResponse)
@roster_entries.doc(responses=[404])
def all_entries(desk: str, wanted: EntriesWanted) -> RosterEntriesResponse:
    """List the entries of the desk's roster: overrides and absences, in their order."""
    database, now = api_services().database, clock.now()
    found = list_entries(database, _seen(desk), wanted.scope, now, wanted.revision)
    return _refuse(found, desk) if isinstance(found, EntryRefused) else entries_response(found)


@roster_entries.post(LIST)
@roster_entries.auth_required(auth)
@writers_only
@roster_entries.input(RosterEntryRequest, arg_name="wanted")
@roster_entries.input(EntryLanguage, location="query", arg_name="asked")
@roster_entries.output(RosterEntryChange)
@roster_entries.doc(responses=RESPONSES)
def add(desk: str, wanted: RosterEntryRequest, asked: EntryLanguage) -> RosterEntryChange:
    """Add an override or absence; the same one again is the one that is there."""
    here, now = api_services(), clock.now()
    request = EntryRequest(
        _seen(desk),
        wanted.kind,
        _values(wanted),
        _actor(),
        wanted.dry_run,
        agreed=frozenset(wanted.agreed),
    )
    done = add_entry(here.database, request, now)
    if isinstance(done, EntryRefused):
        _refuse(done, desk)
    message = added_message(done.entry, done.is_done, asked.language)
    return change_response(done, message, here.texts, now)


@roster_entries.post(f"{LIST}/<int(max={LARGEST_NUMBER}):entry>/withdraw")
@roster_entries.auth_required(auth)
@writers_only
@roster_entries.input(EntryLanguage, location="query", arg_name="asked")
@roster_entries.output(RosterEntryChange)
@roster_entries.doc(responses=RESPONSES)
def withdraw(desk: str, entry: int, asked: EntryLanguage) -> RosterEntryChange:
    """Take an entry back. It stays listed with who withdrew it."""
    here, now = api_services(), clock.now()
    done = withdraw_entry(here.database, _seen(desk), entry, _actor(), now)
    if isinstance(done, EntryRefused):
        _refuse(done, desk, entry)
    assert done.entry  # only a dry run has none
    message = withdrawn_message(done.entry, done.is_done, asked.language)
    return change_response(done, message, here.texts, now)


def _seen(desk: str) -> str:
    """The desk, where the token may see it; else the name of none."""
    return desk if access().may_see(desk) and "\0" not in desk else ""


def _actor() -> Actor:
    token = user_token()
    return Actor(ActorKind.TOKEN, token.name, str(token.id))


def _values(wanted: RosterEntryRequest) -> dict[str, TomlValue]:
    """The keys that roster.toml has for it."""
    values: dict[str, TomlValue] = {
        "person": wanted.person,
        "role": wanted.role,
        "instead_of": wanted.instead_of,
        "from": wanted.from_,
        "to": wanted.to,
        "fills": None if wanted.fills else False,
        "note": wanted.reason or None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _refuse(refused: EntryRefused, desk: str, entry: int = 0) -> NoReturn:
    why = unsaid(refusal_message(refused.refusal, desk, entry, "en"))
    wrong = [each.message for each in refused.diagnostics]
    fields = {"json": {"entry": wrong}} if wrong else None
    refuse(STATUS.get(refused.refusal, 404), why, fields)
