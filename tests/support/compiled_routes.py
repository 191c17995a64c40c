"""Most tests of the web make an application of their own, and each compiles two hundred routes.

That took half of the time in which an application came up; they are the same for all, so the
applications of a test process share what has been compiled.
"""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Map, Rule

COMPILED = ("_parts", "_trace", "_converters", "arguments")  # what is read only, once compiled
BUILDERS = ("_build", "_build_unknown")  # methods of the one rule
KNOWN: dict[tuple[Any, ...], dict[str, Any]] = {}


def share_compiled_routes() -> None:
    """From now on."""
    compile_anew = Rule.compile

    def compiled(rule: Rule) -> None:
        key = _what_is_compiled(rule)
        if key not in KNOWN:
            compile_anew(rule)
            KNOWN[key] = {name: getattr(rule, name) for name in COMPILED} | {
                name: getattr(rule, name).__func__ for name in BUILDERS
            }
            return
        for name in COMPILED:
            setattr(rule, name, KNOWN[key][name])
        for name in BUILDERS:
            setattr(rule, name, KNOWN[key][name].__get__(rule))

    Rule.compile = compiled  # type: ignore[method-assign]


def _what_is_compiled(rule: Rule) -> tuple[Any, ...]:
    assert rule.map is not None
    assert rule.map.converters == Map.default_converters, "these would be part of the key"
    return (
        type(rule),
        rule.rule,
        rule.subdomain,
        rule.host,
        rule.map.host_matching,
        rule.merge_slashes,
        *sorted((rule.defaults or {}).items()),
    )
