"""As much of Prometheus as our alert rules need: an expression's value over two scrapes.

Parsed by a real parser; whatever is not understood here fails the test.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser as promql
from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]

COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "==": lambda a, b: a == b,
}
GATHERED: dict[str, Callable[[list[float]], float]] = {"sum": math.fsum, "max": max, "min": min}


@dataclass(frozen=True)
class Scrape:
    """What one look at /metrics told."""

    by_name: dict[str, Vector]

    @classmethod
    def read(cls, exposition: str) -> Scrape:
        found: dict[str, Vector] = {}
        for family in text_string_to_metric_families(exposition):
            for sample in family.samples:
                found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
        return cls(found)


@dataclass(frozen=True)
class Prometheus:
    """Two looks, as far apart as an expression looks back."""

    before: Scrape
    now: Scrape

    def value(self, expression: str) -> Vector:
        """What the expression gives now: an alert fires for each that is in it."""
        found = self._of(promql.parse(expression))
        assert isinstance(found, dict)
        return found

    def _of(self, node: Any) -> Vector | float:
        match node:
            case promql.NumberLiteral():
                return float(node.val)
            case promql.ParenExpr():
                return self._of(node.expr)
            case promql.VectorSelector():
                return _chosen(node, self.now)
            case promql.AggregateExpr():
                return self._gathered(node)
            case promql.Call():
                return self._called(node)
            case promql.BinaryExpr():
                return self._joined(node)
            case _:
                raise NotImplementedError(type(node).__name__)

    def _gathered(self, node: Any) -> Vector:
        by = set(node.modifier.labels) if node.modifier else set()
        groups: dict[Labels, list[float]] = {}
        for labels, value in self._vector(node.expr).items():
            groups.setdefault(frozenset(each for each in labels if each[0] in by), []).append(value)
        gather = GATHERED[str(node.op)]
        return {labels: gather(values) for labels, values in groups.items()}

    def _called(self, node: Any) -> Vector:
        [argument] = node.args
        match node.func.name:
            case "absent":
                return {} if self._vector(argument) else {frozenset(): 1.0}
            case "increase":  # of what was there before: a series that appears has not grown
                before = _chosen(argument.vector_selector, self.before)
                now = _chosen(argument.vector_selector, self.now)
                return {labels: now[labels] - before[labels] for labels in before if labels in now}
            case other:
                raise NotImplementedError(other)

    def _joined(self, node: Any) -> Vector:
        assert node.modifier is None or not node.modifier.matching
        left, right, op = self._vector(node.lhs), self._of(node.rhs), str(node.op)
        if isinstance(right, float):
            is_so = COMPARED[op]
            return {labels: value for labels, value in left.items() if is_so(value, right)}
        both = left.keys() & right.keys()
        match op:
            case "and":
                return {labels: left[labels] for labels in both}
            case "-":
                return {labels: left[labels] - right[labels] for labels in both}
            case _:
                raise NotImplementedError(op)

    def _vector(self, node: Any) -> Vector:
        found = self._of(node)
        assert isinstance(found, dict)
        return found


def selectors(node: Any) -> Iterator[Any]:
    """Every figure that an expression asks for."""
    if isinstance(node, promql.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        if (part := getattr(node, name, None)) is not None:
            yield from selectors(part)
    for part in getattr(node, "args", ()):
        yield from selectors(part)


def _chosen(selector: Any, scrape: Scrape) -> Vector:
    series = scrape.by_name.get(selector.name, {})
    return {labels: value for labels, value in series.items() if _fits(selector, dict(labels))}


def _fits(selector: Any, labels: dict[str, str]) -> bool:
    return all(_matches(each, labels.get(each.name, "")) for each in selector.matchers.matchers)


def _matches(matcher: Any, value: str) -> bool:
    match matcher.op:
        case promql.MatchOp.Equal:
            return bool(value == matcher.value)
        case promql.MatchOp.NotEqual:
            return bool(value != matcher.value)
        case promql.MatchOp.Re:
            return bool(re.fullmatch(matcher.value, value))
        case _:
            raise NotImplementedError(matcher.op)
