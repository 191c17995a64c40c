"""Small HTML pages without scripts: everything that is filled in is escaped."""

from typing import Final

from flask import Response
from markupsafe import Markup

PAGE: Final = Markup(
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="robots" content="noindex">\n<title>{title}</title>\n'
    '<link rel="stylesheet" href="/style.css">\n</head>\n'
    "<body>\n<main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n"
)
# Stricter than that of the other answers, which holds beside it: no script, image or frame.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STYLE: Final = """\
body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0; color: #1b1b1b; background: #fff; }
main { max-width: 42rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
a { color: #0b4f8a; }
dt { font-weight: bold; }
dd { margin: 0 0 0.5rem 0; }
button { font: inherit; padding: 0.6rem 1.2rem; color: #fff; background: #0b4f8a;
  border: 0; border-radius: 0.3rem; cursor: pointer; }
a:focus, button:focus { outline: 3px solid #f0a800; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #eee; background: #16191d; } a { color: #8cc4f5; }
}
"""


def html_page(language: str, title: str, content: Markup, status: int = 200) -> Response:
    """Answer a page in one language; `content` is escaped by whoever made it."""
    text = PAGE.format(language=language, title=title, content=content)
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def element(name: str, text: str) -> Markup:
    """Return an element with this text in it, escaped."""
    return Markup("<{0}>{1}</{0}>").format(Markup(name), text)


def link(address: str, text: str) -> Markup:
    """Return a link, escaped."""
    return Markup('<a href="{}">{}</a>').format(address, text)
