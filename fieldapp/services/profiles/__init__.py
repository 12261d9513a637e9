"""Buurtprofielen: gathered from the database, computed by core.profile, kept while true."""

from fieldapp.services.profiles.service import (
    ProfileRequest,
    ProfileView,
    UnknownArea,
    default_period,
    gemeente_profiles,
    profile_for,
)

__all__ = [
    "ProfileRequest",
    "ProfileView",
    "UnknownArea",
    "default_period",
    "gemeente_profiles",
    "profile_for",
]
