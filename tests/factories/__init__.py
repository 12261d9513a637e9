"""Make what a test needs, with sensible defaults."""

from tests.factories.people import PASSWORD, make_actor, make_organisation, make_person

__all__ = ["PASSWORD", "make_actor", "make_organisation", "make_person"]
