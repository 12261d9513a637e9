"""The indicator catalogue that ships with fieldapp. Read once per process."""

from __future__ import annotations

from functools import cache

from fieldapp.core.indicator import Catalogue, load_catalogue
from fieldapp.paths import FRAMEWORKS


@cache
def catalogue() -> Catalogue:
    """The indicators that ship with fieldapp; CatalogueError when their file is wrong."""
    return load_catalogue(FRAMEWORKS / "indicators.yaml")
