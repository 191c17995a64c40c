"""Pages of lists: the answer as a JSON array, with a Link header to the next page."""

from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from flask import request
from pydantic import BaseModel, Field

from app.api.house import house

PAGE: Final = 50
LARGEST_PAGE: Final = 200
LARGEST_NUMBER: Final = 2**63 - 1

Page = tuple[list[Any], int, dict[str, str]]


class Paging(BaseModel):
    """How long a page is."""

    limit: int = Field(default=PAGE, ge=1, le=LARGEST_PAGE)


def page(items: list[Any], limit: int, cursor: str | None) -> Page:
    """Answer one page. `cursor` is what the next one begins before; None on the last page."""
    if cursor is None:
        return items, 200, {}
    asked = {**request.args.to_dict(), "limit": str(limit), "before": cursor}
    return items, 200, {"Link": f'<{_root()}{request.path}?{urlencode(asked)}>; rel="next"'}


def _root() -> str:
    """Begin an address as the one who asks knows us; behind a proxy PUBLIC_URL knows the scheme."""
    public = urlsplit(house().public_url)
    root = request.host_url.rstrip("/")
    if public.netloc == request.host:
        root = f"{public.scheme}://{public.netloc}"
    return f"{root}{request.root_path}"
