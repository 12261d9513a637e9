"""Every widget on pages of its own, without database or survey: macros, modules, style sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, Response, abort, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

import fieldapp
from fieldapp.web.headers import content_security_policy

PACKAGE = Path(fieldapp.__file__).parent
ASIDE = ("weet_niet", "Niet gezien")

PAGE = """{% extends "layout/public.html" %}
{% from "macros/form.html" import question %}
{% from "macros/buttons.html" import next_back %}
{% from "macros/widgets/choices.html" import table_list %}
{% from "macros/widgets/doors.html" import doors %}
{% block content %}
<link rel="stylesheet" href="{{ asset('css/widgets.css') }}">
<h1 class="fa-question">{{ title }}</h1>
<form class="fa-form" method="post" enctype="multipart/form-data" novalidate
  {%- if on_phone %} data-phone{% endif %}>
{% if name == 'table' %}{{ table_list('Hoe vaak?', form) }}
{% elif name == 'doors' %}{% call doors(none) %}
<section class="fa-repeat" data-path="deuren" data-repeat data-appearance="doors">
<h2 id="h-deuren">{{ words.doors }}</h2>
<input type="hidden" name="deuren/.rounds" value="{{ rounds }}">
{% for n in range(rounds) %}{{ round(n, n + 1) }}{% endfor %}
<template data-round="deuren">{{ round('__0', 1) }}</template>
<p><button class="nl-button" name="form/step" value="add:deuren"
  data-add-round="deuren">+</button></p>
</section>{% endcall %}
{% else %}{% for field in form %}<div data-path="{{ field.name }}">{{ question(field) }}</div>
{% endfor %}{% endif %}
{{ next_back(next_name='form/step', back_name='form/step') }}
</form>
{% endblock %}
"""
ROUND = """{% from "macros/form.html" import question %}
<fieldset class="fa-round" id="r-deuren/{{ n }}" data-path="deuren/{{ n }}" data-round>
<legend><h3 data-round-heading>Deur {{ number }}</h3></legend>
<input type="hidden" name="deuren/{{ n }}/.round" value="">
<div data-path="deuren/{{ n }}/deur">{{ question(field) }}</div>
<p><button class="nl-button" name="form/step" value="remove:deuren/{{ n }}" data-remove-round>
<span class="nl-button__label">Deur {{ number }} weghalen</span></button></p>
</fieldset>"""

AR = {
    "title": "أسئلة عن الحي الذي تسكن فيه",
    "label": "كيف حال السلم والباب؟",
    "word": "نظيف جدا وليس فيه أي قمامة",
    "hint": "فكر في شارعك.",
    "doors": "الأبواب",
}
NL = {
    "title": "Vragen over uw portiek",
    "label": "Hoe is het in het portiek?",
    "word": "schoon, met hier en daar een leefbaarheidsvlekje",
    "hint": "Denk aan uw straat.",
    "doors": "De deuren",
}
WORDS = {"nl": NL, "ar": AR}
STATES = (("dicht", "Dicht"), ("open", "Open"), ("gesproken", "Gesproken"),
          ("liever_niet", "Liever niet"))  # fmt: skip


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


def _levels(words: dict[str, str]) -> list[SelectChoice]:
    return choices(*((v, f"{v}: {words['word']}") for v in ("A+", "A", "B", "C", "D")), ASIDE)


def _months() -> list[SelectChoice]:
    return choices(("", "Kies"), *((str(n), f"maand {n}") for n in range(1, 13)))


def _years() -> list[SelectChoice]:
    return choices(("", "Kies"), *((str(n), str(n)) for n in range(2026, 2016, -1)))


def _place() -> type[Form]:
    parts = {
        "lat": StringField("Breedtegraad", id="q-plek-lat"),
        "lon": StringField("Lengtegraad", id="q-plek-lon"),
        "accuracy": HiddenField(id="q-plek-accuracy"),
        "source": HiddenField(id="q-plek-source"),
        "taken_at": HiddenField(id="q-plek-taken_at"),
        "portiek": StringField("Portiek", id="q-plek-portiek"),
        "area": SelectField("Of kies een buurt", id="q-plek-area",
                            choices=choices(("", "Kies"), ("BU1", "Sterrenbuurt"))),
    }  # fmt: skip
    return type("Where", (Form,), parts)


def _when() -> type[Form]:
    return type("When", (Form,), {"month": SelectField("Maand", choices=_months()),
                                  "year": SelectField("Jaar", choices=_years())})  # fmt: skip


def fields_of(name: str, words: dict[str, str]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Field and what web/forms hangs on it, by control name."""
    label, hint, word = words["label"], words["hint"], words["word"]
    base = {"label": label, "description": hint}
    five = [(icon, word if n == 1 else word.split()[0]) for n, icon in enumerate(
        ("very_happy", "happy", "neutral", "sad", "very_sad"))]  # fmt: skip
    some = choices(("a", word.split()[0]), ("b", word), ("c", "Cc"), ("d", "Dd"))
    where = {"url": "/grenzen.json", "centre": "52.08,4.3", "zoom": "15"}
    tables: dict[str, dict[str, tuple[Any, dict[str, Any]]]] = {
        "norm": {
            element: (RadioField(choices=_levels(words), **base),
                      {"look": "norm_photo", "element": element})
            for element in ("schoon", "heel", "hal", "verlichting", "deur")
        },
        "choices": {
            "gezicht": (RadioField(choices=choices(*five, ASIDE), **base), {"look": "faces_rows"}),
            "kaart": (RadioField(choices=choices(("wonen", word.split()[0]), ("werk", word),
                                                 ("binding", "Samen"), ASIDE), **base),
                      {"look": "cards"}),
            "kaarten": (SelectMultipleField(choices=choices(("green", "Groen"), ("clean", word)),
                                            **base), {"look": "cards"}),
            "likert": (RadioField(choices=choices(*five, ASIDE), **base), {"look": "likert"}),
            "kolommen": (RadioField(choices=some, **base), {"look": "columns", "columns": 2}),
            "los": (SelectMultipleField(choices=some, **base), {"look": "columns"}),
        },
        "figures": {
            "cijfer": (IntegerField(**base), {"look": "range",
                                              "range": {"start": 0, "end": 10, "step": 1}}),
            "aantal": (IntegerField(**base), {"look": "counter"}),
            "code": (StringField(**base), {"look": "barcode"}),
            "volgorde": (SelectMultipleField(choices=some, **base), {"look": "rank"}),
            "wanneer": (FormField(_when(), separator="/", **base), {"look": "month_year"}),
            "jaar": (FormField(_when(), separator="/", **base), {"look": "year"}),
        },
        "story": {"verhaal": (TextAreaField(**base), {"look": "story"})},
        "files": {
            "tekening": (MultipleFileField(**base), {"look": "draw"}),
            "opfoto": (MultipleFileField(**base), {"look": "annotate"}),
            "naam": (MultipleFileField(**base), {"look": "signature"}),
            "geluid": (MultipleFileField(**base), {"look": "audio", "longest": 2}),
            "film": (MultipleFileField(**base), {"look": "video"}),
        },
        "photos": {
            "foto": (MultipleFileField(**base), {"look": "photo"}),
            "foto_na": (MultipleFileField(**base),
                        {"look": "photo", "ghost": {"path": "foto", "url": ""}}),
        },
        "places": {
            "plek": (FormField(_place(), separator="/", **base),
                     {"look": "place", "is_place": True, "map": where,
                      "portieken": [("P1", "Sterstraat 2-18")]}),
            "route": (TextAreaField(**base), {"look": "geotrace", "map": where}),
            "vlak": (TextAreaField(**base), {"look": "geoshape", "map": where}),
        },
        "table": {
            f"rij{n}": (RadioField(choices=choices(*five[:4]), **base), {}) for n in range(3)
        },
        "doors": {},
        "quick": {"snel": (RadioField(choices=some, **base), {"look": "list", "quick": True})},
    }  # fmt: skip
    return tables[name]


