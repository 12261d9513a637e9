"""Who may enter. Every blueprint states its policy here; a test fails for one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, request
from flask_security import current_user

from fieldapp.web.context import required_actor
from fieldapp.web.held import ask_log_in

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Policy:
    """A door: `roles` None lets everybody in, () everybody who is logged in."""

    name: str
    roles: tuple[str, ...] | None
    # The API answers with codes and checks tokens itself (web/api/identity.py).
    own_check: bool = False


PUBLIC = Policy("public", None)
API = Policy("api", None, own_check=True)
SIGNED_IN = Policy("signed in", ())


def staff(*roles: str) -> Policy:
    """Logged in with one of these roles."""
    return Policy("+".join(roles), roles)


def register(app: Flask, blueprint: Blueprint, policy: Policy) -> None:
    """Add a blueprint with its door. The only way in which fieldapp adds blueprints."""
    policies: dict[str, Policy] = app.extensions.setdefault("fieldapp_policies", {})
    policies[blueprint.name] = policy
    if policy.roles is not None:
        blueprint.before_request(lambda: _check(policy))
    app.register_blueprint(blueprint)


def _check(policy: Policy) -> Any:
    if not current_user.is_authenticated:
        return ask_log_in()
    view = current_app.view_functions.get(request.endpoint or "")
    roles = getattr(view, "allowed_roles", None) or policy.roles
    if roles and not required_actor().has(*roles):
        abort(403)
    return None


def allow(*roles: str) -> Callable[[View], View]:
    """Narrow one view of a blueprint to some roles."""

    def mark(view: View) -> View:
        view.allowed_roles = roles  # type: ignore[attr-defined]
        return view

    return mark
