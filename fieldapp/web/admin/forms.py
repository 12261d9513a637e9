"""What the forms of beheer share: choices, the token, a file that need not be chosen twice."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

NO_SIGN = "\0"


class AdminForm(FlaskForm):  # type: ignore[misc]
    """A form whose errors are our own words: views add them with `refuse`."""

    def refuse(self, name: str, words: Any) -> None:
        """Mark a field as wrong."""
        field = self[name]
        field.errors = [*field.errors, str(words)]

    def need(self, *names: str) -> None:
        """Refuse fields that are empty."""
        for name in names:
            data = self[name].data
            if not (data.strip() if isinstance(data, str) else data):
                self.refuse(name, _("Vul dit in."))

    @property
    def is_right(self) -> bool:
        """Whether nothing is refused."""
        return not any(field.errors for field in self)


def choice(value: str, label: Any) -> SelectChoice:
    """One option."""
    return SelectChoice(value, str(label))


def text(value: Any) -> str:
    """What was typed, without the sign that PostgreSQL cannot keep."""
    return str(value or "").replace(NO_SIGN, "").strip()
