"""The days of the week, Monday first: as documents, codes and told calls name them."""

from typing import Final

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY_CODES: Final = tuple(name[:3] for name in WEEKDAYS)  # mon: in reasons, and keys of texts
SHORT_WEEKDAYS: Final = tuple(code.capitalize() for code in WEEKDAY_CODES)  # Mon
