"""The people of a source as its files name them: by an id here, by a name or an address there."""

from dataclasses import dataclass, field, replace

from app.domain.imports.source_schedule import SourcePerson


@dataclass(slots=True)
class People:
    """Everybody whom the files tell of, and those who are used in a schedule, in that order."""

    _known: dict[str, SourcePerson] = field(default_factory=dict)
    _used: dict[str, None] = field(default_factory=dict)

    @property
    def used(self) -> tuple[SourcePerson, ...]:
        """Return those who take turns or stand in for somebody."""
        return tuple(self._known[each] for each in self._used)

    def add(
        self, person: str, name: str = "", email: str = "", phones: tuple[str, ...] = ()
    ) -> None:
        """Note what a list of users says of somebody."""
        self._known[person] = SourcePerson(person, name, email, phones)

    def use(self, person: str, called: str = "") -> str:
        """Return the id of somebody whom a schedule names by an id, an address or a name."""
        found = self._find(person) or self._find(called)
        if found is None:
            email = called if "@" in called else ""
            found = SourcePerson(person, "" if email else called, email)
            self._known[person] = found
        elif called and not found.name and "@" not in called:
            found = self._known[found.id] = replace(found, name=called)
        self._used[found.id] = None
        return found.id

    def _find(self, known_as: str) -> SourcePerson | None:
        if known_as in self._known:
            return self._known[known_as]
        wanted = known_as.casefold()
        return next((each for each in self._known.values() if wanted in each.known_as), None)
