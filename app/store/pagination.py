"""What every list shares: how long a page is, and which desks the reader may see."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Select

PAGE: Final = 50
LARGEST_PAGE: Final = 200


def of_desks(
    wanted: Select[*tuple[Any, ...]], column: Any, desks: Collection[str] | None
) -> Select[*tuple[Any, ...]]:
    """Narrow a query to the desks that the reader may see; None leaves it as it is."""
    return wanted if desks is None else wanted.where(column.in_(list(desks)))


def page_of(limit: int) -> int:
    """Keep the length of a page within bounds: one more than the largest tells of a next one."""
    return max(1, min(limit, LARGEST_PAGE + 1))
