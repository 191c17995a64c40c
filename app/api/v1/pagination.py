"""Pages of lists: the answer as a JSON array, with a Link header to the next page."""

from typing import Annotated, Any
from urllib.parse import urlencode

from flask import request
from pydantic import BaseModel, BeforeValidator, Field

from app.api.v1.services import api_services
from app.domain.time.parsing import read_whole
from app.store.pagination import LARGEST_PAGE, PAGE

Page = tuple[list[Any], int, dict[str, str]]


def _whole(value: object) -> object:
    return read_whole(value) if isinstance(value, str) else value


Whole = Annotated[int, BeforeValidator(_whole)]  # in the digits 0-9, which a query gives as text


class Paging(BaseModel):
    """How long a page is."""

    limit: Whole = Field(default=PAGE, ge=1, le=LARGEST_PAGE)


def page(items: list[Any], limit: int, cursor: str | None) -> Page:
    """Answer one page. `cursor` is what the next one begins before; None on the last page."""
    if cursor is None:
        return items, 200, {}
    asked = {**request.args.to_dict(), "limit": str(limit), "before": cursor}
    # By PUBLIC_URL alone: anybody can write a Host.
    address = f"{api_services().settings.public_url}{request.path}?{urlencode(asked)}"
    return items, 200, {"Link": f'<{address}>; rel="next"'}
