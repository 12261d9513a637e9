"""The surveys that ship, as tests need them."""

from __future__ import annotations

from functools import cache

from fieldapp.core.survey import Survey, read_survey
from fieldapp.paths import SURVEYS


@cache
def shipped(name: str) -> Survey:
    """A survey of surveys/, read once."""
    return read_survey(SURVEYS / name / "survey.yaml")


def version(name: str) -> str:
    """The version in its settings: tests follow when a survey is rewritten."""
    return shipped(name).version
