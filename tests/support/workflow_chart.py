"""Draws the shipped workflows from their tables, as Mermaid charts for docs/workflow.md."""

from typing import Final

from app.domain.workflow.built_in import BUILT_IN
from app.domain.workflow.workflow import State, StateMove, Workflow

LANGUAGE: Final = "en"


def workflow_chart(workflow: Workflow) -> str:
    """Draw every state and every move; a dashed arrow is made by the product itself."""
    lines = ["flowchart LR"]
    lines += [f"    {_state(each)}" for each in workflow.states]
    for move in workflow.moves:
        lines += [f"    {from_} {_arrow(move)} {move.to}" for from_ in move.from_]
    return "\n".join(lines) + "\n"


def _state(state: State) -> str:
    """Round where the clock stands."""
    left, right = ("[", "]") if state.clock_runs else ("([", "])")
    return f"{state.id}{left}{state.id.replace('_', ' ')}{right}"


def _arrow(move: StateMove) -> str:
    label = move.id.replace("_", " ")
    if move.after_working_days is not None:
        return f"-.->|{label}, {move.after_working_days} d|"
    return f"-->|{label}|"


def moves_table(workflow: Workflow) -> str:
    """Write who may make each move, and what must be said with it."""
    lines = ["| move | leads to | by | with |", "|---|---|---|---|"]
    for move in workflow.moves:
        by = ", ".join(sorted(move.by))
        said = ", ".join(move.requires)
        if move.on_comment:
            said += "; a comment of the customer makes it"
        if move.after_working_days:
            said = f"after {move.after_working_days} working days"
        lines.append(f"| {move.id} | {move.to} | {by} | {said.strip('; ')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name, each in BUILT_IN.items():
        print(f"## {name}\n\n```mermaid\n{workflow_chart(each)}```\n\n{moves_table(each)}")
