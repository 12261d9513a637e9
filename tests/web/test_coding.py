"""Coding as an analyst without scripts does it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fieldapp.core.people import Actor, Grant
from fieldapp.core.redact import KINDS, Finding
from fieldapp.core.submission import Location
from fieldapp.db.models import Statement, Submission
from fieldapp.paths import ROOT
from fieldapp.services import code_statements as coding
from fieldapp.services.code_statements import MarkStatement
from fieldapp.web.coding.segments import Marked, segments
from fieldapp.web.coding.texts import FINDINGS, REFUSALS
from tests.factories import PASSWORD, make_area, make_person, make_submission
from tests.factories.submissions import CAPTURED
from tests.support.client import CheckingClient, text_of
from tests.support.queries import counted

LIGHT = "veiligheid.straatverlichting"
HERE = Location(lon=5.11, lat=52.09, source="gps")


def log_in(client: CheckingClient, session: Session, *roles: str, area: str | None = None) -> None:
    person = make_person(session, f"{uuid.uuid4().hex[:8]}@example.org", *roles, area=area)
    client.log_in(person.email, PASSWORD)


def mark(client: CheckingClient, submission: Submission, fragment: str, **values: Any) -> int:
    client.get(f"/coderen/{submission.id}")
    filled = {"fragment": fragment, "codes": [LIGHT], "valence": "-1", **values}
    response = client.submit(f"{submission.id}/uitspraken", **filled)
    return response.status_code


def statements(session: Session) -> list[Statement]:
    session.expire_all()
    return list(session.scalars(select(Statement).order_by(Statement.id)))


def marks(client: CheckingClient) -> list[str]:
    return ["".join(m.itertext()) for m in client.page.iter("mark")]


def test_mark_a_fragment_and_undo(client: CheckingClient, session: Session) -> None:
    submission = make_submission(
        session, {"verhaal": "Mooi plein.", "wens": "De lamp 💡 is stuk,\nal weken."}
    )
    log_in(client, session, "analist")
    assert mark(client, submission, "lamp 💡 is stuk,\r\nal weken", valence="-2") == 200
    (statement,) = statements(session)
    assert (statement.question, statement.starts, statement.ends) == ("wens", 3, 27)
    assert statement.text == "lamp 💡 is stuk,\nal weken"
    assert (statement.valence, [c.code for c in statement.codes]) == (-2, [LIGHT])
    assert marks(client) == ["lamp 💡 is stuk,\nal weken"]
    assert "Veiligheid: Licht en overzicht" in client.text()
    assert "opgeslagen" in client.text()
    client.submit("weg")
    assert statements(session) == []
    assert "weggehaald" in client.text()
    client.submit(f"{submission.id}/uitspraken")
    assert [s.text for s in statements(session)] == ["lamp 💡 is stuk,\nal weken"]


def test_change_what_was_marked(client: CheckingClient, session: Session) -> None:
    submission = make_submission(session, {"verhaal": "De lamp is stuk."})
    log_in(client, session, "analist")
    mark(client, submission, "lamp")
    (statement,) = statements(session)
    client.get(f"/coderen/{submission.id}?wijzig={statement.id}")
    _action, fields = client.fields("/wijzig")
    assert fields["valence"] == "-1"
    client.submit("/wijzig", codes=["wonen.groen"], valence="2")
    (changed,) = statements(session)
    assert (changed.valence, [c.code for c in changed.codes]) == (2, ["wonen.groen"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"fragment": "tram"}, "staat niet zo in de tekst"),
        ({"fragment": ""}, "nog geen fragment"),
        ({"codes": []}, "nog geen code"),
        ({"codes": ["x.y"]}, "staat niet in het themakader"),
        ({"valence": ""}, "nog geen waardering"),
        ({"question": "portiek"}, "geen tekst om te coderen"),
    ],
)
def test_refusals_say_what_to_do_and_keep_what_was_typed(
    client: CheckingClient, session: Session, values: dict[str, Any], words: str
) -> None:
    submission = make_submission(session, {"verhaal": "De lamp is stuk.", "portiek": "Kade 3"})
    log_in(client, session, "analist")
    filled = {"fragment": "lamp", **values}
    assert mark(client, submission, **filled) == 422
    assert words in client.text()
    assert statements(session) == []
    _action, fields = client.fields("/uitspraken")
    assert fields["fragment"] == filled["fragment"]


def test_offsets_from_the_browser_choose_among_equal_words(
    client: CheckingClient, session: Session
) -> None:
    submission = make_submission(session, {"verhaal": "stuk 🌙 stuk"})
    log_in(client, session, "analist")
    mark(client, submission, "stuk", question="verhaal", start="7", end="11")
    assert [(s.starts, s.ends) for s in statements(session)] == [(7, 11)]


def test_overlapping_marks_and_findings_are_drawn(client: CheckingClient, session: Session) -> None:
    text = "Bel <b>06-12345678</b> over de lamp & het slot."
    submission = make_submission(session, {"verhaal": text}, language="ar")
    log_in(client, session, "analist")
    mark(client, submission, "over de lamp")
    mark(client, submission, "de lamp & het slot", codes=["wonen.onderhoud"])
    answer = next(p for p in client.page.iter("p") if p.get("data-answer"))
    assert (answer.get("dir"), answer.get("lang")) == ("auto", "ar")
    pieces = [e for e in answer.iter() if e.get("data-start") is not None]
    assert "".join("".join(e.itertext()) for e in pieces) == text
    for piece in pieces:
        words = "".join(piece.itertext())
        start = int(piece.get("data-start") or "")
        assert text[start : start + len(words)] == words
    notes = [text_of(e) for e in answer.iter() if e.get("data-note") is not None]
    assert notes == ["telefoonnummer", "Veiligheid", "Wonen"]
    assert marks(client) == ["over ", "de lamp", " & het slot"]


def test_done_goes_to_the_next_and_can_be_undone(client: CheckingClient, session: Session) -> None:
    first, second = (make_submission(session, number=n) for n in (1, 2))
    log_in(client, session, "analist")
    client.get(f"/coderen/{first.id}")
    response = client.submit("klaar")
    assert response.request.path == f"/coderen/{second.id}"
    session.expire_all()
    assert first.coded_at is not None
    client.submit(f"{first.id}/heropen")
    session.expire_all()
    assert first.coded_at is None
    client.get(f"/coderen/{first.id}")
    client.submit("klaar")
    response = client.submit(f"{second.id}/klaar")
    assert response.request.path == "/coderen/"
    assert "Alles is gelezen" in client.text()


def test_the_queue_shows_what_has_open_answers(client: CheckingClient, session: Session) -> None:
    make_area(session)
    make_submission(session, {"verhaal": "Oudste verhaal."}, location=HERE)
    make_submission(session, {"wens": "Nieuwste wens."}, number=1)
    make_submission(session, {"verhaal": "", "portiek": "Kade 3"}, number=2)
    rejected = make_submission(session, {"verhaal": "Afgewezen."}, number=3)
    rejected.state = "rejected"
    session.commit()
    log_in(client, session, "analist")
    client.get("/coderen/")
    text = client.text()
    assert "Nog 2 inzendingen te lezen" in text
    assert text.index("Oudste verhaal.") < text.index("Nieuwste wens.")
    assert "Kade 3" not in text
    assert "Afgewezen." not in text
    client.get("/coderen/?gebied=WK999901")
    assert "Oudste verhaal." in client.text()
    assert "Nieuwste wens." not in client.text()
    client.get("/coderen/?soort=observatie&staat=klaar&vanaf=rommel")
    assert "staat er niets in de lijst" in client.text()


def test_an_analyst_of_one_wijk_sees_that_wijk(client: CheckingClient, session: Session) -> None:
    make_area(session)
    here = make_submission(session, {"verhaal": "Hier."}, location=HERE)
    elsewhere = make_submission(session, {"verhaal": "Elders."})
    foreign = make_submission(session, {"verhaal": "Vreemd."}, organisation="andere")
    log_in(client, session, "analist", area="WK999901")
    client.get("/coderen/")
    assert "Hier." in client.text()
    assert "Elders." not in client.text()
    assert client.get(f"/coderen/{here.id}").status_code == 200
    assert client.get(f"/coderen/{elsewhere.id}").status_code == 403
    assert client.get(f"/coderen/{foreign.id}").status_code == 404
    client.get(f"/coderen/{here.id}")
    _action, fields = client.fields("/uitspraken")
    fields.update(fragment="Elders", codes=[LIGHT], valence="0")
    assert client.post(f"/coderen/{elsewhere.id}/uitspraken", data=fields).status_code == 403
    assert statements(session) == []


def test_who_does_not_code(client: CheckingClient, session: Session) -> None:
    submission = make_submission(session)
    assert client.get("/coderen/").status_code == 302
    log_in(client, session, "buurtbeheerder")
    assert client.get("/coderen/").status_code == 403
    assert client.get(f"/coderen/{submission.id}").status_code == 403
    assert client.get("/coderen/citaten").status_code == 403


# --- quotes ---


def coded(session: Session, text: str, consent: str = "ja", **more: Any) -> Statement:
    submission = make_submission(session, {"verhaal": text, "citaat_mag": consent}, **more)
    actor = Actor(submission.organisation_id, grants=(Grant("analist"),))
    command = MarkStatement(submission.id, "verhaal", 0, len(text), (LIGHT,), -1)
    return coding.mark(session, command, actor, CAPTURED)


def test_a_wijkmanager_clears_quotes(client: CheckingClient, session: Session) -> None:
    said = coded(session, "Bel Jan op 06-12345678, het is hier donker.")
    silent = coded(session, "Ik wil niet in de krant.", "nee")
    log_in(client, session, "wijkmanager")
    response = client.get("/coderen/", follow_redirects=True)
    assert response.request.path == "/coderen/citaten"
    assert "krant" not in client.text()
    client.get("/coderen/citaten?stand=zonder")
    assert "gaf geen toestemming" in client.text()
    _action, without = client.fields(f"citaten/{silent.id}")
    assert "quote_text" not in without
    client.get("/coderen/citaten")
    _action, fields = client.fields(f"citaten/{said.id}")
    assert "[telefoon]" in fields["quote_text"]

    response = client.submit(
        f"citaten/{said.id}", besluit="goed", quote_text="Bel 06-12345678, donker."
    )
    assert response.status_code == 422
    assert "telefoonnummer" in client.text()
    _action, fields = client.fields(f"citaten/{said.id}")
    assert fields["quote_text"] == "Bel 06-12345678, donker."
    client.submit(f"citaten/{said.id}", besluit="goed", quote_text="Het is hier donker.")
    client.get("/coderen/citaten?stand=approved")
    assert "Het is hier donker." in client.text()
    session.expire_all()
    assert said.quote_state == "approved"
    client.submit(f"citaten/{said.id}", besluit="terug")
    session.expire_all()
    assert (said.quote_state, said.quote_text) == ("none", "")


def test_consent_cannot_be_passed_by_posting(client: CheckingClient, session: Session) -> None:
    silent = coded(session, "Ik wil niet in de krant.", "nee")
    log_in(client, session, "analist")
    client.get("/coderen/citaten?stand=zonder")
    values = {"besluit": "goed", "quote_text": "Ik wil niet in de krant."}
    response = client.submit(f"citaten/{silent.id}", **values)
    assert response.status_code == 422
    assert "gaf geen toestemming" in client.text()
    session.expire_all()
    assert silent.quote_state == "none"


# --- flat, and complete ---


@pytest.mark.parametrize("address", ["/coderen/", "/coderen/citaten"])
def test_the_number_of_queries_stays_the_same(
    client: CheckingClient, session: Session, engine: Engine, address: str
) -> None:
    app_engine = client.application.extensions["fieldapp"].engine
    make_area(session)
    log_in(client, session, "analist")

    def count() -> int:
        with counted(app_engine) as seen:
            client.get(address)
        return len(seen)

    for number in range(3):
        coded(session, "Het is hier donker.", location=HERE, number=number)
    client.get(address)
    few = count()
    for number in range(3, 60):
        coded(session, "Het is hier donker.", location=HERE, number=number)
    assert count() == few


def test_segments_lose_nothing() -> None:
    text = "ab 💡 cd"
    found = segments(
        text, [Marked(0, 4, 7, "x"), Marked(3, 7, 8, "y")], [Finding(1, 4, "name", True)]
    )
    assert "".join(s.text for s in found) == text
    assert [(s.start, s.statement_ids, s.finding is not None) for s in found] == [
        (0, (7,), False),
        (1, (7,), True),
        (3, (7, 8), True),
        (4, (8,), False),
    ]
    assert [s.labels for s in found] == [(), (), ((7, "x"),), ((8, "y"),)]


def test_every_kind_of_finding_has_words() -> None:
    assert set(FINDINGS) == set(KINDS)


def test_every_refusal_has_words() -> None:
    """The codes are read from the source, so that a new one cannot be forgotten."""
    source = "".join(
        (ROOT / "fieldapp" / "services" / name).read_text()
        for name in ("code_statements.py", "coding_rules.py")
    )
    codes = set(re.findall(r'CodingRefused\(\s*"([a-z_]+)"', source))
    assert codes == set(REFUSALS)
