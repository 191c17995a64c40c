"""How the web is served: gunicorn's settings, its worker class, and who keeps the socket open."""

from typing import Final

# What gunicorn takes for "it will not get better by trying again": it stops instead of forking on.
WILL_NOT_START: Final = 3
