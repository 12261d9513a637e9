"""Every address with an id, by people who have no business there: no word of what lies behind."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fieldapp.core.people import SYSTEM, area_covers
from fieldapp.services.people import add_token
from tests.bad_input.world import SECRET, A, B, World, fingerprint
from tests.factories import PASSWORD, make_organisation, make_person
from tests.factories.profiles import make_gemeente, make_quote, make_voice, make_voices
from tests.support.client import CheckingClient

ROLES = ("buurtbeheerder", "gespreksvoerder", "wijkmanager", "analist", "beheerder")
OPEN = ("public", "theme", "system", "security", "door", "api_description")
NOT_THERE = (302, 303, 401, 403, 404)


def doors(app: Flask, world: World, method: str) -> Iterator[str]:
    """Addresses with a variable, behind a log-in."""
    values = world.values()
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.rpartition(".")[0]
        if not rule.arguments or method not in (rule.methods or ()) or blueprint in OPEN:
            continue
        with app.test_request_context():
            yield app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def outsider(session: Session, who: str) -> str:
    """The e-mail address of somebody who may not see what lies in buurt B."""
    if who == "other organisation":
        make_person(session, "x@example.org", *ROLES, organisation="corporatie")
    elif who == "other area":
        # Without beheerder, whose pages are of the whole organisation.
        make_person(session, "x@example.org", *ROLES[:-1], area=A)
    return "x@example.org"


# Boundaries, figures and published surveys are nobody's secret.
SHARED = re.compile(r"/beheer/(gegevens/(grenzen|cijfers)|vragenlijsten)|/veld/grenzen")


@pytest.mark.parametrize("who", ["stranger", "other organisation", "other area"])
def test_nothing_is_told(
    app: Flask, client: CheckingClient, world: World, engine: Engine, who: str
) -> None:
    token = ""
    if who != "stranger":
        client.log_in(outsider(world.session, who), PASSWORD)
        client.get("/mijn/")
        token = client.fields("taal")[1]["csrf_token"]
    before = fingerprint(engine)
    wrong = []
    for method in ("GET", "POST"):
        for path in doors(app, world, method):
            data = {"csrf_token": token, "besluit": "goed", "state": "rejected", "reason": "x",
                    "area": A, "id": str(world.talk.id)}  # fmt: skip
            answer = client.open(path, method=method, data=data if method == "POST" else None)
            body = answer.get_data(as_text=True)
            of_organisation = who == "other area" and path.startswith("/beheer/gegevens")
            if SECRET in body and not of_organisation:
                wrong.append(f"{method} {path} tells it")
            about_area = who == "other organisation" and path.startswith(("/buurten", "/api"))
            answer.close()
            if SHARED.match(path) or about_area or of_organisation:
                continue
            # A form page asks for its own token before it asks who sends it.
            allowed = (*NOT_THERE, 400) if "/formulier/" in path else NOT_THERE
            if answer.status_code not in allowed:
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    after = fingerprint(engine)
    changed = {name for name in before if before[name] != after[name]} - {"profile_cache"}
    assert not changed, f"{who} changed {changed}"


LISTS = (
    "/veld/", "/veld/gesprek", "/inzendingen/", "/inzendingen/?let_op=dubbel",
    "/inzendingen/?gebied=BU99990201", "/coderen/", "/coderen/?gebied=WK999902",
    "/coderen/?staat=klaar", "/coderen/citaten", "/coderen/citaten?stand=zonder",
    "/coderen/citaten?stand=zonder&gebied=GM9999", "/buurten/", "/buurten/gemeente/GM9999",
    "/buurten/gemeente/GM9999/kaart.geojson", "/buurten/gemeente/GM9999/profielen.csv",
    "/buurten/gemeente/GM9999/profielen.geojson", "/veld/grenzen.geojson",
)  # fmt: skip


@pytest.mark.parametrize("area", [A, "WK999901"])
def test_lists_show_ones_own_areas_only(client: CheckingClient, world: World, area: str) -> None:
    make_person(world.session, "x@example.org", *ROLES[:-1], area=area)
    client.log_in("x@example.org", PASSWORD)
    for path in LISTS:
        body = client.get(path).get_data(as_text=True)
        for word in (SECRET, "Maanbuurt", str(world.talk.id), str(world.observation.id)):
            assert word not in body, f"{path} shows {word}"


@pytest.mark.parametrize(
    ("role", "status"), [("buurtbeheerder", 403), ("wijkmanager", 403), ("analist", 403)]
)
def test_a_token_reaches_no_further_than_its_role(
    client: CheckingClient, world: World, role: str, status: int
) -> None:
    person = make_person(world.session, "x@example.org", "beheerder")
    from fieldapp.db.models import Membership

    person.memberships.append(Membership(role=role, area_code=A))
    world.session.commit()
    _, secret = add_token(world.session, "x@example.org", role, 30, "t", SYSTEM)
    headers = {"Authorization": f"Bearer {secret}"}
    period = "from=2026-01-01&to=2026-12-31"
    answer = client.get(f"/api/v1/profiles/{B}?{period}", headers=headers)
    assert answer.status_code == status
    answer = client.get(f"/api/v1/submissions/{world.talk.id}", headers=headers)
    assert answer.status_code == 404
    for path in ("/beheer/", "/inzendingen/", f"/foto/{world.observation.id}/1"):
        assert client.get(path, headers=headers).status_code == 302, "a token opens no page"


def test_own_work_stays_ones_own_wherever_it_lies(client: CheckingClient, world: World) -> None:
    """A caretaker of buurt A who stood in buurt B may look back at it."""
    from fieldapp.db.models import Membership

    world.owner.memberships = [Membership(role="buurtbeheerder", area_code=A)]
    world.session.commit()
    client.log_in(world.owner.email, PASSWORD)
    assert SECRET in client.get(f"/veld/inzending/{world.talk.id}").get_data(as_text=True)
    photo = f"/foto/{world.observation.id}/{world.attachment.id}"
    answer = client.get(photo)
    assert answer.status_code == 200
    answer.close()


def test_areas_cover_by_whole_codes() -> None:
    assert area_covers("WK999901", "BU99990101")
    assert not area_covers("WK999901", "BU99990201")
    assert not area_covers("BU99990101", "BU999901011")
    assert not area_covers("GM9999", "GM99991")


# --- sending without leave ---


def test_every_post_of_colleagues_asks_for_a_token(
    app: Flask, client: CheckingClient, world: World, engine: Engine
) -> None:
    make_person(world.session, "x@example.org", *ROLES)
    client.log_in("x@example.org", PASSWORD)
    before = fingerprint(engine)
    values = world.values()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.startswith("public."):
            continue
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        for token in ("", "x" * 40):
            sent = {"csrf_token": token, "draft_token": token, "name": "Anders", "taal": "en",
                    "besluit": "goed", "survey": "praatje"}  # fmt: skip
            answer = client.post(path, data=sent)
            assert answer.status_code in (400, 401, 404, 422), f"{path}: {answer.status_code}"
    assert fingerprint(engine) == before


def test_a_session_without_our_header_is_nobody_to_the_api(
    client: CheckingClient, world: World, engine: Engine
) -> None:
    client.log_in(world.owner.email, PASSWORD)
    before = fingerprint(engine)
    body = {"id": "7f3c1c1e-0000-4000-8000-000000000001", "survey": "observatie",
            "captured_at": "2026-03-02T10:00:00Z", "answers": {"wat": "schoon"}}  # fmt: skip
    assert client.post("/api/v1/submissions", json=body).status_code == 401
    assert client.get(f"/api/v1/submissions/{world.talk.id}").status_code == 401
    assert fingerprint(engine) == before


# --- what is never shown ---


def profile_files(code: str) -> list[str]:
    period = "?periode=eigen&van=2026-01-01&tot=2026-12-31"
    return [
        f"/buurten/{code}{period}",
        *(f"/buurten/{code}/{name}{period}" for name in
          ("profiel.csv", "profiel.geojson", "profiel.json", "kaart.geojson")),
        *(f"/buurten/gemeente/GM9999{name}{period}" for name in
          ("", "/kaart.geojson", "/profielen.csv", "/profielen.geojson")),
        f"/api/v1/profiles/{code}?from=2026-01-01&to=2026-12-31",
    ]  # fmt: skip


def test_quotes_without_consent_or_approval_stay_in_coding(
    client: CheckingClient, session: Session
) -> None:
    make_gemeente(session)
    voices = [make_voice(session, portiek=f"p{number}") for number in range(8)]
    make_quote(session, voices[0], f"{SECRET} niet goedgekeurd", approved=False)
    make_quote(session, voices[1], "Dit citaat mag", approved=True)
    make_person(session, "baas@example.org", "wijkmanager")
    client.log_in("baas@example.org", PASSWORD)
    paths = [*profile_files("BU99990101"), "/inzendingen/"]
    bodies = [
        client.get(path, headers={"X-Fieldapp-Client": "t"}).get_data(as_text=True)
        for path in paths
    ]
    assert any("Dit citaat mag" in body for body in bodies)
    assert not any(SECRET in body for body in bodies)


@pytest.mark.parametrize("count", [1, 4])
def test_below_five_voices_nothing_follows(
    client: CheckingClient, session: Session, count: int
) -> None:
    """With 1 to 4 voices the answers of all of them may be turned round unseen."""
    make_organisation(session)
    make_gemeente(session)
    make_person(session, "baas@example.org", "wijkmanager")
    client.log_in("baas@example.org", PASSWORD)
    told: list[list[str]] = []
    for feeling in ("slecht", "goed"):
        from fieldapp.db.models import ProfileCache, Submission

        session.query(Submission).delete()
        session.query(ProfileCache).delete()
        session.commit()
        make_voices(session, count, feeling=feeling)
        told.append(
            [
                re.sub(r"20\d\d-\d\d-\d\dT[\d:.+]+|\d\d:\d\d|csrf_token.*", "", body)
                for path in profile_files("BU99990101")
                for body in [
                    client.get(path, headers={"X-Fieldapp-Client": "t"}).get_data(as_text=True)
                ]
            ]
        )
    for path, one, other in zip(profile_files("BU99990101"), *told, strict=True):
        assert one == other, f"{path} tells what {count} people said"


# --- headers, cookies, names ---


def test_residents_get_no_cookie(client: CheckingClient, world: World) -> None:
    slug = world.round.slug
    paths = [f"/v/{slug}", f"/v/{slug}?taal=nl", "/v/bestaat-niet", "/healthz", "/robots.txt"]
    for path in paths:
        assert not client.get(path).headers.getlist("Set-Cookie"), path
    client.get(f"/v/{slug}")
    answer = client.submit(slug, follow=False)
    assert not answer.headers.getlist("Set-Cookie")
    client.get(answer.location)
    answer = client.submit(slug, follow=False, verhaal="Het is hier goed.")
    assert not answer.headers.getlist("Set-Cookie")
    answer = client.get(answer.location)
    assert not answer.headers.getlist("Set-Cookie")


def test_headers_on_every_answer(app: Flask, client: CheckingClient, world: World) -> None:
    from fieldapp.web.assets import asset

    client.log_in(world.owner.email, PASSWORD)
    paths = [
        "/", "/start", "/bestaat-niet", "/api/v1/openapi.json", "/api/v1/submissions/x",
        f"/v/{world.round.slug}", f"/foto/{world.observation.id}/{world.attachment.id}",
        f"/beheer/rondes/{world.round.id}/qr.svg", "/veld/grenzen.geojson", "/healthz",
        asset("js/map.js"), "/static/bestaat-niet.css",
    ]  # fmt: skip
    for path in paths:
        answer = client.get(path)
        headers = answer.headers
        answer.close()
        assert headers.get("X-Content-Type-Options") == "nosniff", path
        assert headers.get("Content-Security-Policy"), path
        assert headers.get("Referrer-Policy") == "same-origin", path


EVIL = "\"><img src=x onerror=alert(1)><script>alert('x')</script>\u202e"


def test_names_are_text_and_nothing_else(app: Flask, client: CheckingClient, world: World) -> None:
    """CheckingClient finds every inline script, handler or attribute that a name would make."""
    from fieldapp.db.models import Area

    session = world.session
    world.owner.name = world.owner.organisation.name = EVIL
    world.round.name = world.run.file_name = world.token.name = EVIL
    world.attachment.file_name = EVIL
    for area in session.query(Area):
        area.name = area.gemeente_name = EVIL
    world.talk.answers = {**world.talk.answers, "verhaal": {"v": EVIL}, "portiek": {"v": EVIL}}
    from fieldapp.db.models import Membership

    world.owner.memberships = [Membership(role=role) for role in ROLES]
    session.commit()
    client.log_in(world.owner.email, PASSWORD)
    values = world.values()
    seen = 0
    for rule, submission in itertools.product(
        app.url_map.iter_rules(), (world.talk, world.observation)
    ):
        if "GET" not in (rule.methods or ()) or rule.endpoint in ("security.static",):
            continue
        values["submission_id"] = submission.id
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        answer = client.get(path)
        assert answer.status_code < 500, path
        body = answer.get_data(as_text=True) if answer.mimetype != "image/jpeg" else ""
        if answer.mimetype in ("text/html", "image/svg+xml"):
            assert "<img src=x" not in body, path
            assert "<script>alert" not in body, path
            seen += "onerror=alert" in body
        answer.close()
        if "Content-Disposition" in answer.headers:
            assert re.fullmatch(
                r'(inline|attachment; filename="[\w.-]+"(; filename\*=UTF-8\'\'[\w.%-]+)?)',
                answer.headers["Content-Disposition"],
            ), path
    assert seen > 10, "the name is on many pages"


def test_a_spreadsheet_runs_nothing(client: CheckingClient, world: World) -> None:
    from fieldapp.db.models import Area

    for number, area in enumerate(world.session.query(Area).filter_by(level="buurt")):
        area.name = ('=HYPERLINK("http://evil")', "@SUM(1)")[number % 2]
        area.gemeente_name = "\t=1+1"
    world.session.commit()
    make_person(world.session, "baas@example.org", "wijkmanager")
    client.log_in("baas@example.org", PASSWORD)
    for path in ("/buurten/gemeente/GM9999/profielen.csv", f"/buurten/{B}/profiel.csv"):
        body = client.get(path).get_data(as_text=True)
        assert "HYPERLINK" in body or "SUM(1)" in body
        for cell in re.split(r"[;\r\n]+", body.lstrip("\ufeff")):
            plain = cell.strip('"')
            is_number = re.fullmatch(r"-?\d+(,\d+)?", plain)
            assert is_number or not plain.startswith(("=", "+", "-", "@", "\t")), cell


def test_the_address_that_a_browser_claims_is_not_printed(
    client: CheckingClient, world: World
) -> None:
    client.log_in(world.owner.email, PASSWORD)
    for path in (f"/beheer/rondes/{world.round.id}", f"/beheer/rondes/{world.round.id}/kaart"):
        body = client.get(path, headers={"Host": "evil.example"}).get_data(as_text=True)
        assert "evil.example" not in body
