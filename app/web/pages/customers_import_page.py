"""`/desks/ID/customers/import`: customers from a CSV or XLSX file; what it changes is seen first.

Nothing is kept between the two steps: what was read travels in the page, signed and packed.
"""

import csv
import io
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, redirect, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.actions.desks.change_customers import (
    CustomersFile,
    CustomersPreview,
    CustomersRefusal,
    CustomersRefused,
    import_customers,
    preview_customers,
)
from app.domain.access.permissions import Permission
from app.domain.config.customer_document import write_customers
from app.domain.config.diagnostics import Diagnostic, Diagnostics, errors
from app.domain.config.document import as_text
from app.domain.config.folder import CUSTOMERS as FILE_NAME
from app.domain.desks.customers_merge import CustomerChangeKind
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageError, MessageRef, ref
from app.gateways.spreadsheet import is_workbook, read_sheet
from app.store.people import load_customers
from app.web.page_access import needs
from app.web.pages.customers_page import CUSTOMERS, value_text
from app.web.pages.desks_page import desk_to_change
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

customers_import_page = Blueprint("customers_import_page", __name__, url_prefix="/desks")

PURPOSE: Final = "customers-import"
VALID_SECONDS: Final = 12 * 3600
SHOWN: Final = 200  # of each kind; all are counted


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was read, or why it could not be."""

    text: str = ""
    wrong: MessageRef | None = None


@customers_import_page.get(f"{CUSTOMERS}/import")
@needs(Permission.CHANGE_CUSTOMERS)
def choose(desk: str) -> Response:
    """Ask for the file."""
    return _ask(_desk(desk))


@customers_import_page.post(f"{CUSTOMERS}/import")
@needs(Permission.CHANGE_CUSTOMERS)
def send(desk: str) -> Response:
    """Tell what a file changes; or save what was told."""
    found = _desk(desk)
    if request.form.get("step") == "save":
        return _save(found)
    sent = _read(request.files.get("file"))
    if sent.wrong:
        return _ask(found, sent.wrong)
    return _preview(CustomersFile(desk, sent.text))


@customers_import_page.get(f"{CUSTOMERS}/export.csv")
@needs(Permission.CHANGE_CUSTOMERS)
def export(desk: str) -> Response:
    """Give the customers as they are, as a file that can be sent in again."""
    _desk(desk)
    with current_services().database.read() as connection:
        found = load_customers(connection, desk)
    text = write_customers(tuple(found[number] for number in sorted(found)))
    # The mark lets spreadsheets see that it is UTF-8.
    answer = Response("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="customers-{desk}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _save(desk: Desk) -> Response:
    try:
        text = str(_serializer().loads(request.form.get("kept", ""), max_age=VALID_SECONDS))
    except BadSignature:
        return _ask(desk, ref("customers_import.send_again"))
    may_remove = request.form.get("may_remove") == "true"
    file = CustomersFile(desk.id, text, request.form.get("seen", ""), may_remove)
    done = import_customers(current_services().database, file, current_author())
    if not isinstance(done, CustomersRefused):
        told = done.counted
        counts = f"added={told.added}&changed={told.changed}&removed={told.removed}"
        return redirect(f"/desks/{desk.id}/customers?imported=1&{counts}#done", 303)
    if done.refusal is CustomersRefusal.NO_SUCH:
        abort(404)
    is_changed = done.refusal is CustomersRefusal.CHANGED_MEANWHILE
    return _preview(file, 409 if is_changed else 422, done.diagnostics)


def _preview(file: CustomersFile, status: int = 200, refused: Diagnostics = ()) -> Response:
    found = preview_customers(current_services().database, file)
    if found is None:
        abort(404)
    wrong = errors(found.diagnostics) or refused
    desk = found.live.desk
    return page(
        "customers_preview.html",
        ref("customers_import.preview_title", desk=desk.name),
        status=422 if wrong else status,
        desk=desk,
        address=f"/desks/{desk.id}/customers",
        wrong=wrong,
        warnings=tuple(each for each in found.diagnostics if not each.is_error),
        merge=found.merge,
        counted=found.merge.counted,
        kinds=_kinds(found),
        unchanged=len(found.merge.of(CustomerChangeKind.UNCHANGED)),
        removes_too_many=found.removes_too_many,
        must_choose=status == 422 and not wrong,
        is_changed_meanwhile=status == 409,
        kept="" if wrong else str(_serializer().dumps(file.text)),
        seen=found.seen,
        most_shown=SHOWN,
        value_text=value_text,
        agreements={each.id: each.name for each in desk.agreements},
    )


def _kinds(found: CustomersPreview) -> list[tuple[CustomerChangeKind, tuple[object, ...]]]:
    kinds = (CustomerChangeKind.ADDED, CustomerChangeKind.CHANGED, CustomerChangeKind.REMOVED)
    return [(kind, found.merge.of(kind)) for kind in kinds]


def _ask(desk: Desk, wrong: MessageRef | None = None) -> Response:
    return page(
        "customers_import.html",
        ref("customers_import.title", desk=desk.name),
        status=422 if wrong else 200,
        desk=desk,
        address=f"/desks/{desk.id}/customers",
        wrong=wrong,
    )


def _read(file: FileStorage | None) -> Sent:
    """Read what was sent, a workbook or a text, as the text of a customers.csv."""
    content = file.read() if file else b""
    if not content:
        return Sent(wrong=ref("customers_import.no_file"))
    if is_workbook(content):
        try:
            return Sent(_as_csv(read_sheet(content)))
        except MessageError as wrong:
            return Sent(wrong=wrong.message)
    text = as_text(content, FILE_NAME)
    return Sent(wrong=text.message) if isinstance(text, Diagnostic) else Sent(text)


def _as_csv(rows: list[tuple[str, ...]]) -> str:
    """Write rows one a line, so that a line's number is its row's in the sheet.

    Columns without a name that are empty throughout are left out.
    """
    width = max((len(row) for row in rows), default=0)
    used = [at for at in range(width) if any(at < len(row) and row[at] for row in rows)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([row[at] if at < len(row) else "" for at in used] for row in rows)
    return out.getvalue()


def _desk(desk: str) -> Desk:
    return desk_to_change(desk, Permission.CHANGE_CUSTOMERS).desk


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_services().settings.secret_key, salt=PURPOSE)
