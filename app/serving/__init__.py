"""How the web is served: gunicorn's settings, its worker class, and who keeps the socket open."""
