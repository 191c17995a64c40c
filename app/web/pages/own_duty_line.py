"""What stands on top of every page for somebody whom a call would ring at this minute."""

from contextlib import suppress

from app import clock
from app.actions.roster.own_duty import show_own_roster
from app.domain.message_refs import ref
from app.domain.roster.own_duty import duty_until
from app.store import DatabaseUnavailable
from app.voice_prompts import texts
from app.web.pages.language import page_language
from app.web.services import current_services
from app.web.session import current_login


def own_duty_line() -> str:
    """Tell until when whoever is here is on duty, on the wall of their roster; "" for others."""
    login = current_login()
    if login is None or login.user.person is None:
        return ""
    now = clock.now()
    with suppress(DatabaseUnavailable):
        own = show_own_roster(current_services().database, login.user)
        if own is None:
            return ""
        plan, desks = own.shown.roster.plan, own.shown.roster.desks
        until = duty_until(plan, desks, own.person.id, now)
        if until:
            told = ref("my_duty.on_duty_until", until=until)
            return texts().tell(told, page_language(), now=now, time_zone=plan.time_zone)
    return ""
