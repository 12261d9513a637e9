"""Boundary files of Dutch areas. Import from here inside functions: it loads heavy libraries."""

from __future__ import annotations

from fieldapp.sources.boundaries.model import BoundaryFile, BoundaryRow
from fieldapp.sources.boundaries.read import read_boundaries

__all__ = ["BoundaryFile", "BoundaryRow", "read_boundaries"]
