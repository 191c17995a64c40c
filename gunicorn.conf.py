"""`gunicorn 'app:create_app()'` in a checkout reads this by itself: app/serving holds all of it."""

from app.serving.gunicorn_config import *  # noqa: F403
