"""Who else is writing on a ticket, as a part of its page that is asked for anew."""

from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup

from app.domain.tickets.writing import Writer
from app.web.pages.assets import asset
from app.web.pages.language import page_language
from app.web.pages.render import environment, say


@dataclass(frozen=True, slots=True)
class WritersPart:
    """Who else writes, as a part of the ticket's page."""

    number: int
    writers: tuple[Writer, ...]

    @property
    def etag(self) -> str:
        """Name what is shown: who, what and since when; not when it was told last."""
        who = (f"{each.user} {each.name} {each.what} {each.since}" for each in self.writers)
        shown = "\n".join((str(self.number), page_language(), asset("app.css"), *who))
        return sha256(shown.encode()).hexdigest()[:20]

    def render(self) -> Markup:
        """Draw it; without anybody it is there and empty."""
        told = [say(f"ticket_writing.{w.what}", who=w.name, at=w.since) for w in self.writers]
        drawn = environment().get_template("tickets/writers.html")
        address = f"/tickets/{self.number}/writing"
        return Markup(drawn.render(address=address, etag=self.etag, told=told))
