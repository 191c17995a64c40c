"""Every told call goes through the rows as it goes without them.

The golden files are told by `decide` alone; here each turn is locked, loaded, decided, stored
and read again, on a house with the five shipped desks.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.decision import TICKET_NUMBER, SendSms, Sentence
from app.domain.documents.reading import read_folder
from app.domain.walk import Line, Told
from app.domain.words.told_reading import ToldScript, read_told
from app.store import Database
from app.store.calls import load_call
from tests.a_house import an_empty_house, move_in
from tests.actions.given_rows import changed_files, put_given
from tests.actions.stored_rounds import StoredRounds
from tests.actions.stored_turns import SID
from tests.desks import DESKS, folder_files
from tests.tell import CALLS, facts_of, in_words, told_calls, walked

NAMES = {str(path.relative_to(CALLS))[:-4]: path for path in told_calls()}


@pytest.fixture(scope="module")
def five_desks(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite_file: Path) -> Path:
    """A database file with the five shipped desks in it; each call has a copy to itself."""
    file = tmp_path_factory.mktemp("five") / "vakt.db"
    shutil.copyfile(migrated_sqlite_file, file)
    with an_empty_house(f"sqlite:///{file}") as database:
        move_in(database, *(read_folder(folder_files(desk), desk) for desk in DESKS))
    return file


@pytest.mark.parametrize("name", NAMES)
def test_the_call_goes_as_it_is_told_when_every_turn_is_stored(
    name: str, five_desks: Path, tmp_path: Path
) -> None:
    text = NAMES[name].read_text("utf-8")
    script = read_told(text)
    with a_house_for(script, five_desks, tmp_path) as database:
        told = walked(script, StoredRounds(database))
        assert in_words(text, unnumbered(told), facts_of(script)) == text
        with database.read() as connection:
            assert load_call(connection, SID) == told.call
            for each in told.rounds:
                assert load_call(connection, each.call.sid) == each.call


@contextmanager
def a_house_for(script: ToldScript, five_desks: Path, tmp_path: Path) -> Iterator[Database]:
    """The five desks in a database of the call's own, with what holds in its story only."""
    file = Path(shutil.copyfile(five_desks, tmp_path / "vakt.db"))
    with an_empty_house(f"sqlite:///{file}") as database:
        if files := changed_files(script):
            move_in(database, read_folder(files, script.desk))
        put_given(database, script)
        yield database


def unnumbered(told: Told) -> Told:
    """The told call without the number that its ticket was given: the golden file has none."""
    ticket = told.call.ticket
    if ticket is None or ticket.joined:
        return told
    assert ticket.number
    call = replace(told.call, ticket=replace(ticket, number=None))
    lines = [_without(line, ticket.number) for line in told.lines]
    rounds = [unnumbered(each) for each in told.rounds]
    return Told(call, lines, told.decisions, rounds, told.next)


def _without(line: Line, number: int) -> Line:
    match line.what:
        case Sentence() as sentence:
            return replace(line, what=_masked(sentence, number))
        case SendSms() as sms:
            return replace(line, what=replace(sms, sentence=_masked(sms.sentence, number)))
        case _:
            return line


def _masked(sentence: Sentence, number: int) -> Sentence:
    values = tuple(
        (name, TICKET_NUMBER if value == number else value) for name, value in sentence.values
    )
    return replace(sentence, values=values)
