"""The builder as a person without scripts uses it: every change is a form that posts."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldapp.core.survey import edit, read_survey, survey_to_dict
from fieldapp.db.models import Organisation, SurveyVersion
from fieldapp.paths import SURVEYS
from fieldapp.services.edit_survey import change
from fieldapp.services.survey_drafts import publish_draft
from tests.factories import PASSWORD, make_actor, make_person
from tests.factories.people import make_person as person
from tests.support.client import CheckingClient, text_of

pytestmark = pytest.mark.usefixtures("admin")


@pytest.fixture
def admin(client: CheckingClient, session: Session) -> CheckingClient:
    make_person(session, "beheer@example.org", "beheerder")
    client.log_in("beheer@example.org", PASSWORD)
    return client


class Desk:
    """The builder in a browser without scripts."""

    def __init__(self, client: CheckingClient, session: Session, version_id: int) -> None:
        self.client, self.session, self.id = client, session, version_id
        self.base = f"/beheer/vragenlijsten/{version_id}/bewerken"

    def open(self, row: str = "") -> Desk:
        assert self.client.get(f"{self.base}?rij={row}").status_code == 200
        return self

    def fields(self, editor: bool = True) -> dict[str, Any]:
        """What the browser would send of the form of the row, or of the bar."""
        for form in self.client.forms():
            if form.get("action") == self.base and (form.get("id") == "b-form") == editor:
                return _values(form)
        raise AssertionError("no such form on this page")

    def do(self, button: str, status: int = 200, **typed: Any) -> Desk:
        """Press a button of the row's form; `typed` are lists or texts."""
        data = self.fields() | typed | {"do": button}
        answer = self.client.post(self.base, data=data, follow_redirects=True)
        assert answer.status_code == status, self.client.text()[:500]
        return self

    def press(self, button: str, **typed: Any) -> Desk:
        """Press a button of the bar or of the menu to add."""
        data = self.fields(editor=False) | typed | {"do": button}
        answer = self.client.post(self.base, data=data, follow_redirects=True)
        assert answer.status_code == 200, self.client.text()[:500]
        return self

    @property
    def data(self) -> edit.Definition:
        self.session.expire_all()
        found = self.session.get(SurveyVersion, self.id)
        assert found is not None
        return found.definition

    def row(self, name: str) -> edit.Row:
        return edit.find(self.data, name).row

    @property
    def names(self) -> list[str]:
        return [placed.name for placed in edit.walk(self.data)]


def _values(form: Element) -> dict[str, Any]:
    """name -> list of values, in order, as a browser sends them; buttons left out."""
    found: dict[str, Any] = {}
    for control in form.iter():
        name, kind = control.get("name"), control.get("type")
        if not name or control.tag == "button":
            continue
        if control.tag == "select":
            options = list(control.iter("option"))
            chosen = next((o for o in options if o.get("selected") is not None), options[0])
            found.setdefault(name, []).append(chosen.get("value") or "")
        elif control.tag == "textarea":
            found.setdefault(name, []).append((control.text or "").removeprefix("\n"))
        elif control.tag == "input" and (kind != "checkbox" or control.get("checked") is not None):
            found.setdefault(name, []).append(control.get("value") or "")
    return found


@pytest.fixture
def desk(admin: CheckingClient, session: Session) -> Desk:
    """A new survey, made through the page for it."""
    admin.get("/beheer/vragenlijsten/nieuw")
    answer = admin.submit("nieuw", title="Hoe is de straat?", kind="enquete", copy_of="0")
    assert answer.status_code == 200
    version = session.scalars(select(SurveyVersion).order_by(SurveyVersion.id.desc())).first()
    assert version is not None
    return Desk(admin, session, version.id)


def test_only_a_beheerder_may_enter(app: Any, session: Session, desk: Desk) -> None:
    person(session, "wijk@example.org", "wijkmanager", "analist")
    other = app.test_client()
    for page in (
        desk.base,
        f"{desk.base}/talen",
        f"{desk.base}/gegevens",
        f"/beheer/vragenlijsten/{desk.id}/voorbeeld",
        "/beheer/vragenlijsten/nieuw",
    ):
        assert other.get(page).status_code == 302
    other.log_in("wijk@example.org", PASSWORD)
    assert other.get(desk.base).status_code == 403


def test_the_draft_of_another_organisation_is_not_there(session: Session, desk: Desk) -> None:
    other = Organisation(slug="elders", name="Elders", language="nl", theme={})
    session.add(other)
    session.flush()
    version = session.get(SurveyVersion, desk.id)
    assert version is not None
    version.survey.organisation_id = other.id
    session.commit()

    assert desk.client.get(desk.base).status_code == 404
    assert desk.client.get(f"/beheer/vragenlijsten/{desk.id}/voorbeeld").status_code == 404


