"""Flask-Security's forms with our words: its own catalogue knows a quarter of them in Dutch."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, LoginForm

from fieldapp.services.log_in_limit import WITHIN, Guesser, must_wait, note_failure
from fieldapp.web.context import db_session, now, settings

LONGEST_PASSWORD = 500  # characters; hashing refuses 4,096 bytes with an error

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

    def validate(self, **kwargs: Any) -> bool:
        """Flask-Security's verdict; after ten wrong ones nothing is tried for a while."""
        if len(self.password.data or "") > LONGEST_PASSWORD:
            self.password.errors = [MESSAGES["GENERIC_AUTHN_FAILED"][0]]
            return False
        guesser = Guesser(settings().secret_key, self.email.data or "", request.remote_addr or "")
        if must_wait(db_session(), guesser, now()):
            self.form_errors = [_wait_text()]
            after_this_request(_too_many)
            return False
        right: bool = super().validate(**kwargs)
        if not right and self.email.data and self.password.data:
            note_failure(db_session(), guesser, now())
        return right


def _wait_text() -> str:
    return str(
        _(
            "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht %(minutes)s minuten en probeer "
            "het dan nog een keer. Of vraag de beheerder van je organisatie om een nieuw.",
            minutes=int(WITHIN.total_seconds() // 60),
        )
    )


def _too_many(response: Response) -> Response:
    response.status_code = 429
    response.headers["Retry-After"] = str(int(WITHIN.total_seconds()))
    return response


class PasswordForm(ChangePasswordForm):
    """Change one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.label.text = _l("Je wachtwoord van nu")
        self.new_password.label.text = _l("Nieuw wachtwoord")
        self.new_password_confirm.label.text = _l("Nieuw wachtwoord, nog een keer")
        self.new_password.description = _l("Minstens 10 tekens. Een korte zin werkt goed.")

    def validate(self, **kwargs: Any) -> bool:
        """Flask-Security's verdict; what its hashing cannot take is refused before."""
        long = [
            field
            for field in (self.password, self.new_password)
            if len(field.data or "") > LONGEST_PASSWORD
        ]
        for field in long:
            words = _(
                "Dit wachtwoord is te lang. Er passen %(most)s tekens.", most=LONGEST_PASSWORD
            )
            field.errors = [words]
        return not long and bool(super().validate(**kwargs))
