"""What the environment says, read once: each part by who needs it."""

from app.settings.environment import SettingsError, read
from app.settings.messages import MessageSettings
from app.settings.offline import OfflineSettings
from app.settings.product import Settings
from app.settings.provider import ProviderSettings
from app.settings.web import ServingSettings, WebSettings

__all__ = [
    "MessageSettings",
    "OfflineSettings",
    "ProviderSettings",
    "ServingSettings",
    "Settings",
    "SettingsError",
    "WebSettings",
    "read_serving_settings",
    "read_settings",
    "read_web_settings",
]


def read_settings(**given: object) -> Settings:
    """Read what every process needs; raise SettingsError with every mistake at once.

    What is given counts instead of what the environment says.
    """
    return read(Settings, **given)


def read_web_settings() -> WebSettings:
    """Read what the web needs; raise SettingsError with every mistake at once."""
    return read(WebSettings)


def read_serving_settings() -> ServingSettings:
    """Read how the web is served; raise SettingsError with every mistake at once."""
    return read(ServingSettings)
