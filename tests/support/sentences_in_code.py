"""Sentences for people that stand in Python instead of voice_prompts/, counted by their package."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
WORD = re.compile(r"(?<![\w./-])[A-Za-z][a-z'’]+(?![\w/=(_-])")
# SQL, and the directives of a header.
NO_SENTENCE = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|WITH|BEGIN|SET|default-src) "
)
# The reference of commands, of the API and of metrics is in English, like the documentation.
REFERENCE = {"help", "short_help", "epilog", "description", "summary", "responses"}
REFERENCE_CONSTANT = re.compile(r"(\w+_)?(DESCRIPTIONS?|RESPONSES)")
# What only whoever programs or watches the product reads: logs, metrics, mistakes of ours.
FOR_PROGRAMMERS = re.compile(
    r"\w*MetricFamily|Counter|Gauge|Histogram"
    r"|AssertionError|TypeError|RuntimeError|NotImplementedError|MissingText"
)
LOGS = {"log", "logger", "logging"}


def sentences() -> Iterator[tuple[str, str, str]]:
    """Every text of two words or more, with its package and its place."""
    for file in sorted(APP.rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        unread = set(_unread(tree))
        for node in ast.walk(tree):
            if id(node) not in unread and _is_sentence(node):
                place = file.relative_to(APP)
                yield _package(place), f"{place}:{getattr(node, 'lineno', 0)}", _words(node)


def counted() -> Counter[str]:
    """How many sentences stand in each package; those of the domain by its own packages."""
    return Counter(package for package, _, _ in sentences())


def _package(place: Path) -> str:
    parts = place.parts
    return "/".join(parts[: 2 if parts[0] == "domain" and len(parts) > 2 else 1])


def _unread(tree: ast.Module) -> Iterator[int]:
    """What is no text for people: docstrings, the reference, what programmers read."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as words):
                yield id(words)
            case ast.keyword(arg=str(name), value=words) if name in REFERENCE:
                yield from map(id, ast.walk(words))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as words) if (
                REFERENCE_CONSTANT.fullmatch(name)
            ):
                yield from map(id, ast.walk(words))
            case ast.Call(func=ast.Name(id=name)) if FOR_PROGRAMMERS.fullmatch(name):
                yield from map(id, ast.walk(node))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in LOGS:
                yield from map(id, ast.walk(node))
            case ast.JoinedStr(values=values):
                yield from map(id, values)


def _is_sentence(node: ast.AST) -> bool:
    words = _words(node)
    return len(WORD.findall(words)) >= 2 and " " in words.strip() and not NO_SENTENCE.match(words)


def _words(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=values):
            return "".join(_words(part) or "{}" for part in values)
        case _:
            return ""
