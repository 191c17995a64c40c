"""Telephone numbers in documents: only what can be rung, and what may be."""

from app.domain.documents.section import Section
from app.domain.documents.toml_positions import TomlValue
from app.domain.people import Number, is_costly, is_emergency, parse_number


def read_number(text: str) -> Number:
    """Return a number that a document may name; ValueError says in plain words why not."""
    number = parse_number(text)
    if not number.is_known:
        raise ValueError(f"“{text}” cannot be read as a telephone number")
    if is_emergency(number.digits):
        raise ValueError(f"“{text}” is an emergency number and is never rung")
    if is_costly(number.digits):
        raise ValueError(f"“{text}” is a number that costs extra and is never rung")
    return number


def phone(section: Section, key: str, value: TomlValue, index: int | None = None) -> str:
    """Return a value as the digits of a number that may be rung, or "" after noting why not."""
    text = section.text_at(key, value, index)
    try:
        return read_number(text).digits if text else ""
    except ValueError as wrong:
        path = (*section.path, key) if index is None else (*section.path, key, index)
        section.paper.error(path, "unreadable_number", str(wrong))
        return ""


def needed_phone(section: Section, key: str) -> str:
    """Return the number under a key that must be there."""
    return phone(section, key, section.values[key]) if section.needs(key) else ""


def phones(section: Section, key: str) -> tuple[str, ...]:
    """Return a list of numbers in their order; the key may be missing."""
    if not section.has(key):
        return ()
    values = section.values[key]
    if not isinstance(values, list):
        section.error(key, "wrong_type", f'“{key}” must be a list of numbers: ["+47…"]')
        return ()
    found = tuple(phone(section, key, value, index) for index, value in enumerate(values))
    for index, number in enumerate(found):
        if number and number in found[:index]:
            path = (*section.path, key, index)
            section.paper.error(path, "number_twice", f"{number} stands twice in “{key}”")
    return tuple(dict.fromkeys(number for number in found if number))
