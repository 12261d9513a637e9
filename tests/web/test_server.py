"""What is loaded before the web processes are made, so that they share it."""

from __future__ import annotations

from flask import Flask

from fieldapp.web.server import warm_up


def test_every_page_is_compiled_once_for_all_processes(app: Flask) -> None:
    assert app.jinja_loader is not None
    pages = {name for name in app.jinja_loader.list_templates() if name.endswith(".html")}
    warm_up(app)
    cache = app.jinja_env.cache
    assert cache is not None
    # Also red when there are more pages than the cache holds: each would push out another.
    assert pages <= {name for _loader, name in cache}
