"""What was entered into a roster's document on its page, and an import of a file would undo."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise

from sqlalchemy import Connection

from app.actions.roster.own_numbers import text_with_own_numbers
from app.domain.access.actor import DOCUMENT, ActorKind
from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity
from app.domain.config.folder import ROSTER, DeskFolder
from app.domain.config.line_merge import Lines, MergeChunk, merge_lines
from app.domain.message_refs import ref
from app.domain.toml_positions import Position
from app.store.desks import Edit
from app.store.roster_versions import StoredDocument, documents_since, last_roster_file


def lost_roster_edits(
    connection: Connection, folder: DeskFolder, edit: Edit
) -> Iterator[Diagnostic]:
    """Tell what was entered on the page since the last file, and this file lacks.

    Comments and blank lines do not count, nor do numbers that people have chosen themselves.
    """
    roster = folder.roster
    if roster is None or edit.author.kind is ActorKind.PERSON:
        return
    base = last_roster_file(connection, roster.id)
    if base is None:
        return
    edited, who = _edited(documents_since(connection, roster.id, base.document.number))
    texts = (base.text, edited, folder.text(ROSTER))
    ours = [text_with_own_numbers(connection, roster.id, each) for each in texts]
    for chunk in merge_lines(*ours).chunks:
        where = Position(max(1, chunk.at if chunk.yours else chunk.at - 1))
        for key, line in _lost(chunk):
            said = ref(f"diagnostic.changed_on_page.{key}", who=who, line=line)
            yield Diagnostic(f"{folder.where}/{ROSTER}", where, DiagnosticSeverity.ERROR, said)


def _edited(versions: tuple[StoredDocument, ...]) -> tuple[str, str]:
    """The last file with what was entered on the page alone, and by whom last.

    What people have changed of their own numbers in between is kept by other means.
    """
    text, who = versions[0].text, ""
    for before, after in pairwise(versions):
        if after.document.author.via == DOCUMENT:
            chunks = merge_lines(before.text, after.text, text).chunks
            lines = (line for c in chunks for line in (c.theirs if c.is_conflict else c.merged))
            text, who = "".join(f"{line}\n" for line in lines), after.document.author.name
    return text, who


def _lost(chunk: MergeChunk) -> Iterator[tuple[str, str]]:
    """The first line that was entered and is missing, and the first that was taken out and is not.

    What the file has changed beside them is its own.
    """
    base, theirs, yours = (
        Counter(_saying(each)) for each in (chunk.base, chunk.theirs, chunk.yours)
    )
    entered = (line for line in theirs - base if yours[line] < theirs[line])
    taken_out = (line for line in base - theirs if yours[line] > theirs[line])
    yield from (("document", line) for line in islice(entered, 1))
    yield from (("document_line", line) for line in islice(taken_out, 1))


def _saying(lines: Lines) -> Iterator[str]:
    """The lines that say something, without the blanks around them."""
    bare = (line.strip() for line in lines)
    return (line for line in bare if line and not line.startswith("#"))
