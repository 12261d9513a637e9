"""The indicator catalogue: which statistic says what about which theme, as checked values.

The catalogue is data (surveys/frameworks/indicators.yaml). Everything wrong with it is reported
at once, with the place and what is wrong; a catalogue with one mistake is not loaded at all.
"""

from fieldapp.core.indicator.load import load_catalogue
from fieldapp.core.indicator.model import (
    ANY_YEAR,
    CONTEXT,
    Catalogue,
    CatalogueError,
    CatalogueProblem,
    Derive,
    Indicator,
    Publisher,
)

__all__ = [
    "ANY_YEAR",
    "CONTEXT",
    "Catalogue",
    "CatalogueError",
    "CatalogueProblem",
    "Derive",
    "Indicator",
    "Publisher",
    "load_catalogue",
]
