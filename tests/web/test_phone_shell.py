"""What the phone keeps: the worker, the manifest, the pack, pages that say whose they are."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fieldapp.web.assets import STATIC, static_version
from fieldapp.web.phone.pack import PARTS
from tests.factories import PASSWORD, make_area, make_person, make_round, make_survey
from tests.support.client import CheckingClient
from tests.support.queries import counted

EMAIL = "kees@example.org"
WORKER: Mapping[str, str] = {"X-Fieldapp-Client": "worker"}
PACK = "/veld/app/gegevens.json"


@pytest.fixture
def caretaker(client: CheckingClient, session: Session) -> CheckingClient:
    """A caretaker who is logged in, with one survey and one buurt."""
    make_area(session)
    make_survey(session)
    make_person(session, EMAIL, "buurtbeheerder")
    client.log_in(EMAIL, PASSWORD)
    return client


def config_of(script: str) -> dict[str, Any]:
    """The line of the worker that the server filled in."""
    line = re.search(r"^const CONFIG = (.*);$", script, re.MULTILINE)
    assert line
    found = json.loads(line[1])
    assert isinstance(found, dict)
    return found


def test_the_worker_names_its_version_and_files_that_exist(client: CheckingClient) -> None:
    answer = client.get("/veld/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    config = config_of(answer.text)
    assert config["version"] == static_version()
    assert not {*config["seen"]} & {*config["files"]}
    assert len(config["files"]) > 5
    names = ",".join(config["files"])
    packed = client.get(f"/veld/bestanden/{config['version']}.json?namen={names}")
    assert set(json.loads(packed.text)) == set(config["files"])
    assert json.loads(packed.text)["js/engine/min/form.js"][0] == "text/javascript"
    for address in [*config["seen"], config["fallback"]]:
        with client.get(address, buffered=True) as found:
            assert found.status_code == 200, address
    unchanged = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/veld/sw.js", headers=unchanged).status_code == 304


def test_a_worker_of_this_version_is_not_asked_for_each_time(client: CheckingClient) -> None:
    """Its address says which it is: another version has another address."""
    address = f"/veld/sw.js?v={static_version()}"
    assert client.get(address).headers["Cache-Control"] == "public, max-age=86400"
    assert client.get("/veld/sw.js?v=0000000000").headers["Cache-Control"] == "no-cache"


def test_that_nothing_changed_is_said_in_few_bytes(caretaker: CheckingClient) -> None:
    for address in ("/veld/", PACK, "/veld/grenzen.geojson"):
        first = caretaker.get(address, headers=WORKER)
        assert "Content-Security-Policy" in first.headers
        again = caretaker.get(address, headers={**WORKER, "If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert len(str(again.headers)) < 250


@pytest.mark.parametrize("address", ["/veld/", "/veld/app/formulier/observatie/{v}/nl"])
def test_a_page_asks_for_all_its_scripts_in_one_wave(
    caretaker: CheckingClient, address: str
) -> None:
    """A browser takes six files at a time over HTTP/1.1, and goes on when it knows of more."""
    version = json.loads(caretaker.get(PACK).text)["surveys"][0]["version"]
    caretaker.get(address.format(v=version))
    wave = {e.get("href") for e in caretaker.page.iter("link") if e.get("rel") == "modulepreload"}
    sheets = {e.get("href") for e in caretaker.page.iter("link") if e.get("rel") == "stylesheet"}
    assert len(wave | sheets) <= 6
    at_once = ("app", "start", "phone-form")  # others start later, with a page of the form
    divs = list(caretaker.page.iter("div"))
    started = {e.get("data-src") for e in divs if e.get("data-module") in at_once}
    scripts = {e.get("src") for e in caretaker.page.iter("script") if e.get("src")}
    assert started
    assert started | scripts <= wave
    for href in wave:
        script = (STATIC / href.partition(f"{static_version()}/")[2]).read_text()
        for name in re.findall(r"""(?:\bfrom|\bimport) ?["']\./([\w-]+\.js)["']""", script):
            assert f"{href.rpartition('/')[0]}/{name}" in wave


@pytest.mark.parametrize(
    "asked",
    ["{v}.json?namen=../../config.py", "{v}.json", "0000000000.json?namen=css/field.css"],
)
def test_only_files_of_this_version_come_along(client: CheckingClient, asked: str) -> None:
    assert client.get(f"/veld/bestanden/{asked.format(v=static_version())}").status_code == 404


def test_the_shell_brings_no_room_of_laptops(client: CheckingClient) -> None:
    config = config_of(client.get("/veld/sw.js").text)
    files = " ".join([*config["seen"], *config["files"]])
    for part in ("builder", "coding", "import_progress", "leaflet", "staff.css"):
        assert part not in files


def test_the_manifest_speaks_and_names_the_organisation(
    client: CheckingClient, session: Session
) -> None:
    make_person(session, EMAIL, "buurtbeheerder")
    made = json.loads(client.get("/veld/manifest.webmanifest?taal=ar&org=gemeente").text)
    assert made["name"] == "Organisatie gemeente - fieldapp"
    assert (made["lang"], made["dir"]) == ("ar", "rtl")
    assert (made["scope"], made["start_url"], made["display"]) == ("/veld/", "/veld/", "standalone")
    for icon in made["icons"]:
        with client.get(icon["src"], buffered=True) as found:
            assert found.mimetype == "image/png"
    assert {icon["purpose"] for icon in made["icons"]} == {"any", "maskable"}
    other = json.loads(client.get("/veld/manifest.webmanifest?taal=xx&org=bestaat-niet").text)
    assert (other["lang"], other["name"]) == ("nl", "fieldapp")


def test_pages_link_their_manifest_and_say_their_version(caretaker: CheckingClient) -> None:
    caretaker.get("/veld/")
    links = {e.get("rel"): e.get("href") for e in caretaker.page.iter("link")}
    assert links["manifest"] == "/veld/manifest.webmanifest?taal=nl&org=gemeente"
    assert static_version() in caretaker.text()


def test_a_worker_may_only_come_from_here(client: CheckingClient) -> None:
    policy = client.get("/inloggen").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


KEPT_PAGES = ["/veld/", "/veld/gesprek", "/veld/telefoon", "/veld/app/formulier/observatie/{v}/nl"]


@pytest.mark.parametrize("address", KEPT_PAGES)
def test_a_kept_page_says_whose_it_is_and_costs_nothing_when_it_is_the_same(
    caretaker: CheckingClient, address: str
) -> None:
    version = json.loads(caretaker.get(PACK).text)["surveys"][0]["version"]
    page = address.format(v=version)
    first = caretaker.get(page, headers=WORKER)
    assert re.fullmatch("[0-9a-f]{16}", first.headers["X-Fieldapp-Person"])
    assert first.headers["X-Fieldapp-Version"] == static_version()
    again = caretaker.get(page, headers={**WORKER, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["X-Fieldapp-Person"] == first.headers["X-Fieldapp-Person"]


def test_a_start_page_with_something_new_has_another_etag(
    caretaker: CheckingClient, session: Session
) -> None:
    before = caretaker.get("/veld/", headers=WORKER).headers["ETag"]
    version = make_survey(session)
    make_round(session, version, slug="winter", name="winter")
    after = caretaker.get("/veld/", headers={**WORKER, "If-None-Match": before})
    assert after.status_code == 200
    assert "winter" in after.text


def test_another_person_has_another_key(
    caretaker: CheckingClient, app: Flask, session: Session
) -> None:
    make_person(session, "els@example.org", "buurtbeheerder")
    other = app.test_client()
    assert isinstance(other, CheckingClient)
    other.log_in("els@example.org", PASSWORD)
    keys = {one.get("/veld/").headers["X-Fieldapp-Person"] for one in (caretaker, other)}
    assert len(keys) == 2


def test_a_message_is_for_who_looks_and_is_never_kept(caretaker: CheckingClient) -> None:
    caretaker.get("/veld/")
    caretaker.submit("begin", survey="observatie")
    caretaker.get(f"{caretaker.address.rsplit('/', 1)[0]}/0-weggooien")
    caretaker.submit("weggooien", follow=False)
    words = "Het formulier is weggegooid."
    assert words not in caretaker.get("/veld/", headers=WORKER).text
    seen = caretaker.get("/veld/")
    assert words in seen.text
    assert "X-Fieldapp-Person" not in seen.headers
    assert words not in caretaker.get("/veld/").text


def test_a_kept_page_is_small_on_the_wire(caretaker: CheckingClient) -> None:
    plain = caretaker.get("/veld/", headers=WORKER)
    asked = {**WORKER, "Accept-Encoding": "gzip"}
    packed = FlaskClient.open(caretaker, "/veld/telefoon", headers=asked)  # too small to be read
    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.data)
    assert packed.headers["ETag"] == caretaker.get("/veld/telefoon", headers=WORKER).headers["ETag"]


def test_the_pack_has_what_a_day_needs(caretaker: CheckingClient, session: Session) -> None:
    version = make_survey(session)
    make_round(session, version, slug="winter", name="winter", closes_on=date(2100, 1, 1))
    found = json.loads(caretaker.get(PACK).text)
    assert set(PARTS) < set(found)
    assert found["version"] == static_version()
    assert found["person"] == caretaker.get("/veld/").headers["X-Fieldapp-Person"]
    (survey,) = found["surveys"]
    assert (survey["name"], survey["kind"]) == ("observatie", "observatie")
    for language in survey["languages"]:
        assert caretaker.get(language["url"]).status_code == 200
    (round_,) = found["rounds"]
    assert (round_["slug"], round_["survey"], round_["closes_on"], round_["count"]) == (
        "winter",
        "observatie",
        "2100-01-01",
        0,
    )
    assert found["areas"] == [{"code": "BU99990101", "name": "Sterrenbuurt"}]


def test_a_pack_that_is_the_same_costs_nothing(caretaker: CheckingClient, session: Session) -> None:
    before = caretaker.get(PACK).headers["ETag"]
    assert caretaker.get(PACK, headers={"If-None-Match": before}).status_code == 304
    make_round(session, make_survey(session), name="winter")
    assert caretaker.get(PACK, headers={"If-None-Match": before}).status_code == 200


def test_the_pack_asks_the_database_no_more_for_more(
    caretaker: CheckingClient, session: Session, app: Flask
) -> None:
    engine: Engine = app.extensions["fieldapp"].engine
    version = make_survey(session)
    make_round(session, version, slug="eerste", name="eerste")
    caretaker.get(PACK)
    with counted(engine) as few:
        caretaker.get(PACK)
    for number in range(12):
        make_round(session, version, slug=f"ronde-{number}", name=f"ronde-{number}")
    caretaker.get(PACK)
    with counted(engine) as many:
        caretaker.get(PACK)
    assert len(many) <= len(few), set(many) - set(few)


def test_a_token_is_fresh_and_only_for_who_is_logged_in(
    caretaker: CheckingClient, app: Flask
) -> None:
    token = json.loads(caretaker.get("/veld/app/token.json").text)["csrf_token"]
    assert caretaker.post("/uitloggen", data={"csrf_token": token}).status_code == 302
    assert app.test_client().get("/veld/app/token.json").status_code == 302


def test_log_in_and_log_out_hang_on_to_their_modules(caretaker: CheckingClient, app: Flask) -> None:
    caretaker.get("/veld/")
    leave = next(f for f in caretaker.forms() if "uitloggen" in (f.get("action") or ""))
    assert leave.get("data-module") == "leave"
    stranger = app.test_client()
    assert isinstance(stranger, CheckingClient)
    stranger.get("/inloggen")
    enter = next(f for f in stranger.forms() if "inloggen" in (f.get("action") or ""))
    assert enter.get("data-module") == "log-in"
