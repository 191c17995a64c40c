"""A page of the queue as a part that is asked for anew: views with their counts, and rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Final

from markupsafe import Markup

from app.actions.tickets.queue import Queue, groups_of
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import ZONE_OF_NOBODY
from app.domain.tickets.queue_query import SHOWN, View
from app.web.pages.queue_words import due_color, due_words, level_name, state_name, subject_words
from app.web.pages.render import environment, written
from app.web.session import current_user

ADDRESS: Final = "/tickets"


@dataclass(frozen=True)
class QueuePart:
    """What is shown of the queue; its name is made of what is drawn: that tells the time too."""

    queue: Queue
    now: datetime

    @property
    def etag(self) -> str:
        """Name what is drawn."""
        return sha256(self._rows.encode()).hexdigest()[:20]

    def render(self) -> Markup:
        """Draw it, with its name and where it is asked for anew."""
        drawn = environment().get_template("queue/part.html")
        query = self.queue.query
        return Markup(drawn.render(address=ADDRESS, query=query, etag=self.etag, rows=self._rows))

    @cached_property
    def _rows(self) -> Markup:
        found, query = self.queue, self.queue.query
        drawn = environment().get_template("queue/rows.html")
        return Markup(  # it escapes what it shows
            drawn.render(
                queue=found,
                query=query,
                shown_tabs=[(written(text), href, is_it) for text, href, is_it in _tabs(found)],
                has_open=any(row.ticket.closed is None for row in found.rows),
                has_many_desks=len(found.desks) > 1 and not query.desk,
                now=self.now,
                link_of=lambda row: f"{query.whole.at(row.position).write()}",
                due_words=due_words,
                due_color=due_color,
                level_name=level_name,
                state_name=state_name,
                subject_words=subject_words,
                group_names={each.id: each.name for each in groups_of(found.desks)},
                me=current_user().actor.id,
                address=ADDRESS,
            )
        )


def zone_of(desks: tuple[Desk, ...]) -> str:
    """Return in which time zone moments are told: that of the desks, the first one's of several."""
    return desks[0].time_zone if desks else ZONE_OF_NOBODY


def _tabs(found: Queue) -> list[tuple[MessageRef, str, bool]]:
    query = found.query
    views = (*SHOWN, View.EVERY) if query.view is View.EVERY else SHOWN
    return [
        (
            _view_name(view, found.counts),
            f"{ADDRESS}?{(query.whole if view is query.view else query.seen_in(view)).write()}",
            view is query.view,
        )
        for view in views
    ]


def _view_name(view: View, counts: Mapping[View, int]) -> MessageRef:
    """Name a view with its count; how much a search finds is not counted."""
    if view is View.EVERY:
        return ref("queue_view.every")
    return ref(f"queue_view.{view}", count=counts[view])
