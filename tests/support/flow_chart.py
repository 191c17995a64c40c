"""Draws the call flow from its tables, as Mermaid charts for docs/call-flow.md."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.domain.callouts.callee import IN_CALL_OUT
from app.domain.calls.call import Step
from app.domain.calls.flows.callee import FOR_CALLER
from app.domain.calls.flows.caller import FLOW, NumberPrompt, PinPrompt, RecordMessage, Rings
from app.domain.flow import Fork, HangUp, Menu, Say
from app.domain.hunts import press_one

CHARTS: Final[Mapping[str, Mapping[str, object]]] = {
    "caller": FLOW,
    "callee": FOR_CALLER,
    "call_out": IN_CALL_OUT,
}

# How each kind of place looks: Mermaid's brackets around its name.
SHAPES: Final[Mapping[type, str]] = {
    Say: "[{}]",
    Fork: "{{{{{}}}}}",
    Menu: "[/{}/]",
    NumberPrompt: "[/{}/]",
    PinPrompt: "[/{}/]",
    RecordMessage: "([{}])",
    Rings: "(({}))",
    HangUp: "[[{}]]",
    press_one.CalleeMenu: "[/{}/]",
    press_one.EndLeg: "[[{}]]",
    press_one.Connect: "(({}))",
    press_one.RingCaller: "(({}))",
}


def flow_chart(table: Mapping[str, object]) -> str:
    """Draw every place and every way between two places."""
    lines = ["flowchart TD"]
    for step, point in table.items():
        name = step.replace("_", " ")
        lines.append(f"    {step}{SHAPES[type(point)].format(name)}")
        lines += [f"    {step} -->{f'|{key}|' if key else ''} {to}" for key, to in ways(point)]
    return "\n".join(lines) + "\n"


def ways(point: object) -> Iterator[tuple[str, str]]:
    """Give every way out of a place: the key or the event, and where it leads."""
    match point:
        case Say(_, then):
            yield "", then
        case Fork(_, to):
            yield from (("", step) for step in to)
        case Menu():
            yield from _of_menu(point)
        case NumberPrompt(_, _, _, zero, silence):
            yield from (("number", Step.IS_SERVED), ("0", zero), ("no key", silence))
        case PinPrompt(_, _, then, silence, zero):
            yield from (("PIN", then), ("0", zero), ("no key", silence))
        case RecordMessage(_, then):
            yield "spoken", then
        case Rings(unanswered):
            yield from (("unanswered", unanswered), ("talked", Step.TALK_ENDED))


def _of_menu(menu: Menu[Any, Any]) -> Iterator[tuple[str, str]]:
    yield from menu.keys.items()
    if menu.other:
        yield "another key", menu.other
    if menu.zero:
        yield "0", menu.zero
    yield "no key", menu.silence


if __name__ == "__main__":
    for name, table in CHARTS.items():
        print(f"{name}\n{flow_chart(table)}")
