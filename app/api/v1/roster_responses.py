"""Roster entries as the API's models. Asks nothing and decides nothing."""

from collections.abc import Iterator
from datetime import datetime

from app.actions.roster.entries import EntryList, EntryResult
from app.api.v1.responses import in_zone, reason_response
from app.api.v1.roster_models import (
    ActorResponse,
    EffectResponse,
    GapResponse,
    RosterEntriesResponse,
    RosterEntryChange,
    RosterEntryResponse,
    SpanResponse,
)
from app.domain.access.actor import Actor
from app.domain.roster.entries import RosterEntry, identity_of
from app.domain.roster.entry_effect import EntryEffect, OpenedGap
from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message


def entries_response(found: EntryList) -> RosterEntriesResponse:
    """Tell a roster's entries; moments on the roster's wall."""
    zone = found.plan.time_zone
    return RosterEntriesResponse(
        roster=found.plan.id,
        revision=found.revision,
        entries=[entry_response(each, zone) for each in found.entries],
    )


def change_response(
    result: EntryResult, message: Message, texts: Texts, now: datetime
) -> RosterEntryChange:
    """Tell what became of an entry, in the language of the message."""
    zone = result.plan.time_zone
    return RosterEntryChange(
        done=result.is_done,
        message=texts.render(message, now=now, time_zone=zone, spoken=False),
        entry=entry_response(result.entry, zone) if result.entry else None,
        revision=result.revision,
        effect=_effect(result.effect, zone, texts, message.language),
    )


def entry_response(entry: RosterEntry, zone: str) -> RosterEntryResponse:
    """Tell one entry."""
    what, gone = identity_of(entry.dated), entry.withdrawal
    return RosterEntryResponse(
        id=entry.id,
        kind=what.kind,
        person=what.person,
        role=what.role,
        instead_of=what.instead_of,
        fills=what.fills,
        from_=in_zone(what.from_, zone),
        to=in_zone(what.to, zone),
        reason=entry.dated.note,
        author=actor_response(entry.author),
        made_at=in_zone(entry.made_at, zone),
        withdrawn_by=actor_response(gone.by) if gone else None,
        withdrawn_at=in_zone(gone.at, zone) if gone else None,
        is_correction=entry.is_correction,
        agreed=[each.person for each in entry.consents if each.has_agreed],
        not_asked=[each.person for each in entry.consents if not each.has_agreed],
    )


def actor_response(actor: Actor) -> ActorResponse:
    """Tell who did something."""
    return ActorResponse(kind=actor.kind, id=actor.id, name=actor.name)


def _effect(effect: EntryEffect, zone: str, texts: Texts, language: str) -> EffectResponse:
    return EffectResponse(
        changed=[
            SpanResponse(from_=in_zone(each.from_, zone), to=in_zone(each.to, zone))
            for each in effect.changed
        ],
        uncovered=list(gap_responses(effect.uncovered, zone)),
        without_backup=list(gap_responses(effect.without_backup, zone)),
        remarks=[reason_response(each, texts, language) for each in effect.why],
    )


def gap_responses(gaps: tuple[OpenedGap, ...], zone: str) -> Iterator[GapResponse]:
    """Tell gaps, each piece of them on its own."""
    for gap in gaps:
        for each in gap.when:
            yield GapResponse(
                desk=gap.desk, from_=in_zone(each.from_, zone), to=in_zone(each.to, zone)
            )
