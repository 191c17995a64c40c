"""Reads an element's attributes strictly: an unknown name or a value out of bounds is refused."""

from xml.etree.ElementTree import Element

from exchange.error_codes import ErrorCode


class DocumentError(Exception):
    """A document that the network refuses."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Attributes:
    """One element's attributes, checked against the names that its verb knows."""

    def __init__(self, element: Element, known: frozenset[str]) -> None:
        self._tag = element.tag
        self._values = dict(element.attrib)
        for name in self._values:
            if name not in known:
                raise DocumentError(
                    ErrorCode.SCHEMA, f"<{self._tag}> has no attribute {name!r} here"
                )

    def text(self, name: str) -> str | None:
        """The value, or None where it is missing or empty."""
        return self._values.get(name) or None

    def given(self, name: str, default: str) -> str:
        """The value as it stands, also when empty."""
        return self._values.get(name, default)

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within its bounds."""
        raw = self._values.get(name)
        if raw is None:
            return default
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise self._wrong(name, raw, f"a whole number from {low} to {high}")
        return int(raw)

    def flag(self, name: str, default: bool) -> bool:
        """`true` or `false`."""
        return self.choice(name, "true" if default else "false", "true", "false") == "true"

    def choice(self, name: str, default: str, *options: str) -> str:
        """One of the options."""
        raw = self._values.get(name, default)
        if raw not in options:
            raise self._wrong(name, raw, " or ".join(options))
        return raw

    def words(self, name: str, default: str, *options: str) -> frozenset[str]:
        """Several of the options, separated by spaces."""
        found = frozenset(self._values.get(name, default).split())
        if unknown := found - set(options):
            raise self._wrong(name, " ".join(sorted(unknown)), " ".join(options))
        return found

    def method(self, name: str = "method") -> str:
        """POST, unless it says GET."""
        return self.choice(name, "POST", "POST", "GET")

    def _wrong(self, name: str, raw: str, expected: str) -> DocumentError:
        text = f"<{self._tag} {name}={raw!r}>: expected {expected}"
        return DocumentError(ErrorCode.SCHEMA, text)
