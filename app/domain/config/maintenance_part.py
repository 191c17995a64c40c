"""Work that is planned, in a document: [[maintenance]]."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.config.case_type_part import translated
from app.domain.config.date_part import instant_at
from app.domain.config.table_reader import TableReader
from app.domain.desks.maintenance import Maintenance
from app.domain.message_refs import ref

ANNOUNCED_DAYS: Final = 7
MOST_DAYS: Final = 60
LONGEST_WORDS: Final = 300


def maintenance(
    top: TableReader, zone: str, project_ids: Collection[str]
) -> tuple[Maintenance, ...]:
    """Read what is planned; each is told in every language of the portal."""
    found = (_one(part, ZoneInfo(zone), project_ids) for part in top.list_of_tables("maintenance"))
    return tuple(each for each in found if each)


def _one(part: TableReader, zone: ZoneInfo, project_ids: Collection[str]) -> Maintenance | None:
    from_, to = (instant_at(part, key, zone) for key in ("from", "to"))
    if from_ and to and to <= from_:
        part.error("to", ref("diagnostic.ends_before_start.span"))
    words = translated(part, "words")
    for _, text in words.by_language:
        if len(text) > LONGEST_WORDS:
            said = ref("diagnostic.name_too_long.name", count=len(text), most=LONGEST_WORDS)
            part.error("words", said)
    announced = timedelta(days=part.whole("announced_days", 0, MOST_DAYS, ANNOUNCED_DAYS))
    customers, projects = part.texts("customers"), part.texts("projects")
    for index, each in enumerate(projects):
        part.known("projects", each, project_ids, "project", index)
    part.close()
    return Maintenance(from_, to, words, announced, customers, projects) if from_ and to else None
