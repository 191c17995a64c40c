"""The five shipped desks as a test's facts."""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.desk import Desk, LineKind
from app.domain.documents.reading import read_folder
from app.domain.walk import Facts

ROSTERS = Path(__file__).parent.parent / "rosters"
DESKS = ("brukarstotte", "brukerhjelpen", "dekode", "kundeservice", "prokom")
OSLO = ZoneInfo("Europe/Oslo")


def folder_files(desk_id: str) -> dict[str, bytes]:
    """The files of a shipped desk's folder, by name."""
    return {file.name: file.read_bytes() for file in (ROSTERS / desk_id).iterdir()}


@cache
def shipped(desk_id: str) -> Facts:
    """What a walked call on a shipped desk knows."""
    folder = read_folder(folder_files(desk_id), desk_id)
    assert not folder.is_refused, folder.faults
    assert folder.desk
    return Facts(folder.desk, folder.roster, tuple(folder.customers or ()))


def desk_of(facts: Facts) -> Desk:
    """The desk of some facts that have one."""
    assert facts.desk
    return facts.desk


def line_number(facts: Facts, kind: LineKind = LineKind.SUPPORT) -> str:
    """The number of the desk's line of that kind."""
    return next(line.number for line in desk_of(facts).lines if line.kind is kind)


def oslo(text: str) -> datetime:
    """A moment on the wall in Oslo: "2026-11-21 23:10"."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)
