"""Draws the call flow from its table, as a Mermaid chart for docs/call-flow.md."""

from collections.abc import Iterator

from app.domain.call import Place
from app.domain.call_flow import FLOW, Fork, Last, Menu, Number, Point, Rings, Tell, Tone, Waits

# How each kind of place looks: Mermaid's brackets around its name.
SHAPES: dict[type[Point], str] = {
    Tell: "[{}]",
    Fork: "{{{{{}}}}}",
    Menu: "[/{}/]",
    Number: "[/{}/]",
    Tone: "([{}])",
    Rings: "(({}))",
    Waits: "(({}))",
    Last: "[[{}]]",
}


def draw_call_flow() -> str:
    """Draw every place and every way between two places."""
    lines = ["flowchart TD"]
    for place, point in FLOW.items():
        name = place.replace("_", " ")
        lines.append(f"    {place}{SHAPES[type(point)].format(name)}")
        lines += [f"    {place} -->{f'|{key}|' if key else ''} {to}" for key, to in ways(point)]
    return "\n".join(lines) + "\n"


def ways(point: Point) -> Iterator[tuple[str, Place]]:
    """Give every way out of a place: the key or the event, and where it leads."""
    match point:
        case Tell(_, then):
            yield "", then
        case Fork(_, to):
            yield from (("", place) for place in to)
        case Menu(_, keys, zero, silence, _, other):
            yield from keys.items()
            if other:
                yield "another key", other
            yield from (("0", zero), ("no key", silence))
        case Number(_, _, _, zero, silence):
            yield from (("number", Place.IS_SERVED), ("0", zero), ("no key", silence))
        case Tone(_, then):
            yield "spoken", then
        case Rings(unanswered):
            yield from (("unanswered", unanswered), ("talked", Place.TALK_ENDED))
        case Waits(unanswered):
            yield "unanswered", unanswered
        case Last():
            return


if __name__ == "__main__":
    print(draw_call_flow(), end="")
