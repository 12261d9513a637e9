"""Forms about people: add one, change one."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectMultipleField, StringField

from fieldapp.core.people import ROLES
from fieldapp.services.manage_people import NewPerson, make_password
from fieldapp.services.people import PASSWORD_MIN
from fieldapp.web.admin.area_picker import AreaForm
from fieldapp.web.admin.forms import choice, text

ROLE_NAMES: dict[str, Any] = {
    "buurtbeheerder": _l("Buurtbeheerder"),
    "gespreksvoerder": _l("Gespreksvoerder"),
    "wijkmanager": _l("Wijkmanager"),
    "analist": _l("Analist"),
    "beheerder": _l("Beheerder"),
}
ROLE_HINTS: dict[str, Any] = {
    "buurtbeheerder": _l("noteert observaties en gesprekken in de wijk"),
    "gespreksvoerder": _l("voert gesprekken aan de deur"),
    "wijkmanager": _l("leest de buurtprofielen en levert gegevens aan"),
    "analist": _l("codeert wat er is gezegd"),
    "beheerder": _l("regelt mensen, rondes en vragenlijsten"),
}
LONGEST_NAME = 120


class RolesForm(AreaForm):
    """Name, roles, areas."""

    name = StringField(_l("Naam"))
    roles = SelectMultipleField(
        _l("Rollen"), description=_l("Iemand kan meer rollen hebben."), validate_choice=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = [choice(name, ROLE_NAMES[name]) for name in ROLES]
        self.roles.hints = {name: str(words) for name, words in ROLE_HINTS.items()}

    def check(self) -> None:
        """Refuse what cannot be."""
        self.need("name")
        if len(text(self.name.data)) > LONGEST_NAME:
            self.refuse("name", _("Deze naam is te lang. Er passen %(limit)s tekens.", limit=120))
        if not self.chosen_roles:
            self.refuse("roles", _("Kies minstens één rol."))

    @property
    def chosen_roles(self) -> tuple[str, ...]:
        """The roles that exist, in our order."""
        return tuple(role for role in ROLES if role in (self.roles.data or []))


class NewPersonForm(RolesForm):
    """A new person."""

    email = StringField(_l("E-mailadres"))
    password = PasswordField(
        _l("Eerste wachtwoord"),
        description=_l("Laat dit leeg, dan maken we een wachtwoord. Je ziet het één keer."),
    )

    def command(self) -> NewPerson | None:
        """What was asked; None when something is refused."""
        self.check()
        email = self._email()
        typed = str(self.password.data or "")
        if typed and len(typed) < PASSWORD_MIN:
            words = _("Dit wachtwoord is te kort. Gebruik minstens %(length)s tekens.", length=10)
            self.refuse("password", words)
        if not self.is_right:
            return None
        return NewPerson(
            email,
            text(self.name.data),
            self.chosen_roles,
            tuple(self.areas.data or ()),
            typed or make_password(),
        )

    def _email(self) -> str:
        typed = text(self.email.data)
        if not typed:
            self.refuse("email", _("Vul het e-mailadres in."))
            return ""
        try:
            found = validate_email(typed, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            words = _("Dit is geen e-mailadres. Een voorbeeld: naam@gemeente.nl.")
            self.refuse("email", words)
            return ""
        return found.normalized.lower()
