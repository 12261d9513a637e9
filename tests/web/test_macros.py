"""The macros, drawn without the app: ids that exist, errors that lead somewhere, true charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import jinja2
import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
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
from wtforms.validators import InputRequired

TEMPLATES = Path(__file__).resolve().parents[2] / "fieldapp" / "templates"
XHTML = "{http://www.w3.org/1999/xhtml}"


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class Where(Form):
    lat = StringField("Breedtegraad")
    lon = StringField("Lengtegraad")
    accuracy = HiddenField()
    source = HiddenField()
    area = SelectField("Buurt", choices=choices(("", "Kies"), ("BU1", "<b>Ster</b>")))


class Sample(Form):
    mood = RadioField(
        "Hoe woont u hier?",
        description="Denk aan uw straat.",
        choices=choices(("weet_niet", "Weet ik niet"), ("1", "slecht"), ("2", "goed")),
        validators=[InputRequired("Kies een antwoord.")],
    )
    level = RadioField(
        "Hoe schoon?",
        choices=choices(("A_plus", "Geen vuil"), ("D", "Veel")),
        validate_choice=False,
    )
    places = SelectMultipleField("Waar komt u?", choices=choices(("park", "Park")))
    story = TextAreaField("Vertel", description="In uw eigen taal.")
    count = IntegerField("Hoeveel mensen?")
    photos = MultipleFileField("Foto's")
    where = FormField(Where, label="Waar is het?")
    agreed = BooleanField("Akkoord", validators=[InputRequired("Zet een vinkje.")])


@pytest.fixture
def environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.globals["asset"] = lambda path: f"/static/{path}"
    return made


@pytest.fixture
def page(environment: jinja2.Environment) -> Any:
    form = Sample(MultiDict({"count": "veel", "where-area": "BU9"}))
    form.mood.look, form.level.look = "faces", "levels"
    form.mood.icons = {"1": "sad", "2": "happy"}
    form.photos.look, form.where.look = "photo", "geopoint"
    form.where.map = {"url": "/grenzen.json"}
    assert not form.validate()
    text = environment.from_string(
        '{% from "macros/form.html" import fields, error_summary %}'
        "{{ error_summary(form) }}{{ fields(form) }}"
    ).render(form=form)
    return html5lib.parseFragment(text, namespaceHTMLElements=True)


def attribute(page: Any, name: str) -> list[str]:
    return [element.get(name) for element in page.iter() if element.get(name) is not None]


def test_every_reference_finds_one_element(page: Any) -> None:
    ids = attribute(page, "id")
    assert len(ids) == len(set(ids))
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for value in attribute(page, name):
            assert set(value.split()) <= set(ids), f"{name}={value}"


def test_the_summary_leads_to_each_wrong_field(page: Any) -> None:
    links = {
        element.get("href"): "".join(element.itertext())
        for element in page.iter(f"{XHTML}a")
        if "fa-errors__link" in element.get("class", "")
    }
    assert set(links) == {"#mood-0", "#count", "#where-title", "#agreed"}
    assert links["#mood-0"] == "Hoe woont u hier? Kies een antwoord."
    assert links["#agreed"] == "Akkoord: Zet een vinkje."
    assert {href[1:] for href in links} <= set(attribute(page, "id"))


def test_dont_know_comes_last_and_keeps_its_own_id(page: Any) -> None:
    moods = [element for element in page.iter(f"{XHTML}input") if element.get("name") == "mood"]
    assert [element.get("value") for element in moods] == ["1", "2", "weet_niet"]
    assert {element.get("id") for element in moods} == {"mood-0", "mood-1", "mood-2"}


def test_what_was_typed_and_named_is_escaped(page: Any) -> None:
    assert not list(page.iter(f"{XHTML}b"))
    typed = [element for element in page.iter(f"{XHTML}input") if element.get("id") == "count"]
    assert [element.get("value") for element in typed] == ["veel"]


def test_only_scripts_show_the_script_buttons(page: Any) -> None:
    for element in page.iter():
        if element.get("data-module") in {"geolocate", "map"} or element.get("data-map-way") == "":
            assert element.get("hidden") is not None


def test_scale_draws_mark_and_band_where_they_belong(environment: jinja2.Environment) -> None:
    # The axis runs from 8 to 292, so one unit of a scale of -1..1 is 142 wide and 0 lies at 150.
    text = environment.from_string(
        '{% from "macros/charts.html" import scale_row %}'
        "{{ scale_row('a', 'Bewoners', -0.5, 'Minder tevreden', low=-1, high=0, city=[0.5, 9]) }}"
    ).render()
    assert 'cx="79.0"' in text  # 150 - 0.5 * 142
    assert 'x="8.0" y="8" width="142.0"' in text
    assert 'class="fa-chart__tick" x1="221.0"' in text  # 150 + 0.5 * 142
    assert 'class="fa-chart__tick" x1="292.0"' in text  # outside the scale: at its end
    assert "style=" not in text


def test_a_missing_year_leaves_a_gap_in_the_trend(environment: jinja2.Environment) -> None:
    # Four periods over 208 units from 46: the third would stand at 46 + 2 * 69.33.
    text = environment.from_string(
        '{% from "macros/charts.html" import sparkline_trend %}'
        "{{ sparkline_trend('t', 'Diefstal', points, 'Daalt') }}"
    ).render(points=[("2021", 6.0, "6,0"), ("2022", 5.0, "5,0"), ("2023", None, ""),
                     ("2024", 4.0, "4,0")])  # fmt: skip
    assert 'points="46.0,22.0 115.3,44.0 254.0,66.0"' in text
    assert '<td class="fa-number">–</td>' in text


def test_an_icon_that_does_not_exist_becomes_a_question_mark(
    environment: jinja2.Environment,
) -> None:
    source = '{% from "macros/icons.html" import icon %}{{ icon(name) }}'
    known = environment.from_string(source).render(name="unknown")
    strange = environment.from_string(source).render(name="x")
    assert strange.replace("fa-icon--x", "") == known.replace("fa-icon--unknown", "")


# --- widgets (macros/widgets): plain controls with room for a module ---


class Rich(Form):
    level = RadioField(
        "Hoe schoon?",
        choices=choices(("A+", "<i>Fris</i>"), ("D", "Veel vuil"), ("weet_niet", "Niet gezien")),
        validators=[InputRequired("Kies.")],
    )
    order = SelectMultipleField("Volgorde", choices=choices(("a", "Aa"), ("b", "Bb"), ("c", "Cc")))
    route = TextAreaField("Route")
    sheet = MultipleFileField("Schets")
    sound = MultipleFileField("Geluid")
    amount = IntegerField("Hoeveel?", description="Tel ze.")
    mark = IntegerField("Cijfer")
    card = RadioField("Wat?", choices=choices(("wonen", "Wonen"), ("x", "Anders")))


@pytest.fixture
def rich(environment: jinja2.Environment) -> Any:
    form = Rich(MultiDict([("order", "c"), ("order", "a"), ("card", "x"), ("amount", "drie")]))
    looks = {"level": "norm_photo", "order": "rank", "route": "geotrace", "sheet": "draw",
             "sound": "audio", "amount": "counter", "mark": "range", "card": "cards"}  # fmt: skip
    for name, look in looks.items():
        form[name].look = look
    form.level.photos = {"D": "/media/vuil.jpg"}
    form.level.element = "schoon"
    form.mark.range = {"start": 0, "end": 10, "step": 2}
    assert not form.validate()
    text = environment.from_string(
        '{% from "macros/form.html" import fields, error_summary %}'
        "{{ error_summary(form) }}{{ fields(form) }}"
    ).render(form=form)
    return html5lib.parseFragment(text, namespaceHTMLElements=True)


def test_references_of_widgets_find_one_element(rich: Any) -> None:
    ids = attribute(rich, "id")
    assert len(ids) == len(set(ids))
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for value in attribute(rich, name):
            assert set(value.split()) <= set(ids), f"{name}={value}"
    links = [href for href in attribute(rich, "href") if href.startswith("#")]
    assert {href[1:] for href in links} == {"level-0", "amount"}
    assert {href[1:] for href in links} <= set(ids)


def test_a_level_shows_its_own_photo_or_else_a_drawing(rich: Any) -> None:
    assert [address for address in attribute(rich, "src") if address] == [
        "/static/norm/schoon-a-plus.svg",
        "/media/vuil.jpg",
    ]
    assert not list(rich.iter(f"{XHTML}i"))  # words are words


def test_a_given_order_stands_in_the_lists(rich: Any) -> None:
    lists = [one for one in rich.iter(f"{XHTML}select") if one.get("name") == "order"]
    chosen = [
        [option.get("value") for option in one if option.get("selected") is not None]
        for one in lists
    ]
    assert chosen == [["c"], ["a"], []]


def test_a_slider_knows_its_ends_also_when_one_is_nought(rich: Any) -> None:
    (box,) = [one for one in rich.iter() if one.get("data-module") == "range"]
    ends = (box.get("data-start"), box.get("data-end"), box.get("data-step"))
    assert ends == ("0", "10", "2")
    assert "0 tot en met 10" in "".join(box.itertext())


def test_buttons_that_need_a_script_are_hidden_until_it_runs(rich: Any) -> None:
    parents = {child: parent for parent in rich.iter() for child in parent}
    for button in rich.iter(f"{XHTML}button"):
        around = button
        while around is not None and around.get("hidden") is None:
            around = parents.get(around)
        assert around is not None, button.attrib


def test_a_table_of_questions_names_each_row(environment: jinja2.Environment) -> None:
    form = Rich(MultiDict({"card": "x"}))
    form.card.errors = ["Kies iets."]
    text = environment.from_string(
        '{% from "macros/widgets/choices.html" import table_list %}{{ table_list("T", rows) }}'
    ).render(rows=[form.card])
    page = html5lib.parseFragment(text, namespaceHTMLElements=True)
    (row,) = page.iter(f"{XHTML}fieldset")
    assert row.get("data-path") == "card"
    assert row.get("aria-describedby") in attribute(page, "id")
    checked = [i.get("value") for i in row.iter(f"{XHTML}input") if i.get("checked") is not None]
    assert checked == ["x"]
    assert "Kies iets." in "".join(row.itertext())
