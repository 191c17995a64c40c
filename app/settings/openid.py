"""Organisations whose own login is accepted (OpenID Connect): a TOML file, one table for each."""

import re
import tomllib
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.domain.message_refs import MessageError, ref
from app.settings.environment import FromEnvironment
from app.settings.urls import is_loopback, is_web_address

WELL_KNOWN: Final = "/.well-known/openid-configuration"
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
CUSTOMER: Final = re.compile(r"[a-z0-9_-]{1,64}/[0-9]{1,20}")
# Microsoft's addresses that stand for any tenant: whoever has one anywhere would be somebody here.
ANY_TENANT: Final = re.compile(r"//[^/]*/(common|organizations|consumers)/")


class OpenIdProviderSettings(BaseModel):
    """One organisation's login."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: str
    name: str = Field(min_length=1, max_length=60)  # on its button
    discovery: str
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1, repr=False)
    tenant: str = ""  # of Entra ID: people are told apart by `oid`, and must be of this `tid`
    customers: tuple[str, ...] = ()  # whose people may link themselves, each as DESK/NUMBER

    @field_validator("discovery")
    @classmethod
    def _of_one_issuer(cls, url: str) -> str:
        is_private = url.startswith("https:") or is_loopback(url)
        if not (is_web_address(url) and is_private and url.endswith(WELL_KNOWN)):
            raise ValueError
        if ANY_TENANT.search(url):
            raise ValueError
        return url

    @field_validator("customers")
    @classmethod
    def _of_desks(cls, customers: tuple[str, ...]) -> tuple[str, ...]:
        if not all(CUSTOMER.fullmatch(each) for each in customers):
            raise ValueError
        return customers

    @property
    def issuer(self) -> str:
        """Who signs: the address in front of the well-known part, by the standard."""
        return self.discovery.removesuffix(WELL_KNOWN)


class OpenIdSettings(FromEnvironment):
    """Where the organisations stand."""

    vakt_openid: str = ""

    @field_validator("vakt_openid")
    @classmethod
    def _known_providers(cls, path: str) -> str:
        _read_providers(path)
        return path

    @property
    def openid_providers(self) -> tuple[OpenIdProviderSettings, ...]:
        """Every organisation, in the order of the file."""
        return _read_providers(self.vakt_openid)


def _read_providers(path: str) -> tuple[OpenIdProviderSettings, ...]:
    if not path:
        return ()
    try:
        tables = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        raise MessageError(ref("settings.openid_file")) from None
    return tuple(_provider(name, table) for name, table in tables.items())


def _provider(name: str, table: object) -> OpenIdProviderSettings:
    if not ID.fullmatch(name) or not isinstance(table, dict):
        raise MessageError(ref("settings.openid_table", table=name[:60]))
    try:
        return OpenIdProviderSettings.model_validate({"id": name, **table})
    except ValidationError as refused:
        at = str(refused.errors(include_input=False)[0]["loc"][0])
        raise MessageError(ref("settings.openid_key", table=name, key=at)) from None