NAMES = ("norm", "choices", "figures", "story", "files", "photos", "places", "table", "doors",
         "quick")  # fmt: skip
BOX = [[4.28, 52.07], [4.32, 52.07], [4.32, 52.09], [4.28, 52.09], [4.28, 52.07]]
AREAS = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": "BU1", "name": "Sterrenbuurt"},
     "geometry": {"type": "Polygon", "coordinates": [BOX]}}]}  # fmt: skip


def _form(fields: dict[str, tuple[Any, dict[str, Any]]]) -> Form:
    named = {name: field for name, (field, _) in fields.items()}
    made = type("Scratch", (Form,), named)(MultiDict(request.args))
    for name, (_, extra) in fields.items():
        for key, value in extra.items():
            setattr(made[name], key, value)
    return made


def scratch_app() -> Flask:
    """GET /<name>?lang=ar draws a page; POST answers with what was sent, as text."""
    app = Flask("widgets", static_folder=str(PACKAGE / "static"))
    app.jinja_loader = jinja2.FileSystemLoader(PACKAGE / "templates")
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["asset"] = lambda path: f"/static/{path}"

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = content_security_policy("")
        return response

    @app.get("/grenzen.json")
    def areas() -> dict[str, Any]:
        return AREAS

    @app.get("/<name>")
    def page(name: str) -> str:
        if name not in NAMES:
            abort(404)
        language = request.args.get("lang", "nl")
        words = WORDS[language]
        template = app.jinja_env.from_string(PAGE)

        def one(n: object, number: int) -> str:
            field = RadioField("Hoe ging het?", choices=choices(*STATES), name=f"deuren/{n}/deur",
                               id=f"q-deuren/{n}/deur", _form=None, _meta=Form.Meta())  # fmt: skip
            field.process(MultiDict(request.args))
            return app.jinja_env.from_string(ROUND).render(field=field, n=n, number=number)

        return template.render(
            name=name, form=_form(fields_of(name, words)), title=words["title"], words=words,
            language=language, direction="rtl" if language == "ar" else "ltr",
            on_phone="phone" in request.args, rounds=int(request.args.get("rounds", "1")),
            round=lambda n, number: Markup(one(n, number)),
        )  # fmt: skip

    @app.post("/<name>")
    def sent(name: str) -> Response:
        lines = [f"{key}={value}" for key, value in request.form.items(multi=True)]
        lines += [f"{key}={file.filename} {file.mimetype} {len(file.read())}"
                  for key, file in request.files.items(multi=True)]  # fmt: skip
        return Response("\n".join(lines), mimetype="text/plain")

    return app


@contextmanager
def widget_pages() -> Iterator[str]:
    """The address of the scratch pages."""
    from tests.browser.conftest import serving

    with serving(scratch_app()) as url:
        yield url
