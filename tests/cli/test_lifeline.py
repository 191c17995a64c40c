"""`vakt lifeline export`: what somebody pastes or uploads before the night."""

from pathlib import Path

from tests.cli.a_terminal import Terminal

NIGHT = ("--at", "2026-11-21T23:10")


def test_a_line_is_printed_to_be_pasted(desks: Terminal) -> None:
    done = desks.vakt("lifeline", "export", "brukarstotte", "--line", "+4720000210", *NIGHT)

    assert done.code == 0
    assert done.out.startswith("<?xml")
    assert done.out.count("<?xml") == 1
    assert "brukarstotte, line +4720000210: valid from 2026-11-21T23:10+01:00" in done.out
    assert "until 2026-11-23T08:00+01:00" in done.out
    assert done.out.index("+4749002701</Number>") < done.out.index("+4749002790</Number>")
    assert "http" not in done.out
    assert "+4720000200 rings nobody; if it is critical: +47 49 00 27 01" in done.err
    assert "valid from Sat 21 Nov 2026 23:10 until Mon 23 Nov 2026 08:00" in done.err


def test_without_a_line_all_of_them_are_printed(desks: Terminal) -> None:
    assert desks.does("lifeline", "export", "brukarstotte", *NIGHT).count("<?xml") == 2


def test_a_folder_is_written_that_leads_from_file_to_file(desks: Terminal) -> None:
    folder = desks.home / "files"
    base = "https://name:secret@files.example.org/vakt/"
    out = desks.does("lifeline", "export", "dekode", *NIGHT, "--base", base, "-o", str(folder))

    names = {Path(each).name for each in out.split()}
    assert names == {file.name for file in folder.iterdir()}
    assert names == {
        "4720000500.xml",
        "4720000500-critical.xml",
        "connect.xml",
        "thanks-nb.xml",
        "whisper-nb.xml",
    }
    assert f'action="{base}4720000500-critical.xml"' in (folder / "4720000500.xml").read_text()
    assert {oct(file.stat().st_mode & 0o777) for file in folder.iterdir()} == {"0o600"}


def test_it_is_as_long_valid_as_one_says_or_it_is_not_written(desks: Terminal) -> None:
    words = ("lifeline", "export", "brukarstotte", *NIGHT, "--until")

    assert "until 2026-11-22T12:00+01:00" in desks.does(*words, "2026-11-22T12:00")
    refused = desks.is_refused(*words, "2026-11-23T12:00")
    assert "are not valid until Mon 23 Nov 2026 12:00" in refused
    assert "change Mon 23 Nov 2026 08:00" in refused
    assert "before it begins" in desks.is_wrong(*words, "2026-11-20 12:00")


def test_what_cannot_be_done_is_refused_in_plain_words(desks: Terminal) -> None:
    export = ("lifeline", "export")
    assert "There is no desk “nobody”. Desks here: brukarstotte" in desks.is_refused(
        *export, "nobody"
    )
    assert "has no line +4720000999" in desks.is_refused(*export, "dekode", "--line", "+4720000999")
    assert "--at" in desks.is_wrong(*export, "dekode", "--at", "tomorrow")
    assert "-o FOLDER" in desks.is_wrong(*export, "dekode", "--base", "https://files.example.org")
    for wrong in ("files.example.org", "https://files.example.org/?a=1", "ftp://files.example.org"):
        assert "--base" in desks.is_wrong(*export, "dekode", "--base", wrong, "-o", "files")
