"""docs/settings.md: every setting stands in the table, and nothing that is none."""

import re
from pathlib import Path

from pydantic_core import PydanticUndefined

from app.settings import ServingSettings, WebSettings
from app.settings.environment import FromEnvironment

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", PAGE, re.M))
# Read directly: before there are settings, or by libraries.
READ_DIRECTLY = re.compile(r"""environ(?:\.get)?[\[(]\s*["']([A-Z_]+)["']""")
OF_SERVERS = {"PATH_INFO", "REMOTE_ADDR"}  # a request's environment, not the process's


def names(kind: type[FromEnvironment]) -> set[str]:
    return {name.upper() for name in kind.model_fields}


def read_directly() -> set[str]:
    return {
        name
        for file in (ROOT / "app").rglob("*.py")
        for name in READ_DIRECTLY.findall(file.read_text("utf-8"))
    } - OF_SERVERS


def test_every_setting_stands_in_the_table_and_nothing_else() -> None:
    assert set(ROWS) == names(WebSettings) | names(ServingSettings) | read_directly()


def test_the_table_tells_the_defaults() -> None:
    for kind in (WebSettings, ServingSettings):
        for name, field in kind.model_fields.items():
            default, told = field.default, ROWS[name.upper()]
            if default is PydanticUndefined:
                assert "required" in told, name
            elif default in ("", ()):
                assert not told.startswith("`") or told.startswith("`SMTP"), name
            elif default is False:
                assert told == "off", name
            else:
                assert told == f"`{default}`", name


def test_the_examples_of_settings_name_only_settings() -> None:
    for file in (ROOT / "deploy").glob("*.env.example"):
        set_there = re.findall(r"^#? ?([A-Z][A-Z_]+)=", file.read_text("utf-8"), re.M)
        assert set_there, file
        assert set(set_there) <= set(ROWS) | {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
