"""Exported files read as drafts, whichever product they are from."""

from collections.abc import Callable, Iterable
from typing import Final

from app.domain.imports.draft import Draft, draft_of
from app.domain.imports.grafana import read_grafana
from app.domain.imports.ilert import read_ilert
from app.domain.imports.json_part import read_json
from app.domain.imports.opsgenie import read_opsgenie
from app.domain.imports.pagerduty import read_pagerduty
from app.domain.imports.source_schedule import Source, SourceSchedule
from app.domain.message_refs import MessageError, ref

Reader = Callable[[Iterable[tuple[str, object]]], tuple[SourceSchedule, ...]]
READERS: Final[dict[Source, Reader]] = {
    Source.OPSGENIE: read_opsgenie,
    Source.PAGERDUTY: read_pagerduty,
    Source.GRAFANA: read_grafana,
    Source.ILERT: read_ilert,
}


def read_drafts(source: Source, files: Iterable[tuple[str, str]]) -> tuple[Draft, ...]:
    """Read files, by name, as drafts; MessageError says what of them cannot be read."""
    content = [(name, read_json(text, name)) for name, text in files]
    schedules = READERS[source](content)
    if not schedules:
        names = tuple(name for name, _ in content)
        raise MessageError(ref("import.no_schedule", source=source, files=names))
    return tuple(draft_of(each) for each in schedules)
