"""Prokom's guide to its support web, step by step, with the desk's own documents: an account, a
case with its fields, an answer by mail, a solution declined and accepted, frozen, cloned, watched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.actions.tickets.move_ticket import MakeMove, MoveRequest, move_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.config.folder_reader import read_folder
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from tests.support.fake_twilio import a_web, settings
from tests.support.logged_in import Browser, database_of
from tests.support.portal import Portal
from tests.support.sample_desk import import_sample_desks
from tests.support.shipped_desks import folder_files

HOME = "/portal/prokom"
CONSULTANT = Actor(ActorKind.PERSON, "Siri Dal", "99")


@pytest.fixture
def prokom(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Portal]:
    with a_web(settings(migrated_sqlite_url, tmp_path)) as app:
        import_sample_desks(database_of(app), read_folder(folder_files("prokom"), "prokom"))
        yield Portal(app)


def the_desk(portal: Portal, number: int, move: str, words: str = "") -> None:
    asked = MoveAsked(move, frozenset({Mover.AGENT}), comment=words)
    request = MoveRequest(number, MakeMove(asked), CONSULTANT)
    assert isinstance(move_ticket(portal.database, request, clock.now()), Outcome)


def test_the_guide_step_by_step(prokom: Portal) -> None:
    # Spør om en konto → Registrer → logget inn, med en tom oversikt.
    liv = Browser(prokom.app)
    asked = {"name": "Liv Berg", "email": "liv@fjellvik.kommune.example", "language": "nb"}
    liv.post(f"{HOME}/account", {**asked, "customer": "Fjellvik kommune"})
    assert liv.post(prokom.link()).headers["Location"] == HOME
    assert "Du har ingen saker" in liv.get(HOME).text

    # Lag ny sak → velg prosjekt og sakstype → neste → feltene → opprett.
    first = liv.get(f"{HOME}/new").text
    for offered in ("Kommune24:7", "Dokumentbanken", "Nytt eller endret skjema", "Annen avtale"):
        assert offered in first
    step = f"{HOME}/new/case?pick=kommune247/feil"
    assert "Hva sto det i feilmeldingen?" in liv.get(step).text
    story = {
        "subject": "Skjema kommer ikke fram",
        "description": "Innbyggeren får kvittering, men vi får ingenting.",
        "f-tidspunkt": "I dag tidlig",
        "f-referanse": "REF-4711",
        "key": "k1",
    }
    sent = liv.post(step, story)
    found = re.search(r"/cases/([0-9]+)", sent.headers["Location"])
    assert found
    number, case = int(found[1]), f"{HOME}/cases/{found[1]}"
    shown = liv.get(case).text
    assert "Etter avtalen Fast, årlig brukerstøtteavtale" in shown, "four hours, by the agreement"
    assert "Ikke avtalt" in shown, "nothing is said of solving"
    assert "REF-4711" in shown

    # Konsulenten ber om opplysninger; det kommer på e-post, og svaret åpner saken igjen.
    the_desk(prokom, number, "investigate")
    the_desk(prokom, number, "ask", "Hvilket skjema gjelder det?")
    mails = prokom.mails_at(clock.now() + timedelta(minutes=3))
    assert any("Hvilket skjema gjelder det?" in body and case in body for _, _, body in mails)
    assert "Venter på deg" in liv.get(HOME).text
    liv.post(f"{case}/comments", {"comment": "Søknad om barnehageplass.", "key": "c1"})
    assert "Venter på deg" not in liv.get(HOME).text

    # En løsning blir foreslått, avslått med en grunn, foreslått på nytt.
    the_desk(prokom, number, "propose", "Vi har rettet adressen.")
    assert liv.post(f"{case}/moves", {"move": "decline"}).status_code == 422, "never without why"
    declined = {"move": "decline", "comment": "Det kommer fortsatt ikke fram.", "key": "c2"}
    assert liv.post(f"{case}/moves", declined).status_code == 303
    the_desk(prokom, number, "propose", "Nå er også reserveadressen rettet.")

    # Frys: saken er kundens, til de tiner den; så blir den akseptert og lukket.
    assert liv.post(f"{case}/moves", {"move": "freeze"}).status_code == 303
    assert liv.post(f"{case}/moves", {"move": "unfreeze"}).status_code == 303
    the_desk(prokom, number, "propose", "Forslaget står.")
    assert liv.post(f"{case}/moves", {"move": "accept"}).status_code == 303
    assert "Saken er lukket" in liv.get(case).text

    # Klon: en ny sak som viser til den første. Overvåk: den som melder, følger sin egen.
    copy = liv.get(f"{step}&clone={number}").text
    assert f"({number}: Skjema kommer ikke fram)" in copy
    again = liv.post(step, {**story, "key": "k2"})
    assert "Følger saken: " in liv.get(again.headers["Location"]).text
    assert "Skjema kommer ikke fram" in liv.get(f"{HOME}/cases").text
