"""`vakt explain`: what would happen in a call, and why. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from app import clock
from app.commands.arguments import AT, CALLER, LINE, check_option, refused_as
from app.commands.console import command_database, print_transcript
from app.commands.output import output_language, written
from app.domain.message_refs import MessageError
from app.domain.simulate.what_if import Ringing
from app.domain.texts.languages import FOR_ALL_OTHERS

if TYPE_CHECKING:
    from app.actions.simulate.simulate_call import Simulation, SimulationRequest
    from app.domain.simulate.transcript import Wording


class ExplainedCall(TypedDict):
    """The call that is asked about, as it was typed."""

    line: str
    caller: str
    at: str | None
    keys: str
    ringing: str


@click.command("explain")
@LINE
@CALLER
@AT
@click.option("--keys", default="", metavar="KEYS", help="The caller's answers: 1001#,1,1.")
@click.option(
    "--ringing",
    type=click.Choice([each.value for each in Ringing]),
    default=Ringing.ANSWERED.value,
    show_default=True,
    help="Whether those who are rung take the call.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, like POST /api/v1/explain.")
@click.option("--by-key", is_flag=True, help="Sentences by their keys, as in tests/calls.")
def command(as_json: bool, by_key: bool, **asked: Unpack[ExplainedCall]) -> None:
    """Tell what would happen in a call, and why.

    Runs the same decisions as a live call, on the live documents, and changes nothing.
    After a tone the answer `speak 20` speaks for 20 seconds; `hangup` hangs up.

    \b
    vakt explain --line +4720000210 --from +4749002001 --at 2026-11-21T23:10 --keys 1
    """  # noqa: D301 - \b is click's mark for lines it must not join
    from app.actions.simulate.simulate_call import simulate_call
    from app.api.v1.responses import explain_response
    from app.domain.simulate.transcript import Wording
    from app.voice_prompts import texts

    request = _request(asked)
    with command_database() as database, refused_as("--at"):
        simulation = simulate_call(database, request, clock.now())
    wording = Wording.KEYS if by_key else Wording.SPOKEN
    if as_json:
        answer = explain_response(simulation, texts(), wording)
        click.echo(answer.model_dump_json(by_alias=True, indent=2))
    else:
        _print(simulation, wording)


def _request(asked: ExplainedCall) -> SimulationRequest:
    """Read what was asked; wrong usage where it cannot be read."""
    from app.actions.simulate.simulate_call import SimulationRequest
    from app.domain.texts.operator_input import read_keys

    at = asked["at"]
    check_option("--at", at)
    when = clock.now().isoformat() if at is None else at
    try:
        answers = read_keys(asked["keys"])
    except MessageError as error:
        raise click.BadParameter(written(error.message), param_hint="--keys") from None
    return SimulationRequest(
        asked["line"], asked["caller"], when, answers, Ringing(asked["ringing"])
    )


def _print(simulation: Simulation, wording: Wording) -> None:
    from app.domain.simulate.transcript import TranscriptRenderer, Wording, transcript_lines
    from app.voice_prompts import texts

    # By key it is a told call, which is in English like those in tests/calls.
    language = FOR_ALL_OTHERS if wording is Wording.KEYS else output_language()
    print_transcript(
        transcript_lines(
            simulation.transcript, TranscriptRenderer(simulation.facts, texts(), wording, language)
        )
    )
