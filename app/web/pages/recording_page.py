"""Where a desk hears a spoken message by the link in its mail; that it was heard is noted.

The link leads to a page with a button: programs that look at the links of every mail press none.
"""

from typing import Final

from flask import Blueprint, Response

from app import clock
from app.actions.calls.listen import listen
from app.domain.message_refs import ref
from app.gateways.recording_links import PATH, RecordingAddress, RecordingLinks
from app.store.desks import find_desk
from app.store.recording_accesses import AccessChannel
from app.store.recordings import load_recording
from app.web.page_access import without_login
from app.web.pages.audio import wav_answer
from app.web.pages.render import page
from app.web.services import WebServices, current_services

recording_page = Blueprint("recording_page", __name__, url_prefix=PATH)

OF_NOBODY: Final = "nb"  # the language where the desk is not known
LONGEST_TOKEN: Final = 600


@recording_page.get(f"/<string(maxlength={LONGEST_TOKEN}):token>")
@without_login
def ask(token: str) -> Response:
    """Ask whether the message shall be heard; says so where the link works no longer."""
    services = current_services()
    heard = _links(services).read(token)
    desk, language = _desk_of(services, heard) if heard else ("", OF_NOBODY)
    if heard is None or not desk:
        return _gone(language)
    title = ref("listen_page.title", desk=desk)
    return page("recording.html", title, language=language, receiver=heard.receiver)


@recording_page.post(f"/<string(maxlength={LONGEST_TOKEN}):token>")
@without_login
def play(token: str) -> Response:
    """Send the message, having noted who hears it."""
    services = current_services()
    heard = _links(services).read(token)
    if heard is None:
        return _gone(OF_NOBODY)
    found = listen(
        services.database, heard.recording, heard.receiver, AccessChannel.LINK, clock.now()
    )
    if found is None:
        return _gone(OF_NOBODY)
    return wav_answer(found.media)


def _links(services: WebServices) -> RecordingLinks:
    return RecordingLinks(services.settings.secret_key, services.settings.public_url)


def _desk_of(services: WebServices, heard: RecordingAddress) -> tuple[str, str]:
    """Return the name and language of the recording's desk; no name where it is gone."""
    with services.database.read() as connection:
        found = load_recording(connection, heard.recording)
        live = find_desk(connection, found.desk) if found and found.desk else None
    return (live.desk.name, live.desk.language) if live else ("", OF_NOBODY)


def _gone(language: str) -> Response:
    return page("recording_gone.html", "listen_page.gone_title", status=404, language=language)