def test_a_new_survey_needs_a_name(desk: Desk) -> None:
    desk.client.get("/beheer/vragenlijsten/nieuw")
    assert desk.client.submit("nieuw", title=" ").status_code == 422
    assert "Vul dit in" in desk.client.text()


def test_questions_are_added_named_ordered_and_removed(desk: Desk) -> None:
    desk.open().press("add:choose_one")
    desk.do("save", label="Woont u hier fijn?", choice_label=["Ja, heel"])
    desk.do("save", choice_label=["Ja, heel", "Nee"])
    assert desk.names == ["woont_u_hier_fijn"]
    assert [c["name"] for c in desk.data["choices"]["choose_one"]] == ["ja_heel", "nee"]

    desk.press("add:page").do("save", label="Meer")
    desk.press("add:short").do("save", label="Waarom?")
    assert desk.names == ["woont_u_hier_fijn", "meer", "waarom"]
    desk.do("up")
    assert desk.names == ["woont_u_hier_fijn", "waarom", "meer"]
    desk.do("down").do("copy")
    assert desk.names == ["woont_u_hier_fijn", "meer", "waarom", "waarom_2"]
    desk.do("to", into="")
    assert edit.find(desk.data, "waarom_2").parent == ""
    desk.do("remove")
    assert desk.names == ["woont_u_hier_fijn", "meer", "waarom"]


def test_what_is_typed_is_kept_when_another_button_is_pressed(desk: Desk) -> None:
    desk.open().press("add:short").do("copy", label="Uw straat", hint="Zonder nummer")

    assert desk.names == ["uw_straat", "uw_straat_2"]
    assert desk.row("uw_straat")["hint"] == {"nl": "Zonder nummer"}


def test_answers_are_ordered_and_get_a_meaning(desk: Desk) -> None:
    desk.open().press("add:choose_one").do("save", label="Kies", choice_label=["Een"])
    desk.do("save", choice_label=["Een", "Twee"]).do("choice_ready:weet_niet")
    desk.do("choice_up:twee")
    desk.do("save", theme="wonen")
    desk.do("save", choice_signal=["1", "-0.5", "", ""], choice_icon=["happy", "sad", "", ""])

    rows = desk.data["choices"]["choose_one"]
    assert [(r["name"], r.get("signal"), r.get("icon")) for r in rows] == [
        ("twee", 1.0, "happy"),
        ("een", -0.5, "sad"),
        ("weet_niet", None, None),
    ]
    desk.do("choice_remove:weet_niet", choice_label=["Twee", "Een", "Weet ik niet", "Drie"])
    assert [r["name"] for r in desk.data["choices"]["choose_one"]] == ["twee", "een", "drie"]


def test_a_condition_is_chosen(desk: Desk) -> None:
    desk.open().press("add:yes_no").do("save", label="Huisdier")
    desk.press("add:whole").do("save", label="Hoeveel")
    # first the question: the comparison then offers its answers
    desk.do("save", rule_question=["huisdier"], rule_test=[""], rule_value=[""])
    assert desk.row("hoeveel")["relevant"] == "${huisdier} = 'ja'"
    assert "Voorwaarde 1: antwoord" in _source(desk)
    desk.do("save", rule_value=["nee", ""])
    assert desk.row("hoeveel")["relevant"] == "${huisdier} = 'nee'"
    desk.do("rule_remove:0")
    assert "relevant" not in desk.row("hoeveel")


def test_two_conditions_hold_together_or_one_of_them(desk: Desk) -> None:
    desk.open().press("add:yes_no").do("save", label="Hond")
    desk.press("add:whole").do("save", label="Kinderen")
    desk.press("add:short").do("save", label="Namen")
    desk.do(
        "save",
        rule_question=["hond", "kinderen"],
        rule_test=["is", "at_least"],
        rule_value=["ja", "2,5"],
        join="or",
    )

    assert desk.row("namen")["relevant"] == "${hond} = 'ja' or ${kinderen} >= 2.5"


def test_a_condition_without_an_answer_is_told_and_the_rest_is_kept(desk: Desk) -> None:
    desk.open().press("add:whole").do("save", label="Kinderen")
    desk.press("add:short").do("save", label="Namen")
    desk.do(
        "save",
        status=422,
        hint="Alleen voornamen",
        rule_question=["kinderen"],
        rule_test=["more"],
        rule_value=["veel"],
    )

    assert "Vul een getal in" in desk.client.text()
    assert "veel" in desk.fields()["rule_value"]
    assert desk.row("namen")["hint"] == {"nl": "Alleen voornamen"}
    assert "relevant" not in desk.row("namen")


