"""The five shipped desks as a test's facts."""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Desk, LineKind
from app.domain.simulate.simulation import SimulationFacts

ROSTERS = Path(__file__).parents[2] / "rosters"
DESKS = ("brukarstotte", "brukerhjelpen", "dekode", "kundeservice", "prokom")
OSLO = ZoneInfo("Europe/Oslo")


def folder_files(desk_id: str) -> dict[str, bytes]:
    """The files of a shipped desk's folder, by name."""
    return {file.name: file.read_bytes() for file in (ROSTERS / desk_id).iterdir()}


@cache
def shipped(desk_id: str) -> SimulationFacts:
    """What a walked call on a shipped desk knows."""
    folder = read_folder(folder_files(desk_id), desk_id)
    assert not folder.is_refused, folder.diagnostics
    assert folder.desk
    return SimulationFacts(folder.desk, folder.roster, tuple(folder.customers or ()))


def desk_of(facts: SimulationFacts) -> Desk:
    """The desk of some facts that have one."""
    assert facts.desk
    return facts.desk


def line_number(facts: SimulationFacts, kind: LineKind = LineKind.SUPPORT) -> str:
    """The number of the desk's line of that kind."""
    return next(line.number for line in desk_of(facts).lines if line.kind is kind)


def oslo(text: str) -> datetime:
    """A moment on the wall in Oslo: "2026-11-21 23:10"."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)
