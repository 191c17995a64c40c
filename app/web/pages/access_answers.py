"""What stands instead of a page that cannot be opened: log in first, send again, or why not.

A form that was sent is carried on: nothing that somebody has written is lost.
"""

from urllib.parse import quote

from flask import redirect, request
from werkzeug.wrappers import Response

from app.domain.message_refs import ref
from app.web.kept_form import KEPT_FIELD, NEXT_FIELD, KeptForm, carried_form, sent_form
from app.web.page_access import Forbidden
from app.web.pages.language import local_path
from app.web.pages.render import page


def ask_to_send_again() -> Response:
    """Show what was sent, to be sent once more: it did not come from a page of this login."""
    return _send_again(sent_form(), "send_again.not_from_here", 403)


def forbid(refused: Forbidden) -> Response:
    """Say that the user may not do this, and why."""
    return page("forbidden.html", "forbidden.title", status=403, reason=refused.reason.ref)


def go_on(way: str = "") -> Response:
    """Go where somebody wanted to before they had to log in, with what they had sent."""
    kept = carried_form()
    if kept is None:
        return redirect(way or way_back(), 303)
    return _send_again(kept, "send_again.now_logged_in", 200)


def way_back() -> str:
    """Return the path of ours to go on to."""
    return local_path(request.form.get(NEXT_FIELD) or request.args.get(NEXT_FIELD) or "/")


def carried_fields(kept: KeptForm | None) -> dict[str, str]:
    """Return the hidden fields by which a login page carries on where somebody was going."""
    fields = {NEXT_FIELD: local_path(kept.path) if kept else way_back()}
    text = kept.dumps() if kept else request.form.get(KEPT_FIELD, "")
    return fields | ({KEPT_FIELD: text} if text else {})


def with_way_back(to: str, *, is_over: bool = False) -> str:
    """Return a path of ours that leads back to the one that was asked for."""
    query = request.query_string.decode("ascii", "replace")
    path = local_path(f"{request.path}?{query}" if query else request.path)
    return f"{to}?{NEXT_FIELD}={quote(path, safe='/')}{'&over=1' if is_over else ''}"


def to_login(login: str) -> Response:
    """Lead to the login, and from there to where somebody was going."""
    return redirect(f"{login}?{NEXT_FIELD}={quote(way_back(), safe='/')}", 303)


def _send_again(kept: KeptForm, why: str, status: int) -> Response:
    title = ref("send_again.title")
    return page("send_again.html", title, status=status, kept=kept, why=ref(why))
