"""/beheer/organisatie: name, language and colours, with the verdict on whether they can be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from fieldapp.core.survey import Problem
from fieldapp.db.models import Organisation
from fieldapp.services.manage_rounds import change_organisation
from fieldapp.web.admin import blueprint
from fieldapp.web.admin.forms import AdminForm, choice, text
from fieldapp.web.admin.trail import trail
from fieldapp.web.context import db_session, now, required_actor
from fieldapp.web.language import interface_languages, own_name
from fieldapp.web.theme import THEME_PROPERTIES, check_theme

# property: (label, what it does)
WORDS: Mapping[str, tuple[Any, Any]] = {
    "--fieldapp-accent": (_l("Hoofdkleur"), _l("Knoppen, links en gekozen antwoorden.")),
    "--fieldapp-accent-strong": (_l("Hoofdkleur, donkerder"), _l("Onder de muis of de vinger.")),
    "--fieldapp-accent-soft": (_l("Hoofdkleur, heel licht"), _l("Achter een gekozen antwoord.")),
    "--fieldapp-on-accent": (_l("Letters op de hoofdkleur"), _l("De tekst op een knop.")),
    "--fieldapp-accent-dark": (
        _l("Hoofdkleur in het donker"),
        _l("Als een telefoon donker staat."),
    ),
    "--fieldapp-accent-dark-strong": (
        _l("Hoofdkleur in het donker, lichter"),
        _l("Onder de vinger."),
    ),
    "--fieldapp-accent-dark-soft": (
        _l("Achtergrond in het donker"),
        _l("Achter een gekozen antwoord."),
    ),
    "--fieldapp-on-accent-dark": (
        _l("Letters op de hoofdkleur in het donker"),
        _l("De tekst op een knop."),
    ),
    "--fieldapp-radius": (_l("Ronde hoeken"), _l("Van 0px tot en met 24px.")),
}
# Grounds and inks that a theme cannot change.
FIXED: Mapping[str, Any] = {
    "#ffffff": _l("wit"),
    "#f4f6f7": _l("de lichte achtergrond"),
    "#12202b": _l("de zwarte letters"),
    "#10181d": _l("de donkere achtergrond"),
    "#1a252c": _l("het donkere vlak"),
    "#f2f5f7": _l("de witte letters"),
}


def _name(prop: str) -> str:
    """A property as the name of a form field."""
    return "t_" + prop.removeprefix("--fieldapp-").replace("-", "_")


class _Base(AdminForm):
    name = StringField(_l("Naam van de organisatie"))
    language = SelectField(
        _l("Taal"), description=_l("De taal voor wie zelf niets koos."), validate_choice=False
    )


def _fields() -> dict[str, Any]:
    return {
        _name(item.name): StringField(
            WORDS[item.name][0],
            description=WORDS[item.name][1],
            render_kw={"placeholder": item.default, "dir": "ltr", "spellcheck": "false"},
        )
        for item in THEME_PROPERTIES
    }


OrganisationForm: Any = type("OrganisationForm", (_Base,), _fields())


@blueprint.route("/organisatie", methods=("GET", "POST"))
def organisation() -> Any:
    """Change it; colours that cannot be read are refused, each with its contrast."""
    actor = required_actor()
    found = db_session().get(Organisation, actor.organisation_id or 0)
    if found is None:
        abort(404)
    typed = {_name(prop): value for prop, value in found.theme.items()}
    form = OrganisationForm(name=found.name, language=found.language, **typed)
    form.language.choices = [choice(tag, own_name(tag)) for tag in interface_languages()]
    if form.is_submitted():
        theme = _check(form)
        if form.is_right:
            change_organisation(
                db_session(),
                found,
                text(form.name.data),
                str(form.language.data),
                theme,
                actor,
                now(),
            )
            flash(_("Opgeslagen. Alle kleuren zijn goed te lezen."), "ok")
            return redirect(url_for("admin.organisation"), 303)
    page = render_template(
        "admin/organisation.html",
        form=form,
        colours=[form[_name(item.name)] for item in THEME_PROPERTIES],
        trail=trail((_("Organisatie"), None)),
    )
    return page, (200 if form.is_right else 422)


def _check(form: Any) -> dict[str, str]:
    form.need("name")
    if len(text(form.name.data)) > 120:
        form.refuse("name", _("Deze naam is te lang. Er passen %(limit)s tekens.", limit=120))
    if form.language.data not in interface_languages():
        form.refuse("language", _("Kies een taal uit de lijst."))
    theme = {}
    for item in THEME_PROPERTIES:
        value = text(form[_name(item.name)].data).lower()
        if value:
            theme[item.name] = value
    for problem in check_theme(theme):
        form.refuse(_name(problem.where), _problem(problem))
    return theme


def _problem(problem: Problem) -> str:
    params = problem.params
    if problem.code == "theme_contrast":
        told = _(
            "%(text)s op %(ground)s is niet goed te lezen: het contrast is %(ratio)s en moet "
            "minstens %(enough)s zijn. Kies een kleur die meer verschilt.",
            text=_colour(str(params["text"])),
            ground=_colour(str(params["ground"])),
            ratio=format_decimal(params["ratio"]),
            enough=format_decimal(params["enough"]),
        )
    else:
        told = _(
            "“%(value)s” kan hier niet. Een goed voorbeeld: %(example)s.",
            value=params.get("value", ""),
            example=params.get("example", ""),
        )
    return str(told)


def _colour(name: str) -> str:
    if name in WORDS:
        return f"“{WORDS[name][0]}”"
    return str(FIXED.get(name, name))