def test_a_formula_is_kept_as_typed_and_its_fault_is_told(desk: Desk) -> None:
    desk.open().press("add:whole").do("save", label="Kinderen")
    desk.press("add:short").do("save", label="Namen").do("formula")
    desk.do("save", relevant="${kinderen} + 1 = = 3")

    assert desk.row("namen")["relevant"] == "${kinderen} + 1 = = 3"
    assert "Dit moet nog" in desk.client.text()
    desk.do("save", relevant="${kinderen} + 1 = 3")
    assert "Dit moet nog" not in desk.client.text()
    assert "te rijk om te kiezen" in desk.client.text()


def test_limits_are_filled_in(desk: Desk) -> None:
    desk.open().press("add:whole").do("save", label="Kinderen", lowest="0", highest="20")
    assert desk.row("kinderen")["constraint"] == ". >= 0 and . <= 20"
    desk.do("save", status=422, highest="twintig")
    assert "Vul een getal in" in desk.client.text()
    assert desk.row("kinderen")["constraint"] == ". >= 0 and . <= 20"


def test_another_kind_keeps_the_question(desk: Desk) -> None:
    desk.open().press("add:short").do("save", label="Hoe gaat het?").do("save", kind="faces")

    assert desk.row("hoe_gaat_het")["type"].startswith("select_one")
    assert desk.row("hoe_gaat_het")["appearance"] == "faces"
    assert "Heel goed" in _source(desk)


def test_undo_and_redo_survive_a_reload(desk: Desk) -> None:
    desk.open().press("add:short").do("save", label="Straat")
    desk.open("straat").press("undo")
    assert desk.names == ["short"]
    desk.open().press("undo")
    assert desk.names == []
    desk.open().press("redo").open().press("redo")
    assert desk.names == ["straat"]
    assert "Opnieuw gedaan" in desk.client.text()


def test_somebody_else_was_first(desk: Desk, session: Session) -> None:
    desk.open().press("add:short").do("save", label="Straat")
    mine = desk.fields()
    actor = make_actor(make_person(session, "bo@example.org", "beheerder"))
    version = session.get(SurveyVersion, desk.id)
    assert version is not None
    change(
        session,
        desk.id,
        actor,
        version.created_at,
        expected="",
        deed="add",
        operation=lambda data: edit.add(data, "short", label="Van een ander")[0],
    )

    answer = desk.client.post(desk.base, data=mine | {"label": "Mijn straat", "do": "save"})

    assert answer.status_code == 409
    assert "Iemand anders was je voor" in desk.client.text()
    assert desk.fields()["label"] == ["Mijn straat"]
    assert desk.names == ["straat", "van_een_ander"]
    desk.do("save")  # what was typed still stands there, and is now saved on top
    assert desk.names == ["mijn_straat", "van_een_ander"]


def test_languages_stand_side_by_side(desk: Desk) -> None:
    desk.open().press("add:yes_no").do("save", label="Is het hier fijn?")
    page = f"{desk.base}/talen"
    desk.client.get(page)
    token = dict(desk.client.fields("talen")[1].items())
    desk.client.post(page, data=token | {"do": "language_add:ar"}, follow_redirects=True)
    assert "2 van 4" in desk.client.text()  # yes and no are known
    assert "Mist nog" in desk.client.text()

    action, fields = desk.client.fields("talen")
    fields |= {"t:row/is_het_hier_fijn//label": "هل المكان جميل هنا؟", "do": "texts"}
    desk.client.post(action, data=fields, follow_redirects=True)
    assert desk.row("is_het_hier_fijn")["label"]["ar"] == "هل المكان جميل هنا؟"
    assert "3 van 4" in desk.client.text()
    desk.client.get(f"{page}?naar=ar&gaten=1")
    assert "هل" not in desk.client.text()

    action, fields = desk.client.fields("talen")
    desk.client.post(action, data=fields | {"do": "language_remove:ar"}, follow_redirects=True)
    assert desk.data["settings"]["languages"] == ["nl"]


def test_the_whole_survey_has_settings(desk: Desk) -> None:
    page = f"{desk.base}/gegevens"
    desk.client.get(page)
    desk.client.submit("gegevens", title="De straat", intro="Wij vragen\r\niets.", version="7")
    assert desk.data["title"] == {"nl": "De straat"}
    assert desk.data["intro"] == {"nl": "Wij vragen\niets."}
    assert desk.data["settings"]["version"] == "7"
    assert desk.client.submit("gegevens", title="").status_code == 422


def test_a_half_finished_draft_says_what_is_to_do(desk: Desk) -> None:
    desk.open().press("add:choose_one")

    assert "Dit moet nog" in desk.client.text()
    assert "Er is nog geen tekst" in desk.client.text()
    assert "dingen moeten nog" in _source(desk)


