"""Who may enter. Every blueprint states its policy here; a test fails for one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, request
from flask_security import current_user

from fieldapp.core.people import Actor
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
    # The roles must hold in the whole organisation: who gives rights must have them all.
    everywhere: bool = False

    def admits(self, actor: Actor, roles: tuple[str, ...] = ()) -> bool:
        """Whether somebody who is logged in may pass; `roles` narrows the door's own."""
        wanted = roles or self.roles
        if not wanted:
            return True
        return actor.has_everywhere(*wanted) if self.everywhere else actor.has(*wanted)


PUBLIC = Policy("public", None)
API = Policy("api", None, own_check=True)
# Pages ask for a log-in in the view, sending asks for the draft's token (web/field/drafts.py).
OWN_TOKEN = Policy("draft token", None, own_check=True)
SIGNED_IN = Policy("signed in", ())


def staff(*roles: str, everywhere: bool = False) -> Policy:
    """Logged in with one of these roles; `everywhere`: in the whole organisation."""
    return Policy("+".join(roles), roles, everywhere=everywhere)


# Flask-Security's own pages: log-in and log-out stand open, it guards the others itself.
NOT_OURS = ("security",)


def register(app: Flask, blueprint: Blueprint, policy: Policy) -> None:
    """Add a blueprint with its door. The only way in which fieldapp adds blueprints."""
    policies(app)[blueprint.name] = policy
    app.register_blueprint(blueprint)


def policies(app: Flask) -> dict[str, Policy]:
    """Blueprint name -> its door."""
    known: dict[str, Policy] = app.extensions.setdefault("fieldapp_policies", {})
    return known


def init_access(app: Flask) -> None:
    """Ask at every request; a blueprint without a door is closed."""
    app.before_request(_check)


def _check() -> Any:
    name = request.blueprint
    if name is None or name in NOT_OURS:
        return None
    policy = policies(current_app).get(name)
    if policy is None:
        abort(403)
    if policy.roles is None:
        return None
    if not current_user.is_authenticated:
        return ask_log_in()
    view = current_app.view_functions.get(request.endpoint or "")
    if not policy.admits(required_actor(), getattr(view, "allowed_roles", ())):
        abort(403)
    return None


def allow(*roles: str) -> Callable[[View], View]:
    """Narrow one view of a blueprint to some roles."""

    def mark(view: View) -> View:
        view.allowed_roles = roles  # type: ignore[attr-defined]
        return view

    return mark
