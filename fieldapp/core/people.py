"""Roles, and who may do what where. Pure: the web and the command line both ask here."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("buurtbeheerder", "gespreksvoerder", "wijkmanager", "analist", "beheerder")
FIELD_ROLES = ("buurtbeheerder", "gespreksvoerder", "wijkmanager", "analist", "beheerder")
# Who goes out to collect, and so knows the exact places.
COLLECTORS = ("buurtbeheerder", "gespreksvoerder")
REVIEW_ROLES = ("wijkmanager", "analist", "beheerder")
# What stands in place of a name and an e-mail address when a person is no longer here.
FORMER = "een oud-collega"
FORMER_DOMAIN = "oud-collega.invalid"


def area_covers(granted: str, code: str) -> bool:
    """Whether area `granted` holds area `code`, both CBS codes: GM0344 holds BU03440101.

    Areas that an organisation defines itself (complex, portiek) are covered by equal codes only.
    """
    return granted == code or (
        granted[:2] in ("GM", "WK")
        and code[:2] in ("WK", "BU")
        and code[2:].startswith(granted[2:])
    )


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in one area; area_code None: in the whole organisation."""

    role: str
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. user_id None with grants: the command line, or a token's narrowed person."""

    organisation_id: int | None
    user_id: int | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    is_system: bool = False

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of the roles anywhere."""
        return self.is_system or any(grant.role in roles for grant in self.grants)

    def has_everywhere(self, *roles: str) -> bool:
        """Whether the actor has one of the roles in the whole organisation, not in one area."""
        return self.is_system or any(
            grant.role in roles and grant.area_code is None for grant in self.grants
        )

    def covers(self, area_code: str | None, *roles: str) -> bool:
        """Whether the actor has one of the roles (default: any) in this area.

        An area of None (a point outside every area) is covered by organisation-wide roles.
        """
        if self.is_system:
            return True
        for grant in self.grants:
            if roles and grant.role not in roles:
                continue
            if grant.area_code is None:
                return True
            if area_code is not None and area_covers(grant.area_code, area_code):
                return True
        return False

    def area_codes(self, *roles: str) -> tuple[str, ...] | None:
        """The areas in which the actor has one of the roles; None: the whole organisation."""
        if self.is_system:
            return None
        codes = [g.area_code for g in self.grants if not roles or g.role in roles]
        if None in codes:
            return None
        return tuple(sorted({code for code in codes if code is not None}))


SYSTEM = Actor(organisation_id=None, name="fieldapp", is_system=True)
