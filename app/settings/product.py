"""Everything that is set outside for what the product does."""

from app.settings.database import DatabaseSettings
from app.settings.environment import Secret
from app.settings.messages import MessageSettings
from app.settings.offline import OfflineSettings
from app.settings.provider import ProviderSettings


class Settings(OfflineSettings, MessageSettings, ProviderSettings, DatabaseSettings):
    """The settings of a process: a worker, a command; the web has more (WebSettings)."""

    secret_key: Secret = ""  # signs links to recordings in mails; without it they hold none
