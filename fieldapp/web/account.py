"""/mijn: one's own language, password and tokens; for everybody who is logged in."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from wtforms import SelectField, StringField

from fieldapp.core.people import ROLES
from fieldapp.db.models import ApiToken, User
from fieldapp.db.queries.admin import tokens_of
from fieldapp.services.manage_people import choose_language, revoke_own_token
from fieldapp.services.people import PeopleError, add_token
from fieldapp.web.admin.forms import AdminForm, choice, text
from fieldapp.web.admin.people_forms import ROLE_NAMES
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.dates import day
from fieldapp.web.language import interface_languages, own_name

blueprint = Blueprint("account", __name__, url_prefix="/mijn")

TERMS = (("30", _l("30 dagen")), ("90", _l("90 dagen")), ("365", _l("een jaar")))


class TokenForm(AdminForm):
    """A new token."""

    name = StringField(_l("Waarvoor is het?"), description=_l("Bijvoorbeeld: telefoon, R-script."))
    role = SelectField(_l("Rol"), validate_choice=False)
    days = SelectField(_l("Geldig"), validate_choice=False)

    def __init__(self, roles: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [choice(role, ROLE_NAMES[role]) for role in roles]
        self.days.choices = [choice(*term) for term in TERMS]

    def check(self, roles: list[str]) -> None:
        """Refuse what cannot be."""
        self.need("name")
        if len(text(self.name.data)) > 80:
            self.refuse("name", _("Deze naam is te lang. Er passen %(limit)s tekens.", limit=80))
        if self.role.data not in roles:
            self.refuse("role", _("Kies een rol uit de lijst."))
        if self.days.data not in dict(TERMS):
            self.refuse("days", _("Kies een termijn uit de lijst."))


@blueprint.get("/")
def home() -> Any:
    """Own data."""
    return _page()


@blueprint.route("/tokens", methods=("GET", "POST"))
def make_token() -> Any:
    """Make a token; it is shown once, so it cannot be reloaded."""
    return _page() if request.method == "POST" else redirect(url_for("account.home"))


def _page() -> Any:
    person = cast("User", current_user)
    roles = [role for role in ROLES if person.has_role(role)]
    form = TokenForm(roles, days="90")
    secret = ""
    if form.is_submitted():
        form.check(roles)
        if form.is_right:
            _token, secret = add_token(
                db_session(),
                person.email,
                str(form.role.data),
                int(form.days.data),
                text(form.name.data),
                required_actor(),
            )
            form.name.data = ""
    page = render_template(
        "admin/account.html",
        form=form,
        secret=secret,
        person=person,
        role_names=", ".join(str(ROLE_NAMES[role]) for role in roles),
        tokens=[_row(token) for token in tokens_of(db_session(), person.id)],
        languages=[(tag, own_name(tag)) for tag in interface_languages()],
    )
    return page, (200 if form.is_right else 422)


@blueprint.post("/tokens/<int:token_id>/beeindigen")
def end_token(token_id: int) -> Any:
    """End one of one's own tokens now."""
    try:
        revoke_own_token(db_session(), token_id, required_actor())
    except PeopleError:
        abort(404)
    flash(_("Het token werkt niet meer."), "ok")
    return redirect(url_for("account.home"), 303)


@blueprint.post("/taal")
def language() -> Any:
    """The language of one's own pages, kept with the account."""
    chosen = request.form.get("taal", "")
    if chosen in interface_languages():
        choose_language(db_session(), cast("User", current_user), chosen)
        session.pop("language", None)  # a choice for this browser only would hide this one
        flash(_("De taal is gewijzigd."), "ok")
    return redirect(url_for("account.home"), 303)


def _row(token: ApiToken) -> dict[str, Any]:
    ended = token.revoked_at is not None or token.expires_at <= now()
    return {
        "id": token.id,
        "name": token.name,
        "role": str(ROLE_NAMES.get(token.role, token.role)),
        "ends": day(token.revoked_at or token.expires_at),
        "ended": ended,
    }
