"""Which texts the code asks for: every key it writes down, read from its source."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from app.web import pages
from app.web.pages.forms import Form

APP = Path(__file__).parents[2] / "app"
LEAST_PATTERN = 4  # letters that an f-string must fix before it counts as naming a text

# Where the key stands in calls that make a sentence, or name a text inside another.
KEY_ARGUMENT = {
    "Message": 0,
    "MessageRef": 0,
    "say": 1,
    "page": 1,
    "_portal": 1,
    "_sms_to_caller": 1,
}
# The same where every keyword is a value of the text, and no other: ref("key", name=value).
REF_CALLS = ("ref", "show", "show_error")


@dataclass(frozen=True)
class RequestedText:
    """A text that the code asks for; `values` are the names it gives, None where not all show."""

    key: str
    values: frozenset[str] | None
    at: str


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the product but the telephone network, by its path."""
    files = [f for f in sorted(APP.rglob("*.py")) if "exchange" not in f.parts]
    return tuple((str(f.relative_to(APP)), ast.parse(f.read_text("utf-8"))) for f in files)


def asked_for() -> list[RequestedText]:
    """Every text whose key is written out where a sentence is made."""
    return [
        RequestedText(key, _values(call), f"{path}:{call.lineno}")
        for path, call in _calls()
        if (place := KEY_ARGUMENT.get(_name(call))) is not None and place < len(call.args)
        for key in _constants(call.args[place])
    ]


def refs_made() -> list[RequestedText]:
    """Every message without a language whose key is written out where it is made."""
    return [
        RequestedText(key, _values(call), f"{path}:{call.lineno}")
        for path, call in _calls()
        if _name(call) in REF_CALLS and call.args
        for key in _constants(call.args[0])
    ]


def reasons_given() -> list[RequestedText]:
    """Every reason that the code gives, as the key of its text."""
    return [
        RequestedText(f"reason.{code.lower()}", _values(call), f"{path}:{call.lineno}")
        for path, call in _calls()
        if _name(call) == "because" and call.args
        for code in _codes(call.args[0])
    ]


@cache
def texts_of_forms() -> frozenset[str]:
    """The labels and hints of every form's fields, as pages/forms.py makes them of their names."""
    names = (each.name for each in pkgutil.iter_modules(pages.__path__))
    modules = [import_module(f"{pages.__name__}.{name}") for name in names]
    forms = [each for module in modules for each in vars(module).values() if isinstance(each, Form)]
    return frozenset(
        f"{form.name}.{field.name}{end}"
        for form in forms
        for field in form.fields
        for end in ("", *(["_hint"] if field.has_hint else []))
    )


def is_named(key: str) -> bool:
    """Whether the code writes the key down anywhere, whole or as an f-string that makes it."""
    written, patterns = _written()
    return key in written | texts_of_forms() or any(pattern.fullmatch(key) for pattern in patterns)


@cache
def _written() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    words: set[str] = set()
    patterns: set[str] = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            if isinstance(node, ast.JoinedStr):
                patterns |= _pattern(node)
    return frozenset(words), tuple(re.compile(pattern) for pattern in patterns)


def _pattern(node: ast.JoinedStr) -> set[str]:
    fixed = [str(p.value) for p in node.values if isinstance(p, ast.Constant)]
    if sum(map(len, fixed)) < LEAST_PATTERN:
        return set()
    return {
        "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[a-z0-9_.]+"
            for part in node.values
        )
    }


@cache
def _calls() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(
        (path, node)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _constants(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(words)):
            yield words
        case ast.IfExp(body=body, orelse=orelse):
            yield from _constants(body)
            yield from _constants(orelse)


def _codes(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="Code"), attr=code):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from _codes(body)
            yield from _codes(orelse)


def _values(call: ast.Call) -> frozenset[str] | None:
    """The names of the values, where they are written as keyword arguments."""
    if _name(call) not in ("say", "because", *REF_CALLS) or any(
        word.arg is None for word in call.keywords
    ):
        return None
    return frozenset(word.arg for word in call.keywords if word.arg)
