"""Pages with figures as a site with a strict policy would serve them, and what happens on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nnviz_docs.drawing.svg import stylesheet
from nnviz_docs.figure import SCRIPT

PLACE = "http://figures.test/"
STRICT = "default-src 'self'"
_WATCH = """window.reports = [];
addEventListener("securitypolicyviolation", event => reports.push(event.violatedDirective));
addEventListener("error", event => reports.push(event.message));"""
_LINKS = '<link rel="stylesheet" href="nnviz.css"><script src="watch.js"></script>'


def page_with(body, attributes="", *, script=False):
    """Return a page with a body, and with the figures' script if asked for."""
    links = _LINKS + '<script defer src="nnviz.js"></script>' * script
    head = f'<meta charset="utf-8"><title>Figures</title>{links}'
    body = f"<body {attributes}>{body}</body>"
    return f'<!doctype html><html lang="en" {attributes}><head>{head}</head>{body}</html>'


@contextmanager
def opened(  # noqa: PLR0913 (a page and what is around it)
    browser, html, *, scheme="light", width=1200, style="", before="", **options
) -> Iterator:
    """Open a page whose policy takes nothing but files of its own.

    ``style`` is added to its stylesheet, and the script ``before`` runs before that of the figures.
    """
    files = {
        "": ("text/html", html),
        "nnviz.css": ("text/css", stylesheet() + style),
        "nnviz.js": ("text/javascript", SCRIPT.read_text(encoding="utf-8")),
        "watch.js": ("text/javascript", _WATCH + before),
    }

    def serve(route):
        kind, body = files.get(route.request.url.removeprefix(PLACE).partition("#")[0], ("text/plain", ""))
        headers = {"Content-Security-Policy": STRICT}
        route.fulfill(content_type=f"{kind}; charset=utf-8", body=body, headers=headers)

    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900}, **options)
    page.route("**/*", serve)
    page.goto(PLACE)
    yield page
    page.close()
