"""Each organisation's colours, as a small stylesheet of its own."""

from __future__ import annotations

from flask import Flask
from flask_security import current_user


def init_theme(app: Flask) -> None:
    """Give templates the organisation whose colours a page wears."""

    @app.context_processor
    def organisation() -> dict[str, object]:
        if current_user and current_user.is_authenticated:
            return {"organisation": current_user.organisation}
        return {}
