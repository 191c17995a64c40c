"""Every told call goes through the rows as it goes without them.

The golden files are told by `decide` alone; here each turn is locked, loaded, decided, stored
and read again, on an installation with the five shipped desks.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.config.folder_reader import read_folder
from app.domain.hunts.effects import SendSms
from app.domain.simulate.record import Transcript, TranscriptLine
from app.domain.texts.message import TICKET_NUMBER, Message
from app.domain.tickets.ticket import NOT_GIVEN
from app.store import Database
from app.store.call_out_rows import load_call_out
from app.store.calls import load_call
from tests.support.given_rows import changed_files, put_given
from tests.support.sample_desk import blank_database, import_sample_desks
from tests.support.shipped_desks import DESKS, folder_files
from tests.support.stored_call_outs import StoredCallOuts
from tests.support.stored_turns import SID
from tests.support.told_call_reader import ToldCall, read_told_call
from tests.support.told_calls import CALLS, facts_of, in_words, simulated, told_calls

# Of a menu of the staff the database knows what the told call is given: see test_staff_menu.py.
NAMES = {
    str(path.relative_to(CALLS))[:-4]: path
    for path in told_calls()
    if "given  staff" not in path.read_text("utf-8")
}


@pytest.fixture(scope="module")
def five_desks(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite_file: Path) -> Path:
    """A database file with the five shipped desks in it; each call has a copy to itself."""
    file = tmp_path_factory.mktemp("five") / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    with blank_database(f"sqlite:///{file}") as database:
        import_sample_desks(database, *(read_folder(folder_files(desk), desk) for desk in DESKS))
    return file


@pytest.mark.parametrize("name", NAMES)
def test_the_call_goes_as_it_is_told_when_every_turn_is_stored(
    name: str, five_desks: Path, tmp_path: Path
) -> None:
    text = NAMES[name].read_text("utf-8")
    script = read_told_call(text)
    with database_for(script, five_desks, tmp_path) as database:
        transcript = simulated(script, StoredCallOuts(database, facts_of(script).message_is_stored))
        assert in_words(text, unnumbered(transcript), facts_of(script)) == text
        with database.read() as connection:
            assert load_call(connection, SID) == transcript.call
            for each in transcript.call_outs:
                assert load_call_out(connection, each.call_out.sid) == each.call_out


@contextmanager
def database_for(script: ToldCall, five_desks: Path, tmp_path: Path) -> Iterator[Database]:
    """The five desks in a database of the call's own, with what holds in its story only."""
    file = Path(shutil.copyfile(five_desks, tmp_path / "vakt.db"))
    with blank_database(f"sqlite:///{file}") as database:
        if files := changed_files(script):
            import_sample_desks(database, read_folder(files, script.desk))
        put_given(database, script)
        yield database


def unnumbered(transcript: Transcript) -> Transcript:
    """The told call without the number that its ticket was given: the golden file has none."""
    ticket = transcript.call.ticket
    if ticket is None or transcript.call.joined:
        return transcript
    assert ticket.number
    call = replace(transcript.call, ticket=replace(ticket, number=NOT_GIVEN))
    lines = [_without(line, ticket.number) for line in transcript.lines]
    call_outs = [
        replace(each, lines=[_without(line, ticket.number) for line in each.lines])
        for each in transcript.call_outs
    ]
    return replace(transcript, call=call, lines=lines, call_outs=call_outs)


def _without(line: TranscriptLine, number: int) -> TranscriptLine:
    match line.what:
        case Message() as message:
            return replace(line, what=_masked(message, number))
        case SendSms() as sms:
            return replace(line, what=replace(sms, message=_masked(sms.message, number)))
        case _:
            return line


def _masked(message: Message, number: int) -> Message:
    values = tuple(
        (name, TICKET_NUMBER if value == number else value) for name, value in message.values
    )
    return replace(message, values=values)
