"""Make what a test needs, with sensible defaults."""

from tests.factories.people import PASSWORD, make_actor, make_organisation, make_person
from tests.factories.submissions import TALK, make_submission
from tests.factories.surveys import make_area, make_round, make_survey

__all__ = [
    "PASSWORD",
    "TALK",
    "make_actor",
    "make_area",
    "make_organisation",
    "make_person",
    "make_round",
    "make_submission",
    "make_survey",
]
