"""A contact card that every telephone reads: escaped, folded, and the name unharmed."""

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.desks.contact_card import LONGEST_LINE, write_contact_card

names = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=120)


@given(names)
@example("Vakttelefon Brukarstøtte, drift; natt \\ helg")
def test_a_name_comes_out_as_it_went_in(name: str) -> None:
    card = write_contact_card(name, ("+4720000901",))
    assert all(len(line.encode()) <= LONGEST_LINE for line in card.split("\r\n"))
    lines = card.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCARD"
    assert lines[-2:] == ["END:VCARD", ""]
    full = next(line for line in lines if line.startswith("FN:"))[3:]
    assert read(full) == name
    assert "TEL;TYPE=WORK,VOICE:+4720000901" in lines


def read(text: str) -> str:
    """A value as RFC 2426 has it read."""
    signs = iter(text)
    return "".join(next(signs) if sign == "\\" else sign for sign in signs)