def test_the_preview_shows_the_page_of_a_row_in_its_language(desk: Desk) -> None:
    desk.open().press("add:faces").do("save", label="Hoe is het?")
    desk.press("add:page").do("save", label="Blad")
    desk.press("add:short").do("save", label="Straat", required="1")
    base = f"/beheer/vragenlijsten/{desk.id}/voorbeeld"

    answer = desk.client.get(f"{base}?rij=hoe_is_het")
    assert "Heel goed" in desk.client.text()
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    desk.client.get(f"{base}?rij=straat")
    assert "Straat" in desk.client.text()
    desk.client.get(base)
    assert "Hoe is het?" in desk.client.text()


def test_the_preview_of_a_broken_draft_is_a_page(desk: Desk, session: Session) -> None:
    desk.open().press("add:whole").do("save", label="Een")
    desk.press("add:choose_one").do("save", label="Twee")
    desk.press("add:repeat").do("save", label="Kamer")
    desk.press("add:short").do("save", label="Naam", required="1")
    for relevant in ("${weg} = 1", "${naam} = 1", "${een} = = ", "pulldata('x', 'y', 'z', 1)", ""):
        for row in ("een", "twee", "kamer", "naam"):
            desk.open(row).do("formula").do("save", relevant=relevant, repeat_count=relevant)
        for row in ("een", "twee", "kamer", "naam"):
            address = f"/beheer/vragenlijsten/{desk.id}/voorbeeld?rij={row}"
            assert desk.client.get(address).status_code == 200


def test_the_preview_of_nothing_is_calm(desk: Desk) -> None:
    desk.client.get(f"/beheer/vragenlijsten/{desk.id}/voorbeeld")
    assert "Nog niets te zien" in desk.client.text()


def test_every_kind_has_a_sheet_and_a_preview(desk: Desk) -> None:
    for kind in sorted(edit.KINDS):
        desk.open().press(f"add:{kind}").do("save", label=f"Iets als {kind}")
        name = desk.fields()["row"][0]
        assert desk.row(name)["label"] == {"nl": f"Iets als {kind}"}
        preview = f"/beheer/vragenlijsten/{desk.id}/voorbeeld?rij={name}"
        assert desk.client.get(preview).status_code == 200


@pytest.mark.parametrize("name", ["portiekgesprek", "observatie"])
def test_saving_a_row_of_a_shipped_survey_as_it_is_changes_nothing(
    desk: Desk, session: Session, name: str
) -> None:
    shipped = survey_to_dict(read_survey(SURVEYS / name / "survey.yaml"))
    version = session.get(SurveyVersion, desk.id)
    assert version is not None
    settings = {"form_id": version.survey.name, "version": "1"}
    shipped["settings"] |= settings
    version.survey.kind = shipped["settings"]["kind"]
    version.definition = shipped
    session.commit()

    for row in [placed.name for placed in edit.walk(shipped)]:
        desk.open(row).do("save")
        after = {placed.name: placed.row for placed in edit.walk(desk.data)}
        assert after[row] == edit.find(shipped, row).row
        assert desk.data == shipped


def test_a_published_version_is_not_changed(desk: Desk, session: Session) -> None:
    desk.open().press("add:short").do("save", label="Straat")
    fields = desk.fields()
    actor = make_actor(make_person(session, "bo@example.org", "beheerder"))
    version = session.get(SurveyVersion, desk.id)
    assert version is not None
    publish_draft(session, desk.id, actor, version.created_at, ())

    answer = desk.client.post(desk.base, data=fields | {"label": "Anders"}, follow_redirects=True)
    assert "verandert niet meer" in desk.client.text()
    assert answer.status_code == 200
    assert desk.names == ["straat"]
    assert desk.client.get(desk.base).status_code == 303


def test_hostile_input_ends_in_a_page(desk: Desk) -> None:
    desk.open().press("add:choose_one").do("save", label="Kies", choice_label=["Een"])
    fields = desk.fields()
    for typed in (
        {"do": "choice_up:weg"},
        {"do": "add:onzin"},
        {"do": "to:kies/0"},
        {"do": "wat:is:dit"},
        {"row": "weg"},
        {"name": "1 2 3"},
        {"label": "\0" * 9, "hint": "x" * 5000},
        {"rule_question": ["weg"], "rule_test": ["is"], "rule_value": ["x"]},
        {"choice": ["weg"] * 3, "choice_label": ["x"]},
        {"theme": "onzin", "role": "onzin", "kind": "onzin"},
        {"expected": "0" * 64},
    ):
        answer = desk.client.post(desk.base, data=fields | typed, follow_redirects=True)
        assert answer.status_code in (200, 409, 422), typed
        desk.open("kies")
        fields = desk.fields()
    assert text_of(desk.client.page.find(".//h1"))


def _source(desk: Desk) -> str:
    """Everything on the page, also labels and values that are no text."""
    words = [value for element in desk.client.page.iter() for value in element.attrib.values()]
    return desk.client.text() + " ".join(words)
