"""What answers callers while the database, or the whole site, is away."""

from pathlib import Path
from typing import Final

from pydantic import ValidationInfo, field_validator

from app.domain.message_refs import MessageError, ref
from app.settings.environment import FromEnvironment, Secret
from app.settings.urls import is_folder_address, is_private_address

FOLDER: Final = ref("settings.address", example="https://files.example.org/vakt")


class OfflineSettings(FromEnvironment):
    """Where the offline files lie, and where the provider reads documents without us."""

    vakt_lifeline: Path = Path("var/lifeline.json")
    vakt_lifeline_push_url: Secret = ""
    vakt_lifeline_push_header: Secret = ""
    vakt_lifeline_public_url: Secret = ""

    @property
    def offline_folder(self) -> Path:
        """Where what calls go on from without the database lies: beside the lifeline's file."""
        return self.vakt_lifeline.parent / "offline"

    @field_validator("vakt_lifeline_push_url")
    @classmethod
    def _safe_transport(cls, url: str) -> str:
        """The numbers of the staff go there, and a key; both are nobody else's business."""
        if url and not is_private_address(url):
            raise MessageError(FOLDER)
        return url

    @field_validator("vakt_lifeline_push_header")
    @classmethod
    def _one_header(cls, header: str) -> str:
        name, colon, value = header.partition(":")
        if header and not (colon and name.strip() and value.strip() and header.isprintable()):
            raise MessageError(ref("settings.header", example="Authorization: Bearer …"))
        return header

    @field_validator("vakt_lifeline_public_url")
    @classmethod
    def _where_it_is_read(cls, url: str, info: ValidationInfo) -> str:
        if url and not is_folder_address(url):
            raise MessageError(FOLDER)
        if url and not info.data.get("vakt_lifeline_push_url"):
            raise MessageError(ref("settings.useless_without", name="VAKT_LIFELINE_PUSH_URL"))
        return url.rstrip("/")
