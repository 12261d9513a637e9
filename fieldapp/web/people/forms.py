"""Flask-Security's forms with our words: its own catalogue knows a quarter of them in Dutch."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, LoginForm

# Flask-Security's message name: (words, kind)
MESSAGES: dict[str, tuple[Any, str]] = {
    "EMAIL_NOT_PROVIDED": (_l("Vul je e-mailadres in."), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("Vul je wachtwoord in."), "error"),
    "GENERIC_AUTHN_FAILED": (
        _l("Het e-mailadres of het wachtwoord klopt niet. Probeer het nog een keer."),
        "error",
    ),
    "INVALID_PASSWORD": (_l("Het wachtwoord klopt niet. Probeer het nog een keer."), "error"),
    "INVALID_EMAIL_ADDRESS": (
        _l("Dit is geen e-mailadres. Een voorbeeld: naam@gemeente.nl."),
        "error",
    ),
    "DISABLED_ACCOUNT": (_l("Dit account is gesloten. Vraag de beheerder om hulp."), "error"),
    "LOGIN": (_l("Log in om deze pagina te zien."), "info"),
    "UNAUTHENTICATED": (_l("Log in om deze pagina te zien."), "error"),
    "PASSWORD_IS_THE_SAME": (_l("Kies een ander wachtwoord dan het oude."), "error"),
    "PASSWORD_CHANGE": (_l("Je wachtwoord is gewijzigd."), "success"),
    "PASSWORD_INVALID_LENGTH": (
        _l("Dit wachtwoord is te kort. Gebruik minstens %(length)s tekens."),
        "error",
    ),
    "PASSWORD_MISMATCH": (_l("De twee wachtwoorden zijn niet gelijk."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_l("De twee wachtwoorden zijn niet gelijk."), "error"),
}


class LogInForm(LoginForm):
    """Log in with e-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = _l("E-mailadres")
        self.password.label.text = _l("Wachtwoord")
        self.remember.label.text = _l("Onthoud mij op dit apparaat")


class PasswordForm(ChangePasswordForm):
    """Change one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.label.text = _l("Je wachtwoord van nu")
        self.new_password.label.text = _l("Nieuw wachtwoord")
        self.new_password_confirm.label.text = _l("Nieuw wachtwoord, nog een keer")
        self.new_password.description = _l("Minstens 10 tekens. Een korte zin werkt goed.")
