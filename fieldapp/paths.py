"""Where the project's own files lie: beside the package, as the layout says."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SURVEYS = ROOT / "surveys"
FRAMEWORKS = SURVEYS / "frameworks"
MIGRATIONS = ROOT / "migrations"
TRANSLATIONS = ROOT / "translations"
