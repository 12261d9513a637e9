"""The small definitions of tests/surveys."""

from __future__ import annotations

from pathlib import Path

from fieldapp.core.survey import Survey, read_survey

FOLDER = Path(__file__).resolve().parent.parent / "surveys"
VALID = sorted((FOLDER / "valid").glob("*.yaml"))
INVALID = sorted((FOLDER / "invalid").glob("*.yaml"))


def valid(name: str) -> Survey:
    return read_survey(FOLDER / "valid" / f"{name}.yaml")
