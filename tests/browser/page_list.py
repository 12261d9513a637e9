"""Every page of fieldapp, by who looks at it. A new GET route needs a line here or in NOT_PAGES."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldapp.core.survey import read_survey

ROOT = Path(__file__).resolve().parents[2]
PHONE, LAPTOP = "phone", "laptop"


@dataclass(frozen=True, slots=True)
class Page:
    """One page to look at. `address` has {places} of the town; `arabic`: its twin, "" for none.

    `first`: where its reader sits; phone pages must also do well in the dark and for thumbs.
    """

    name: str
    role: str
    address: str
    first: str = LAPTOP
    arabic: str = "?"
    status: int = 200

    def twin(self) -> str:
        """The address of the same page in Arabic."""
        if self.arabic != "?":
            return self.arabic
        return self.address + ("&" if "?" in self.address else "?") + "taal=ar"


def _phone(role: str, rows: str) -> list[Page]:
    return [Page(*_row(role, line), first=PHONE) for line in rows.strip().splitlines()]


def _laptop(role: str, rows: str) -> list[Page]:
    return [Page(*_row(role, line)) for line in rows.strip().splitlines()]


def _row(role: str, line: str) -> tuple[str, str, str]:
    name, address = line.split()
    return name, role, address


def _form(role: str, draft: str, pages: str, arabic: str = "") -> list[Page]:
    """Pages of a form on a phone; in Arabic only where `arabic` names the copy that speaks it."""
    base = "/v/{slug}" if role == "" else "/veld/formulier"
    other = "/v/arabisch" if role == "" else "/veld/formulier"
    return [
        Page(
            f"{draft}-{page}",
            role,
            f"{base}/{{{draft}}}/{page}",
            PHONE,
            f"{other}/{{{arabic}}}/{page}" if arabic else "",
        )
        for page in pages.split()
    ]


def _whole_form(*surveys: str) -> list[Page]:
    """Forms that a phone fills in without signal, in the version that ships."""
    found = []
    for name in surveys:
        version = read_survey(ROOT / "surveys" / name / "survey.yaml").version
        base = f"/veld/app/formulier/{name}/{version}"
        found.append(Page(f"phone-{name}", "buurtbeheerder", f"{base}/nl", PHONE, f"{base}/ar"))
    return found


STRANGER = [
    *_phone("", "front /\nlog-in /inloggen\nproof /ontvangstbewijs\nnot-there /bestaat-niet"),
    *_phone("", "no-signal /veld/zonder-bereik"),
    Page("closed", "", "/v/voorbij", PHONE, "", 410),
    Page("soon", "", "/v/straks", PHONE, ""),
    Page("intro", "", "/v/{slug}", PHONE, "/v/arabisch?taal=ar"),
    Page("thanks", "", "/v/{slug}/klaar/{finished}", PHONE, ""),
    # One page of every look: the area list, faces, tiles, text, choices, a long list.
    *_form(
        "",
        "answering",
        "0-buurt blad_thuis blad_veilig blad_goed blad_citaat blad_taal",
        "ar_answering",
    ),
]
CARETAKER = [
    *_phone(
        "buurtbeheerder",
        """
        start /veld/
        talk /veld/gesprek
        this-phone /veld/telefoon
        receipt /veld/klaar/{own}
        sent /veld/inzending/{returned}
        walk /veld/ronde/{walk}
        promises /veld/beloftes
        queue-import /inzendingen/bestand
        """,
    ),
    *_whole_form("observatie", "portiekgesprek"),
    Page("discard", "buurtbeheerder", "/veld/formulier/{observing}/0-weggooien", PHONE),
    *_form("buurtbeheerder", "observing", "blad_foto blad_wat blad_waar blad_meer", "ar_observing"),
    *_form("buurtbeheerder", "stairwell", "blad_portiek deuren blad_zorgen blad_schoon_heel"),
    *_form("buurtbeheerder", "talking", "blad_verhaal blad_wonen blad_achtergrond"),
    *_form("buurtbeheerder", "reading", "blad_wonen"),
]
ANALYST = _laptop(
    "analist",
    """
    coding-queue /coderen/
    coding /coderen/{coded}
    quotes /coderen/citaten
    """,
)
MANAGER = _laptop(
    "wijkmanager",
    """
    gemeenten /buurten/?q=
    gemeente /buurten/gemeente/{gemeente}
    buurt /buurten/{buurt}
    inbox /inzendingen/
    inbox-one /inzendingen/{photographed}
    phones /telefoons
    imports /beheer/gegevens/
    import-areas /beheer/gegevens/grenzen
    import-figures /beheer/gegevens/cijfers
    import-run /beheer/gegevens/{run}
    account /mijn/
    password /wachtwoord
    """,
)
ADMINISTRATOR = _laptop(
    "beheerder",
    """
    admin /beheer/
    people /beheer/mensen
    person /beheer/mensen/{person}
    person-new /beheer/mensen/nieuw
    rounds /beheer/rondes
    round /beheer/rondes/{round}
    round-new /beheer/rondes/nieuw
    round-list /beheer/rondes/{walk_round}/looplijst
    round-doors /beheer/rondes/{walk_round}
    round-card /beheer/rondes/{round}/kaart
    surveys /beheer/vragenlijsten
    survey /beheer/vragenlijsten/bewonersgesprek/{version}
    organisation /beheer/organisatie
    survey-check /beheer/vragenlijsten/{tried}/controle
    survey-faults /beheer/vragenlijsten/{concept}/controle
    survey-difference /beheer/vragenlijsten/{tried}/verschil
    survey-trial /beheer/vragenlijsten/{tried}/proef
    survey-upload /beheer/vragenlijsten/inlezen
    survey-new /beheer/vragenlijsten/nieuw
    builder /beheer/vragenlijsten/{concept}/bewerken
    builder-row /beheer/vragenlijsten/{concept}/bewerken?rij=wat_is_er_aan_de_hand&in=ar
    builder-repeat /beheer/vragenlijsten/{concept}/bewerken?rij=kamer
    builder-texts /beheer/vragenlijsten/{concept}/bewerken/talen
    builder-settings /beheer/vragenlijsten/{concept}/bewerken/gegevens
    """,
)
PREVIEW = "/beheer/vragenlijsten/{concept}/voorbeeld?in="
ADMINISTRATOR += [
    Page("trial-intro", "", "/proef/{trial}", PHONE, "/proef/{trial}?taal=ar"),
    Page(
        "trial-page",
        "",
        "/proef/{trial}/{trying_nl}/0-buurt",
        PHONE,
        "/proef/{trial}/{trying_ar}/0-buurt",
    ),
    Page("results", "beheerder", "/uitkomsten?vragenlijst={survey_id}"),
    Page("builder-preview", "beheerder", f"{PREVIEW}nl", PHONE, f"{PREVIEW}ar"),
]
PAGES = [*STRANGER, *CARETAKER, *ANALYST, *MANAGER, *ADMINISTRATOR]

# Endpoint -> (role, address, what it answers with). Checked too: none of them is a page.
NO_DRAFT = "00000000-0000-4000-8000-000000000000"
NOT_PAGES: Mapping[str, tuple[str, str, str]] = {
    "admin.qr_code": ("beheerder", "/beheer/rondes/{round}/qr.svg", "image/svg+xml"),
    "api_description.describe": ("", "/api/v1/openapi.json", "application/json"),
    "api_profiles.read": ("", "/api/v1/profiles/{buurt}", "application/json"),
    "api_files.state": ("", f"/api/v1/files/{'0' * 64}", "401"),
    "api_sealed.listing": ("", "/api/v1/sealed", "401"),
    "api_sealed.read": ("", f"/api/v1/sealed/{NO_DRAFT}", "401"),
    "api_sealed.read_file": ("", f"/api/v1/sealed/{NO_DRAFT}/{'0' * 64}", "401"),
    "api_receipts.keys": ("", "/api/v1/receipts/keys", "application/json"),
    "field.receipt_download": (
        "buurtbeheerder",
        "/veld/klaar/{own}/ontvangstbewijs.json",
        "application/json",
    ),
    "public.receipt": ("", "/v/{slug}/klaar/{finished}/ontvangstbewijs.json", "application/json"),
    "api_submissions.read": ("", "/api/v1/submissions/{own}", "application/json"),
    "api_submissions.read_receipt": ("", f"/api/v1/submissions/{NO_DRAFT}/receipt", "401"),
    "account.make_token": ("wijkmanager", "/mijn/tokens", "redirect"),
    "coding.skip": ("analist", "/coderen/{coded}/volgende", "redirect"),
    "drafts.first": ("buurtbeheerder", "/veld/formulier/{observing}", "redirect"),
    "drafts.photo": (
        "buurtbeheerder",
        "/veld/formulier/{observing}/foto/{photo}",
        "image/jpeg",
    ),
    "app_shell.worker": ("", "/veld/sw.js", "text/javascript"),
    "app_shell.manifest": ("", "/veld/manifest.webmanifest", "application/manifest+json"),
    "app_shell.files": ("", "/veld/bestanden/0000000000.json?namen=css/field.css", "404"),
    "phone.pack": ("buurtbeheerder", "/veld/app/gegevens.json", "application/json"),
    "phone.token": ("buurtbeheerder", "/veld/app/token.json", "application/json"),
    "field.boundaries": ("buurtbeheerder", "/veld/grenzen.geojson", "application/geo+json"),
    "imports.progress": (
        "wijkmanager",
        "/beheer/gegevens/{run}/voortgang",
        "application/json",
    ),
    "imports.report": (
        "wijkmanager",
        "/beheer/gegevens/{run}/verslag.json",
        "application/json",
    ),
    "phone.earlier_photo": (
        "wijkmanager",
        "/veld/eerder/{photographed}/{attachment}.jpg",
        "image/jpeg",
    ),
    "media.photo": ("wijkmanager", "/foto/{photographed}/{attachment}", "image/jpeg"),
    "survey_media.file": ("", "/vragenlijst-media/{picture}", "image/jpeg"),
    "people.start": ("wijkmanager", "/start", "redirect"),
    "results.table": ("beheerder", "/uitkomsten/tabel.csv?vragenlijst={survey_id}", "text/csv"),
    "results.legend": ("beheerder", "/uitkomsten/uitleg.csv?vragenlijst={survey_id}", "text/csv"),
    "results.workbook": (
        "beheerder",
        "/uitkomsten/alles.xlsx?vragenlijst={survey_id}",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "surveys.download": (
        "beheerder",
        "/beheer/vragenlijsten/{tried}/download/md",
        "text/markdown",
    ),
    "surveys.trial_code": (
        "beheerder",
        "/beheer/vragenlijsten/{tried}/proef.svg",
        "image/svg+xml",
    ),
    "trials.photo": ("", "/proef/{trial}/{trying_nl}/foto/{photo}", "404"),
    "review.areas_geojson": (
        "wijkmanager",
        "/buurten/gemeente/{gemeente}/kaart.geojson",
        "application/geo+json",
    ),
    "review.buurt_csv": ("wijkmanager", "/buurten/{buurt}/profiel.csv", "text/csv"),
    "review.buurt_geojson": (
        "wijkmanager",
        "/buurten/{buurt}/profiel.geojson",
        "application/geo+json",
    ),
    "review.buurt_json": ("wijkmanager", "/buurten/{buurt}/profiel.json", "application/json"),
    "review.buurt_map": ("wijkmanager", "/buurten/{buurt}/kaart.geojson", "application/geo+json"),
    "review.gemeente_csv": (
        "wijkmanager",
        "/buurten/gemeente/{gemeente}/profielen.csv",
        "text/csv",
    ),
    "review.gemeente_geojson": (
        "wijkmanager",
        "/buurten/gemeente/{gemeente}/profielen.geojson",
        "application/geo+json",
    ),
    "system.healthz": ("", "/healthz", "application/json"),
    "system.robots": ("", "/robots.txt", "text/plain"),
    "theme.stylesheet": ("", "/theme/voorbeeldstad-verzonnen.css", "404"),  # wears no colours
    # A resident's own photo: no survey for residents that ships asks for one.
    "public.photo": ("", "/v/{slug}/{answering}/foto/{photo}", "404"),
    # Flask-Security brings these; nothing links to them and web/people/security.py closes them.
    "security.static": ("", "/fs-static/css/main_security.css", "404"),
    "security.verify": ("wijkmanager", "/verify", "404"),
}
