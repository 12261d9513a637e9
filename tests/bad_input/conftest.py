"""An app with a person of every role, and something under every address."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.bad_input.world import World, make_world


@pytest.fixture
def world(session: Session, app: Flask, engine: Engine, tmp_path: Path) -> World:
    """Two organisations, two buurten, and something of everything in each (world.py)."""
    media = app.extensions["fieldapp"].media
    return make_world(session, media)
