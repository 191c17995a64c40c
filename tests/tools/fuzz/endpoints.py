"""Every door of the product as its own url maps tell them: one that is added is tried by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule

from app.api.v1.application import assemble
from app.composition import Services
from app.settings import Settings
from app.store import Database

TELEPHONE = "/twilio/"
QUIET = frozenset({"HEAD", "OPTIONS"})  # Flask answers these by itself
WELL_KNOWN: Mapping[str, object] = {
    "call": "CA00000000000000000000000000000001",
    "leg": 1,
    "number": 1,
    "tried": 1,
    "heard": 1,
    "language": "nb",
    "key": "greeting",
}


@dataclass(frozen=True)
class Door:
    """One rule of a url map under one method; `holes` are what its address leaves open."""

    method: str
    rule: Rule
    map: Map

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def holes(self) -> Mapping[str, bool]:
        """The names of what is filled in, and whether it is a number."""
        converters = self.rule._converters
        return {name: isinstance(each, IntegerConverter) for name, each in converters.items()}

    def path(self, **given: object) -> str:
        """An address of this door; what is not given is something usual."""
        filled = {
            name: given.get(name, WELL_KNOWN.get(name, 1 if is_number else "x"))
            for name, is_number in self.holes.items()
        }
        build = self.map.bind("localhost").build
        return build(self.rule.endpoint, filled, self.method, force_external=False)


def doors_of(url_map: Map) -> tuple[Door, ...]:
    rules: Iterable[Rule] = sorted(url_map.iter_rules(), key=lambda rule: rule.rule)
    return tuple(
        Door(method, rule, url_map)
        for rule in rules
        for method in sorted((rule.methods or set()) - QUIET)
    )


def telephone_doors(app: Flask) -> tuple[Door, ...]:
    """What stands below /twilio/, where the network comes in."""
    return tuple(d for d in doors_of(app.url_map) if d.rule.rule.startswith(TELEPHONE))


def other_doors(app: Flask) -> tuple[Door, ...]:
    """What stands beside it: health, figures, pages."""
    return tuple(d for d in doors_of(app.url_map) if not d.rule.rule.startswith(TELEPHONE))


def api_doors(database: Database) -> tuple[Door, ...]:
    """What stands below /api/: an application of its own with a map of its own."""
    return doors_of(assemble(Services(Settings(), database)).url_map)
