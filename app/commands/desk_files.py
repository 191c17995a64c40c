"""A desk's folder read from the disk: its three files, and no link that leads out of it."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.domain.config.diagnostics import Diagnostic, DiagnosticSeverity, in_order
from app.domain.config.document import LARGEST_CSV
from app.domain.config.folder import DESK, FILES, DeskFolder
from app.domain.config.folder_reader import read_folder
from app.domain.message_refs import MessageRef, ref
from app.domain.toml_positions import Position

MOST_BYTES: Final = 4 * LARGEST_CSV + 4  # one sign more than any document may have


def desk_folders(path: Path) -> list[Path]:
    """Return the path itself where it is a desk's folder, else every such folder right below."""
    if _is_there(path / DESK):
        return [path]
    below = sorted(each for each in path.iterdir() if each.is_dir() and _is_there(each / DESK))
    return below or [path]


def read_desk_folder(folder: Path, desk_id: str = "", within: Path | None = None) -> DeskFolder:
    """Read a folder; by its own name, unless it stands for another desk.

    A file, or the folder itself below `within`, that is a link to somewhere else is a fault,
    and nothing of what it leads to is read.
    """
    desk = desk_id or folder.resolve().name
    if within and not _lies_in(folder, within):
        return DeskFolder(
            folder.name,
            str(folder),
            (),
            diagnostics=(_link(folder, DESK, ref("diagnostic.link_outside.folder")),),
        )
    files: dict[str, bytes | str] = {}
    links: list[Diagnostic] = []
    for name in FILES:
        file = folder / name
        if not _is_there(file):
            continue
        if not _lies_in(file, folder):
            links.append(_link(folder, name, ref("diagnostic.link_outside.file", name=name)))
        elif file.is_file():
            files[name] = _content(file)
    read = read_folder(files, desk, str(folder))
    if not links:
        return read
    linked = {diagnostic.file for diagnostic in links}
    kept = (f for f in read.diagnostics if not (f.code == "no_file" and f.file in linked))
    return replace(read, diagnostics=in_order((*links, *kept)))


def _is_there(file: Path) -> bool:
    """Tell whether a name stands in a folder, be it a link to nothing."""
    return os.path.lexists(file)


def _lies_in(file: Path, folder: Path) -> bool:
    """Tell whether a file is what it seems, or a link that stays within the folder."""
    return not file.is_symlink() or file.resolve().is_relative_to(folder.resolve())


def _link(folder: Path, name: str, message: MessageRef) -> Diagnostic:
    return Diagnostic(f"{folder}/{name}", Position(), DiagnosticSeverity.ERROR, message)


def _content(file: Path) -> bytes:
    with open(file.resolve(), "rb", opener=_not_through_a_link) as opened:
        return opened.read(MOST_BYTES)


def _not_through_a_link(name: str, flags: int) -> int:
    """Open a file that was looked at a moment ago; not a link that has taken its place."""
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
