"""Sentences for people that stand in Python instead of voice_prompts/, counted by their package."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
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


@cache
def sentences() -> tuple[tuple[str, str, str], ...]:
    """Every text of two words or more, with its package and its place."""
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str, str]]:
    for file in sorted(APP.rglob("*.py")):
        place = file.relative_to(APP)
        for node in _read(ast.parse(file.read_text("utf-8"))):
            words = _words(node)
            if _is_sentence(words):
                yield _package(place), f"{place}:{getattr(node, 'lineno', 0)}", words


def counted() -> Counter[str]:
    """How many sentences stand in each package; those of the domain by its own packages."""
    return Counter(package for package, _, _ in sentences())


def _package(place: Path) -> str:
    parts = place.parts
    return "/".join(parts[: 2 if parts[0] == "domain" and len(parts) > 2 else 1])


def _read(tree: ast.Module) -> Iterator[ast.AST]:
    """The texts that may be for people; each part of the code is looked at once."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Constant():
                yield node
            case ast.JoinedStr(values=values):
                yield node
                waiting += (each.value for each in values if isinstance(each, ast.FormattedValue))
            case _ if not _is_unread(node):
                waiting += _parts(node)


def _is_unread(node: ast.AST) -> bool:
    """What is no text for people: docstrings, the reference, what programmers read."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.keyword(arg=str(name)):
            return name in REFERENCE
        case ast.AnnAssign(target=ast.Name(id=name)):
            return bool(REFERENCE_CONSTANT.fullmatch(name))
        case ast.Call(func=ast.Name(id=name)):
            return bool(FOR_PROGRAMMERS.fullmatch(name))
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in LOGS
        case _:
            return False


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What a node is made of and may hold a text: no names, and nothing about how they are used."""
    for name in node._fields:
        part = getattr(node, name)
        if isinstance(part, list):
            yield from (each for each in part if isinstance(each, ast.AST))
        elif isinstance(part, ast.AST) and not isinstance(part, ast.Name | ast.expr_context):
            yield part


def _is_sentence(words: str) -> bool:
    return " " in words.strip() and len(WORD.findall(words)) >= 2 and not NO_SENTENCE.match(words)


def _words(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=values):
            return "".join(_words(part) or "{}" for part in values)
        case _:
            return ""
