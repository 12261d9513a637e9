"""Fixtures that every room uses. Engine and app fixtures live in tests/support."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real Dutch data beside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("FIELDAPP_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not found in {folder}; set FIELDAPP_SHARED to its folder")
    return folder
