"""The built files: browsers keep them for good; nothing else comes from their folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.web.pages.assets import BUILT, AssetsNotBuilt, asset, assets
from tests.support.fake_twilio import a_web, settings

LARGEST_SCRIPT = 60_000  # bytes, of any page


@pytest.fixture
def client(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    with a_web(settings(migrated_sqlite_url, tmp_path), moved_in=False) as app:
        yield app.test_client()


@pytest.mark.parametrize("name", ["app.css", "app.js", "favicon.svg"])
def test_a_file_is_kept_for_good_by_its_name(client: FlaskClient, name: str) -> None:
    answer = client.get(asset(name))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(asset(name), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_comes_compressed_where_the_browser_takes_it(client: FlaskClient) -> None:
    whole = client.get(asset("app.css"))
    small = client.get(asset("app.css"), headers={"Accept-Encoding": "gzip, br"})

    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == whole.data
    assert small.headers["Vary"] == "Accept-Encoding"
    assert whole.content_type == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["manifest.json", ".built-for", "app.css", "../templates/layout.html", "%2e%2e/x", ""]
)
def test_nothing_else_comes_from_the_folder(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_the_style_fetches_only_files_of_ours() -> None:
    style = (BUILT / assets().names["app.css"]).read_text("utf-8")

    fetched = [each.split(")")[0].strip("\"'") for each in style.split("url(")[1:]]
    assert fetched
    assert set(fetched) <= set(assets().files)
    assert "@import" not in style


def test_the_script_of_a_page_is_small() -> None:
    assert len(assets().files[assets().names["app.js"]].content) < LARGEST_SCRIPT


def test_files_that_are_not_built_are_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(AssetsNotBuilt) as refused:
        assets(tmp_path)
    assert refused.value.message.key == "page.assets_not_built"

    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": "app-1.css"}))
    with pytest.raises(AssetsNotBuilt):
        assets(tmp_path)
