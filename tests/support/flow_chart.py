"""Draws the call flow from its table, as a Mermaid chart for docs/call-flow.md."""

from collections.abc import Iterator

from app.domain.calls.call import Step
from app.domain.calls.flows.caller import (
    FLOW,
    Fork,
    NumberPrompt,
    Point,
    Record,
    Rings,
    Say,
    WaitForLegs,
)
from app.domain.calls.flows.points import HangUp, Menu

# How each kind of place looks: Mermaid's brackets around its name.
SHAPES: dict[type[Point], str] = {
    Say: "[{}]",
    Fork: "{{{{{}}}}}",
    Menu: "[/{}/]",
    NumberPrompt: "[/{}/]",
    Record: "([{}])",
    Rings: "(({}))",
    WaitForLegs: "(({}))",
    HangUp: "[[{}]]",
}


def flow_chart() -> str:
    """Draw every place and every way between two places."""
    lines = ["flowchart TD"]
    for step, point in FLOW.items():
        name = step.replace("_", " ")
        lines.append(f"    {step}{SHAPES[type(point)].format(name)}")
        lines += [f"    {step} -->{f'|{key}|' if key else ''} {to}" for key, to in ways(point)]
    return "\n".join(lines) + "\n"


def ways(point: Point) -> Iterator[tuple[str, Step]]:
    """Give every way out of a place: the key or the event, and where it leads."""
    match point:
        case Say(_, then):
            yield "", then
        case Fork(_, to):
            yield from (("", step) for step in to)
        case Menu(_, keys, silence, _, other, zero):
            yield from keys.items()
            if other:
                yield "another key", other
            if zero:
                yield "0", zero
            yield "no key", silence
        case NumberPrompt(_, _, _, zero, silence):
            yield from (("number", Step.IS_SERVED), ("0", zero), ("no key", silence))
        case Record(_, then):
            yield "spoken", then
        case Rings(unanswered):
            yield from (("unanswered", unanswered), ("talked", Step.TALK_ENDED))
        case WaitForLegs(unanswered):
            yield "unanswered", unanswered
        case HangUp():
            return


if __name__ == "__main__":
    print(flow_chart(), end="")
