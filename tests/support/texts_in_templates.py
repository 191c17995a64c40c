"""What templates say: the texts that they ask for, and words that stand in them as they are."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from jinja2 import nodes

from app.web.pages.render import TEMPLATES, environment
from tests.support.texts_in_code import RequestedText

READ_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"?')
WORD = re.compile(r"[^\W\d_]{2,}")


@cache
def parsed() -> tuple[tuple[str, nodes.Template], ...]:
    """Every template, by its path."""
    return tuple(
        (str(file.relative_to(TEMPLATES)), environment().parse(file.read_text("utf-8")))
        for file in sorted(TEMPLATES.rglob("*.html"))
    )


@cache
def _says() -> tuple[tuple[str, nodes.Call], ...]:
    """Every call of `say` in a template, with the template's path."""
    return tuple(
        (path, call)
        for path, template in parsed()
        for call in template.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "say"
    )


@cache
def asked_for_in_templates() -> tuple[RequestedText, ...]:
    """Every text that a template asks for by `say` with its key written out."""
    return tuple(
        RequestedText(
            key.value, frozenset(each.key for each in call.kwargs), f"{path}:{call.lineno}"
        )
        for path, call in _says()
        if isinstance(key := call.args[0], nodes.Const)
    )


def is_named_in_templates(key: str) -> bool:
    """Whether a template asks for it, whole or as `"page.language_" ~ code`."""
    beginnings = tuple(
        first.value
        for _, call in _says()
        if isinstance(call.args[0], nodes.Concat)
        and isinstance(first := call.args[0].nodes[0], nodes.Const)
    )
    return key.startswith(beginnings) or any(key == each.key for each in asked_for_in_templates())


def words_in_templates() -> list[str]:
    """Words for people that no text of ours holds."""
    return [
        f"{file.relative_to(TEMPLATES)}: {words}"
        for file in sorted(TEMPLATES.rglob("*.html"))
        for words in _words_of(file.read_text("utf-8"))
    ]


def _words_of(source: str) -> list[str]:
    reader = _Reader()
    for _, kind, value in environment().lex(source):
        if kind == "data":
            reader.feed(value)
        elif kind == "variable_begin":
            reader.feed("0")
    reader.close()
    return reader.words


class _Reader(HTMLParser):
    """Reads the pieces of a template in turn; what is filled in is a digit."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        read = ATTRIBUTE.sub("", data)  # a macro may hold attributes alone
        self.words += [read.strip()] if WORD.search(read) else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [
            value
            for name, value in attrs
            if name in READ_ATTRIBUTES and value and WORD.search(value)
        ]
